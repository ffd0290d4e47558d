import { join } from "node:path";
import { expect, test } from "vitest";
import { indexPlan } from "../../src/run/planIndex.ts";
import type { Event } from "../../src/model/event.ts";
import { logLine, showEvent } from "../../src/show/event.ts";
import { hostile, obeyed, placeOf } from "../commands/headlessRun.ts";
import { makePlan } from "../makePlan.ts";

const at = "2026-01-01T12:34:56.789Z";
const identity = { pid: 4711, start: "x" };

/** One of each type, with these words wherever somebody else's may stand. */
function oneOfEach(words: string): { [Type in Event["type"]]: Extract<Event, { type: Type }> } {
  const task = "T1";
  return {
    started: {
      type: "started",
      at,
      run: "rabcde",
      plan: "sha256:0",
      session: null,
      engine: "headless",
      base: "0123456789abcdef",
      asked: { sources: [words], flags: {} },
    },
    adopted: { type: "adopted", at, session: null, engine: "headless", plan: "sha256:0" },
    "handed-back": { type: "handed-back", at },
    dispatched: {
      type: "dispatched",
      at,
      task,
      attempt: 2,
      claim: "c",
      client: null,
      before: {},
      place: placeOf(task),
    },
    launched: { type: "launched", at, task, agent: words },
    measured: { type: "measured", at, task, tokens: 12_345 },
    reported: { type: "reported", at, task, agent: null, status: "DONE", summary: words, files: [words] },
    "sent-back": { type: "sent-back", at, task, reason: words },
    done: { type: "done", at, task, summary: words, files: [], concerns: [words] },
    failed: { type: "failed", at, task, reason: words },
    "needs-input": { type: "needs-input", at, task, question: words },
    answered: { type: "answered", at, task, answer: words },
    retried: { type: "retried", at, task },
    lost: { type: "lost", at, task, reason: words },
    checking: { type: "checking", at, by: identity },
    checked: {
      type: "checked",
      at,
      when: "gate",
      command: words,
      result: "failed",
      output: `first\n${words}\n`,
      last: true,
    },
    ticked: { type: "ticked", at, task },
    "not-ticked": { type: "not-ticked", at, task, reason: words },
    mirrored: { type: "mirrored", at, tool: "TodoWrite", task: null, todo: null, status: "pending", linked: true },
    nudged: { type: "nudged", at },
    stopped: { type: "stopped", at, reason: words },
    finished: { type: "finished", at, ok: false },
    repaired: { type: "repaired", at, from: 100, bytes: 7 },
    supervised: { type: "supervised", at, by: identity, host: words, token: "t", after: null },
    released: { type: "released", at, token: "t" },
    spawned: { type: "spawned", at, task, claim: "c", keeper: identity },
    receipt: {
      type: "receipt",
      at,
      task,
      claim: "c",
      session: null,
      model: words,
      permissionMode: words,
      tools: ["Read"],
    },
    ended: {
      type: "ended",
      at,
      task,
      claim: "c",
      outcome: "rate-limit",
      reason: words,
      session: null,
      tokens: 1_200,
      dollars: 0.25,
      seconds: 61,
      wait: 300,
    },
    verified: {
      type: "verified",
      at,
      task,
      commit: "0123456789abcdef",
      summary: words,
      files: [words],
      strayed: [words],
      concerns: [words],
    },
    merging: { type: "merging", at, tasks: ["T1", "T2"], onto: "0123456789abcdef" },
    merged: { type: "merged", at, task, commit: "0123456789abcdef" },
    conflicted: { type: "conflicted", at, task, files: [words], with: ["T2"], next: "person" },
    collision: { type: "collision", at, tasks: ["T1", "T2"], files: [words] },
    paused: { type: "paused", at },
    unpaused: { type: "unpaused", at },
    cancelled: { type: "cancelled", at, task },
    skipped: { type: "skipped", at, task, reason: words },
  };
}

test("every type of event is one short sentence", async () => {
  const lines = Object.values(oneOfEach("their words")).map(logLine);
  await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot(join(import.meta.dirname, "../golden/events.out"));
});

test("whatever stands in an event, it is one line and holds nothing that a terminal obeys", () => {
  const index = indexPlan(makePlan({ tasks: [{ id: "T1", title: hostile }] }));
  for (const event of Object.values(oneOfEach(hostile)))
    for (const line of [logLine(event), showEvent(event, index, { refused: new Set() }) ?? ""]) {
      expect(line, event.type).not.toMatch(obeyed);
      expect(line, event.type).not.toContain("\n");
    }
});

test("a claim that was refused, and our own bookkeeping, are not told", () => {
  const index = indexPlan(makePlan({ tasks: ["T1"] }));
  const { dispatched, spawned, mirrored } = oneOfEach("words");
  expect(showEvent(dispatched, index, { refused: new Set(["c"]) })).toBeNull();
  expect(showEvent(dispatched, index, { refused: new Set() })).toBe("12:34:56  T1  started, attempt 2: Do T1");
  expect([spawned, mirrored].map((event) => showEvent(event, index, { refused: new Set() }))).toEqual([null, null]);
});

test("words without end are cut", () => {
  const { failed } = oneOfEach("word ".repeat(100_000));
  expect(logLine(failed).length).toBeLessThan(500);
});

test("whoever follows a run reads a concern once, and no form of a report", () => {
  const index = indexPlan(makePlan({ tasks: ["T1"] }));
  const all = oneOfEach("x");
  const verified: Event = { ...all.verified, summary: "Odd", concerns: ["Odd", "Slow"], strayed: [] };
  const back: Event = { ...all["sent-back"], reason: "say T1. End with exactly this form:\nSTATUS: DONE" };
  const lines = [verified, back].map((event) => showEvent(event, index, { refused: new Set() }));
  expect(lines[0]).toMatch(/: Odd; to be read: Slow$/);
  expect(lines[1]).toMatch(/sent back: say T1\.$/);
});
