import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dispatch } from "../../src/run/dispatch.ts";
import { indexPlan } from "../../src/run/planIndex.ts";
import { runningTasks, whyNot } from "../../src/run/whyNot.ts";
import { fold } from "../../src/run/fold.ts";
import type { Event } from "../../src/model/event.ts";
import { makePlan } from "../makePlan.ts";

const at = "";
const claim = (task: string): Event => ({
  type: "dispatched",
  at,
  task,
  attempt: 1,
  claim: task,
  client: null,
  before: {},
});
const done = (task: string): Event => ({ type: "done", at, task, summary: "", files: [], concerns: [] });
const launchable = (plan: ReturnType<typeof makePlan>, events: Event[]): string[] =>
  dispatch(indexPlan(plan), fold(plan, events));

describe("what may start", () => {
  /*
   *   A ─▶ C ─▶ D
   *   B ─────▶ D
   */
  const diamond = makePlan({ tasks: ["A", "B", "C", "D"], edges: ["A C", "C D", "B D"] });

  test("is everything whose needs are done, without waiting for the rest of a batch", () => {
    expect(launchable(diamond, [])).toEqual(["A", "B"]);
    expect(launchable(diamond, [claim("A"), claim("B"), done("A")])).toEqual(["C"]);
  });

  test("is the longest remaining tail first", () => {
    const plan = makePlan({
      tasks: [
        { id: "short", priority: 5 },
        { id: "long", priority: 50 },
      ],
      config: { maxWorkers: 1 },
    });
    expect(launchable(plan, [])).toEqual(["long"]);
  });

  test("never two tasks that hold one file, but a third beside them", () => {
    expect(launchable(makePlan({ tasks: ["A", "B", "C"], locks: { f: ["A", "B"] } }), [])).toEqual(["A", "C"]);
  });

  test("is nothing beside a task whose files nobody knows, and that task beside nothing", () => {
    const plan = makePlan({ tasks: ["A", { id: "unknown", alone: "its files are not known" }, "B"] });
    expect(launchable(plan, [])).toEqual(["A", "B"]);
    expect(launchable(plan, [claim("A")])).toEqual(["B"]);
    expect(launchable(plan, [claim("A"), done("A"), claim("B"), done("B")])).toEqual(["unknown"]);
    expect(launchable(plan, [claim("unknown")])).toEqual([]);
  });

  test("goes on past a task that the list cancelled", () => {
    expect(launchable(makePlan({ tasks: [{ id: "A", status: "cancelled" }, "B"], edges: ["A B"] }), [])).toEqual(["B"]);
  });

  test("stays behind a task that failed", () => {
    const plan = makePlan({ tasks: ["A", "B"], edges: ["A B"] });
    const events: Event[] = [claim("A"), { type: "failed", at, task: "A", reason: "no" }];
    expect(launchable(plan, events)).toEqual([]);
    expect(whyNot(indexPlan(plan), fold(plan, events), "B")).toBe("waits for A (failed)");
  });
});

test("any plan runs to its end in any order of endings, and never breaks an order, a lock or the limit", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 12 }),
      fc.array(fc.tuple(fc.nat(11), fc.nat(11)), { maxLength: 20 }),
      fc.array(fc.array(fc.nat(11), { minLength: 2, maxLength: 4 }), { maxLength: 4 }),
      fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
      fc.integer({ min: 1, max: 4 }),
      fc.infiniteStream(fc.nat(100)),
      (size, pairs, shared, alone, maxWorkers, choices) => {
        const id = (number: number): string => `T${number % size}`;
        const plan = makePlan({
          tasks: Array.from({ length: size }, (_, number) => ({
            id: id(number),
            alone: alone[number] === true ? "unknown" : null,
            priority: number,
          })),
          edges: pairs
            .map(([a, b]) => [Math.min(a % size, b % size), Math.max(a % size, b % size)])
            .filter(([a, b]) => a !== b)
            .map(([a, b]) => `T${a} T${b}`),
          locks: Object.fromEntries(shared.map((holders, number) => [`f${number}`, [...new Set(holders.map(id))]])),
          config: { maxWorkers },
        });
        const index = indexPlan(plan);
        const events: Event[] = [];
        for (let step = 0; step < 3 * size + 1; step++) {
          const state = fold(plan, events, index);
          const started = dispatch(index, state);
          const running = [...runningTasks(state), ...started];
          // the rule that judges claims admits these one after another, and then nothing more
          const tasks = new Map(state.tasks);
          for (const task of started) {
            expect(whyNot(index, { ...state, tasks }, task)).toBeNull();
            const claimed = tasks.get(task);
            if (claimed !== undefined) tasks.set(task, { ...claimed, status: "running" });
          }
          for (const task of tasks.keys()) expect(whyNot(index, { ...state, tasks }, task)).not.toBeNull();
          expect(running.length).toBeLessThanOrEqual(maxWorkers);
          if (running.some((task) => index.tasks.get(task)?.alone !== null)) expect(running).toHaveLength(1);
          for (const lock of plan.locks)
            expect(lock.holders.filter((holder) => running.includes(holder.task)).length).toBeLessThanOrEqual(1);
          for (const edge of plan.edges)
            if (running.includes(edge.to)) expect(state.tasks.get(edge.from)?.status).toBe("done");
          events.push(...started.map(claim));
          const ended = running[(choices.next().value ?? 0) % Math.max(1, running.length)];
          if (ended !== undefined) events.push(done(ended));
        }
        const end = fold(plan, events, index);
        expect([...end.tasks.values()].every((task) => task.status === "done")).toBe(true);
        expect(end.refused.size).toBe(0);
      },
    ),
    { numRuns: 200 },
  );
});
