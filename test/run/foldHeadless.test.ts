import { describe, expect, test } from "vitest";
import type { Event } from "../../src/model/event.ts";
import type { TaskState } from "../../src/model/run.ts";
import {
  at,
  cancelled,
  dispatched,
  ended,
  failed,
  merged,
  retried,
  stateAfter,
  verified,
  worked,
} from "../engines/headless/desk.ts";
import { makePlan } from "../makePlan.ts";

const plan = makePlan({ tasks: ["A", "B"], edges: ["A B"] });
const taskAfter = (...events: Event[]): TaskState | undefined => stateAfter(plan, events).tasks.get("A");
const supervised = (token: string, after: string | null): Event => {
  return { type: "supervised", at, by: { pid: 2, start: "2" }, host: "here", token, after };
};

describe("a run", () => {
  test("has one supervisor: of two that replace the same one, the first in the journal", () => {
    const state = stateAfter(plan, [supervised("x", "me"), supervised("y", "me")]);
    expect(state.supervisor?.token).toBe("x");
    expect(state.refused.has("y")).toBe(true);
  });

  test("that was let go is free, and only its supervisor can let it go", () => {
    expect(stateAfter(plan, [{ type: "released", at, token: "other" }]).supervisor?.token).toBe("me");
    expect(stateAfter(plan, [{ type: "released", at, token: "me" }, supervised("x", null)]).supervisor?.token).toBe(
      "x",
    );
  });

  test("is not finished by a word that a person's retry came before", () => {
    const finished: Event = { type: "finished", at, ok: false };
    const skipped: Event = { type: "skipped", at, task: "B", reason: "waits for A (failed)" };
    expect(stateAfter(plan, [failed("A"), skipped, finished]).finished).toBe(false);
    const late = stateAfter(plan, [failed("A"), retried("A"), skipped, finished]);
    expect(late.finished).toBeNull();
    expect(late.tasks.get("B")?.status).toBe("pending");
  });

  test("keeps a long rate limit beside a short one that is met later, until a person lifts both", () => {
    const later = "2026-01-01T00:10:00.000Z";
    const events = [
      dispatched("A"),
      ended("A", "rate-limit", { wait: 3_600 }),
      dispatched("A"),
      ended("A", "rate-limit", { wait: 60, at: later }),
    ];
    expect(stateAfter(plan, events).limits.map(({ seconds }) => seconds)).toEqual([3_600, 60]);
    expect(stateAfter(plan, [...events, { type: "unpaused", at: later }]).limits).toEqual([]);
  });
});

describe("the end of a worker", () => {
  test("that finished leaves its work to be verified, every other one the task to be started again", () => {
    expect(taskAfter(dispatched("A"), ended("A", "finished"))).toMatchObject({ status: "verifying", claim: "A" });
    expect(taskAfter(dispatched("A"), ended("A", "crash"))).toMatchObject({
      status: "pending",
      claim: null,
      restarts: 1,
    });
  });

  test("that nobody is to blame for costs no restart, and a rate limit no attempt", () => {
    for (const outcome of ["stopped", "lost", "permission", "unstartable"] as const)
      expect(taskAfter(dispatched("A"), ended("A", outcome)), outcome).toMatchObject({ restarts: 0, attempts: 1 });
    expect(taskAfter(dispatched("A"), ended("A", "rate-limit"))).toMatchObject({ restarts: 0, attempts: 0 });
  });

  test("of an older claim changes nothing", () => {
    const events = [dispatched("A", "old"), ended("A", "crash", { claim: "old" }), dispatched("A", "new")];
    const before = taskAfter(...events);
    expect(taskAfter(...events, ended("A", "finished", { claim: "old", dollars: 9 }))).toEqual(before);
  });

  test("adds its cost once, also when its task is cancelled while the work is looked at", () => {
    const end = ended("A", "finished", { dollars: 2 });
    expect(taskAfter(dispatched("A"), end, cancelled("A"), end)?.dollars).toBe(2);
  });
});

describe("a task that a person cancelled", () => {
  test("keeps the claim of a living worker until that has ended, and does not start before", () => {
    const events = [dispatched("A"), cancelled("A"), retried("A")];
    expect(taskAfter(...events, dispatched("A", "new"))).toMatchObject({ status: "pending", claim: "A" });
    expect(taskAfter(...events, ended("A", "stopped"), dispatched("A", "new"))).toMatchObject({ claim: "new" });
  });

  test("stays so, whatever is still said of its work", () => {
    const said: Event[] = [
      failed("A"),
      { type: "sent-back", at, task: "A", reason: "red" },
      { type: "needs-input", at, task: "A", question: "Which?" },
      verified("A"),
    ];
    for (const event of said)
      expect(taskAfter(...worked("A"), cancelled("A"), event)?.status, event.type).toBe("cancelled");
  });

  test("is merged all the same when the merge was made at that instant", () => {
    expect(taskAfter(...worked("A"), cancelled("A"), merged("A"))?.status).toBe("merged");
  });
});

test("merged work is final: it is the newest commit, cannot be cancelled, and lets go on what needs it", () => {
  const state = stateAfter(plan, [...worked("A"), merged("A", "m1"), cancelled("A"), failed("A"), dispatched("B")]);
  expect(state.tasks.get("A")?.status).toBe("merged");
  expect(state.tasks.get("B")?.status).toBe("running");
  expect(state).toMatchObject({ head: "m1", merged: ["A"] });
});

test("verified work holds no worker and no ports, but its files", () => {
  const shared = makePlan({ tasks: ["A", "B"], locks: { "a.ts": ["A", "B"] } });
  const state = stateAfter(shared, [...worked("A"), dispatched("B")]);
  expect(state.tasks.get("A")).toMatchObject({ status: "merging", claim: null });
  expect(state.refused.has("B")).toBe(true);
});

test("a retry begins with a clean slate, and brings back what was skipped", () => {
  const skipped: Event = { type: "skipped", at, task: "B", reason: "waits for A (failed)" };
  const state = stateAfter(plan, [dispatched("A"), ended("A", "crash"), failed("A"), skipped, retried("A")]);
  expect(state.tasks.get("A")).toMatchObject({ status: "pending", restarts: 0, sendBacks: 0, conflicts: 0 });
  expect(state.tasks.get("B")?.status).toBe("pending");
});
