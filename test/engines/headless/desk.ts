import { indexPlan } from "../../../src/run/planIndex.ts";
import type { WorkerEnding } from "../../../src/engines/headless/engine/effect.ts";
import { beginEngine, type Engine, type Moment } from "../../../src/engines/headless/engine/engine.ts";
import { fold } from "../../../src/run/fold.ts";
import type { Folding } from "../../../src/run/folding.ts";
import type { Ended, Event, WorkPlace } from "../../../src/model/event.ts";
import type { Plan } from "../../../src/model/plan.ts";

export const at = "2026-01-01T00:00:00.000Z";

const by = { pid: 1, start: "1" };
const asked = { sources: ["tasks.md"], flags: {} };

/** The beginning of every headless journal here: the supervisor is `me`. */
export const begun: readonly Event[] = [
  { type: "started", at, run: "r1", plan: "", session: null, engine: "headless", base: "base", asked },
  { type: "supervised", at, by, host: "here", token: "me", after: null },
];

export function place(task: string, more: Partial<WorkPlace> = {}): WorkPlace {
  const folder = `runs/r1/${task}/1`;
  return { worktree: task, branch: task, base: "base", folder, resume: null, slot: 0, dollars: null, ...more };
}

export function dispatched(task: string, claim = task, more: Partial<WorkPlace> = {}): Event {
  return { type: "dispatched", at, task, attempt: 1, claim, client: null, before: {}, place: place(task, more) };
}

export function endingOf(outcome: WorkerEnding["outcome"], more: Partial<WorkerEnding> = {}): WorkerEnding {
  return { outcome, reason: outcome, session: null, tokens: 1, dollars: 0, seconds: 1, wait: 0, ...more };
}

export function ended(task: string, outcome: Ended["outcome"], more: Partial<Ended> = {}): Event {
  return { type: "ended", at, task, claim: task, ...endingOf(outcome), ...more };
}

export function verified(task: string, commit = `work of ${task}`): Event {
  return { type: "verified", at, task, commit, summary: "", files: [], strayed: [], concerns: [] };
}

/** Everything that a task goes through until its work waits to be merged. */
export function worked(task: string): Event[] {
  return [dispatched(task), ended(task, "finished"), verified(task)];
}

export function merged(task: string, commit = `merge of ${task}`): Event {
  return { type: "merged", at, task, commit };
}

export const retried = (task: string): Event => ({ type: "retried", at, task });
export const cancelled = (task: string): Event => ({ type: "cancelled", at, task });
export const failed = (task: string): Event => ({ type: "failed", at, task, reason: "blocked" });

/** The state after these events. */
export function stateAfter(plan: Plan, events: readonly Event[]): Folding {
  return fold(plan, [...begun, ...events]) as Folding;
}

/** A supervisor that has the run and takes it up after these events, at 0 of its clock. */
export function engineAfter(plan: Plan, events: readonly Event[], wall = Date.parse(at)): Engine {
  return beginEngine(indexPlan(plan), stateAfter(plan, events), "me", 0, wall);
}

export function momentAt(now: number, cap = 20): Moment {
  let names = 0;
  return { now, at, cap, name: () => `new ${++names}` };
}
