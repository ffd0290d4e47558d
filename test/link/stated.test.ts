import { describe, expect, test } from "vitest";
import { edgesOf, rulesOf } from "./help.ts";
import { expectLinear } from "../growth.ts";

const t = (id: string, text = `- [ ] ${id} A task`): { id: string; text: string } => ({ id, text });

describe("words in a task's own lines", () => {
  test.each([
    ["(depends on T001, T002)", ["T001→T005", "T002→T005"]],
    ["Depends on: T001", ["T001→T005"]],
    ["**Dependencies**: T001, T002 (needs the types)", ["T001→T005", "T002→T005"]],
    ["_Depends: T001_", ["T001→T005"]],
    ["Blocked by T003", ["T003→T005"]],
    ["requires Tasks 2 and 3", ["T002→T005", "T003→T005"]],
    ["needs T001", ["T001→T005"]],
    ["after T004 (same file)", ["T004→T005"]],
    ["(sequential - depends on 1)", ["T001→T005"]],
    ["blocks T006, T007", ["T005→T006", "T005→T007"]],
    ["before T006", ["T005→T006"]],
    ["(depends on T001-T003)", ["T001→T005", "T002→T005", "T003→T005"]],
    ["(depends on T001–T003)", ["T001→T005", "T002→T005", "T003→T005"]],
    ["Dependencies: T001 through T002", ["T001→T005", "T002→T005"]],
    ["Depends on all previous tasks", ["T001→T005", "T002→T005", "T003→T005", "T004→T005"]],
    ["[D: T001, T003]", ["T001→T005", "T003→T005"]],
    ["依赖：T001", ["T001→T005"]],
    ["depende de T001 e T002", ["T001→T005", "T002→T005"]],
    ["Depends on: t1, task-2", ["T001→T005", "T002→T005"]],
    ["**Priority**: high | **Dependencies**: Task 1", ["T001→T005"]],
    ["> Depends on: Task 1", ["T001→T005"]],
    ["T006 depends on T007", ["T007→T006"]],
    ['Depends on: "T001", "T002"', ["T001→T005", "T002→T005"]],
    ["Depends on: [[T001]], [[T002]]", ["T001→T005", "T002→T005"]],
    ["Depends on: [T001, T002]", ["T001→T005", "T002→T005"]],
    ["← T001, T002", ["T001→T005", "T002→T005"]],
    ["<- T001", ["T001→T005"]],
    ["(depends on T001 because it makes the types)", ["T001→T005"]],
    ["La tarea 6 depende de las tareas 1 y 2, ya que las usa", ["T001→T006", "T002→T006"]],
  ])("%s", (words, wanted) => {
    const tasks = ["T001", "T002", "T003", "T004"].map((id) => t(id));
    const edges = edgesOf({ tasks: [...tasks, t("T005", `- [ ] T005 Do it\n  ${words}`), t("T006"), t("T007")] });
    expect(edges).toEqual(wanted.map((edge) => `${edge} stated`));
  });

  test.each([
    "No dependencies",
    "Dependencies: None",
    "Dependencies: none (can start at once)",
    "independent of T001",
    "Add dependency check function",
    "does not depend on T001",
    "Implement block validation before saving",
    "npm dependencies: zod, react",
    "Tests that only depend on models pass",
    'Mark it with skip("depends on T001")',
    "(requires 2-3 matches in a row)",
    "(requires 1,000 followers)",
    "(requires 1, 2 or 3 reviewers)",
    "needs 2 or more approvals",
    "Insert an `## Input` section before T006 in `work.md`",
    "Add a row after T001 in the table",
    "the gate block T001",
    "Filed after T001 was split",
    "Raised after T002 got renamed",
    "[NEEDS CLARIFICATION: which one]",
    "Wait for the server to start",
    "requires 2 reviewers",
    "after 3 seconds",
    "_Requirements: 1.1, FR-003_",
    "user opens issue → resolve → accept",
    "per FR-003 and US1",
  ])("%s is no edge", (words) => {
    expect(edgesOf({ tasks: [t("T001"), t("T002"), t("T003"), t("T005", `- [ ] T005 Do it\n  ${words}`)] })).toEqual(
      [],
    );
  });
});

test("a range takes in letter suffixes and jumps over gaps, in document order", () => {
  const tasks = ["T001", "T001a", "T004", "T005"].map((id) => t(id));
  expect(edgesOf({ tasks: [...tasks, t("T009", "T009 (depends on T001-T004)")] })).toEqual([
    "T001a→T009 stated",
    "T001→T009 stated",
    "T004→T009 stated",
  ]);
});

test("a range leaves out ids of another kind that stand between its ends", () => {
  const tasks = ["A01", "R01", "A02", "R02", "A03"].map((id) => t(id));
  expect(edgesOf({ tasks: [...tasks, t("A04", "A04 (depends on A01–A03)")] })).toEqual([
    "A01→A04 stated",
    "A02→A04 stated",
    "A03→A04 stated",
  ]);
});

test("a huge range is refused by its missing end, not counted out", () => {
  expect(rulesOf({ tasks: [t("T001"), t("T002", "T002 (depends on T001-T999999999)")] })).toEqual([
    "unknown-dependency",
  ]);
});

test("a dependency on nothing is an error", () => {
  expect(rulesOf({ tasks: [t("T001"), { id: "T002", dependsOn: ["T999"] }] })).toEqual(["unknown-dependency"]);
});

test("a reference to an id that the list uses twice is an error", () => {
  const twice = [t("T001"), { ...t("T001#2"), writtenId: "T001" }];
  expect(rulesOf({ tasks: [...twice, { id: "T002", dependsOn: ["T001"] }] })).toEqual(["ambiguous-id"]);
});

test("a field may name something outside the list, which is said and is no edge", () => {
  expect(rulesOf({ tasks: [t("T001"), { id: "T002", dependsOn: ["owner/repo#12"] }] })).toEqual(["not-a-task"]);
});

test("a field is read as a range, a list or one of several spellings", () => {
  const tasks = [t("1"), t("2"), t("3")];
  expect(edgesOf({ tasks: [...tasks, { id: "4", dependsOn: ["1-2"], blocks: ["5"] }, t("5")] })).toEqual([
    "1→4 stated",
    "2→4 stated",
    "4→5 stated",
  ]);
});

test("a task cannot wait for itself, nor a part for the whole", () => {
  expect(rulesOf({ tasks: [{ id: "T001", dependsOn: ["T001"] }] })).toEqual(["self-dependency"]);
  expect(rulesOf({ tasks: [t("1"), { id: "1.1", parent: "1", dependsOn: ["1"] }] })).toContain("depends-on-parent");
});

test("what a container waits for, its parts wait for too", () => {
  const tasks = [t("1"), { id: "2", dependsOn: ["1"] }, { id: "2.1", parent: "2" }];
  expect(edgesOf({ tasks })).toEqual(["1→2 stated", "1→2.1 stated", "2.1→2 parent"]);
});

test("ids such as __proto__ and constructor are plain ids", () => {
  expect(edgesOf({ tasks: [t("__proto__"), { id: "constructor", dependsOn: ["__proto__"] }] })).toEqual([
    "__proto__→constructor stated",
  ]);
});

test.each(["(depends on ", "T001, ", "------"])("fifty thousand times %j stays linear", async (piece) => {
  await expectLinear((size) => edgesOf({ tasks: [t("T001"), t("T002", piece.repeat(size))] }), 50_000);
});
