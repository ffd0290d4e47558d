import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { append } from "../../src/run/append.ts";
import type { Event, WorkPlace } from "../../src/model/event.ts";
import type { Plan } from "../../src/model/plan.ts";
import { identityOf } from "../../src/process/identity.ts";
import { createRun, openRun, type Run } from "../../src/run/store.ts";
import { hostname } from "node:os";
import { makePlan } from "../makePlan.ts";
import { makeProject } from "./world.ts";

/** The moment so many minutes before the one that commands under test take for the present. */
export function before(minutes: number): string {
  return new Date(Date.UTC(2026, 0, 1) - minutes * 60_000).toISOString();
}

/** Words that would do harm in a terminal, were they printed as they are. */
export const hostile = "\u001b[31mred\u001b]52;c;aGk=\u0007 \u202Eevil\nsecond line";
/** Everything that a terminal would obey. */
export const obeyed = /(?!\n)[\p{Cc}\p{Bidi_Control}]/u;

/** A project with one headless run of `plan`, with these events after its start. No process is behind it. */
export function makeRun(plan: Plan, events: readonly Event[] = []) {
  const { folder, ask } = makeProject();
  const { folder: runFolder, state } = createRun(folder, plan, {
    session: null,
    engine: "headless",
    asked: { sources: ["tasks.md"], flags: {} },
    base: "base0000",
  })!;
  const path = join(runFolder, "events.jsonl");
  const add = (...more: readonly Event[]): void => append(path, more);
  add(...events);
  const opened = (): Run => {
    const run = openRun(folder, state.run);
    if (!run.ok) throw new Error("the run cannot be read");
    return run.value;
  };
  const write = (place: WorkPlace, name: string, text: string): void => {
    mkdirSync(join(folder, place.folder), { recursive: true });
    writeFileSync(join(folder, place.folder, name), text);
  };
  return { folder, ask, run: state.run, add, opened, write };
}

/** Four tasks: T2 waits for T1, the rest for nothing. */
export function fourTasks(title: (id: string) => string = (id) => `Do ${id}`): Plan {
  return makePlan({
    tasks: ["T1", "T2", "T3", "T4"].map((id) => ({ id, title: title(id), estimate: 10 })),
    edges: ["T1 T2"],
  });
}

export function placeOf(task: string, attempt = 1): WorkPlace {
  return {
    worktree: `.orchestrate/worktrees/run/${task}`,
    branch: `orchestrate/run/task/${task}`,
    base: "base0000",
    folder: `.orchestrate/runs/run/tasks/${task}/${attempt}`,
    resume: null,
    slot: 0,
    dollars: null,
  };
}

/** This process, as a supervisor that is alive. */
export function supervised(at: string): Event {
  const by = identityOf(process.pid);
  if (by === null) throw new Error("no identity");
  return { type: "supervised", at, by, host: hostname(), token: "s1", after: null };
}

/** A supervisor that is gone. */
export function abandoned(at: string): Event {
  return { type: "supervised", at, by: { pid: 1, start: "never" }, host: hostname(), token: "s1", after: null };
}

export function dispatched(task: string, at: string, attempt = 1): Event {
  const place = placeOf(task, attempt);
  return { type: "dispatched", at, task, attempt, claim: `${task}-${attempt}`, client: null, before: {}, place };
}

export function ended(task: string, at: string, over: Partial<Extract<Event, { type: "ended" }>> = {}): Event {
  return {
    type: "ended",
    at,
    task,
    claim: `${task}-1`,
    outcome: "finished",
    reason: "",
    session: null,
    tokens: 12_000,
    dollars: 0.5,
    seconds: 300,
    wait: 0,
    ...over,
  };
}

/** From the end of a worker to its merge. */
export function merged(task: string, at: string, over: Partial<Extract<Event, { type: "ended" }>> = {}): Event[] {
  return [
    ended(task, at, over),
    { type: "verified", at, task, commit: "feedface01", summary: `did ${task}`, files: [], strayed: [], concerns: [] },
    { type: "merging", at, tasks: [task], onto: "base0000" },
    { type: "merged", at, task, commit: "abcdef0123456789" },
  ];
}

/** The end of a run of the four tasks: those that are not at their end are cancelled first, for else it does not count. */
export function finished(at: string, ok: boolean, ...left: readonly string[]): Event[] {
  return [...left.map((task): Event => ({ type: "cancelled", at, task })), { type: "finished", at, ok }];
}
