import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { metrics, runMetrics } from "../../src/model/metrics.ts";
import type { Event, Started } from "../../src/model/event.ts";
import { byMonth, metricsOf } from "../../src/show/metrics.ts";
import { minutesOf, united, without, type Span } from "../../src/show/spans.ts";
import { ended, merged, placeOf } from "../commands/headlessRun.ts";
import { makePlan } from "../makePlan.ts";

/** So many minutes after the beginning. */
function min(minutes: number): string {
  return new Date(Date.UTC(2026, 0, 1) + minutes * 60_000).toISOString();
}

function start(task: string, minutes: number, attempt = 1): Event {
  return {
    type: "dispatched",
    at: min(minutes),
    task,
    attempt,
    claim: `${task}-${attempt}`,
    client: null,
    before: {},
    place: placeOf(task, attempt),
  };
}

const began: Started = {
  type: "started",
  at: min(0),
  run: "rabcde",
  plan: "",
  session: null,
  engine: "headless",
  base: "b",
  asked: { sources: [], flags: {} },
};
const supervisor = (minutes: number, token: string, after: string | null): Event => ({
  type: "supervised",
  at: min(minutes),
  by: { pid: 1, start: "x" },
  host: "h",
  token,
  after,
});
const finished = (minutes: number, ok = true): Event => ({ type: "finished", at: min(minutes), ok });
const took = (minutes: number) => ({ seconds: minutes * 60 });

const plan = makePlan({
  tasks: ["A", "B", "C"].map((id) => ({ id, estimate: 10 })),
  edges: ["A C"],
  config: { maxWorkers: 2 },
});

describe("a run of two workers: A 10 minutes, B 20 beside it, C 10 after A", () => {
  const events = [
    began,
    supervisor(0, "s1", null),
    start("A", 1),
    start("B", 1),
    ...merged("A", min(11), took(10)),
    start("C", 11),
    ...merged("B", min(21), took(20)),
    ...merged("C", min(21), took(10)),
    finished(26),
  ];
  const made = metricsOf(plan, events);

  test("has its wall time, work, speed-up, overhead and utilisation", () => {
    expect(made.minutes).toEqual({
      wall: 25,
      paused: 0,
      stopped: 0,
      unsupervised: 0,
      limited: 0,
      work: 40,
      successfulWork: 40,
      longestChain: 20,
      overhead: 5,
    });
    expect(made.speedup).toBe(40 / 25);
    expect(made.utilisation).toBe(40 / 50);
  });

  test("has its rates, its cost, and what became of the forecast and of each estimate", () => {
    expect(made.tasks).toEqual({ planned: 3, launched: 3, succeeded: 3, failed: 0, other: 0 });
    expect([made.successRate, made.rework.perTask, made.tokens, made.dollars]).toEqual([1, 0, 36_000, 1.5]);
    expect(made.forecast).toEqual({ minutes: 1, speedup: 1, actualOverForecast: 25 });
    expect(made.byTask[1]).toMatchObject({ id: "B", estimate: 10, actual: 20, actualOverEstimate: 2, attempts: 1 });
  });

  test("keeps its schema", () => {
    expect(() => runMetrics().strict().parse(made)).not.toThrow();
  });

  test("is the same whatever is appended after its end that is not of the run", () => {
    const late: Event[] = [
      { type: "ticked", at: min(300), task: "A" },
      { type: "released", at: min(301), token: "s1" },
    ];
    expect(metricsOf(plan, [...events, ...late])).toEqual(made);
  });
});

describe("time that is nobody's work is left out, and named", () => {
  test("a pause, as far as no worker was at work in it", () => {
    const { minutes } = metricsOf(plan, [
      began,
      start("A", 0),
      { type: "paused", at: min(5) },
      ...merged("A", min(10), took(10)),
      { type: "unpaused", at: min(40) },
      start("B", 40),
      ...merged("B", min(50), took(10)),
      finished(50),
    ]);
    expect([minutes.wall, minutes.paused]).toEqual([20, 30]);
  });

  test("a stop until the run is resumed, and the time after its end until a retry", () => {
    const { minutes } = metricsOf(plan, [
      began,
      start("A", 0),
      { type: "cancelled", at: min(1), task: "B" },
      { type: "cancelled", at: min(1), task: "C" },
      { type: "stopped", at: min(2), reason: "x" },
      ended("A", min(3), { outcome: "stopped", ...took(3) }),
      { type: "adopted", at: min(103), session: null, plan: "", engine: "headless" },
      start("A", 103, 2),
      ended("A", min(113), { claim: "A-2", ...took(10) }),
      { type: "failed", at: min(113), task: "A", reason: "x" },
      finished(113, false),
      { type: "retried", at: min(213), task: "A" },
      start("A", 213, 3),
      ...merged("A", min(223), { claim: "A-3", ...took(10) }),
      finished(223),
    ]);
    expect([minutes.wall, minutes.stopped]).toEqual([23, 200]);
    expect([minutes.work, minutes.successfulWork]).toEqual([23, 10]);
  });

  test("the time between two supervisors, killed or released, but not what workers did meanwhile", () => {
    const { minutes } = metricsOf(plan, [
      began,
      supervisor(0, "s1", null),
      start("A", 0),
      // The first was killed soon after; its worker went on for 10 minutes; the next came after 60.
      supervisor(60, "s2", "s1"),
      ...merged("A", min(60), took(10)),
      start("B", 60),
      ...merged("B", min(70), took(10)),
      { type: "released", at: min(70), token: "s2" },
      supervisor(90, "s3", null),
      start("C", 90),
      ...merged("C", min(100), took(10)),
      finished(100),
    ]);
    expect([minutes.wall, minutes.unsupervised]).toEqual([30, 70]);
  });

  test("a rate limit is part of the wall time, and named", () => {
    const { minutes, rework } = metricsOf(plan, [
      began,
      start("A", 0),
      ended("A", min(5), { outcome: "rate-limit", wait: 600, ...took(5) }),
      start("A", 15, 2),
      ...merged("A", min(20), { claim: "A-2", ...took(5) }),
      finished(20),
    ]);
    expect([minutes.wall, minutes.limited, rework.restarts]).toEqual([20, 10, 0]);
  });
});

test("rework counts what was sent back, restarted, retried and in conflict; failures that mean the same are one", () => {
  const made = metricsOf(plan, [
    began,
    start("A", 0),
    ended("A", min(1), { outcome: "crash", reason: "Cannot find module 'x'", ...took(1) }),
    start("A", 2, 2),
    ended("A", min(3), { claim: "A-2", ...took(1) }),
    { type: "sent-back", at: min(3), task: "A", reason: "tests are red" },
    start("A", 4, 3),
    ended("A", min(5), { claim: "A-3", ...took(1) }),
    { type: "failed", at: min(5), task: "A", reason: "No module named x" },
    { type: "retried", at: min(6), task: "A" },
    start("B", 6),
    ...merged("B", min(7), took(1)).slice(0, 3),
    { type: "conflicted", at: min(7), task: "B", files: ["f"], with: [], next: "person" },
  ]);
  expect(made.rework).toEqual({ sendBacks: 1, restarts: 1, retries: 1, conflicts: 1, perTask: 2 });
  expect(made.failures).toEqual([{ reason: "Cannot find module 'x'", times: 2 }]);
  expect(made.successRate).toBe(0);
});

test("a refused claim is no attempt, and a late end of an older worker no work", () => {
  const made = metricsOf(plan, [
    began,
    start("A", 0),
    { ...start("A", 1), claim: "rival" } as Event,
    ended("A", min(3), { claim: "rival", ...took(50) }),
    ...merged("A", min(2), took(2)),
    finished(3),
  ]);
  expect([made.tasks.launched, made.minutes.work]).toEqual([1, 2]);
});

test("a session's run is measured by its events alone", () => {
  const made = metricsOf(plan, [
    { ...began, session: "s", engine: "session" },
    { ...start("A", 0), place: undefined } as Event,
    { type: "done", at: min(10), task: "A", summary: "", files: [], concerns: [] },
    { type: "measured", at: min(10), task: "A", tokens: 500 },
    finished(12),
  ]);
  expect([made.minutes.wall, made.minutes.work, made.tokens, made.engine]).toEqual([12, 10, 500, "session"]);
});

test("a run that launched nothing has no rates, and is in no month", () => {
  const made = metricsOf(plan, [began]);
  expect([made.startedAt, made.speedup, made.successRate, made.minutes.wall]).toEqual([null, null, null, 0]);
  expect(byMonth([made])).toEqual([]);
});

test("a month adds its runs up: the mean speed-up, the rates over all tasks, the three most frequent failures", () => {
  const one = metricsOf(plan, [began, start("A", 0), ...merged("A", min(10), took(10)), finished(10)]);
  const other = {
    ...one,
    speedup: 3,
    tasks: { ...one.tasks, launched: 3, succeeded: 1 },
    failures: [{ reason: "x", times: 2 }],
  };
  const months = byMonth([one, other, { ...one, startedAt: "2026-02-01T00:00:00Z" }]);
  expect(months.map(({ month, runs }) => [month, runs])).toEqual([
    ["2026-01", 2],
    ["2026-02", 1],
  ]);
  expect(months[0]).toMatchObject({
    speedup: 2,
    successRate: 0.5,
    tasks: 4,
    dollars: 1,
    failures: [{ reason: "x", times: 2 }],
  });
  expect(() =>
    metrics()
      .strict()
      .parse({ schema: 1, runs: [one], months, unreadable: [] }),
  ).not.toThrow();
});

describe("stretches of time", () => {
  const spans = fc.array(
    fc
      .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 20 }))
      .map(([from, length]): Span => ({ from, to: from + length })),
    { maxLength: 8 },
  );
  const inside = (all: readonly Span[], moment: number): boolean =>
    all.some(({ from, to }) => from <= moment && moment < to);

  test("united and without agree with a look at every moment", () => {
    fc.assert(
      fc.property(spans, spans, (some, others) => {
        for (let moment = 0; moment < 85; moment++) {
          expect(inside(united(some), moment)).toBe(inside(some, moment));
          expect(inside(without(some, others), moment)).toBe(inside(some, moment) && !inside(others, moment));
        }
        const counted = Array.from({ length: 85 }, (_, moment) => inside(some, moment)).filter(Boolean).length;
        expect(minutesOf(some) * 60_000).toBeCloseTo(counted);
      }),
    );
  });
});
