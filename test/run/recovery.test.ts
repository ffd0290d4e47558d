import { expect, test } from "vitest";
import { dispatch } from "../../src/run/dispatch.ts";
import { indexPlan } from "../../src/run/planIndex.ts";
import { runningTasks } from "../../src/run/whyNot.ts";
import { fold } from "../../src/run/fold.ts";
import { encodeLine } from "../../src/run/line.ts";
import { parseJournal } from "../../src/run/parse.ts";
import type { Event } from "../../src/model/event.ts";
import { makePlan } from "../makePlan.ts";

const at = "2026-01-01T00:00:00.000Z";
/*
 *   A ─▶ C ─▶ E      D and E share a file
 *   B ─▶ D
 */
const plan = makePlan({ tasks: ["A", "B", "C", "D", "E"], edges: ["A C", "C E", "B D"], locks: { f: ["D", "E"] } });
const index = indexPlan(plan);

/** Goes on from `events` as a resumed session does, until nothing is left: what ran is lost, the rest is launched. */
function goOn(events: readonly Event[]): Event[] {
  const all = [...events];
  for (const task of runningTasks(fold(plan, all, index))) all.push({ type: "lost", at, task, reason: "killed" });
  for (let step = 0; step < 20; step++) {
    const state = fold(plan, all, index);
    for (const task of dispatch(index, state))
      all.push({ type: "dispatched", at, task, attempt: 1, claim: `${task}${all.length}`, client: null, before: {} });
    const [ended] = runningTasks(fold(plan, all, index));
    if (ended !== undefined) all.push({ type: "done", at, task: ended, summary: "", files: [], concerns: [] });
  }
  return all;
}

test("killed after any byte of the journal and resumed, nothing that was done runs again and everything gets done", () => {
  const whole = Buffer.from(
    goOn([])
      .map((event) => `${encodeLine(event)}\n`)
      .join(""),
  );
  for (let cut = 0; cut <= whole.length; cut++) {
    const journal = parseJournal(whole.subarray(0, cut));
    if (!("events" in journal)) return expect.fail(`cut at ${cut}: refused`);
    const before = fold(plan, journal.events, index);
    const after = goOn(journal.events);
    const again = after
      .slice(journal.events.length)
      .flatMap((event) => (event.type === "dispatched" ? [event.task] : []));
    const done = [...before.tasks].filter(([, task]) => task.status === "done").map(([id]) => id);
    expect(
      again.filter((task) => done.includes(task)),
      `cut at ${cut}`,
    ).toEqual([]);
    expect(
      [...fold(plan, after, index).tasks.values()].every((task) => task.status === "done"),
      `cut at ${cut}`,
    ).toBe(true);
  }
});
