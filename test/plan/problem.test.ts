import { isOpen } from "../../src/model/isOpen.ts";
import { expect, test } from "vitest";
import { mirrored, problemOf } from "../../src/plan/problem.ts";
import { edges, fileLock } from "./make.ts";

const open = (
  id: string,
  alone: string | null = null,
): { id: string; status: "pending"; estimate: number; alone: string | null } => ({
  id,
  status: "pending",
  estimate: 10,
  alone,
});

test("what is settled is no node, and its edges hold nobody up", () => {
  // A (done) ──▶ B ──▶ C (cancelled) ──▶ D
  const tasks = [
    { ...open("A"), status: "done" as const },
    open("B"),
    { ...open("C"), status: "cancelled" as const },
    open("D"),
  ];
  const problem = problemOf({ tasks, edges: edges("A>B B>C C>D"), locks: [] }, 2);
  expect(problem.graph.n).toBe(2);
  expect(problem.graph.successors).toHaveLength(0);
  expect(tasks.map(isOpen)).toEqual([false, true, false, true]);
});

test("a task that runs alone takes all workers, another takes one", () => {
  const problem = problemOf({ tasks: [open("A", "files unknown"), open("B")], edges: [], locks: [] }, 5);
  expect([...problem.demandAmount]).toEqual([5, 1]);
});

test("a lock with room for all its holders is left out, and nobody takes more than there is", () => {
  const roomy = { ...fileLock("gpu", "A", "B"), capacity: 2 };
  const greedy = { ...fileLock("a.ts", "A", "A", "B"), capacity: 1 };
  const problem = problemOf({ tasks: [open("A"), open("B")], edges: [], locks: [roomy, greedy] }, 5);
  expect([...problem.capacities]).toEqual([5, 1]);
  expect([...problem.demandAmount]).toEqual([1, 1, 1, 1]);
});

test("ids that are names of object members are plain ids", () => {
  const tasks = [open("__proto__"), open("constructor")];
  const problem = problemOf(
    { tasks, edges: edges("__proto__>constructor"), locks: [fileLock("x", "__proto__", "constructor")] },
    1,
  );
  expect([...problem.graph.successors]).toEqual([1]);
  expect([...problem.capacities]).toEqual([1, 1]);
});

test("tasks are of one kind exactly when they demand the same", () => {
  const tasks = ["A", "B", "C", "D"].map((id) => open(id));
  const locks = [fileLock("x", "A", "B", "C"), fileLock("y", "B", "C")];
  const [a, b, c, d] = problemOf({ tasks, edges: [], locks }, 3).kindOf;
  expect(b).toBe(c);
  expect(new Set([a, b, d]).size).toBe(3);
});

test("backwards in time a tail is what led up to the end of a task", () => {
  // A ──▶ B
  const problem = problemOf({ tasks: [open("A"), open("B")], edges: edges("A>B"), locks: [] }, 2);
  expect([...problem.tails]).toEqual([20, 10]);
  expect([...mirrored(problem).tails]).toEqual([10, 20]);
});
