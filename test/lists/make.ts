import { readFileSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { Diagnostic } from "../../src/model/diagnostic.ts";
import type { TaskList } from "../../src/model/list.ts";
import { readFiles, readText } from "../../src/lists/readList.ts";

/** The list in a text that must be readable. */
export function listOf(text: string, file = "tasks.md", format?: string): TaskList {
  const made = readText(text, file, { format });
  if (!made.ok) throw new Error(`not read: ${JSON.stringify(made.diagnostics)}`);
  return made.value;
}

/** The diagnostics of a text that must be refused. */
export function refusalOf(text: string, file = "tasks.md"): Diagnostic[] {
  const made = readText(text, file);
  if (made.ok) throw new Error(`read as ${made.value.format}`);
  return made.diagnostics;
}

export function fixture(name: string): string {
  return readFileSync(new URL(`../fixtures/read/${name}`, import.meta.url), "utf8");
}

export function rulesOf(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.map(({ rule }) => rule);
}

/** The files of a fixture's folder, by their paths in it. */
export function fixtureFiles(folder: string): { file: string; bytes: Uint8Array }[] {
  const root = new URL(`../fixtures/read/${folder}/`, import.meta.url);
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()
    .map((path) => ({ file: relative(fileURLToPath(root), path), bytes: readFileSync(path) }));
}

/** The list in files that must be readable. */
export function setOf(files: readonly { file: string; bytes: Uint8Array }[], format?: string): TaskList {
  const made = readFiles(files, { format });
  if (!made.ok) throw new Error(`not read: ${JSON.stringify(made.diagnostics)}`);
  return made.value;
}

/** Files written in a test. */
export function filesOf(texts: Readonly<Record<string, string>>): { file: string; bytes: Uint8Array }[] {
  return Object.entries(texts).map(([file, text]) => ({ file, bytes: Buffer.from(text) }));
}

/** Each task with what it waits for, as its format says. */
export function waitsOf(list: TaskList): string[] {
  return list.tasks.map(({ id, dependsOn }) => `${id} ← ${dependsOn.map(({ text }) => text).join(", ")}`);
}

/** What was set aside line by line: boxes and items, without the sections and tables that hold no task. */
export function itemsAside(list: Pick<TaskList, "setAside">): TaskList["setAside"] {
  return list.setAside.filter(({ text }) => !/^\s*[#|]/.test(text));
}
