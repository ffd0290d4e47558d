import { describe, expect, test } from "vitest";
import { learn } from "../../../src/engines/headless/engine/engine.ts";
import { limitsReached } from "../../../src/engines/headless/engine/limits.ts";
import { makePlan } from "../../makePlan.ts";
import { at, dispatched, ended, engineAfter, failed, momentAt } from "./desk.ts";

describe("workers that come to a bad end one after the other", () => {
  const after = (outcomes: Parameters<typeof ended>[1][], minutesBetween = 0): string | undefined => {
    const engine = engineAfter(makePlan({ tasks: ["A"], config: { restarts: 1 } }), []);
    let now = 0;
    for (const outcome of outcomes) {
      learn(engine, dispatched("A"), now);
      learn(engine, ended("A", outcome), now);
      now += minutesBetween * 60_000;
    }
    return limitsReached(engine, momentAt(now))?.reason;
  };

  test("stop the run at the sixth, with what the last one said", () => {
    expect(after(["crash", "crash", "crash", "crash", "crash"])).toBeUndefined();
    expect(after(["crash", "stuck", "crash", "timeout", "crash", "no-result"])).toBe(
      "6 workers in a row came to a bad end: no-result",
    );
  });

  test("are forgiven when one ends well, when they are rare, and when a limit or a person ended them", () => {
    expect(after(["crash", "crash", "crash", "finished", "crash", "crash", "crash"])).toBeUndefined();
    expect(after(["crash", "crash", "crash", "crash", "crash", "crash"], 5)).toBeUndefined();
    expect(after(["rate-limit", "rate-limit", "rate-limit", "stopped", "stopped", "lost"])).toBeUndefined();
  });

  test("are forgiven when a person lets the run go on", () => {
    const engine = engineAfter(makePlan({ tasks: ["A"] }), []);
    for (let number = 0; number < 6; number++) {
      learn(engine, dispatched("A"), 0);
      learn(engine, ended("A", "crash"), 0);
    }
    learn(engine, { type: "unpaused", at }, 0);
    expect(limitsReached(engine, momentAt(0))).toBeNull();
  });
});

describe("tasks that failed, with all that needs them,", () => {
  const plan = makePlan({ tasks: ["A", "B", "C", "D"], edges: ["A C"], config: { successThreshold: 0.5 } });

  test("stop the run when too few can still succeed", () => {
    const engine = engineAfter(plan, []);
    learn(engine, failed("A"), 0);
    learn(engine, failed("B"), 0);
    expect(limitsReached(engine, momentAt(0))?.reason).toBe(
      "A, B failed, so that at most 25 % of the tasks can succeed; 50 % are wanted",
    );
  });

  test("do not when there is one alone, or when a person who resumed knew of them", () => {
    const alone = engineAfter(plan, []);
    learn(alone, failed("A"), 0);
    expect(limitsReached(alone, momentAt(0))).toBeNull();
    expect(limitsReached(engineAfter(plan, [failed("A"), failed("B")]), momentAt(0))).toBeNull();
  });
});
