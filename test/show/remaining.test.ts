import { expect, test } from "vitest";
import type { Event } from "../../src/model/event.ts";
import { indexPlan } from "../../src/run/planIndex.ts";
import { fold } from "../../src/run/fold.ts";
import { minutesLeft } from "../../src/show/remaining.ts";
import { before, dispatched, merged } from "../commands/headlessRun.ts";
import { makePlan } from "../makePlan.ts";

const now = new Date("2026-01-01T00:00:00Z");
const began: Event = {
  type: "started",
  at: before(99),
  run: "rabcde",
  plan: "",
  session: null,
  engine: "headless",
  base: "base0000",
  asked: { sources: [], flags: {} },
};

/** Minutes left of A before B, with C beside them, 10 minutes each. */
function left(maxWorkers: number, ...events: readonly Event[]): number | null {
  const plan = makePlan({
    tasks: ["A", "B", "C"].map((id) => ({ id, estimate: 10 })),
    edges: ["A B"],
    config: { maxWorkers },
  });
  return minutesLeft(indexPlan(plan), fold(plan, [began, ...events]), now);
}

test("what is left is the longest chain, or the work over the workers where that is more", () => {
  expect(left(2)).toBe(20);
  expect(left(1)).toBe(30);
});

test("what a running task has done already is taken off, and an overdue one may end at any moment", () => {
  expect(left(2, dispatched("A", before(4)))).toBeCloseTo(16);
  expect(left(2, dispatched("A", before(60)))).toBeCloseTo(11);
});

test("a run that is twice as slow as estimated is expected to stay so", () => {
  expect(left(2, dispatched("A", before(20)), ...merged("A", before(0)))).toBeCloseTo(20);
});

test("what waits for a person counts as nothing, and a run in which nothing can run has no end to name", () => {
  const fails = (task: string): Event => ({ type: "failed", at: before(1), task, reason: "x" });
  expect(left(2, fails("C"))).toBe(20);
  expect(left(2, fails("A"), fails("B"), fails("C"))).toBeNull();
});
