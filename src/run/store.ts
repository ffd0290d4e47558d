import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { indexPlan, type PlanIndex } from "./planIndex.ts";
import { append } from "./append.ts";
import { copyProgram } from "./bundle.ts";
import { foldAll } from "./fold.ts";
import type { Revisions } from "./folding.ts";
import { foreignEvent } from "./known.ts";
import { parseJournal } from "./parse.ts";
import type { Diagnostic, Outcome } from "../model/diagnostic.ts";
import type { Event, Started } from "../model/event.ts";
import type { Plan } from "../model/plan.ts";
import type { RunState } from "../model/run.ts";
import { isAlive } from "../process/identity.ts";
import { planHash } from "../plan/hash.ts";
import { readRegular } from "../process/readRegular.ts";
import { writeAtomic } from "../process/writeAtomic.ts";
import { stateFolder, type Current } from "./current.ts";
import { claimProject, projectHolder } from "./projectClaim.ts";

/** Bytes of a journal or a plan. */
const largest = 1024 * 1024 * 1024;

/** A run as it stands on disk at this moment. */
export interface Run {
  readonly project: string;
  readonly folder: string;
  readonly events: readonly Event[];
  readonly plan: Plan;
  readonly index: PlanIndex;
  /** All plans that it had. */
  readonly revisions: Revisions;
  readonly state: RunState;
}

export function writeCurrent(project: string, current: Current): void {
  writeAtomic(join(project, stateFolder, "current.json"), `${JSON.stringify(current)}\n`);
}

/** A finished run that was told of: the hooks have nothing to do with it any more. */
export function closeRun(run: Run): void {
  writeCurrent(run.project, { run: run.state.run, session: run.state.session, engine: run.state.engine, open: false });
}

/** Makes `.orchestrate/`, which git ignores because of the file in it. */
export function makeStateFolder(project: string): string {
  const folder = join(project, stateFolder);
  mkdirSync(folder, { recursive: true });
  const ignore = join(folder, ".gitignore");
  // A kill may have left it without its line: then git would show everything of ours.
  if ((statSync(ignore, { throwIfNoEntry: false })?.size ?? 0) < 2) writeFileSync(ignore, "*\n");
  return folder;
}

/** Name of the file in a run's folder that holds the issue that its list was read from. */
export const issueFile = "issue.json";

/** What the first event says of a new run. */
export type Beginning = Pick<Started, "session" | "engine" | "asked" | "base">;

/** What a new run rests on beside its plan. */
interface Ground {
  /** The claim on the project that was in force when no run was open. */
  readonly seen?: string | null;
  /** What was read of the issue that its list was made of. */
  readonly issue?: string | null | undefined;
  /** The program that begins it, to be copied into its folder. */
  readonly program?: { readonly path: string; readonly version: string } | null;
}

/**
 * A new run of `plan`: its folder, its plan file, its first event, and then the claim on the project. Null when another run has
 * claimed the project since `seen`: nothing of this one is left then.
 */
export function createRun(
  project: string,
  plan: Plan,
  beginning: Beginning,
  { seen = projectHolder(project)?.token ?? null, issue = null, program = null }: Ground = {},
): Run | null {
  makeStateFolder(project);
  const run = `r${Array.from({ length: 5 }, () => "abcdefghjkmnpqrstuvwxyz23456789".charAt(process.getBuiltinModule("node:crypto").randomInt(31))).join("")}`;
  const folder = join(project, stateFolder, "runs", run);
  mkdirSync(folder, { recursive: true });
  writePlan(folder, plan);
  // Before the run is there: a resume never asks the network for it.
  if (issue !== null) writeAtomic(join(folder, issueFile), `${issue}\n`);
  const bundle = program === null ? null : copyProgram(program.path, folder, program.version);
  append(join(folder, "events.jsonl"), [
    { type: "started", at: now(), run, plan: plan.hash, ...beginning, ...(bundle === null ? {} : { bundle }) },
  ]);
  if (claimProject(project, run, seen) !== run) {
    rmSync(folder, { recursive: true, force: true });
    return null;
  }
  writeCurrent(project, { run, session: beginning.session, engine: beginning.engine, open: true });
  return reopen(project, run);
}

export function writePlan(folder: string, plan: Plan): void {
  const path = join(folder, planName(plan.hash));
  if (!existsSync(path)) writeAtomic(path, `${JSON.stringify(plan, null, 1)}\n`);
}

/** Opens a run as it stands. A journal that is damaged in the middle is refused, never guessed at. */
export function openRun(project: string, run: string): Outcome<Run> {
  const folder = join(project, stateFolder, "runs", run);
  const file = join(stateFolder, "runs", run, "events.jsonl");
  const read = readRegular(join(folder, "events.jsonl"), { limit: largest });
  if (!read.ok)
    return refuse(
      "journal-unreadable",
      file,
      1,
      `the journal cannot be read: ${read.reason}`,
      "restore it, or start a new run: finished tasks are ticked in the list",
    );
  const stranger = whoElseWrites(project, join(folder, "events.jsonl"));
  if (stranger !== null)
    return refuse(
      "journal-not-ours",
      file,
      1,
      `the journal ${stranger}: what it says to run may be somebody else's`,
      "look who changed it; then set its owner and mode right (`chmod 600`), or start a new run",
    );
  const journal = parseJournal(read.bytes);
  if ("damagedLine" in journal) {
    return refuse(
      "journal-damaged",
      file,
      journal.damagedLine,
      "this line is no event, or was changed after it was written",
      "restore the file, or start a new run: finished tasks are ticked in the list",
    );
  }
  if (journal.events[0]?.type !== "started")
    return refuse("journal-damaged", file, 1, "the journal does not begin with a `started` event", "start a new run");
  const foreign = foreignEvent(journal.events);
  if (foreign !== null)
    return refuse(
      "newer-version",
      file,
      foreign.index + 1,
      `a newer version of Orchestrate wrote this run: its event \`${foreign.type.slice(0, 40)}\` is not known here`,
      "go on with that version, or start a new run: finished tasks are ticked in the list",
    );
  const revisions = new Map<string, PlanIndex>();
  for (const event of journal.events) {
    if ((event.type !== "started" && event.type !== "adopted") || revisions.has(event.plan)) continue;
    const plan = readPlan(project, run, event.plan);
    if (!plan.ok) return plan;
    revisions.set(event.plan, indexPlan(plan.value));
  }
  return { ok: true, value: view(project, folder, revisions, journal.events) };
}

function readPlan(project: string, run: string, hash: string): Outcome<Plan> {
  const file = join(stateFolder, "runs", run, planName(hash));
  const read = readRegular(join(project, file), { limit: largest });
  const unreadable = (reason: string): Outcome<never> =>
    refuse("plan-unreadable", file, 1, `the plan of the run cannot be read: ${reason}`, "start a new run");
  if (!read.ok) return unreadable(read.reason);
  let plan: Plan;
  try {
    plan = JSON.parse(read.bytes.toString("utf8")) as Plan;
  } catch (error) {
    return unreadable(messageOf(error));
  }
  if (plan.schema !== 1)
    return refuse(
      "newer-version",
      file,
      1,
      `a newer version of Orchestrate wrote this plan: its schema is ${JSON.stringify(plan.schema)}, this version knows 1`,
      "go on with that version, or start a new run: finished tasks are ticked in the list",
    );
  if (planHash(plan) !== hash)
    return refuse(
      "stale-plan",
      file,
      1,
      "the plan of the run was changed after it was made",
      "start a new run: finished tasks are ticked in the list",
    );
  return { ok: true, value: plan };
}

/**
 * Who else may have written a file of ours, in words; null when nobody. Some file systems give every file to everybody:
 * where the project itself is like that, its files say nothing. The administrator opens everybody's runs.
 */
function whoElseWrites(project: string, path: string): string | null {
  const { uid, mode } = statSync(path);
  const own = process.getuid?.();
  if (own !== undefined && own !== 0 && uid !== own) return `belongs to another user (${uid})`;
  return (mode & 0o002) !== 0 && (statSync(project).mode & 0o002) === 0 ? "may be written by everybody" : null;
}

/** Appends events to a run and reads it anew: what other processes wrote meanwhile is in the result too. */
export function record(run: Run, events: readonly Event[]): Run {
  append(join(run.folder, "events.jsonl"), events);
  return reopen(run.project, run.state.run);
}

/** The time for an event's `at`. */
export function now(): string {
  return new Date().toISOString();
}

function reopen(project: string, run: string): Run {
  const again = openRun(project, run);
  if (!again.ok) throw new Error(again.diagnostics.map((one) => one.message).join("; "));
  return again.value;
}

function view(project: string, folder: string, revisions: Revisions, events: readonly Event[]): Run {
  const [first] = revisions.values();
  if (first === undefined) throw new Error("a run without a plan");
  const state = foldAll(first, revisions, events);
  const { index } = state;
  // Checks whose process was killed hold nothing back any more.
  const checking = state.checking !== null && isAlive(state.checking) ? state.checking : null;
  return { project, folder, events, plan: index.plan, index, revisions, state: { ...state, checking } };
}

function planName(hash: string): string {
  return `plan-${hash.slice("sha256:".length, "sha256:".length + 12)}.json`;
}

function refuse(
  rule: string,
  file: string,
  line: number,
  message: string,
  fix: string,
): { ok: false; diagnostics: Diagnostic[] } {
  return { ok: false, diagnostics: [{ severity: "error", rule, message, fix, place: { file, line, column: 1 } }] };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
