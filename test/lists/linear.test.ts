import { expect, test } from "vitest";
import { readText } from "../../src/lists/readList.ts";
import { costOf } from "./make.ts";

const many = 50_000;
const graph = (text: string): string =>
  `# Implementation Plan\n- [ ] 1. a\n  - _Requirements: 1_\n## Task Dependency Graph\n\`\`\`\n${text}\n\`\`\`\n`;

test.each([
  ["dashes in a graph", graph("-".repeat(many))],
  ["arrows in a graph", graph("T1 --> ".repeat(many))],
  ["a table row of bars", `- [ ] 1. a\n  - _Leverage: x_\n\n| Task | Depends On |\n${"|".repeat(many)}\n`],
  ["issues in a row", `- [ ] #12 depends on ${"#1, ".repeat(many)}\n`],
  ["ids in comments", `## Phase 1: a\n- [ ] Task: x ${"<!-- id: ".repeat(many)}\n`],
  ["spaces in a title", `## Phase 1: a\n- [ ] Task: x ${" ".repeat(many)}y\n`],
  ["spaces before a word", `# Implementation Plan\n- [ ] 1. a\n${" ".repeat(many)}x\n`],
])("%s cost no more than their length", (_, text) => {
  expect(costOf(() => readText(text, "tasks.md"))).toBeLessThan(3000);
});
