import type { Event } from "../model/event.ts";
import type { Plan } from "../model/plan.ts";
import type { RunState, TaskState } from "../model/run.ts";
import { indexPlan, type PlanIndex } from "./planIndex.ts";
import { todoStatus } from "./todoStatus.ts";
import { whyNot } from "./whyNot.ts";
import { change, end, type Folding, type Revisions } from "./folding.ts";
import { firstTasks, identified, revise } from "./revise.ts";
import { foldHeadless, isAllEnded, isSettled, sentBack } from "./foldHeadless.ts";

/**
 * The state of a run: its events folded over its plan, in the order of the journal. Two processes may claim one task at the
 * same instant; the claim that stands first wins and the other is in `refused`, so that no lock is needed. Events about a
 * task that the plan does not know (an older revision's) change nothing.
 */
export function fold(plan: Plan, events: readonly Event[], index: PlanIndex = indexPlan(plan)): RunState {
  return foldAll(index, new Map(), events);
}

/** The same for a run that had several plans: each event counts as it did under the plan of its time. `index` is any of them. */
export function foldAll(index: PlanIndex, revisions: Revisions, events: readonly Event[]): Folding {
  const state = beginFold(index, revisions);
  for (const event of events) foldOne(state, event);
  return state;
}

/** The state before the first event; which plan is in force the events say, where `revisions` knows theirs. */
export function beginFold(index: PlanIndex, revisions: Revisions = new Map()): Folding {
  return {
    index,
    revisions,
    run: "",
    plan: index.plan.hash,
    session: null,
    engine: "session",
    base: null,
    head: null,
    merged: [],
    supervisor: null,
    paused: false,
    limits: [],
    untold: null,
    stopped: null,
    finished: null,
    tasks: firstTasks(index),
    gone: new Map(),
    held: new Map(),
    checks: [],
    checking: null,
    unchecked: [],
    nudges: 0,
    lastDone: null,
    mirror: null,
    refused: new Set(),
  };
}

/** Adds one event. */
export function foldOne(state: Folding, event: Event): void {
  const { index } = state;
  switch (event.type) {
    case "started":
      revise(state, event.plan);
      state.run = event.run;
      state.session = event.session;
      state.engine = event.engine;
      state.base = event.base ?? null;
      state.head = state.base;
      return;
    case "adopted":
      if (event.after !== undefined && event.after !== (state.supervisor?.token ?? null)) return;
      revise(state, event.plan, event.held);
      // The list may have more to do now.
      if (event.held !== undefined) state.finished = null;
      state.session = event.session;
      // The session's own commits are part of what the next worktrees begin at.
      if (event.base !== undefined && state.engine !== "headless") {
        state.base ??= event.base;
        state.head = event.base;
      }
      state.engine = event.engine ?? "session";
      state.stopped = null;
      state.paused = false;
      state.untold = null;
      state.checking = null;
      state.nudges = 0;
      return;
    case "handed-back":
      state.engine = "session";
      return;
    case "dispatched": {
      const task = state.tasks.get(event.task);
      const wrongEngine = (event.place === undefined) === (state.engine === "headless");
      if (task === undefined || wrongEngine || whyNot(index, state, event.task) !== null) {
        state.refused.add(event.claim);
        return;
      }
      state.nudges = 0;
      if (state.untold !== null) state.untold = { ...state.untold, fresh: true };
      state.tasks.set(event.task, {
        ...task,
        status: "running",
        attempts: task.attempts + 1,
        // A headless worker is sent back by launching another.
        sendBacks: event.place === undefined ? 0 : task.sendBacks,
        claim: event.claim,
        place: event.place ?? task.place,
        keeper: null,
        wait: 0,
        client: event.client,
        agent: null,
        before: task.attempts === 0 ? new Map(Object.entries(event.before)) : task.before,
        startedAt: event.at,
        endedAt: null,
      });
      return;
    }
    case "launched":
      return change(state, event.task, { agent: event.agent }, ["running", "verifying"]);
    case "measured":
      return change(state, event.task, {
        tokens: (state.tasks.get(event.task)?.tokens ?? 0) + event.tokens,
        dollars: (state.tasks.get(event.task)?.dollars ?? 0) + (event.dollars ?? 0),
      });
    case "reported":
      return change(
        state,
        event.task,
        {
          status: "verifying",
          summary: event.summary,
          reported: [...new Set([...(state.tasks.get(event.task)?.reported ?? []), ...event.files])],
        },
        ["running", "verifying"],
      );
    case "sent-back": {
      const task = state.tasks.get(event.task);
      if (task === undefined) return;
      if (state.engine === "headless") return sentBack(state, event);
      return change(state, event.task, {
        status: "running",
        sendBacks: task.sendBacks + 1,
        history: [...task.history, event.reason],
      });
    }
    case "done":
      state.lastDone = event.task;
      if (!state.unchecked.includes(event.task)) state.unchecked.push(event.task);
      return change(state, event.task, {
        status: "done",
        summary: event.summary,
        files: event.files,
        concerns: event.concerns,
        endedAt: event.at,
      });
    case "failed":
      if (isSettled(state, event.task)) return;
      return end(state, event.task, "failed", event.reason, event.at);
    case "needs-input":
      if (isSettled(state, event.task)) return;
      return end(state, event.task, "needs-input", event.question, event.at);
    case "lost":
      return end(state, event.task, "pending", event.reason, event.at);
    case "answered":
      if (state.held.has(event.task)) return identified(state, event.task, event.answer);
      return again(state, index, event.task, { answer: event.answer }, ["needs-input", "failed"]);
    case "retried":
      if (state.held.has(event.task)) return identified(state, event.task, "new");
      return again(state, index, event.task, {}, [
        "failed",
        "needs-input",
        "done",
        "skipped",
        "conflicted",
        "cancelled",
      ]);
    case "checking":
      state.checking = event.by;
      return;
    case "checked":
      state.checks.push(event);
      if (!event.last) return;
      state.checking = null;
      if (event.when !== "baseline" && event.result === "passed") state.unchecked = [];
      return;
    case "ticked":
      return change(state, event.task, { ticked: true, unticked: null });
    case "not-ticked":
      return change(state, event.task, { unticked: event.reason });
    case "mirrored":
      state.mirror = event.tool === "TodoWrite" ? "TodoWrite" : "TaskCreate";
      if (event.task !== null)
        return change(state, event.task, { todo: { id: event.todo, status: event.status, linked: event.linked } });
      for (const [id, task] of state.tasks)
        change(state, id, { todo: { id: null, status: todoStatus(task.status), linked: true } });
      return;
    case "nudged":
      state.nudges++;
      return;
    case "stopped":
      state.stopped = event.reason;
      return;
    case "finished":
      if (state.engine === "headless" && !isAllEnded(state)) return;
      state.finished = event.ok;
      return;
    case "repaired":
      return;
    case "supervised":
    case "released":
    case "spawned":
    case "receipt":
    case "ended":
    case "verified":
    case "merging":
    case "merged":
    case "conflicted":
    case "collision":
    case "paused":
    case "unpaused":
    case "cancelled":
    case "skipped":
      return foldHeadless(state, index, event);
    default: {
      const never: never = event;
      throw new Error(`unknown event ${JSON.stringify(never)}`);
    }
  }
}

/** Another attempt that a person asked for: it begins with a clean slate, and whatever was skipped because of it may run again. */
function again(
  state: Folding,
  index: PlanIndex,
  id: string,
  fields: Partial<TaskState>,
  from: readonly TaskState["status"][],
): void {
  const own = state.tasks.get(id);
  if (own === undefined || !from.includes(own.status)) return;
  state.finished = null;
  // The worker of a cancelled task may still live: its claim stays until it has ended.
  const claim = own.status === "cancelled" ? own.claim : null;
  change(state, id, { ...fields, status: "pending", claim, restarts: 0, sendBacks: 0, conflicts: 0, wait: 0 });
  for (const [other, task] of state.tasks)
    if (task.status === "skipped" && index.tasks.get(other)?.status !== "skipped")
      change(state, other, { status: "pending" });
}
