import type { Plan } from "../../src/model/plan.ts";
import type { RunState } from "../../src/model/run.ts";

/*
 * The rules of dispatch once more, in the plainest words: what the engine decides is held against them.
 */

type State = Pick<RunState, "tasks">;

/** Tasks that hold a worker. */
export function activeTasks(state: State): string[] {
  const active: string[] = [];
  for (const [id, { status }] of state.tasks) if (status === "running" || status === "verifying") active.push(id);
  return active;
}

/** The first thing that a task waits for, or null. */
export function unmetNeed(plan: Plan, state: State, id: string): string | null {
  for (const { from, to } of plan.edges) {
    if (to !== id) continue;
    const status = state.tasks.get(from)?.status;
    const listed = plan.tasks.find((task) => task.id === from)?.status;
    if (status !== "done" && status !== "merged" && listed !== "cancelled" && listed !== "skipped") return from;
  }
  return null;
}

/** A lock of which more is taken than there is, `more` included as if it ran; or null. */
export function overfullLock(plan: Plan, state: State, more?: string): string | null {
  for (const { on, capacity, holders } of plan.locks) {
    let taken = 0;
    for (const { task, amount } of holders) {
      const status = state.tasks.get(task)?.status;
      if (task === more || status === "running" || status === "verifying" || status === "merging") taken += amount;
    }
    if (taken > capacity) return on;
  }
  return null;
}

/** Whether a task could start beside what is active, were it only for needs, locks and workers. */
export function couldStart(plan: Plan, state: State, id: string): boolean {
  const active = activeTasks(state);
  const aloneOf = (task: string): boolean => plan.tasks.find((one) => one.id === task)?.alone !== null;
  if (state.tasks.get(id)?.status !== "pending" || active.length >= plan.config.maxWorkers) return false;
  if (active.length > 0 && (aloneOf(id) || active.some(aloneOf))) return false;
  if (unmetNeed(plan, state, id) !== null) return false;
  return (
    plan.locks.every(({ holders }) => holders.every(({ task }) => task !== id)) ||
    overfullLock(plan, state, id) === null
  );
}
