import * as fc from "fast-check";
import { expect, test } from "vitest";
import { digraph } from "../../src/graph/digraph.ts";
import { lowerBound } from "../../src/plan/lowerBound.ts";
import { parallelSchedule } from "../../src/plan/parallelSchedule.ts";
import { documentOrder } from "../../src/plan/priorityRules.ts";
import { makeProblem, type Demand } from "../../src/plan/problem.ts";
import { bestSchedule } from "../../src/plan/schedule.ts";
import { chain } from "../graph/arbitrary.ts";
import { shortest } from "./exact.ts";
import { problems } from "./problems.ts";
import { makespan } from "./simulate.ts";
import { faults } from "./validate.ts";

test("a schedule is valid, never better than its lower bound and never worse than document order", () => {
  fc.assert(
    fc.property(problems(25), (problem) => {
      const schedule = bestSchedule(problem);
      expect(faults(problem, schedule.starts)).toEqual([]);
      expect(schedule.minutes).toBe(makespan(schedule.starts, problem.durations));
      expect(schedule.minutes).toBeGreaterThanOrEqual(lowerBound(problem) * (1 - 1e-12));
      const asListed = parallelSchedule(problem, documentOrder(problem));
      expect(schedule.minutes).toBeLessThanOrEqual(makespan(asListed, problem.durations));
    }),
  );
});

test("an exact solver never finds a longer one, and its optimum is never under the lower bound", () => {
  let optimal = 0;
  let all = 0;
  fc.assert(
    fc.property(problems(8), (problem) => {
      const optimum = shortest(problem);
      const { minutes } = bestSchedule(problem);
      expect(minutes).toBeGreaterThanOrEqual(optimum * (1 - 1e-12));
      expect(optimum).toBeGreaterThanOrEqual(lowerBound(problem) * (1 - 1e-12));
      all++;
      if (minutes <= optimum * (1 + 1e-12)) optimal++;
    }),
    { numRuns: 150 },
  );
  expect(optimal / all).toBeGreaterThan(0.95);
});

test("the same problem has the same schedule twice", () => {
  fc.assert(
    fc.property(problems(25), (problem) => {
      expect(bestSchedule(problem)).toEqual(bestSchedule(problem));
    }),
  );
});

test("what looking ahead gains: the long task goes first, though it is listed last", () => {
  // A (2)  B (2)  C (4), two workers: A C, then B behind A → 4 minutes.
  const problem = independent([2, 2, 4], 2);
  expect(bestSchedule(problem).minutes).toBe(4);
});

test("no tasks take no time", () => {
  expect(bestSchedule(independent([], 3)).minutes).toBe(0);
});

test("a chain of a million tasks takes the sum of them", () => {
  const n = 1_000_000;
  const problem = makeProblem(chain(n), new Float64Array(n).fill(1), Int32Array.of(8), []);
  expect(bestSchedule(problem).minutes).toBe(n);
});

function independent(durations: number[], workers: number): ReturnType<typeof makeProblem> {
  const demands = durations.map((_, node): Demand => ({ node, resource: 0, amount: 1 }));
  return makeProblem(digraph(durations.length, [], []), Float64Array.from(durations), Int32Array.of(workers), demands);
}
