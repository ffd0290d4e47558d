import { expect, test } from "vitest";
import { conflicts } from "../../src/plan/conflicts.ts";
import { edges, fileLock, task } from "./make.ts";

const three = ["A", "B", "C"].map((id) => task(id));

const holder = (id: string, amount: number): ReturnType<typeof fileLock>["holders"][number] => ({
  task: id,
  amount,
  evidence: "x.ts",
  source: null,
});

test("two that write one file in no stated order are a conflict", () => {
  expect(conflicts(three, [], [fileLock("x.ts", "C", "A")])).toEqual({
    pairs: [
      {
        tasks: ["A", "C"],
        on: "x.ts",
        kind: "file",
        because: [
          { evidence: "x.ts", source: null },
          { evidence: "x.ts", source: null },
        ],
      },
    ],
    cut: false,
  });
});

test("an order between them, even through a third, is none", () => {
  // A ──▶ B ──▶ C
  expect(conflicts(three, edges("A>B B>C"), [fileLock("x.ts", "A", "C")]).pairs).toEqual([]);
});

test("readers do not keep each other out, a writer keeps out both", () => {
  const lock = { ...fileLock("x.ts"), capacity: 3, holders: [holder("A", 1), holder("B", 1), holder("C", 3)] };
  expect(conflicts(three, [], [lock]).pairs.map((pair) => pair.tasks)).toEqual([
    ["A", "C"],
    ["B", "C"],
  ]);
});

test("what is done conflicts with nothing", () => {
  const tasks = [task("A", { status: "done" }), task("B")];
  expect(conflicts(tasks, [], [fileLock("x.ts", "A", "B")]).pairs).toEqual([]);
});

test("a thousand pairs are listed, and it says that there are more", () => {
  const many = Array.from({ length: 6000 }, (_, k) => task(`T${k}`));
  const { pairs, cut } = conflicts(many, [], [fileLock("x.ts", ...many.map(({ id }) => id))]);
  expect([pairs.length, cut]).toEqual([1000, true]);
});
