import { expect, test } from "vitest";
import { lowerBound } from "../../src/plan/lowerBound.ts";
import { problemOf } from "../../src/plan/problem.ts";
import { plan } from "../../src/plan/plan.ts";
import { config, edges, fileLock, graph, task } from "./make.ts";

const four = ["A", "B", "C", "D"].map((id) => task(id));

test("the longest chain bounds it", () => {
  // A ──▶ B ──▶ C   D
  expect(boundOf(graph(four, { edges: edges("A>B B>C") }), 4)).toBe(30);
});

test("the work over the workers bounds it", () => {
  expect(boundOf(graph(four), 2)).toBe(20);
  expect(boundOf(graph(four), 3)).toBeCloseTo(40 / 3);
});

test("the busiest file bounds it", () => {
  expect(boundOf(graph(four, { locks: [fileLock("a.ts", "A", "B", "C", "D")] }), 4)).toBe(40);
});

test("a task that must run alone keeps every worker", () => {
  expect(boundOf(graph(four, { alone: [{ task: "A", reason: "its files are not known" }] }), 3)).toBe(20);
});

function boundOf(from: ReturnType<typeof graph>, workers: number): number {
  return lowerBound(problemOf(plan(from, config(), null), workers));
}
