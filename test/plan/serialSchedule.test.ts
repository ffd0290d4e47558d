import * as fc from "fast-check";
import { expect, test } from "vitest";
import { digraph } from "../../src/graph/digraph.ts";
import { makeProblem } from "../../src/plan/problem.ts";
import { serialSchedule } from "../../src/plan/serialSchedule.ts";
import { problems } from "./problems.ts";
import { faults } from "./validate.ts";

test("a schedule is valid", () => {
  fc.assert(
    fc.property(problems(25), (problem) => {
      expect(faults(problem, serialSchedule(problem, problem.order))).toEqual([]);
    }),
  );
});

test("a task fills a gap that those placed before it left, if all it demands is free for as long", () => {
  // One file: 0 holds it in minutes 0–2, 1 waits for 3 (minutes 0–5) and holds it in 5–7; 2 needs it for three.
  const graph = digraph(4, [3], [1]);
  const demands = [0, 1, 2].map((node) => ({ node, resource: 0, amount: 1 }));
  const schedule = (minutes: number): Float64Array =>
    serialSchedule(
      makeProblem(graph, Float64Array.of(2, 2, minutes, 5), Int32Array.of(1), demands),
      Int32Array.of(0, 3, 1, 2),
    );
  expect([...schedule(3)]).toEqual([0, 5, 2, 0]);
  expect([...schedule(4)]).toEqual([0, 5, 7, 0]);
});
