import * as fc from "fast-check";
import { expect, test } from "vitest";
import { startable } from "../../src/plan/live.ts";
import { problemOf } from "../../src/plan/problem.ts";
import { edges, fileLock } from "./make.ts";
import { problems } from "./problems.ts";
import { simulate } from "./simulate.ts";
import { faults } from "./validate.ts";

const task = (
  id: string,
  alone: string | null = null,
): { id: string; status: "pending"; estimate: number; alone: string | null } => ({
  id,
  status: "pending",
  estimate: 10,
  alone,
});

test("the longest remaining tail goes first", () => {
  // A   B ──▶ C
  const problem = problemOf({ tasks: [task("A"), task("B"), task("C")], edges: edges("B>C"), locks: [] }, 5);
  expect(startable(problem, { ready: [0, 1], running: [] }, 5)).toEqual([1, 0]);
  expect(startable(problem, { ready: [0, 1], running: [] }, 1)).toEqual([1]);
});

test("a task whose file is in use is passed over, and another takes the slot", () => {
  const locks = [fileLock("a.ts", "A", "B")];
  const problem = problemOf({ tasks: [task("A"), task("B"), task("C")], edges: [], locks }, 5);
  expect(startable(problem, { ready: [0, 1, 2], running: [] }, 5)).toEqual([0, 2]);
  expect(startable(problem, { ready: [1, 2], running: [0] }, 4)).toEqual([2]);
  expect(startable(problem, { ready: [1], running: [2] }, 4)).toEqual([1]);
});

test("a task that runs alone starts when nothing runs, and nothing starts beside it", () => {
  const problem = problemOf({ tasks: [task("A", "files unknown"), task("B")], edges: [], locks: [] }, 5);
  expect(startable(problem, { ready: [0, 1], running: [] }, 5)).toEqual([0]);
  expect(startable(problem, { ready: [1], running: [0] }, 4)).toEqual([]);
  expect(startable(problem, { ready: [0], running: [1] }, 4)).toEqual([]);
});

test("no slot, no start", () => {
  const problem = problemOf({ tasks: [task("A")], edges: [], locks: [] }, 5);
  expect(startable(problem, { ready: [0], running: [] }, 0)).toEqual([]);
});

test("whatever the real durations, a run ends, and no moment breaks an order or overloads a resource", () => {
  const runs = problems(20).chain((problem) =>
    fc.tuple(
      fc.constant(problem),
      fc.array(fc.double({ min: 0.01, max: 50, noNaN: true }), {
        minLength: problem.graph.n,
        maxLength: problem.graph.n,
      }),
    ),
  );
  fc.assert(
    fc.property(runs, ([problem, minutes]) => {
      const actual = Float64Array.from(minutes);
      expect(faults(problem, simulate(problem, actual), actual)).toEqual([]);
    }),
  );
});

test("it never idles: nothing that was passed over would have fitted", () => {
  fc.assert(
    fc.property(problems(12), (problem) => {
      const ready = [...problem.graph.predecessorStart.keys()]
        .slice(0, problem.graph.n)
        .filter((v) => problem.graph.predecessorStart[v] === problem.graph.predecessorStart[v + 1]);
      const running = startable(problem, { ready, running: [] }, Infinity);
      const rest = ready.filter((v) => !running.includes(v));
      expect(startable(problem, { ready: rest, running }, Infinity)).toEqual([]);
      expect(running.length > 0).toBe(ready.length > 0);
    }),
  );
});
