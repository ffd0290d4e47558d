import { dispatch } from "../run/dispatch.ts";
import { isSatisfied, whyNot } from "../run/whyNot.ts";
import { concernsOf } from "../model/concernsOf.ts";
import type { TaskState } from "../model/run.ts";
import type { Status } from "../model/status.ts";
import type { Run } from "../run/store.ts";
import { newestChecks } from "./checks.ts";
import { diagnose } from "./diagnosis.ts";
import { logOf, waitingOf } from "./inbox.ts";
import { minutesLeft } from "./remaining.ts";
import type { Sight } from "./sight.ts";

/** How a run stands at a moment. Pure: what stands beside the journal comes with `sight`. */
export function statusOf(run: Run, sight: Sight): Status {
  const { state, index, plan, events } = run;
  const next = dispatch(index, state);
  const waiting = waitingOf(run, sight);
  const limits = state.limits.map(({ seconds, at }) => Date.parse(at) + seconds * 1_000);
  const limit = limits.length === 0 ? null : Math.max(...limits);
  const badEnd = state.finished === false || state.stopped !== null;
  const vain = inVain(run);
  const tasks = plan.tasks.map((task) => {
    const known = state.tasks.get(task.id);
    const status = known?.status ?? task.status;
    const ready = next.includes(task.id);
    const hopeless = vain.get(task.id) ?? null;
    const left = known === undefined ? null : leftOff(run, task.id, known, sight);
    return {
      id: task.id,
      title: task.title,
      status: ready ? ("ready" as const) : hopeless === null ? status : ("skipped" as const),
      why: left ?? hopeless ?? (status === "pending" && !ready ? whyNot(index, state, task.id) : null),
      attempts: known?.attempts ?? 0,
      summary: known?.summary ?? "",
      files: [...(known?.files ?? [])],
      concerns: known === undefined ? [] : concernsOf(known),
      history: [...(known?.history ?? [])],
      startedAt: known?.startedAt ?? null,
      endedAt: known?.endedAt ?? null,
      ...soFar(task.id, known, sight, left === null),
    };
  });
  return {
    schema: 1,
    run: state.run,
    plan: state.plan,
    source: plan.source,
    session: state.session,
    engine: state.engine,
    stopped: state.stopped,
    finished: state.finished,
    paused: state.paused,
    limitedUntil: limit !== null && limit > sight.now.getTime() ? new Date(limit).toISOString() : null,
    supervisor:
      state.supervisor === null
        ? null
        : {
            pid: state.supervisor.by.pid,
            host: state.supervisor.host,
            since: state.supervisor.at,
            alive: sight.supervised,
          },
    base: state.base,
    head: state.head,
    merged: [...state.merged],
    waiting,
    startedAt: events.find(({ type }) => type === "dispatched")?.at ?? null,
    endedAt: endOf(run),
    diagnosis: badEnd ? diagnose(run) : [],
    minutesLeft: state.stopped === null ? minutesLeft(index, state, sight.now) : null,
    tokens: tasks.reduce((sum, { tokens }) => sum + tokens, 0),
    dollars: tasks.reduce((sum, { dollars }) => sum + dollars, 0),
    next,
    tasks,
    checks: newestChecks(events),
  };
}

function endOf({ state, events }: Run): string | null {
  const type = state.finished !== null ? "finished" : state.stopped !== null ? "stopped" : null;
  return events.findLast((event) => event.type === type)?.at ?? null;
}

/** What is true of a headless task that was at work when its supervisor ended, or null while somebody is at it. */
function leftOff({ state }: Run, id: string, { status }: TaskState, { supervised, living }: Sight): string | null {
  if (state.engine !== "headless" || supervised !== false) return null;
  if (status === "merging") return "its work waits to be merged; `resume` merges it";
  return status === "verifying" || (status === "running" && !living.has(id))
    ? "its worker has ended; `resume` looks at its work"
    : null;
}

/** Tasks of a headless run that are to be skipped, for what they wait for will not be done, each with why. */
function inVain({ state, index }: Run): Map<string, string> {
  const vain = new Map<string, string>();
  if (state.engine !== "headless") return vain;
  const waiters = new Map<string, string[]>();
  for (const [id, needs] of index.needs)
    for (const need of needs) waiters.set(need, [...(waiters.get(need) ?? []), id]);
  const queue = [...state.tasks].flatMap(([id, { status }]) =>
    ["failed", "cancelled", "skipped"].includes(status) && !isSatisfied(index, state, id) ? id : [],
  );
  for (const need of queue) {
    for (const id of waiters.get(need) ?? []) {
      if (vain.has(id) || state.tasks.get(id)?.status !== "pending") continue;
      vain.set(
        id,
        `will not run: it waits for ${need} (${state.tasks.get(need)?.status === "pending" ? "skipped" : (state.tasks.get(need)?.status ?? "")})`,
      );
      queue.push(id);
    }
  }
  return vain;
}

/** What a task took and has come to so far. */
function soFar(id: string, task: TaskState | undefined, { now, progress }: Sight, attended: boolean) {
  const seen = progress.get(id);
  const active = attended && (task?.status === "running" || task?.status === "verifying" || task?.status === "merging");
  const end = task?.endedAt != null ? Date.parse(task.endedAt) : active ? now.getTime() : null;
  const minutes = task?.startedAt == null || end === null ? null : (end - Date.parse(task.startedAt)) / 60_000;
  return {
    minutes: minutes === null ? null : Math.max(0, minutes),
    lastSignAt: seen?.lastEventAt ?? null,
    lastTool: seen?.lastTool ?? null,
    toolCalls: seen?.toolCalls ?? null,
    waitsUntil: seen?.waitsUntil ?? null,
    // What the newest worker used is in the journal once it has ended.
    tokens: (task?.tokens ?? 0) + (task?.status === "running" ? (seen?.tokens ?? 0) : 0),
    dollars: (task?.dollars ?? 0) + (task?.status === "running" ? (seen?.dollars ?? 0) : 0),
    commit: task?.commit ?? null,
    worktree: task?.place?.worktree ?? null,
    branch: task?.place?.branch ?? null,
    log: task === undefined ? null : logOf(task),
  };
}
