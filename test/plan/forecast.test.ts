import * as fc from "fast-check";
import { expect, test } from "vitest";
import { forecast, overheadPerTask } from "../../src/plan/forecast.ts";
import { plan } from "../../src/plan/plan.ts";
import { config, edges, fileLock, graph, task } from "./make.ts";

const forecastOf = (from: ReturnType<typeof graph>, workers: number): ReturnType<typeof forecast> =>
  forecast(plan(from, config(), null), workers);

const countsOf = (count: number): number[] => forecastOf(graph([task("A")]), count).byWorkers.map((row) => row.workers);

test("it says how long the work takes one by one, side by side, and at least", () => {
  // A (10) ──▶ B (20)   C (25)
  const tasks = [task("A", { estimate: 10 }), task("B", { estimate: 20 }), task("C", { estimate: 25 })];
  expect(forecastOf(graph(tasks, { edges: edges("A>B") }), 2)).toEqual({
    workers: 2,
    sequentialMinutes: 55,
    parallelMinutes: 30,
    lowerBoundMinutes: 30,
    rangeMinutes: [30, 30],
    speedup: 55 / 30,
    overheadMinutes: 3 * overheadPerTask,
    byWorkers: [
      { workers: 1, minutes: 55 },
      { workers: 2, minutes: 30 },
      { workers: 3, minutes: 30 },
      { workers: 5, minutes: 30 },
      { workers: 8, minutes: 30 },
    ],
  });
});

test("the number of workers asked for is in the table, once and in order", () => {
  expect(countsOf(4)).toEqual([1, 2, 3, 4, 5, 8]);
  expect(countsOf(5)).toEqual([1, 2, 3, 5, 8]);
  expect(countsOf(20)).toEqual([1, 2, 3, 5, 8, 20]);
});

test("minutes are not rounded, and done tasks cost none", () => {
  const tasks = [
    task("A", { estimate: 0.3 }),
    task("B", { status: "done", estimate: 99 }),
    task("C", { estimate: 1 / 3 }),
  ];
  expect(forecastOf(graph(tasks, { edges: edges("A>C") }), 2)).toMatchObject({
    sequentialMinutes: 0.3 + 1 / 3,
    parallelMinutes: 0.3 + 1 / 3,
  });
});

test("nothing to do takes no time and is no division by zero", () => {
  expect(forecastOf(graph([]), 3)).toMatchObject({ parallelMinutes: 0, speedup: 1, lowerBoundMinutes: 0 });
});

test("more workers never take longer, one worker takes the sum, and no number beats the lower bound", () => {
  const lists = fc.array(
    fc.record({ estimate: fc.double({ min: 0.1, max: 60, noNaN: true }), waitsFor: fc.nat(12), file: fc.nat(6) }),
    { minLength: 1, maxLength: 12 },
  );
  fc.assert(
    fc.property(lists, fc.integer({ min: 1, max: 9 }), (list, workers) => {
      const tasks = list.map(({ estimate }, k) => task(`T${k}`, { estimate }));
      const order = list.flatMap(({ waitsFor }, k) => (waitsFor < k ? [`T${waitsFor}>T${k}`] : [])).join(" ");
      const locks = [0, 1, 2].map((file) =>
        fileLock(`f${file}`, ...tasks.filter((_, k) => list[k]?.file === file).map(({ id }) => id)),
      );
      const result = forecastOf(graph(tasks, { edges: edges(order), locks }), workers);
      const minutes = result.byWorkers.map((row) => row.minutes);
      expect(minutes).toEqual(minutes.toSorted((a, b) => b - a));
      expect(minutes[0]).toBeCloseTo(result.sequentialMinutes, 9);
      expect(result.lowerBoundMinutes).toBeLessThanOrEqual(result.parallelMinutes);
      expect(minutes).toContain(result.parallelMinutes);
    }),
  );
});
