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
 * has are kept aside where `held` is given: then ids are the run's own, and a task that comes back is what it was. Those in `held` wait.
 */
export function revise(state: Folding, hash: string, held?: Readonly<Record<string, string>>): void {
  const next = state.revisions.get(hash);
  if (next === undefined || next === state.index) return;
  if (held !== undefined) keepAside(state, next);
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
  if (held !== undefined) bringBack(state, held);
}

/** What the run knows of tasks that the plan no longer has. */
function keepAside(state: Folding, next: PlanIndex): void {
  for (const [id, own] of state.tasks) if (!next.tasks.has(id) && own.startedAt !== null) state.gone.set(id, own);
  for (const id of state.held.keys()) if (!next.tasks.has(id)) state.held.delete(id);
}

/** Tasks that the list has again are what they were, and those that may be one of before wait for a person. */
function bringBack(state: Folding, held: Readonly<Record<string, string>>): void {
  for (const [id, first] of state.tasks) {
    const own = state.gone.get(id);
    if (own === undefined) continue;
    state.gone.delete(id);
    state.tasks.set(id, continued(own, first));
  }
  for (const [id, was] of Object.entries(held)) {
    const first = state.tasks.get(id);
    if (first === undefined || !state.gone.has(was)) continue;
    state.held.set(id, was);
    state.tasks.set(id, { ...first, status: "needs-input", history: [questionOf(state, id, was)] });
  }
}

function questionOf({ index, revisions, gone }: Folding, id: string, was: string): string {
  const titles = [...revisions.values()].flatMap(({ tasks }) => tasks.get(was)?.title ?? []);
  const status = gone.get(was)?.status ?? "unknown";
  return `the list now says “${index.tasks.get(id)?.title ?? ""}”; the run has “${titles.at(-1) ?? ""}” (${was}, ${status}): is that the same task?`;
}

/** A person said which task a held one is: `same` as before, with all that came of that, or a new one. */
export function identified(state: Folding, id: string, answer: string): void {
  const was = state.held.get(id);
  const own = state.gone.get(was ?? "");
  const first = firstTasks(state.index).get(id);
  state.held.delete(id);
  state.finished = null;
  if (first === undefined) return;
  const isSame = answer.trim().toLowerCase() === "same";
  if (isSame && was !== undefined) state.gone.delete(was);
  state.tasks.set(id, isSame && own !== undefined ? continued(own, first) : first);
}

/** What was done stays done; what was not, begins anew where it was, and its box is looked for anew. */
function continued(own: TaskState, first: TaskState): TaskState {
  if (own.status === "done" || own.status === "merged") return { ...own, ticked: false, unticked: null };
  return { ...own, status: first.status, claim: null, keeper: null, wait: 0 };
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
    reported: [],
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
