import { describe, expect, test } from "vitest";
import { indexPlan } from "../../src/run/planIndex.ts";
import { foldAll } from "../../src/run/fold.ts";
import { matchTasks } from "../../src/run/matchTasks.ts";
import type { Event } from "../../src/model/event.ts";
import type { Plan } from "../../src/model/plan.ts";
import { makePlan } from "../makePlan.ts";

const at = "2026-01-01T00:00:00.000Z";
const base = { session: null, engine: "session", asked: { sources: ["tasks.md"], flags: {} } } as const;
const plan = (...tasks: [id: string, title: string, status?: "done"][]): Plan =>
  makePlan({ tasks: tasks.map(([id, title, status]) => ({ id, title, status: status ?? ("pending" as const) })) });
const started = (first: Plan): Event => ({ type: "started", at, run: "r1", plan: first.hash, ...base });
const done = (task: string): Event[] => [
  { type: "dispatched", at, task, attempt: 1, claim: `c-${task}`, client: null, before: {} },
  { type: "done", at, task, summary: "", files: [], concerns: [] },
];
const adopted = (next: Plan, held: Record<string, string>): Event => ({
  type: "adopted",
  at,
  session: null,
  plan: next.hash,
  held,
});

/** A run of several lists, each read anew after the events before it. */
function run(first: Plan, ...steps: (Plan | Event[])[]) {
  const revisions = new Map([[first.hash, indexPlan(first)]]);
  const events: Event[] = [started(first)];
  let present = first;
  const state = () => foldAll(indexPlan(present), revisions, events);
  let matched: ReturnType<typeof matchTasks> | null = null;
  for (const step of steps) {
    if (Array.isArray(step)) {
      events.push(...step);
      continue;
    }
    matched = matchTasks({ plan: present, revisions, state: state() }, step);
    present = matched.plan;
    revisions.set(present.hash, indexPlan(present));
    events.push(adopted(present, matched.held));
  }
  const titles = Object.fromEntries(present.tasks.map(({ id, title }) => [id, title]));
  const statuses = Object.fromEntries([...state().tasks].map(([id, { status }]) => [id, status]));
  return { titles, statuses, matched: matched!, state: state(), events };
}

const three = plan(["1", "alpha"], ["2", "beta"], ["3", "gamma"]);

describe("a list that was edited", () => {
  test.each([
    [
      "an entry on top",
      plan(["1", "new"], ["2", "alpha"], ["3", "beta"], ["4", "gamma"]),
      { "1#2": "pending", 1: "done", 2: "pending", 3: "pending" },
    ],
    ["sorted", plan(["1", "gamma"], ["2", "beta"], ["3", "alpha"]), { 3: "pending", 2: "pending", 1: "done" }],
    [
      "an entry in the middle, another gone",
      plan(["1", "alpha"], ["2", "new"], ["3", "gamma"]),
      { 1: "done", 2: "pending", 3: "pending" },
    ],
    ["the done one gone", plan(["1", "beta"], ["2", "gamma"]), { 2: "pending", 3: "pending" }],
  ])("%s: what is done is known by its words, and nothing else counts as done", (_, next, statuses) => {
    expect(run(three, done("1"), next).statuses).toEqual(statuses);
  });

  test("again and again keeps every name that it has given", () => {
    const { titles, statuses } = run(
      three,
      done("1"),
      plan(["1", "new"], ["2", "alpha"], ["3", "beta"]),
      done("1#2"),
      plan(["1", "newer"], ["2", "new"], ["3", "beta"], ["4", "alpha"], ["5", "gamma"]),
    );
    expect(titles).toEqual({ "1#3": "newer", "1#2": "new", 2: "beta", 1: "alpha", 3: "gamma" });
    expect(statuses).toEqual({ "1#3": "pending", "1#2": "done", 2: "pending", 1: "done", 3: "pending" });
  });

  test("a task that comes back after it was gone is still done", () => {
    const without = plan(["1", "beta"], ["2", "gamma"]);
    expect(run(three, done("1"), without, three).statuses).toEqual({ 1: "done", 2: "pending", 3: "pending" });
  });

  test("an id whose task is another one now is a new task", () => {
    const { titles, statuses, matched } = run(
      plan(["T001", "Write the parser in `src/parse.ts`"], ["T002", "Document it"]),
      done("T001"),
      plan(["T001", "Delete old logs from `var/log`"], ["T002", "Document it"]),
    );
    expect(titles).toEqual({ "T001#2": "Delete old logs from `var/log`", T002: "Document it" });
    expect([statuses["T001#2"], matched.held]).toEqual(["pending", {}]);
    expect(matched.renamed).toEqual([{ listed: "T001", id: "T001#2" }]);
  });

  test("renumbered, with references that were renumbered as well, has the same tasks", () => {
    const { statuses } = run(
      plan(["T001", "Write `a.ts`"], ["T002", "Test `a.ts` (depends on T001)"]),
      done("T001"),
      done("T002"),
      plan(["T001", "New `n.ts`"], ["T002", "Write `a.ts`"], ["T003", "Test `a.ts` (depends on T002)"]),
    );
    expect(statuses).toEqual({ "T001#2": "pending", T001: "done", T002: "done" });
  });

  test("two tasks with the same words stay two, by their ids first", () => {
    const { statuses } = run(
      plan(["1", "test"], ["2", "test"]),
      done("2"),
      plan(["1", "first"], ["2", "test"], ["3", "test"]),
    );
    expect(statuses).toEqual({ "1#2": "pending", 2: "done", 1: "pending" });
  });

  test("reworded where nothing was done is the same task with new words", () => {
    const { titles, matched } = run(three, plan(["1", "alpha and more"], ["2", "beta"], ["3", "gamma"]));
    expect([titles["1"], matched.held, matched.renamed]).toEqual(["alpha and more", {}, []]);
  });
});

describe("a task in other words that was worked on", () => {
  const before = plan(["T001", "Write the parser in `src/parse.ts`"], ["T002", "Document it"]);
  const after = plan(["T001", "Write the parser and its tests in `src/parse.ts`"], ["T002", "Document it"]);
  const answered = (answer: string): Event[] => [{ type: "answered", at, task: "T001#2", answer }];

  test("is held, with both texts; everything else goes on", () => {
    const { statuses, matched, state } = run(before, done("T001"), after);
    expect(matched.held).toEqual({ "T001#2": "T001" });
    expect(statuses).toEqual({ "T001#2": "needs-input", T002: "pending" });
    const question = state.tasks.get("T001#2")?.history.at(-1) ?? "";
    expect(question).toContain("“Write the parser and its tests in `src/parse.ts`”");
    expect(question).toContain("“Write the parser in `src/parse.ts`” (T001, done)");
  });

  test("is done when a person says that it is the same", () => {
    const { statuses, state } = run(before, done("T001"), after, answered("same"));
    expect(statuses["T001#2"]).toBe("done");
    expect([state.held.size, state.tasks.get("T001#2")?.ticked]).toEqual([0, false]);
  });

  test.each([answered("new"), [{ type: "retried", at, task: "T001#2" } as const]])(
    "runs when it is a new one",
    (...events) => {
      expect(run(before, done("T001"), after, events).statuses["T001#2"]).toBe("pending");
    },
  );

  test("stays held when the list is read once more, and is what it was when its words are taken back", () => {
    const again = run(before, done("T001"), after, after);
    expect([again.statuses["T001#2"], again.state.held.get("T001#2")]).toEqual(["needs-input", "T001"]);
    expect(run(before, done("T001"), after, before).statuses).toEqual({ T001: "done", T002: "pending" });
  });

  test("is not asked about when the list says itself that it is done", () => {
    const ticked = plan(["T001", "Write the parser and its tests in `src/parse.ts`", "done"], ["T002", "Document it"]);
    const { statuses, matched } = run(before, done("T001"), ticked);
    expect([statuses["T001"], matched.held]).toEqual(["done", {}]);
  });

  test("is the same when it had failed: the person has answered with the words", () => {
    const failed: Event[] = [...done("T001").slice(0, 1), { type: "failed", at, task: "T001", reason: "blocked" }];
    const { statuses, matched } = run(before, failed, after);
    expect([statuses["T001"], matched.held]).toEqual(["failed", {}]);
  });
});

test("a journal of a version that matched by ids alone is read as it was then", () => {
  const second = plan(["1", "beta"], ["2", "gamma"]);
  const revisions = new Map([three, second].map((one) => [one.hash, indexPlan(one)]));
  const events: Event[] = [started(three), ...done("1"), { type: "adopted", at, session: null, plan: second.hash }];
  const state = foldAll(indexPlan(three), revisions, events);
  expect([state.tasks.get("1")?.status, state.gone.size, state.held.size]).toEqual(["done", 0, 0]);
});
