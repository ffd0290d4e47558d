import { relative, resolve } from "node:path";
import type { ConfigInput } from "../model/config.ts";
import type { Plan } from "../model/plan.ts";
import { showDiagnostics } from "../show/diagnostics.ts";
import { readCurrent } from "../run/current.ts";
import { projectHolder } from "../run/projectClaim.ts";
import { openRun, writeCurrent, type Run } from "../run/store.ts";
import { isSupervised } from "../engines/headless/effects/orphans.ts";
import { count } from "../text/layout.ts";
import type { Answer, Invocation, World } from "./command.ts";
import { loadPlan, text, type PlanRequest } from "./load.ts";
import { wrongUse } from "./wrongUse.ts";

/**
 * What planning for worktrees adds to what the person said: a tree of its own for every worker makes it safe that nobody named
 * its files. Not kept with the run, so that a session that takes it over plans for one tree again.
 */
export const inWorktrees: ConfigInput = { parallel: true };

/** Texts tell a question again when the list has changed, ids do not. */
export function answersByText({ questions }: Plan): Record<string, "yes" | "no"> {
  return Object.fromEntries(questions.flatMap(({ text: asked, answer }) => (answer === null ? [] : [[asked, answer]])));
}

/** Sources as seen from the project's folder, so that the run finds its files again wherever it is resumed. */
export function fromProject(request: PlanRequest, project: string, world: World): PlanRequest {
  return {
    ...request,
    project,
    sources:
      request.issue === undefined
        ? request.sources.map((source) => relative(project, resolve(world.cwd, source)) || ".")
        : request.sources,
  };
}

/** Why this is not the plan that was shown, as an answer; null when it is, or when none was named. */
export function staleness(plan: Plan, request: PlanRequest, expected: string | undefined, world: World): Answer | null {
  if (expected === undefined) return null;
  // The preview was shown before its questions were answered: the plan without the answers is the one that was expected.
  const shown = request.answers === undefined ? null : loadPlan({ ...request, answers: {} }, world).outcome;
  const hashes = [plan, ...(shown?.ok === true ? [shown.value] : [])].map(({ hash }) => hash);
  if (hashes.some((hash) => hash.startsWith(`sha256:${expected.replace(/^sha256:/, "")}`))) return null;
  return {
    out: "",
    err: `error: the list, the options or the repository changed since the preview (plan ${plan.hash.slice(7, 19)}, expected ${expected}); preview it again [stale-plan]\n`,
    code: 1,
  };
}

/** Why no run can be started in this project now: another one than `own` is open. Null when none is. Only looks. */
export function openRunIn(project: string, own: string | null = null): Answer | null {
  const current = readCurrent(project);
  if (current === null || !current.open || current.run === own) return null;
  const opened = openRun(project, current.run);
  // A run that a newer version wrote may be at work; one that is damaged is at its end.
  const newer = !opened.ok && opened.diagnostics.some(({ rule }) => rule === "newer-version");
  if (newer)
    return { out: "", err: showDiagnostics(opened.diagnostics, new Map(), { width: 80, colour: false }), code: 1 };
  return opened.ok && opened.value.state.stopped === null && opened.value.state.finished === null
    ? isOpenHere(opened.value)
    : null;
}

/**
 * The same for a command that is about to start or resume a run: where none other is open, `seen` is the claim on the project
 * that was in force before this look, to claim it after.
 */
export function mayBegin(project: string, own: string | null = null): { readonly seen: string | null } | Answer {
  const holder = projectHolder(project);
  healCurrent(project, holder?.run ?? null);
  return openRunIn(project, own) ?? { seen: holder?.token ?? null };
}

/** Says that another command was faster: it claimed the project after this one had looked. */
export function overtaken(project: string): Answer {
  return (
    openRunIn(project) ?? {
      out: "",
      err: "error: another run was started in this project at the same moment, and is over already; try again [run-open]\n",
      code: 1,
    }
  );
}

function isOpenHere(run: Run): Answer {
  const { state } = run;
  const done = [...state.tasks.values()].filter(({ status }) => status === "done" || status === "merged").length;
  const todo = isSupervised(run)
    ? `process ${state.supervisor?.by.pid ?? 0} supervises it: \`watch\` shows it`
    : "`resume` goes on with it";
  return {
    out: "",
    err: `error: run ${state.run} is open here (${done} of ${state.tasks.size} tasks done); ${todo}, \`stop\` ends it [run-open]\n`,
    code: 1,
  };
}

/** Points at the run that claimed the project last, when its command was killed before it could do that itself. */
function healCurrent(project: string, run: string | null): void {
  const current = readCurrent(project);
  if (run === null || run === current?.run) return;
  const claimed = openRun(project, run);
  const pointed = current === null ? null : openRun(project, current.run);
  if (!claimed.ok || claimed.value.state.finished !== null) return;
  // A version that made no claims may have started a later one.
  if (pointed?.ok === true && beganAt(pointed.value) > beganAt(claimed.value)) return;
  const { session, engine } = claimed.value.state;
  writeCurrent(project, { run, session, engine, open: true });
}

function beganAt({ events }: Run): string {
  return events[0]?.at ?? "";
}

/** What a new run leaves behind: one that was stopped with work to do. To be asked before the new one is there. */
export function leftBehind(project: string): string[] {
  const current = readCurrent(project);
  const opened = current === null ? null : openRun(project, current.run);
  if (opened?.ok !== true || opened.value.state.stopped === null) return [];
  const { run, tasks } = opened.value.state;
  const left = [...tasks.values()].filter(({ status }) => !["done", "merged", "cancelled", "skipped"].includes(status));
  if (left.length === 0) return [];
  return [
    `Run ${run} was stopped with ${count(left.length, "task")} to do; \`resume ${run}\` goes on with it when this one has ended.`,
  ];
}

/** `--timeout` as an option of the run; the answer says what is wrong with it. */
export function timeoutIn(options: Invocation["options"]): { readonly timeout?: number } | Answer {
  const timeout = text(options["timeout"]);
  if (timeout === undefined) return {};
  const seconds = /^\d{1,5}$/.test(timeout) ? Number(timeout) : 0;
  return seconds >= 1 && seconds <= 86_400
    ? { timeout: seconds }
    : wrongUse(`unexpected \`--timeout ${timeout}\`, expected whole seconds from 1 to 86400`);
}
