import { expect, test } from "vitest";
import type { Effect, Happening } from "../../../src/engines/headless/engine/effect.ts";
import type { Engine } from "../../../src/engines/headless/engine/engine.ts";
import { turn, type Ledger } from "../../../src/engines/headless/engine/turn.ts";
import type { Event } from "../../../src/model/event.ts";
import { makePlan } from "../../makePlan.ts";
import { at, cancelled, dispatched, endingOf, engineAfter, momentAt, worked } from "./desk.ts";

/** A journal in memory; `before` comes in between a look and the next write. */
function ledgerOf(before: Event[] = []): Ledger & { readonly events: Event[] } {
  const events: Event[] = [];
  let seen = 0;
  const read = (): Event[] => {
    const fresh = events.slice(seen);
    seen = events.length;
    return fresh;
  };
  return { events, read, append: (more) => void events.push(...before.splice(0), ...more) };
}

function take(engine: Engine, ledger: Ledger, happenings: readonly Happening[] = []): Effect["do"][] {
  const begun: Effect["do"][] = [];
  turn(
    engine,
    ledger,
    happenings,
    () => momentAt(0),
    (effect) => begun.push(effect.do),
  );
  return begun;
}

const merge = (...tasks: string[]): Happening => {
  const merged = tasks.map((task) => ({ task, commit: `merge of ${task}` }));
  return { type: "merge-ended", tasks, merged, conflicts: [], reds: [], checks: [], trouble: null };
};

test("a worker is started when its claim stands in the journal", () => {
  const ledger = ledgerOf();
  const engine = engineAfter(makePlan({ tasks: ["A"] }), []);
  turn(
    engine,
    ledger,
    [],
    () => momentAt(0),
    () => {
      expect(ledger.events).toMatchObject([{ type: "dispatched", task: "A" }]);
    },
  );
  expect([...engine.busy]).toEqual(["worker A"]);
});

test("a claim that comes too late by one event starts nothing", () => {
  const engine = engineAfter(makePlan({ tasks: ["A"] }), []);
  expect(take(engine, ledgerOf([{ type: "paused", at }]))).toEqual([]);
  expect(engine.state.tasks.get("A")?.status).toBe("pending");
});

test("a journal that cannot be written starts nothing", () => {
  const full = (): never => {
    throw Object.assign(new Error("no space"), { code: "ENOSPC" });
  };
  const engine = engineAfter(makePlan({ tasks: ["A"] }), []);
  expect(() => take(engine, { append: full, read: () => [] })).toThrow("no space");
  expect(engine.busy.size).toBe(0);
});

test("what happens after another supervisor took over is recorded by nobody", () => {
  const engine = engineAfter(makePlan({ tasks: ["A"] }), [dispatched("A")]);
  const ledger = ledgerOf();
  ledger.append([{ type: "supervised", at, by: { pid: 2, start: "2" }, host: "here", token: "other", after: "me" }]);
  const happening: Happening = { type: "worker-ended", task: "A", claim: "A", ending: endingOf("finished") };
  expect(take(engine, ledger, [happening])).toEqual([]);
  expect(ledger.events).toHaveLength(1);
});

test("a merge with work that was cancelled meanwhile does not count, and the rest is merged anew", () => {
  const engine = engineAfter(makePlan({ tasks: ["A", "B"] }), [...worked("A"), ...worked("B")]);
  const ledger = ledgerOf();
  expect(take(engine, ledger)).toEqual(["merge"]);
  ledger.append([cancelled("A")]);
  expect(take(engine, ledger, [merge("A", "B")])).toEqual(["merge"]);
  expect(ledger.events.at(-1)).toMatchObject({ type: "merging", tasks: ["B"], onto: "base" });
  take(engine, ledger, [merge("B")]);
  expect(engine.state.tasks.get("A")?.status).toBe("cancelled");
  expect(engine.state.head).toBe("merge of B");
});

test("so does one whose work was cancelled just as it began", () => {
  const engine = engineAfter(makePlan({ tasks: ["A"] }), worked("A"));
  const ledger = ledgerOf([cancelled("A")]);
  take(engine, ledger);
  take(engine, ledger, [merge("A")]);
  expect(engine.state.tasks.get("A")?.status).toBe("cancelled");
});
