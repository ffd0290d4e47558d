import { expect, test } from "vitest";
import { select } from "../../src/link/select.ts";
import { linked } from "./help.ts";

const graph = linked({
  tasks: [
    { id: "1", status: "done", phaseIndex: 0 },
    { id: "2", phaseIndex: 0 },
    { id: "3", dependsOn: ["1"], phaseIndex: 1 },
    { id: "4", dependsOn: ["2"], phaseIndex: 1, story: "US1" },
    { id: "5", phaseIndex: 1 },
    { id: "5.1", parent: "5", phaseIndex: 1 },
  ],
  phases: [{ ordered: false }, { ordered: false }],
});

function ids(selection: Parameters<typeof select>[1]): string[] {
  const outcome = select(graph, selection);
  return outcome.ok ? outcome.value.tasks.map((task) => task.id) : outcome.diagnostics.map((found) => found.rule);
}

test("ids, ranges, phases, stories and containers are selected", () => {
  expect(ids({ tasks: "3" })).toEqual(["3"]);
  expect(ids({ tasks: "1-3,5" })).toEqual(["1", "2", "3", "5", "5.1"]);
  expect(ids({ tasks: "Phase 1" })).toEqual(["1", "2"]);
  expect(ids({ tasks: "2, US1" })).toEqual(["2", "4"]);
  expect(ids({})).toHaveLength(6);
});

test("a task that needs an unselected open task is refused, and with --only it counts as met with a warning", () => {
  expect(ids({ tasks: "4" })).toEqual(["needs-unselected"]);
  const outcome = select(graph, { only: "4" });
  expect(
    outcome.ok && [
      outcome.value.tasks.length,
      outcome.value.edges,
      outcome.value.diagnostics.map((found) => found.severity),
    ],
  ).toEqual([1, [], ["warning"]]);
});

test("what is no task of the list is refused", () => {
  expect(ids({ tasks: "9" })).toEqual(["unknown-task"]);
  expect(ids({ tasks: "nonsense" })).toEqual(["unknown-task"]);
  expect(ids({ tasks: " , " })).toEqual(["unknown-task"]);
});
