import type { Event } from "../model/event.ts";
import type { Plan } from "../model/plan.ts";
import type { RunState, TaskState } from "../model/run.ts";
import { indexPlan, type PlanIndex } from "../dispatch/planIndex.ts";
import { todoStatus } from "../dispatch/todoStatus.ts";
import { whyNot } from "../dispatch/whyNot.ts";

type Writable<Value> = { -readonly [Key in keyof Value]: Value[Key] };
type State = Writable<Omit<RunState, "tasks" | "refused" | "checks" | "unchecked">> & {
  tasks: Map<string, TaskState>;
  refused: Set<string>;
  checks: RunState["checks"][number][];
  unchecked: string[];
};

/**
 * The state of a run: its events folded over its plan, in the order of the journal. Two processes may claim one task at the
 * same instant; the claim that stands first wins and the other is in `refused`, so that no lock is needed. Events about a
 * task that the plan does not know (an older revision's) change nothing.
 */
export function fold(plan: Plan, events: readonly Event[], index: PlanIndex = indexPlan(plan)): RunState {
  const state: State = {
    run: "",
    plan: plan.hash,
    session: null,
    engine: "session",
    stopped: null,
    finished: null,
    tasks: new Map(plan.tasks.map((task) => [task.id, initial(task.status)])),
    checks: [],
    checking: null,
    unchecked: [],
    nudges: 0,
    lastDone: null,
    mirror: null,
    refused: new Set(),
  };
  for (const event of events) apply(state, index, event);
  return state;
}

function initial(status: TaskState["status"]): TaskState {
  // A box that says "in progress" was left by somebody else: it is shown, and started only when a person says so.
  const inProgress = status === "running";
  return {
    status: inProgress ? "needs-input" : status,
    attempts: 0,
    sendBacks: 0,
    claim: null,
    before: new Map(),
    client: null,
    agent: null,
    summary: "",
    files: [],
    concerns: [],
    history: inProgress ? ["the list says that it is in progress; `retry` runs it"] : [],
    answer: null,
    tokens: 0,
    ticked: false,
    todo: null,
    startedAt: null,
    endedAt: null,
  };
}

function apply(state: State, index: PlanIndex, event: Event): void {
  switch (event.type) {
    case "started":
      state.run = event.run;
      state.session = event.session;
      state.engine = event.engine;
      return;
    case "adopted":
      state.session = event.session;
      state.engine = "session";
      state.stopped = null;
      state.checking = null;
      state.nudges = 0;
      return;
    case "handed-back":
      state.engine = "session";
      return;
    case "dispatched": {
      const task = state.tasks.get(event.task);
      if (task === undefined || whyNot(index, state, event.task) !== null) {
        state.refused.add(event.claim);
        return;
      }
      state.nudges = 0;
      state.tasks.set(event.task, {
        ...task,
        status: "running",
        attempts: task.attempts + 1,
        sendBacks: 0,
        claim: event.claim,
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
      return change(state, event.task, { tokens: (state.tasks.get(event.task)?.tokens ?? 0) + event.tokens });
    case "reported":
      return change(state, event.task, { status: "verifying", summary: event.summary }, ["running", "verifying"]);
    case "sent-back": {
      const task = state.tasks.get(event.task);
      if (task === undefined) return;
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
      return end(state, event.task, "failed", event.reason, event.at);
    case "needs-input":
      return end(state, event.task, "needs-input", event.question, event.at);
    case "lost":
      return end(state, event.task, "pending", event.reason, event.at);
    case "answered":
      state.finished = null;
      return change(state, event.task, { status: "pending", answer: event.answer }, ["needs-input", "failed"]);
    case "retried":
      state.finished = null;
      return change(state, event.task, { status: "pending" }, ["failed", "needs-input", "done", "skipped"]);
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
      return change(state, event.task, { ticked: true });
    case "not-ticked": {
      const task = state.tasks.get(event.task);
      if (task === undefined) return;
      return change(state, event.task, { ticked: true, concerns: [...task.concerns, `not ticked: ${event.reason}`] });
    }
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
      state.finished = event.ok;
      return;
    case "repaired":
      return;
    default: {
      const never: never = event;
      throw new Error(`unknown event ${JSON.stringify(never)}`);
    }
  }
}

function end(state: State, id: string, status: TaskState["status"], reason: string, at: string): void {
  const task = state.tasks.get(id);
  if (task === undefined) return;
  change(state, id, { status, history: [...task.history, reason], endedAt: at, claim: null, agent: null });
}

/** Changes a task, when it is in one of the statuses `from` (any when left out). */
function change(state: State, id: string, fields: Partial<TaskState>, from?: readonly TaskState["status"][]): void {
  const task = state.tasks.get(id);
  if (task === undefined || (from !== undefined && !from.includes(task.status))) return;
  state.tasks.set(id, { ...task, ...fields });
}
