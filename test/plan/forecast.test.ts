import * as fc from "fast-check";
import { expect, test } from "vitest";
import { forecast, overheadPerTask } from "../../src/plan/forecast.ts";
import { plan } from "../../src/plan/plan.ts";
import { config, edges, fileLock, graph, task } from "./make.ts";

const forecastOf = (from: ReturnType<typeof graph>, workers: number): ReturnType<typeof forecast> =>
  forecast(plan(from, config(), null), workers);

const countsOf = (count: number): number[] => forecastOf(graph([task("A")]), count).byWorkers.map((row) => row.workers);

test("it says how long the work takes one by one, at best, at least, and how much work there is", () => {
  // A (10) ──▶ B (20)   C (25)
  const tasks = [task("A", { estimate: 10 }), task("B", { estimate: 20 }), task("C", { estimate: 25 })];
  expect(forecastOf(graph(tasks, { edges: edges("A>B") }), 2)).toMatchObject({
    workers: 2,
    sequentialMinutes: 55,
    parallelMinutes: 30,
    lowerBoundMinutes: 30,
    overheadMinutes: 3 * overheadPerTask,
  });
});

test("what is expected is longer than the best case, because the task that takes longest decides", () => {
  const tasks = ["A", "B", "C", "D", "E"].map((id) => task(id, { estimate: 20 }));
  const { expectedMinutes, parallelMinutes, rangeMinutes } = forecastOf(graph(tasks), 5);
  expect(parallelMinutes).toBe(20);
  expect(expectedMinutes).toBeGreaterThan(25);
  expect(rangeMinutes[0]).toBeLessThan(expectedMinutes);
  expect(rangeMinutes[1]).toBeGreaterThan(expectedMinutes);
});

test("a single task is expected to take its estimate", () => {
  const { expectedMinutes } = forecastOf(graph([task("A", { estimate: 20 })]), 3);
  expect(expectedMinutes / 20).toBeCloseTo(1, 1);
});

test("past runs that took what was estimated narrow the range", () => {
  const made = (sure: boolean): number => {
    const tasks = ["A", "B", "C", "D"].map((id) =>
      task(id, { estimate: 20, ...(sure ? { estimateRange: [19, 21], corrected: { from: "stated", by: 1 } } : {}) }),
    );
    const [least, most] = forecast(
      { tasks: tasks.map((each) => ({ ...each, alone: null, estimate: 20 })), edges: [], locks: [] },
      2,
    ).rangeMinutes;
    return most - least;
  };
  expect(made(true)).toBeLessThan(made(false) / 2);
});

test("the same plan gets the same forecast", () => {
  const tasks = ["A", "B", "C", "D"].map((id, k) => task(id, { estimate: 5 + k }));
  expect(forecastOf(graph(tasks), 2)).toEqual(forecastOf(graph(tasks), 2));
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
  expect(forecastOf(graph([]), 3)).toMatchObject({
    expectedMinutes: 0,
    parallelMinutes: 0,
    speedup: 1,
    lowerBoundMinutes: 0,
  });
});

test("more workers never take longer, the number asked for has the headline, and no forecast beats the lower bound", () => {
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
      expect(result.byWorkers.find((row) => row.workers === workers)?.minutes).toBeCloseTo(result.expectedMinutes, 9);
      expect(result.lowerBoundMinutes).toBeLessThanOrEqual(result.parallelMinutes);
      expect(result.parallelMinutes).toBeLessThanOrEqual(result.expectedMinutes);
      expect(result.rangeMinutes[0]).toBeLessThanOrEqual(result.expectedMinutes);
      expect(result.rangeMinutes[1]).toBeGreaterThanOrEqual(result.expectedMinutes);
    }),
  );
});
