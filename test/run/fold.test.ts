import { describe, expect, test } from "vitest";
import { fold } from "../../src/run/fold.ts";
import type { Event } from "../../src/model/event.ts";
import { makePlan } from "../makePlan.ts";

const at = "2026-01-01T00:00:00.000Z";
const claim = (task: string, name = `claim of ${task}`): Event => ({
  type: "dispatched",
  at,
  task,
  attempt: 1,
  claim: name,
  client: null,
  before: {},
});
const done = (task: string): Event => ({ type: "done", at, task, summary: `made ${task}`, files: [], concerns: [] });

describe("two claims on one task at the same instant", () => {
  test("launch it once: the one that stands first in the journal", () => {
    const state = fold(makePlan({ tasks: ["A"] }), [claim("A", "first"), claim("A", "second")]);
    expect(state.tasks.get("A")).toMatchObject({ status: "running", attempts: 1, claim: "first" });
    expect([...state.refused]).toEqual(["second"]);
  });
});

describe("a claim", () => {
  test("before what the task waits for is refused, and leaves no trace on the task", () => {
    const state = fold(makePlan({ tasks: ["A", "B"], edges: ["A B"] }), [claim("B")]);
    expect(state.refused.has("claim of B")).toBe(true);
    expect(state.tasks.get("B")).toMatchObject({ status: "pending", attempts: 0 });
  });

  test("on a task whose file another one holds is refused until that one is done", () => {
    const plan = makePlan({ tasks: ["A", "B"], locks: { "src/a.ts": ["A", "B"] } });
    expect(fold(plan, [claim("A"), claim("B")]).refused.has("claim of B")).toBe(true);
    expect(fold(plan, [claim("A"), done("A"), claim("B")]).tasks.get("B")?.status).toBe("running");
  });

  test("over the worker limit is refused", () => {
    const state = fold(makePlan({ tasks: ["A", "B"], config: { maxWorkers: 1 } }), [claim("A"), claim("B")]);
    expect(state.refused.has("claim of B")).toBe(true);
  });

  test("after a stop is refused, and after a resume it is not", () => {
    const stopped: Event = { type: "stopped", at, reason: "enough" };
    const adopted: Event = { type: "adopted", at, session: "s2", plan: "" };
    expect(fold(makePlan({ tasks: ["A"] }), [stopped, claim("A")]).tasks.get("A")?.status).toBe("pending");
    expect(fold(makePlan({ tasks: ["A"] }), [stopped, adopted, claim("A")]).tasks.get("A")?.status).toBe("running");
  });

  test("on a task that is done is refused: finished work is never launched again", () => {
    const state = fold(makePlan({ tasks: ["A"] }), [claim("A"), done("A"), claim("A", "again")]);
    expect(state.refused.has("again")).toBe(true);
    expect(state.tasks.get("A")?.status).toBe("done");
  });
});

test("a lost worker's task may start again and remembers why", () => {
  const state = fold(makePlan({ tasks: ["A"] }), [
    claim("A"),
    { type: "lost", at, task: "A", reason: "the client ended" },
    claim("A", "again"),
  ]);
  expect(state.tasks.get("A")).toMatchObject({
    status: "running",
    attempts: 2,
    claim: "again",
    history: ["the client ended"],
  });
});

test("files are compared with what they were before the first attempt, not the last", () => {
  const first: Event = {
    type: "dispatched",
    at,
    task: "A",
    attempt: 1,
    claim: "1",
    client: null,
    before: { "a.ts": "old" },
  };
  const second: Event = {
    type: "dispatched",
    at,
    task: "A",
    attempt: 2,
    claim: "2",
    client: null,
    before: { "a.ts": "new" },
  };
  const state = fold(makePlan({ tasks: ["A"] }), [first, { type: "lost", at, task: "A", reason: "gone" }, second]);
  expect(state.tasks.get("A")?.before.get("a.ts")).toBe("old");
});

test("a box that was in progress before the run is left to a person", () => {
  const plan = makePlan({ tasks: [{ id: "A", status: "running" }] });
  expect(fold(plan, []).tasks.get("A")?.status).toBe("needs-input");
  expect(fold(plan, [{ type: "retried", at, task: "A" }]).tasks.get("A")?.status).toBe("pending");
});

test("events about a task that a newer revision dropped change nothing", () => {
  expect([...fold(makePlan({ tasks: ["A"] }), [claim("gone"), done("gone")]).tasks.keys()]).toEqual(["A"]);
});

test("ids such as `__proto__` and `constructor` are ids like any other", () => {
  const state = fold(makePlan({ tasks: ["__proto__", "constructor"] }), [claim("__proto__"), done("__proto__")]);
  expect(state.tasks.get("__proto__")?.status).toBe("done");
  expect(state.tasks.get("constructor")?.status).toBe("pending");
});
