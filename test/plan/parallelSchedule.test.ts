import * as fc from "fast-check";
import { expect, test } from "vitest";
import { digraph } from "../../src/graph/digraph.ts";
import { parallelSchedule } from "../../src/plan/parallelSchedule.ts";
import { documentOrder, longestTail } from "../../src/plan/priorityRules.ts";
import { makeProblem, type Demand, type Problem } from "../../src/plan/problem.ts";
import { problems } from "./problems.ts";
import { simulate } from "./simulate.ts";
import { faults } from "./validate.ts";
import { expectLinear } from "../growth.ts";

test("a schedule is valid whatever the keys", () => {
  fc.assert(
    fc.property(
      problems(20),
      fc.array(fc.double({ noNaN: true }), { minLength: 20, maxLength: 20 }),
      (problem, keys) => {
        expect(faults(problem, parallelSchedule(problem, Float64Array.from(keys)))).toEqual([]);
      },
    ),
  );
});

test("the queues change nothing: it is what the live rule does when everything lasts as long as estimated", () => {
  fc.assert(
    fc.property(
      problems(20).filter((problem) => problem.durations.every((minutes) => minutes > 0)),
      (problem) => {
        expect(parallelSchedule(problem, longestTail(problem))).toEqual(simulate(problem));
      },
    ),
    { numRuns: 300 },
  );
});

test("100,000 tasks on five busy files cost no more than their number", async () => {
  const problems = new Map([25_000, 100_000].map((tasks) => [tasks, busyFiles(tasks)]));
  await expectLinear((tasks) => {
    const problem = problems.get(tasks);
    if (problem !== undefined) parallelSchedule(problem, documentOrder(problem));
  }, 100_000);
});

/** Each task writes two of five files; nothing orders them. */
function busyFiles(n: number): Problem {
  const demands = Array.from({ length: n }, (_, node): Demand[] => {
    const pair = [node % 5, (node + 1 + (node % 3)) % 5].toSorted((a, b) => a - b);
    return [{ node, resource: 0, amount: 1 }, ...pair.map((file) => ({ node, resource: file + 1, amount: 1 }))];
  });
  return makeProblem(
    digraph(n, [], []),
    Float64Array.from({ length: n }, (_, node) => 1 + (node % 7)),
    Int32Array.of(8, 1, 1, 1, 1, 1),
    demands.flat(),
  );
}
