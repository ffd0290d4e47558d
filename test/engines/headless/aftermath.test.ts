import { describe, expect, test } from "vitest";
import { aftermath } from "../../../src/engines/headless/engine/aftermath.ts";
import type { Happening, Judgement, WorkerEnding } from "../../../src/engines/headless/engine/effect.ts";
import { defaultConfig, type Config } from "../../../src/model/config.ts";
import type { Event } from "../../../src/model/event.ts";
import { makePlan } from "../../makePlan.ts";
import { at, cancelled, dispatched, ended, endingOf, stateAfter, worked } from "./desk.ts";

const plan = makePlan({ tasks: ["A", "B"] });
const after = (events: readonly Event[], happening: Happening, config: Partial<Config> = {}): Event[] =>
  aftermath(stateAfter(plan, events), { ...defaultConfig, ...config }, happening, at);
const end = (ending: WorkerEnding, claim = "A"): Happening => ({ type: "worker-ended", task: "A", claim, ending });
const judged = (judgement: Judgement, claim = "A"): Happening => ({
  type: "judged",
  task: "A",
  claim,
  report: null,
  judgement,
});

describe("a worker's end", () => {
  test("of an older claim counts for nothing", () => {
    expect(after([dispatched("A")], end(endingOf("finished"), "older"))).toEqual([]);
  });

  test("that is bad lets it rest 1, 2, 4, … seconds, and fails the task when its restarts are used up", () => {
    const events: Event[] = [dispatched("A", "0")];
    const waits: number[] = [];
    for (let attempt = 0; attempt < 2; attempt++) {
      const [one] = after(events, end(endingOf("crash"), String(attempt)), { restarts: 2 });
      if (one?.type !== "ended") return expect.fail();
      waits.push(one.wait);
      events.push(one, dispatched("A", String(attempt + 1)));
    }
    expect(waits).toEqual([1, 2]);
    expect(after(events, end(endingOf("crash"), "2"), { restarts: 2 })).toMatchObject([
      { type: "ended", wait: 0 },
      { type: "failed", reason: "crash (attempt 3 of 3)" },
    ]);
  });

  test("by a rate limit waits for the reset, a minute when nobody knows it, six hours at most", () => {
    const wait = (seconds: number): Event[] => after([dispatched("A")], end(endingOf("rate-limit", { wait: seconds })));
    expect(wait(0)).toMatchObject([{ type: "ended", wait: 60 }]);
    expect(wait(900)).toMatchObject([{ type: "ended", wait: 900 }]);
    expect(wait(1e9)).toMatchObject([{ type: "ended", wait: 21_600 }]);
  });

  test("by a limit of unknown end waits ever longer, six hours in all, and then the run stops, to be resumed", () => {
    const events: Event[] = [];
    const waits: number[] = [];
    for (let round = 0; ; round++) {
      events.push(dispatched("A", String(round)));
      const [one, stop] = after(events, end(endingOf("rate-limit"), String(round)));
      if (one?.type !== "ended") return expect.fail();
      events.push(one);
      if (stop !== undefined) {
        expect(stop).toMatchObject({ type: "stopped", because: "limit" });
        break;
      }
      waits.push(one.wait);
    }
    expect(waits).toEqual([60, 120, 240, 480, 960, 1920, 3600, 3600, 3600, 3600, 3420]);
    expect(waits.reduce((sum, wait) => sum + wait)).toBe(6 * 3_600);
    expect(stateAfter(plan, events).tasks.get("A")).toMatchObject({ status: "pending", attempts: 0, restarts: 0 });
    const resumed = stateAfter(plan, [...events, { type: "unpaused", at }]);
    expect(resumed.untold).toBeNull();
  });

  test("by a limit of unknown end that others met at the same time is the same round, and one that got through ends the count", () => {
    const both = [dispatched("A"), dispatched("B")];
    const [first] = after(both, end(endingOf("rate-limit")));
    if (first === undefined) return expect.fail();
    const other: Happening = { type: "worker-ended", task: "B", claim: "B", ending: endingOf("rate-limit") };
    const [second] = after([...both, first], other);
    expect([first, second]).toMatchObject([{ wait: 60 }, { wait: 60 }]);
    if (second === undefined) return expect.fail();
    const met = stateAfter(plan, [...both, first, second]);
    expect(met.untold).toMatchObject({ rounds: 1, seconds: 60 });
    const through = [dispatched("A", "again"), { ...ended("A", "finished"), claim: "again" }];
    expect(stateAfter(plan, [...both, first, second, ...through]).untold).toBeNull();
  });

  test("with its dollars spent fails a task that has no more, and lets one go on that had a share of the run's", () => {
    const events = [dispatched("A", "A", { dollars: 2 })];
    const spent = end(endingOf("budget", { dollars: 0 }));
    expect(after(events, spent, { budgetPerTask: 2 })).toMatchObject([
      { type: "ended", dollars: 2 },
      { type: "failed", reason: "budget" },
    ]);
    const [ended, ...more] = after(events, spent, { budgetPerRun: 10 });
    expect([ended, more]).toMatchObject([{ type: "ended", dollars: 2 }, []]);
    const state = stateAfter(plan, [...events, ...(ended === undefined ? [] : [ended])]);
    expect(state.tasks.get("A")).toMatchObject({ status: "pending", restarts: 0, dollars: 2 });
  });

  test("that the next one would meet as well stops the run", () => {
    expect(after([dispatched("A")], end(endingOf("unstartable")))).toMatchObject([
      { type: "ended" },
      { type: "stopped" },
    ]);
  });
});

describe("a judgement", () => {
  const waiting = [dispatched("A"), ended("A", "finished")];

  test("of work that falls short sends it back, and fails it when that was done often enough", () => {
    const short = judged({ kind: "short", reason: "nothing changed" });
    expect(after(waiting, short, { sendBacks: 1 })).toMatchObject([{ type: "sent-back", reason: "nothing changed" }]);
    expect(after(waiting, short, { sendBacks: 0 })).toMatchObject([{ type: "failed", reason: "nothing changed" }]);
  });

  test("of a conflict that its worker left unresolved once too often leaves it to a person", () => {
    const short = judged({ kind: "short", reason: "markers are left", unmerged: ["a.ts"] });
    expect(after(waiting, short, { sendBacks: 1 })).toMatchObject([{ type: "sent-back" }]);
    const [last, ...more] = after(waiting, short, { sendBacks: 0 });
    expect([last, more]).toMatchObject([{ type: "conflicted", files: ["a.ts"], next: "person" }, []]);
    const state = stateAfter(plan, [...waiting, ...(last === undefined ? [] : [last])]);
    expect(state.tasks.get("A")).toMatchObject({ status: "conflicted", claim: null });
  });

  test("of work that a person cancelled meanwhile counts for nothing", () => {
    expect(after([...waiting, cancelled("A")], judged({ kind: "failed", reason: "blocked" }))).toEqual([]);
  });

  test("that could not be made holds nothing against the task", () => {
    expect(after(waiting, judged({ kind: "trouble", reason: "the disk is full" }))).toEqual([
      { type: "stopped", at, reason: "the disk is full" },
    ]);
  });
});

describe("a merge", () => {
  const nothing = {
    type: "merge-ended",
    tasks: ["A"],
    merged: [],
    conflicts: [],
    reds: [],
    checks: [],
    trouble: null,
  } as const;
  const conflict = { ...nothing, conflicts: [{ task: "A", files: ["a.ts"], with: ["B"] }] };

  test("that conflicts sends its worker twice, and then a person", () => {
    const events = worked("A");
    const next: string[] = [];
    for (let time = 0; time < 3; time++) {
      const [one] = after(events, conflict);
      if (one?.type !== "conflicted") return expect.fail();
      next.push(one.next);
      events.push(one, ...worked("A"));
    }
    expect(next).toEqual(["worker", "worker", "person"]);
  });

  test("that conflicts goes to a person at once where the config says so", () => {
    expect(after(worked("A"), conflict, { conflicts: "person" })).toMatchObject([{ next: "person" }]);
  });

  test("that turns the checks red sends back the task that did it", () => {
    const red = { ...nothing, reds: [{ task: "A", reason: "the check is red" }] };
    expect(after(worked("A"), red)).toMatchObject([{ type: "sent-back", task: "A", reason: "the check is red" }]);
  });
});
