import { describe, expect, test } from "vitest";
import { logicalLines } from "../../src/link/statements/logicalLines.ts";
import { readText } from "../../src/lists/readList.ts";
import { link } from "../../src/link/link.ts";
import { defaultConfig } from "../../src/model/config.ts";

const linesOf = (text: string): string[] =>
  logicalLines(
    text.split("\n").map((line, index) => ({ text: line, place: { file: "a.md", line: index + 1, column: 1 } })),
  ).map((line) => line.text);

describe("a label takes in the list below it", () => {
  test.each([
    ["**Dependencies:**\n- Task 1\n- Task 2", ["Dependencies: Task 1", "Dependencies: Task 2"]],
    ["**Prerequisites**\n\n- Task 1 (why)", ["Prerequisites: Task 1 (why)"]],
    ["#### Depends on\n* T001", ["Depends on: T001"]],
    ["  - Depends on:\n    - 1", ["Depends on: 1"]],
    ["Depends on:\n1. T001\n2. T002", ["Depends on: T001", "Depends on: T002"]],
    ["**Blocked by:**\nT001, T002", ["Blocked by: T001, T002"]],
    ["**Dependencies:**\n- T001\n- **Estimate:** 2h", ["Dependencies: T001", "- **Estimate:** 2h"]],
    ["- Depends on:\n- Write the tests", ["- Depends on:", "- Write the tests"]],
    ["**Blocks:**\n- T003", ["Blocks: T003"]],
  ])("%j", (text, wanted) => {
    expect(linesOf(text)).toEqual(wanted);
  });
});

describe("a statement that runs on is one line", () => {
  test.each([
    ["Add it (depends on T001,\n  T002)", ["Add it (depends on T001, T002)"]],
    ["Add it (depends\n  on T001)", ["Add it (depends on T001)"]],
    ["Depends on: T001,\nT002 and\nT003", ["Depends on: T001, T002 and T003"]],
    ["Depends on T001\nand T002", ["Depends on T001 and T002"]],
    ["Add it (see below)\nDepends on T001", ["Add it (see below)", "Depends on T001"]],
    ["Needs care,\n- a list", ["Needs care,", "- a list"]],
  ])("%j", (text, wanted) => {
    expect(linesOf(text)).toEqual(wanted);
  });
});

/** Edges of a list that is read from its text. */
function edgesOf(text: string): string[] {
  const list = readText(text, "tasks.md");
  const graph = list.ok ? link(list.value, defaultConfig) : list;
  if (!graph.ok) throw new Error(JSON.stringify(graph.diagnostics));
  return graph.value.edges.map(({ from, to, kind }) => `${from}→${to} ${kind}`);
}

describe("in a whole list", () => {
  test.each([
    ["**Dependencies:**\n\n- Task 1 (why)"],
    ["#### Dependencies\n\n- Task 1"],
    ["- **Dependencies:**\n  - Task 1"],
    ["Depends on:\n\n- Task 1: the model\n- None other"],
  ])("a heading's task states its dependencies as %j", (words) => {
    expect(edgesOf(`# L\n\n### Task 1: A in \`a.ts\`\n\nText.\n\n### Task 2: B in \`b.ts\`\n\n${words}\n`)).toContain(
      "1→2 stated",
    );
  });

  test("a comment in code states nothing, and a statement in a bare fence gives way to one outside", () => {
    const head = "# L\n\n### Task 1: A\n";
    const tail = "\n### Task 2: B\n\n**Depends on:** Task 1\n";
    expect(edgesOf(`${head}\n\`\`\`ts\n// exists after Task 2\n\`\`\`\n${tail}`)).toEqual(["1→2 stated"]);
    expect(edgesOf(`${head}\n\`\`\`\nDepends on: Task 2\n\`\`\`\n${tail}`)).toEqual(["1→2 stated"]);
  });
});
