import { describe, expect, test } from "vitest";
import { readText } from "../../src/lists/readList.ts";
import { link } from "../../src/link/link.ts";
import { defaultConfig } from "../../src/model/config.ts";
import { plan } from "../../src/plan/plan.ts";

function batchesOf(text: string, file = "tasks.md"): readonly (readonly string[])[] {
  const list = readText(text, file);
  const graph = list.ok ? link(list.value, { ...defaultConfig, parallel: true }) : list;
  if (!graph.ok) throw new Error(JSON.stringify(graph.diagnostics));
  return plan(graph.value, { ...defaultConfig, parallel: true }, null).batches;
}

describe("stages as plain lines", () => {
  test.each([
    ["Stage 1 (Sequential):\n- Make a in `a.ts`\n\nStage 2 (Parallel):\n- Make b in `b.ts`\n- Make c in `c.ts`\n"],
    ["**Batch 1:**\n- Make a in `a.ts`\n\n**Batch 2 (parallel):**\n- Make b in `b.ts`\n- Make c in `c.ts`\n"],
    ["Phase 1 (Sequential):\n- Make a\nPhase 2 (Parallel):\n/orchestrate:\n- Make b\n- Make c\n"],
    [
      "**Stage 1: Base (sequential)**\n- [ ] Make a in `a.ts`\n\n**Stage 2: Rest (parallel)**\n- [ ] Make b in `b.ts`\n- [ ] Make c in `c.ts`\n",
    ],
    ["**Wave 1**\n\n- Make a in `a.ts`\n\n**Wave 2 (parallel)**:\n- Make b in `b.ts`\n- Make c in `c.ts`\n"],
    [
      "Stage 1: Base (sequential)\n- Make a in `a.ts`\nStage 2: Rest (in parallel)\n- Make b in `b.ts`\n- Make c in `c.ts`\n",
    ],
    ["__Round 1__\n- Make a in `a.ts`\n\n__Round 2 (parallel)__\n- Make b in `b.ts`\n- Make c in `c.ts`\n"],
    [
      "### Stage 1 — Base (sequential)\n- Make a in `a.ts`\n\n### Stage 2 — Rest (parallel)\n- Make b in `b.ts`\n- Make c in `c.ts`\n",
    ],
    ["Wave 1:\n1. Make a in `a.ts`\n\nWave 2 (parallel):\n2. Make b in `b.ts`\n3. Make c in `c.ts`\n"],
  ])("%j", (text) => {
    for (const file of ["tasks.md", "inline"]) expect(batchesOf(text, file)).toEqual([["1"], ["2", "3"]]);
  });
});

test("a sequential stage in bold keeps the order of its tasks", () => {
  const text =
    "**Stage 1: Base (sequential)**\n- [ ] Make a in `a.ts`\n- [ ] Make b in `b.ts`\n\n**Stage 2: Rest (parallel)**\n- [ ] Make c in `c.ts`\n- [ ] Make d in `d.ts`\n";
  expect(batchesOf(text)).toEqual([["1"], ["2"], ["3", "4"]]);
});

describe("stages that name tasks", () => {
  const tasks = "1. Make a in `a.ts`\n2. Make b in `b.ts`\n3. Make c in `c.ts`\n";
  test.each([
    ["Batch 1: Tasks 1, 2 (5min each)\nBatch 2: Task 3 (60min) ← runs alone\n", [["1", "2"], ["3"]]],
    ["Phase 1 (Parallel): /orchestrate tasks 1-2\nPhase 2 (Sequential): task 3\n", [["1", "2"], ["3"]]],
    ["Stage 1 (Sequential): Tasks 1, 2\nStage 2: Task 3\n", [["1"], ["2"], ["3"]]],
  ])("%j", (stages, wanted) => {
    expect(batchesOf(`${tasks}\n${stages}`)).toEqual(wanted);
  });
});

test("a list in the folder of a tool that goes from top to bottom keeps that order in headings too", () => {
  const text = "# Tasks\n\n## Task 1: Make `a.ts`\n\n- [ ] Write it\n\n## Task 2: Make `b.ts`\n\n- [ ] Write it\n";
  expect(batchesOf(text, ".kiro/specs/x/tasks.md")).toEqual([["1"], ["2"]]);
});

test("streams that only wait for the same stream run side by side, each in its own order", () => {
  const task = (id: string, streamId: string, dependencies: string[]): object => ({
    id,
    title: `Make \`${id}.ts\``,
    metadata: { streamId, dependencies },
  });
  const tasks = [
    task("a1", "A", []),
    task("b1", "B", ["A"]),
    task("b2", "B", ["A"]),
    task("c1", "C", ["A"]),
    task("z1", "Z", ["B", "C"]),
  ];
  expect(batchesOf(JSON.stringify({ tasks }), "tasks.json")).toEqual([["a1"], ["b1", "c1"], ["b2"], ["z1"]]);
});

test.each([
  ["(depends: none)", "(depends: 1)", "(depends: 1)", "(depends: 2, 3)"],
  ["", "(depends on 1)", "(depends on 1)", "(depends on 2, 3)"],
  ["", "(after 1)", "(after 1)", "(after 2, 3)"],
])("numbered headings that all say what they wait for are not put in order again: %j", (...notes) => {
  const text = notes.map((note, at) => `### ${at + 1}. Make part ${at + 1} ${note}\n\`p${at}.ts\`\n`).join("\n");
  expect(batchesOf(`# Plan\n\n${text}`)).toEqual([["1"], ["2", "3"], ["4"]]);
});

test("numbered headings of which only one says it keep their order", () => {
  const text = ["", "", "(depends: 1)", ""].map(
    (note, at) => `### ${at + 1}. Make part ${at + 1} ${note}\n\`p${at}.ts\`\n`,
  );
  expect(batchesOf(`# Plan\n\n${text.join("\n")}`)).toEqual([["1"], ["2"], ["3"], ["4"]]);
});
