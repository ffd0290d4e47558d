import { expect, test } from "vitest";
import { link } from "../../src/link/link.ts";
import { defaultConfig } from "../../src/model/config.ts";
import { edgesOf, linked, rulesOf } from "./help.ts";
import { makeList, type ListSketch, type TaskSketch } from "./make.ts";
import { expectLinear } from "../growth.ts";

const eight = [1, 2, 3, 4, 5, 6, 7, 8].map((number) => ({ id: String(number), text: `${number}. Do part ${number}` }));

test("the rate-limiting example of the spec-workflow guide gives the order it describes", () => {
  const sketch: ListSketch = {
    tasks: eight,
    prose: [
      {
        headings: ["Dependency Analysis"],
        fence: "",
        text: [
          "Dependencies:",
          "Task 1 (middleware) → Foundation (sequential)",
          "Task 2 (Redis) → Foundation (sequential)",
          "Task 3 (config) → Depends on 1,2 (sequential)",
          "",
          "Task 4 (endpoints) → Depends on 1,2,3 (after foundations)",
          "Task 5 (tests) → Depends on 1,2,3 (after foundations)",
          "Task 6 (docs) → Independent (after foundations)",
          "Task 7 (monitoring) → Depends on 1,2,3 (after foundations)",
          "Task 8 (changelog) → Independent (after foundations)",
          "",
          "Parallel opportunity: Tasks 4-8",
        ].join("\n"),
      },
    ],
  };
  const wanted = ["1→3", "2→3", ...[4, 5, 6, 7, 8].flatMap((to) => [1, 2, 3].map((from) => `${from}→${to}`))];
  expect(edgesOf(sketch)).toEqual(wanted.map((edge) => `${edge} section`).toSorted());
  expect(linked(sketch).tasks.map((task) => task.parallel)).toEqual([
    false,
    false,
    false,
    true,
    true,
    true,
    true,
    true,
  ]);
});

const phases = [
  { name: "Phase 1: Setup", kind: "setup" as const },
  { name: "Phase 2: Foundational", kind: "foundational" as const },
  { name: "Phase 3: User Story 1", kind: "story" as const, story: "US1" },
  { name: "Phase 4: User Story 2", kind: "story" as const, story: "US2" },
  { name: "Phase 5: Polish", kind: "polish" as const },
];
const oneEach: TaskSketch[] = [0, 1, 2, 3, 4].map((phaseIndex) => ({ id: `T00${phaseIndex + 1}`, phaseIndex }));

test("spec-kit's phases: setup, foundation, stories side by side, polish", () => {
  expect(edgesOf({ tasks: oneEach, phases, order: "barriers" })).toEqual([
    "T001→T002 phase",
    "T002→T003 phase",
    "T002→T004 phase",
    "T003→T005 phase",
    "T004→T005 phase",
  ]);
});

test("a phase whose dependency is stated keeps to that and the stories to theirs", () => {
  const prose = [
    { text: "- **User Story 2 (P2)**: Depends on US1\n- **Polish (Phase 5)**: Can start after Setup (Phase 1)" },
  ];
  const edges = edgesOf({ tasks: oneEach, phases, order: "barriers", prose });
  expect(edges).toContain("T003→T004 section");
  expect(edges).toContain("T001→T005 section");
  expect(edges).not.toContain("T004→T005 phase");
});

test("phases said to run in parallel do not wait for each other", () => {
  const names = ["Phase 1: A", "Phase 2: B", "Phase 3: C (can run in parallel with Phase 2)", "Phase 4: D"];
  const tasks = names.map((_, phaseIndex) => ({ id: String(phaseIndex + 1), phaseIndex }));
  expect(edgesOf({ tasks, phases: names.map((name) => ({ name })) })).toEqual([
    "1→2 phase",
    "1→3 phase",
    "2→4 phase",
    "3→4 phase",
  ]);
});

test("phases are joined by their ends only", () => {
  const tasks = ["T001", "T002", "T003", "T004"].map((id, index) => ({ id, phaseIndex: index < 2 ? 0 : 1 }));
  expect(edgesOf({ tasks, phases: [{}, {}], order: "barriers" })).toEqual([
    "T001→T002 order",
    "T002→T003 phase",
    "T003→T004 order",
  ]);
});

test("an unmarked task waits for the parallel ones before it and holds back those after it", () => {
  const tasks = [true, true, null, true, true].map((parallel, index) => ({ id: String(index + 1), parallel }));
  expect(edgesOf({ tasks, order: "barriers" })).toEqual(["1→3 order", "2→3 order", "3→4 order", "3→5 order"]);
});

test("without an order rule nothing is implied", () => {
  expect(edgesOf({ tasks: eight })).toEqual([]);
});

test("a checkpoint waits for all before it and holds back all after it", () => {
  const tasks = [{ id: "1" }, { id: "2" }, { id: "3", gate: true }, { id: "4" }, { id: "5" }];
  expect(edgesOf({ tasks })).toEqual(["1→3 gate", "2→3 gate", "3→4 gate", "3→5 gate"]);
});

test("a checkpoint inside a container makes no cycle with it", () => {
  const tasks = [{ id: "1" }, { id: "1.1", parent: "1" }, { id: "1.2", parent: "1", gate: true }, { id: "2" }];
  expect(edgesOf({ tasks })).toEqual(["1.1→1 parent", "1.1→1.2 gate", "1.2→1 parent", "1.2→2 gate"]);
});

test.each([
  ["T001 → T002 → T003", ["T001→T002", "T002→T003"]],
  ["T001, T002 → T003", ["T001→T003", "T002→T003"]],
  ["Sequential: T001 and T002 can run in parallel → T003", ["T001→T003", "T002→T003"]],
  ["T001 → {T002,T003}", ["T001→T002", "T001→T003"]],
  ["T002 ← T001", ["T001→T002"]],
  ["T001 + T002\n  → T003", ["T001→T003", "T002→T003"]],
  ["T001\n  ├─→ T002\n  └─→ T003 ──→ T004", ["T001→T002", "T001→T003", "T003→T004"]],
  ["T001\n  ↓\nT002", ["T001→T002"]],
  ["T003, T004 → parallel", []],
  ["the issue → resolve → accept", []],
  ["T001 → depends on → T002", ["T002→T001"]],
  ["T003 ← depends on T001 + T002", ["T001→T003", "T002→T003"]],
  ["T001 blocks T002", ["T001→T002"]],
  ["T001-T002 blocks T003-T004", ["T001→T003", "T001→T004", "T002→T003", "T002→T004"]],
  ["Tests (T001-T002) before implementation (T003-T004)", ["T001→T003", "T001→T004", "T002→T003", "T002→T004"]],
  ["T003, T004 depend on T001, T002 respectively", ["T001→T003", "T002→T004"]],
  ["Everything before Polish (T003-T004)", ["T001→T003", "T002→T003"]],
  ["only T003 depends on T002", ["T002→T003"]],
])("a dependency section's line: %s", (text, wanted) => {
  const tasks = ["T001", "T002", "T003", "T004"].map((id) => ({ id }));
  const found = edgesOf({ tasks, prose: [{ headings: ["Dependencies"], text }] });
  for (const edge of wanted) expect(found).toContain(`${edge} section`);
  if (!text.startsWith("Everything")) expect(found).toHaveLength(wanted.length);
});

test("mermaid drawings are read, arrows in other prose are not", () => {
  const tasks = ["T001", "T002", "T003"].map((id) => ({ id }));
  const prose = [
    { headings: ["Graph"], fence: "mermaid", text: "graph TD\n  T001[One] --> T002[Two]" },
    { headings: ["Overview"], text: "T002 → T003 in the data flow" },
  ];
  expect(edgesOf({ tasks, prose })).toEqual(["T001→T002 section"]);
});

test("the stronger of two statements wins and the other is shown", () => {
  const graph = linked({
    tasks: [{ id: "T001", text: "T001 (depends on T002)" }, { id: "T002" }],
    prose: [{ text: "T001 blocks T002" }],
  });
  expect(graph.edges.map(({ from, to }) => [from, to])).toEqual([["T002", "T001"]]);
  expect(graph.overruled.map(({ edge, by }) => [edge.kind, by.kind])).toEqual([["section", "stated"]]);
  expect(graph.diagnostics.map(({ rule }) => rule)).toEqual(["contradiction"]);
});

test("document order gives way to a statement, and only where it must", () => {
  const tasks = [{ id: "1", dependsOn: ["4"] }, { id: "2" }, { id: "3" }, { id: "4" }];
  const graph = linked({ tasks, order: "barriers" });
  expect(graph.edges.map(({ from, to }) => `${from}→${to}`).toSorted()).toEqual(["2→3", "3→4", "4→1"]);
  expect(graph.diagnostics).toEqual([]);
});

test("a cycle of statements of one strength is an error that names its edges and places", () => {
  const tasks = [
    { id: "A", dependsOn: ["C"] },
    { id: "B", dependsOn: ["A"] },
    { id: "C", dependsOn: ["B"] },
    { id: "D", dependsOn: ["A"] },
  ];
  const outcome = link(makeList({ tasks }), defaultConfig);
  const found = outcome.ok ? [] : outcome.diagnostics;
  expect(found.map(({ rule, message, related }) => [rule, message, related?.map(({ place }) => place.line)])).toEqual([
    ["cycle", "Unexpected cycle of 3 dependencies: `A` → `B` → `C` → `A`", [111, 121, 101]],
  ]);
});

test("an edge on a cancelled task counts as met, with a warning", () => {
  expect(
    rulesOf({
      tasks: [
        { id: "1", status: "cancelled" },
        { id: "2", dependsOn: ["1"] },
      ],
    }),
  ).toEqual(["needs-cancelled"]);
});

test("ten thousand tasks are linked at a cost that grows with their number", async () => {
  const lists = new Map([2_500, 10_000].map((tasks) => [tasks, makeList(spread(tasks))]));
  await expectLinear((tasks) => {
    const list = lists.get(tasks);
    expect(list !== undefined && link(list, defaultConfig).ok).toBe(true);
  }, 10_000);
});

test("a cycle through ten thousand tasks and a chain of a hundred thousand need no deep stack", () => {
  const ring = Array.from({ length: 10_000 }, (_, index) => ({
    id: `n${index}`,
    dependsOn: [`n${(index + 9_999) % 10_000}`],
  }));
  expect(rulesOf({ tasks: ring })).toEqual(["cycle"]);
  const chain = Array.from({ length: 100_000 }, (_, index) => ({
    id: `n${index}`,
    dependsOn: index === 0 ? [] : [`n${index - 1}`],
  }));
  expect(linked({ tasks: chain }).edges).toHaveLength(99_999);
});

function spread(count: number): ListSketch {
  const tasks = Array.from({ length: count }, (_, index) => {
    const id = `T${String(index + 1).padStart(5, "0")}`;
    const before = `T${String(Math.max(1, index - 3)).padStart(5, "0")}`;
    return {
      id,
      text: `- [ ] ${id} [P] Implement part ${index} in src/part${index}.ts${index % 4 === 3 ? ` (depends on ${before})` : ""}`,
      parallel: index % 5 < 2 ? true : null,
      phaseIndex: Math.floor(index / 100),
      files: [`+src/part${index}.ts`, `src/part${Math.max(0, index - 7)}.ts`],
    };
  });
  return { tasks, order: "barriers", phases: Array.from({ length: Math.ceil(count / 100) }, () => ({})) };
}
