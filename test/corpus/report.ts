import { existsSync } from "node:fs";
import { scoreEvidence } from "./evidence.ts";
import { corpus, formatRows, formatTable } from "./formats.ts";
import { scoreTable } from "./scores.ts";

/** What `pnpm corpus` prints: how the formats are read, then how right the evidence found in them is. */
export function report(): string {
  if (!existsSync(corpus)) return "The corpus is not at hand: nothing was scored.\n";
  return `${formatTable(formatRows())}\n\n${scoreTable(scoreEvidence())}\n`;
}
