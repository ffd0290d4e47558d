import fc from "fast-check";
import { expect, test } from "vitest";
import { indexPlan } from "../../src/run/planIndex.ts";
import { foldAll } from "../../src/run/fold.ts";
import type { Folding } from "../../src/run/folding.ts";
import type { Event } from "../../src/model/event.ts";
import { at, begun, cancelled, dispatched, ended, failed, merged, verified, worked } from "../engines/headless/desk.ts";
import { makePlan } from "../makePlan.ts";

const [started, supervised] = begun as [Event, Event];
const first = makePlan({ tasks: ["A", "B", "C"] });

function revised(next: ReturnType<typeof makePlan>, before: readonly Event[], more: Partial<Event> = {}): Folding {
  const adopted = { type: "adopted", at, session: null, engine: "headless", plan: "second", ...more } as Event;
  const events = [{ ...started, plan: "first" } as Event, supervised, ...before, adopted];
  const revisions = new Map([
    ["first", indexPlan(first)],
    ["second", indexPlan(next)],
  ]);
  return foldAll(indexPlan(next), revisions, events);
}
const statuses = ({ tasks }: Folding): string[] => [...tasks].map(([id, { status }]) => `${id} ${status}`);

test("what happened under an older plan counts as it did then, whatever the new plan allows", () => {
  const narrow = makePlan({
    tasks: [{ id: "A", status: "done" }, "B", "C"],
    edges: ["C B"],
    config: { maxWorkers: 1 },
  });
  const events = [
    ...worked("A"),
    merged("A", "m1"),
    dispatched("B", "B", { slot: 1 }),
    dispatched("C", "C", { slot: 2 }),
  ];
  const state = revised(narrow, events);
  expect(state).toMatchObject({ head: "m1", merged: ["A"], plan: "second" });
  expect(statuses(state)).toEqual(["A merged", "B running", "C running"]);
  expect(state.refused.size).toBe(0);
});

test("new tasks begin as the list has them, and tasks that it no longer has are forgotten", () => {
  const state = revised(makePlan({ tasks: ["B", { id: "D", status: "done" }, "E"] }), [dispatched("B")]);
  expect(statuses(state)).toEqual(["B running", "D done", "E pending"]);
});

test("what a person ticked is done, whether it was never begun or had failed; what was skipped for it may run", () => {
  const next = makePlan({ tasks: [{ id: "A", status: "done" }, { id: "B", status: "done" }, "C"] });
  const skipped: Event = { type: "skipped", at, task: "C", reason: "waits for B" };
  const needing = makePlan({ tasks: ["A", "B", "C"], edges: ["B C"] });
  const revisions = new Map([
    ["first", indexPlan(needing)],
    ["second", indexPlan(next)],
  ]);
  const adopted: Event = { type: "adopted", at, session: null, engine: "headless", plan: "second" };
  const events = [{ ...started, plan: "first" } as Event, supervised, dispatched("B"), failed("B"), skipped, adopted];
  expect(statuses(foldAll(indexPlan(next), revisions, events))).toEqual(["A done", "B done", "C pending"]);
});

test("a person's cancel outlives a revision that still lists the task", () => {
  expect(statuses(revised(makePlan({ tasks: ["A", "B", "C", "D"] }), [cancelled("B")]))[1]).toBe("B cancelled");
});

test("a plan counts only if nobody took the run over since its author looked", () => {
  const next = makePlan({ tasks: ["A"] });
  expect(statuses(revised(next, [], { after: "me" }))).toEqual(["A pending"]);
  expect(statuses(revised(next, [], { after: "older" }))).toHaveLength(3);
});

test("a session's own commits are where the next worktrees begin", () => {
  const inSession = { type: "adopted", at, session: "s", engine: "session", plan: "first" } as Event;
  const state = revised(first, [...worked("A"), merged("A", "m1"), inSession], { base: "theirs" });
  expect(state).toMatchObject({ base: "base", head: "theirs", engine: "headless" });
});

test("no revision takes anything back that happened, whatever it asks for and whenever it comes", () => {
  const ids = ["A", "B", "C"];
  const happening = fc.record({
    task: fc.constantFrom(...ids),
    what: fc.constantFrom("launch", "crash", "finish", "verify", "merge", "fail", "cancel"),
  });
  const next = fc.record({
    maxWorkers: fc.integer({ min: 1, max: 3 }),
    edges: fc.subarray(["A B", "A C", "B C"]),
    ticked: fc.subarray(ids),
  });
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 20 }), next, (happenings, { maxWorkers, edges, ticked }) => {
      const events = happenings.map(({ task, what }, nth) => eventOf(task, what, nth));
      const before = foldAll(indexPlan(first), new Map(), [...begun, ...events]);
      const tasks = ids.map((id) => (ticked.includes(id) ? { id, status: "done" as const } : id));
      const after = revised(makePlan({ tasks, edges, config: { maxWorkers } }), events);
      expect([after.head, after.merged]).toEqual([before.head, before.merged]);
      for (const [id, own] of before.tasks) {
        const { status, ...rest } = after.tasks.get(id) ?? own;
        expect({ ...own, status }).toEqual({ ...rest, status });
        const waits = own.claim === null && ["pending", "failed", "cancelled"].includes(own.status);
        expect(status).toBe(waits && ticked.includes(id) ? "done" : own.status);
      }
    }),
  );
});

function eventOf(task: string, what: string, nth: number): Event {
  switch (what) {
    case "launch":
      return dispatched(task, task, { slot: nth });
    case "crash":
      return ended(task, "crash", { dollars: 1 });
    case "finish":
      return ended(task, "finished", { dollars: 1 });
    case "verify":
      return verified(task);
    case "merge":
      return merged(task, `merge ${nth}`);
    case "fail":
      return failed(task);
    default:
      return cancelled(task);
  }
}
