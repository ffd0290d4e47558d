import type { PlanIndex } from "./planIndex.ts";
import { isOpen } from "../model/isOpen.ts";
import type { TaskState } from "../model/run.ts";
import type { Folding } from "./folding.ts";

/** The tasks of a plan before anything happened. */
export function firstTasks({ plan }: PlanIndex): Map<string, TaskState> {
  return new Map(plan.tasks.map(({ id, status }) => [id, initial(status)]));
}

/**
 * Puts the plan with this hash in force. What the run knows of a task stays; one that it never touched is what the list says of it
 * now, and so is one that waits or failed and that the list calls done or dropped: a person saw to it. Tasks that the plan no longer
 * has are forgotten.
 */
export function revise(state: Folding, hash: string): void {
  const next = state.revisions.get(hash);
  if (next === undefined || next === state.index) return;
  const { tasks, index: before } = state;
  state.index = next;
  state.plan = hash;
  state.tasks = firstTasks(next);
  for (const [id, first] of state.tasks) {
    const own = tasks.get(id);
    const listed = before.tasks.get(id)?.status;
    if (own === undefined || listed === undefined) continue;
    // Not its attempts: a rate limit takes one back.
    const untouched = own.startedAt === null && own.status === initial(listed).status;
    const settled = !isOpen(first) && own.claim === null && waiting.has(own.status);
    if (untouched) state.tasks.set(id, { ...first, todo: own.todo });
    else if (settled) state.tasks.set(id, { ...own, status: first.status });
    // What it waited for may have been seen to.
    else state.tasks.set(id, own.status === "skipped" ? { ...own, status: "pending" } : own);
  }
}

const waiting: ReadonlySet<string> = new Set([
  "pending",
  "failed",
  "skipped",
  "needs-input",
  "conflicted",
  "cancelled",
]);

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
    unticked: null,
    todo: null,
    startedAt: null,
    endedAt: null,
    place: null,
    keeper: null,
    worker: null,
    restarts: 0,
    conflicts: 0,
    wait: 0,
    dollars: 0,
    seconds: 0,
    commit: null,
  };
}
