import { expect, test } from "vitest";
import { batches } from "../../src/plan/batches.ts";
import { plan } from "../../src/plan/plan.ts";
import { config, edges, fileLock, graph, task } from "./make.ts";

const four = ["A", "B", "C", "D"].map((id) => task(id));
const batchesOf = (from: ReturnType<typeof graph>): string[][] => batches(plan(from, config(), null));

test("a task stands after what it waits for, as early as it can", () => {
  // A ──▶ B   C ──▶ D
  expect(batchesOf(graph(four, { edges: edges("A>B C>D") }))).toEqual([
    ["A", "C"],
    ["B", "D"],
  ]);
});

test("two that share a file stand in different batches, the one with the longer chain first", () => {
  // A   B ──▶ D, both write x.ts
  const from = graph(four, { edges: edges("B>D"), locks: [fileLock("x.ts", "A", "B")] });
  expect(batchesOf(from)).toEqual([
    ["B", "C"],
    ["A", "D"],
  ]);
});

test("a task that runs alone is a batch of its own", () => {
  expect(batchesOf(graph(four, { alone: [{ task: "C", reason: "files unknown" }] }))).toEqual([["A", "B", "D"], ["C"]]);
});

test("a batch may be wider than the number of workers: it is a picture", () => {
  expect(plan(graph(four), config({ maxWorkers: 2 }), null).batches).toEqual([["A", "B", "C", "D"]]);
});

test("what is done stands in no batch, and what waited for it comes first", () => {
  const tasks = [task("A", { status: "done" }), task("B"), task("C", { status: "skipped" })];
  expect(batchesOf(graph(tasks, { edges: edges("A>B") }))).toEqual([["B"]]);
  expect(batchesOf(graph([]))).toEqual([]);
});
