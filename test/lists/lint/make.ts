import { link } from "../../../src/link/link.ts";
import { lint, type Linted } from "../../../src/lists/lint/lint.ts";
import { defaultConfig } from "../../../src/model/config.ts";
import type { Diagnostic } from "../../../src/model/diagnostic.ts";
import { readText } from "../../../src/lists/readList.ts";

export function linted(text: string, file = "tasks.md"): Linted {
  const list = readText(text, file);
  return lint(new Map([[file, text]]), list, list.ok ? link(list.value, defaultConfig) : list);
}

export function lintOf(text: string, file = "tasks.md"): readonly Diagnostic[] {
  return linted(text, file).diagnostics;
}
