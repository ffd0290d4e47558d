import { describe, expect, test } from "vitest";
import { decide, learn, nextWake, over, type Engine } from "../../../src/engines/headless/engine/engine.ts";
import { makePlan } from "../../makePlan.ts";
import {
  at,
  cancelled,
  dispatched,
  ended,
  engineAfter,
  failed,
  merged,
  momentAt,
  retried,
  verified,
  worked,
} from "./desk.ts";

const wants = (engine: Engine, now = 0, cap = 20): string[] =>
  decide(engine, momentAt(now, cap)).map(({ events, effect }) =>
    [
      ...events.map((event) => event.type),
      effect === null ? "" : `${effect.do}${"task" in effect ? ` ${effect.task}` : ""}`,
    ]
      .join(" ")
      .trim(),
  );
const one = makePlan({ tasks: ["A"] });
const two = makePlan({ tasks: ["A", "B"], config: { maxWorkers: 1 } });
const chain = makePlan({ tasks: ["A", "B"], edges: ["A B"] });

describe("a supervisor that takes over", () => {
  test("looks after the workers of the one before, and verifies what has ended", () => {
    expect(wants(engineAfter(one, [dispatched("A")]))).toEqual(["adopt A"]);
    expect(wants(engineAfter(one, [dispatched("A"), ended("A", "finished")]))).toEqual(["verify A"]);
    expect(wants(engineAfter(one, worked("A")))).toEqual(["merging merge"]);
  });

  test("does nothing when another one has the run", () => {
    const engine = engineAfter(one, [{ type: "released", at, token: "me" }]);
    expect(wants(engine)).toEqual([]);
    expect(over(engine, momentAt(0))).toBe("replaced");
  });

  test("waits for what is left of a rate limit by the wall clock, and never longer than it was", () => {
    const met = [dispatched("A"), ended("A", "rate-limit", { wait: 100 })];
    const wall = Date.parse(at);
    expect(engineAfter(one, met, wall + 40_000).limitedUntil).toBe(60_000);
    expect(engineAfter(one, met, wall + 86_400_000).limitedUntil).toBe(0);
    expect(engineAfter(one, met, wall - 86_400_000).limitedUntil).toBe(100_000);
  });
});

test("a rate limit is over when the wall clock says so too: a machine that slept has waited", () => {
  const engine = engineAfter(one, [dispatched("A")]);
  learn(engine, ended("A", "rate-limit", { wait: 18_000 }), 0);
  const later = (seconds: number) => ({
    ...momentAt(60_000),
    at: new Date(Date.parse(at) + seconds * 1_000).toISOString(),
  });
  expect(decide(engine, later(17_999))).toEqual([]);
  expect(decide(engine, later(18_001))[0]?.effect).toMatchObject({ do: "launch", task: "A" });
});

describe("what rests", () => {
  test("after a crash starts when its seconds are over, by the monotonic clock", () => {
    const engine = engineAfter(one, [dispatched("A")]);
    learn(engine, ended("A", "crash", { wait: 2 }), 500);
    expect(nextWake(engine, momentAt(500))).toBe(2_500);
    expect(wants(engine, 2_499)).toEqual([]);
    expect(wants(engine, 2_500)).toEqual(["dispatched launch A"]);
  });

  test("keeps no place from a task that could start", () => {
    const engine = engineAfter(two, [dispatched("A")]);
    learn(engine, ended("A", "crash", { wait: 60 }), 0);
    expect(wants(engine)).toEqual(["dispatched launch B"]);
  });

  test("for a rate limit is the whole run", () => {
    const engine = engineAfter(two, [dispatched("A")]);
    learn(engine, ended("A", "rate-limit", { wait: 60 }), 0);
    expect(wants(engine, 59_999)).toEqual([]);
    expect(wants(engine, 60_000)).toEqual(["dispatched launch A"]);
  });
});

describe("a worker that is not wanted any more", () => {
  test("is asked to end when its task is cancelled, once", () => {
    const engine = engineAfter(one, [dispatched("A"), cancelled("A")]);
    expect(wants(engine)[0]).toBe("adopt A");
    engine.busy.add("worker A");
    expect(wants(engine)).toEqual(["stop-worker A"]);
    engine.busy.add("stop A");
    expect(wants(engine)).toEqual([]);
  });

  test("has ended before its task starts anew", () => {
    const events = [dispatched("A"), cancelled("A"), retried("A")];
    expect(wants(engineAfter(one, events))[0]).toBe("adopt A");
    expect(wants(engineAfter(one, [...events, ended("A", "stopped")]))).toEqual(["dispatched launch A"]);
  });

  test("is asked to end when the run is stopped, and nothing else begins", () => {
    const engine = engineAfter(two, [dispatched("A"), { type: "stopped", at, reason: "enough" }]);
    engine.busy.add("worker A");
    expect(wants(engine)).toEqual(["stop-worker A"]);
    expect(over(engine, momentAt(0))).toBeNull();
    engine.busy.clear();
    learn(engine, ended("A", "stopped"), 0);
    expect(over(engine, momentAt(0))).toBe("stopped");
  });
});

describe("launching", () => {
  test("keeps to the workers that the machine bears at this moment", () => {
    const engine = engineAfter(makePlan({ tasks: ["A", "B"] }), [dispatched("A")]);
    engine.busy.add("worker A");
    expect(wants(engine, 0, 1)).toEqual([]);
    expect(wants(engine, 0, 2)).toEqual(["dispatched launch B"]);
  });

  test("begins after the checks were measured on the base", () => {
    const plan = makePlan({ tasks: ["A"], config: { verify: ["check"] } });
    expect(wants(engineAfter(plan, []))).toEqual(["baseline"]);
    const measured = {
      type: "checked",
      at,
      when: "baseline",
      command: "check",
      result: "failed",
      output: "",
      last: true,
    } as const;
    expect(wants(engineAfter(plan, [measured]))).toEqual(["dispatched launch A"]);
  });

  test("of a task beyond its restarts never happens, even if its failure was not recorded any more", () => {
    const plan = makePlan({ tasks: ["A"], config: { restarts: 0 } });
    expect(wants(engineAfter(plan, [dispatched("A"), ended("A", "crash")]))).toEqual(["failed"]);
  });
});

describe("a budget", () => {
  const plan = makePlan({ tasks: ["A", "B", "C"], config: { budgetPerRun: 5, budgetPerTask: 2 } });

  test("keeps a reserve for each worker that runs", () => {
    const engine = engineAfter(plan, [
      dispatched("A", "A", { dollars: 2 }),
      dispatched("B", "B", { slot: 1, dollars: 2 }),
    ]);
    engine.busy.add("worker A").add("worker B");
    expect(wants(engine)).toEqual([]);
  });

  test("of the run alone is shared by all that may run at once, and what one leaves over goes to the next", () => {
    const alone = makePlan({ tasks: ["A", "B", "C", "D"], config: { budgetPerRun: 6, maxWorkers: 3 } });
    const engine = engineAfter(alone, []);
    const moment = momentAt(0, 3);
    const shares = ["A", "B", "C"].map((task) => {
      const [next] = decide(engine, moment);
      for (const event of next?.events ?? []) learn(engine, event, 0);
      engine.busy.add(`worker ${task}`);
      return next?.effect?.do === "launch" ? next.effect.place.dollars : null;
    });
    expect(shares).toEqual([2, 2, 2]);
    learn(engine, ended("A", "finished", { dollars: 0.5, claim: "new 1" }), 0);
    learn(engine, verified("A"), 0);
    learn(engine, merged("A"), 0);
    engine.busy.delete("worker A");
    expect(decide(engine, moment)[0]?.effect).toMatchObject({ do: "launch", task: "D", place: { dollars: 1.5 } });
  });

  test("gives a worker no more than is left for its task", () => {
    const [next] = decide(engineAfter(plan, [dispatched("A"), ended("A", "crash", { dollars: 1.5 })]), momentAt(0));
    expect(next?.effect).toMatchObject({ do: "launch", task: "A", place: { dollars: 0.5 } });
  });

  test("that is spent stops the run when nothing is under way any more", () => {
    const engine = engineAfter(plan, [dispatched("A"), ended("A", "finished", { dollars: 4.5 })]);
    expect(wants(engine)[0]).toBe("verify A");
    engine.busy.add("verify A");
    expect(wants(engine)).toEqual([]);
    engine.busy.clear();
    learn(engine, verified("A"), 0);
    learn(engine, merged("A"), 0);
    expect(wants(engine)).toEqual(["stopped"]);
  });
});

describe("the end", () => {
  test("comes when all is merged, and is good", () => {
    const [next] = decide(engineAfter(one, [...worked("A"), merged("A")]), momentAt(0));
    expect(next?.events).toEqual([{ type: "finished", at, ok: true }]);
  });

  test("skips what waits for something that failed, and is bad", () => {
    const [next] = decide(engineAfter(chain, [failed("A")]), momentAt(0));
    expect(next?.events).toMatchObject([
      { type: "skipped", task: "B" },
      { type: "finished", ok: false },
    ]);
  });

  test("is good although the list itself defers a task", () => {
    const plan = makePlan({ tasks: ["A", { id: "B", status: "skipped" }] });
    const [next] = decide(engineAfter(plan, [...worked("A"), merged("A")]), momentAt(0));
    expect(next?.events).toMatchObject([{ type: "finished", ok: true }]);
  });

  test("does not come while a person owes an answer", () => {
    const engine = engineAfter(one, [
      dispatched("A"),
      ended("A", "finished"),
      { type: "needs-input", at, task: "A", question: "Which?" },
    ]);
    expect(wants(engine)).toEqual([]);
    expect(over(engine, momentAt(0))).toBe("waiting");
  });
});
