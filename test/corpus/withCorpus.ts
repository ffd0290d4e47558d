import { existsSync } from "node:fs";
import { describe, test } from "vitest";
import { corpus } from "./formats.ts";

/** Registers tests that read real task lists. Where these are not at hand, one test stands for them and is skipped. */
export function withCorpus(name: string, tests: () => void): void {
  if (existsSync(corpus)) describe(name, () => tests());
  else test(name, ({ skip }) => skip(`the corpus is not at hand: put it into ${corpus}`));
}
