import { expect, test } from "vitest";
import { Plan } from "../../src/model/plan.ts";
import { planHash } from "../../src/plan/hash.ts";
import { plan } from "../../src/plan/plan.ts";
import { config, edges, fileLock, graph, task } from "./make.ts";

// A (10) ──▶ B (20) ──▶ D (5)      C (10) shares a file with B; E is done
const example = graph(
  [task("A"), task("B", { estimate: 20 }), task("C"), task("D", { estimate: 5 }), task("E", { status: "done" })],
  {
    edges: edges("E>A A>B B>D"),
    locks: [fileLock("src/shared.ts", "B", "C")],
    alone: [{ task: "D", reason: "its files are not known" }],
  },
);

test("a plan is what its schema says, and its hash is over all the rest", () => {
  const made = plan(example, config(), "0123abc");
  expect(Plan.parse(made)).toEqual(made);
  expect(made.hash).toBe(planHash(made));
  expect(made).toMatchObject({ schema: 1, base: "0123abc", source: ["tasks.md"], format: "markdown", title: "A list" });
});

test("the same list gives the same plan", () => {
  expect(JSON.stringify(plan(example, config(), null))).toBe(JSON.stringify(plan(example, config(), null)));
});

test("every task is kept, with its minutes, its priority and why it runs alone", () => {
  const made = plan(example, config(), null);
  expect(made.tasks.map(({ id, estimate, priority, alone }) => [id, estimate, priority, alone])).toEqual([
    ["A", 10, 35, null],
    ["B", 20, 25, null],
    ["C", 10, 10, null],
    ["D", 5, 5, "its files are not known"],
    ["E", 10, 0, null],
  ]);
});

test("critical path, conflicts and batches are of the open tasks", () => {
  const made = plan(example, config(), null);
  expect(made.criticalPath).toEqual(["A", "B", "D"]);
  expect(made.conflicts).toMatchObject([{ tasks: ["B", "C"], on: "src/shared.ts", kind: "file" }]);
  expect(made.batches).toEqual([["A", "C"], ["B"], ["D"]]);
  expect(made.forecast).toMatchObject({ sequentialMinutes: 45, parallelMinutes: 35 });
});

test("a plan changes its hash with the list, the options and the base", () => {
  const hashes = [
    plan(example, config(), null),
    plan(example, config(), "0123abc"),
    plan(example, config({ maxWorkers: 2 }), null),
    plan(graph([task("A")]), config(), null),
  ].map((made) => made.hash);
  expect(new Set(hashes).size).toBe(4);
});

test("a warning that linking handed on stands once", () => {
  const warning = { severity: "warning" as const, rule: "x", message: "m", place: null };
  const from = graph([task("A")]);
  const made = plan(
    { ...from, list: { ...from.list, diagnostics: [warning] }, diagnostics: [{ ...warning }] },
    config(),
    null,
  );
  expect(made.diagnostics).toEqual([warning]);
});

test("pairs beyond those listed are announced", () => {
  const many = Array.from({ length: 60 }, (_, k) => task(`T${k}`));
  const made = plan(graph(many, { locks: [fileLock("x.ts", ...many.map(({ id }) => id))] }), config(), null);
  expect(made.conflicts).toHaveLength(1000);
  expect(made.diagnostics).toMatchObject([{ severity: "info", rule: "conflicts-cut" }]);
});
