import { expect, test } from "vitest";
import { documentOrder, latestFinish, longestTail, mostSuccessors, rankWeight } from "../../src/plan/priorityRules.ts";
import { makeProblem } from "../../src/plan/problem.ts";
import { graphOf } from "../graph/arbitrary.ts";

// 0 (5) ──▶ 1 (2) ──▶ 3 (1)
//  ╲──────▶ 2 (9)
const problem = makeProblem(graphOf(4, "0>1 0>2 1>3"), Float64Array.of(5, 2, 9, 1), Int32Array.of(1), []);

test("each rule ranks by what it is named after, the smallest key first", () => {
  expect([...documentOrder(problem)]).toEqual([0, 1, 2, 3]);
  expect([...longestTail(problem)]).toEqual([-14, -3, -9, -1]);
  expect([...latestFinish(problem)].map((key) => key + 0)).toEqual([-9, -1, 0, 0]);
  expect([...mostSuccessors(problem)].map((key) => key + 0)).toEqual([-3, -1, 0, 0]);
  expect([...rankWeight(problem)]).toEqual([-16, -3, -9, -1]);
});
