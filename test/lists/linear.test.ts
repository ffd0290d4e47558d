import { test } from "vitest";
import { readText } from "../../src/lists/readList.ts";
import { expectLinear } from "../growth.ts";

const graph = (text: string): string =>
  `# Implementation Plan\n- [ ] 1. a\n  - _Requirements: 1_\n## Task Dependency Graph\n\`\`\`\n${text}\n\`\`\`\n`;

test.each<[string, (many: number) => string]>([
  ["dashes in a graph", (many) => graph("-".repeat(many))],
  ["arrows in a graph", (many) => graph("T1 --> ".repeat(many))],
  ["a table row of bars", (many) => `- [ ] 1. a\n  - _Leverage: x_\n\n| Task | Depends On |\n${"|".repeat(many)}\n`],
  ["issues in a row", (many) => `- [ ] #12 depends on ${"#1, ".repeat(many)}\n`],
  ["ids in comments", (many) => `## Phase 1: a\n- [ ] Task: x ${"<!-- id: ".repeat(many)}\n`],
  ["spaces in a title", (many) => `## Phase 1: a\n- [ ] Task: x ${" ".repeat(many)}y\n`],
  ["spaces before a word", (many) => `# Implementation Plan\n- [ ] 1. a\n${" ".repeat(many)}x\n`],
])("%s cost no more than their length", async (_, text) => {
  await expectLinear((many) => readText(text(many), "tasks.md"), 50_000);
});
