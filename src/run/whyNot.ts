import type { Lock } from "../model/graph.ts";
import type { RunState } from "../model/run.ts";
import type { PlanIndex } from "./planIndex.ts";

type Snapshot = Pick<RunState, "tasks" | "stopped" | "checking" | "paused">;

/**
 * Why a task may not start at this moment, in words, or null when it may. The one rule of dispatch: what it needs is done,
 * what it touches is free, and there is room. Used to choose launches, to judge claims and to say what the rest waits for.
 */
export function whyNot(index: PlanIndex, state: Snapshot, id: string): string | null {
  const task = index.tasks.get(id);
  const own = state.tasks.get(id);
  if (task === undefined || own === undefined) return `the plan has no task ${id}`;
  if (state.stopped !== null) return `the run was stopped (${state.stopped})`;
  if (state.paused) return "the run is paused";
  if (isActive(own.status)) return `${id} is running already`;
  if (own.status !== "pending") return `${id} is ${own.status}`;
  if (own.claim !== null) return `the last worker of ${id} has not ended yet`;
  const needs = (index.needs.get(id) ?? []).filter((need) => !isSatisfied(index, state, need));
  if (needs.length > 0) return `waits for ${needs.map((need) => describe(state, need)).join(", ")}`;
  const running = runningTasks(state);
  if (running.length >= index.plan.config.maxWorkers)
    return `waits for a free worker (${running.length} of ${index.plan.config.maxWorkers} run)`;
  if (state.checking !== null) return "waits for the checks of the whole tree to end";
  if (task.alone !== null && running.length > 0)
    return `runs beside no other task (${task.alone}) and ${running.join(", ")} runs`;
  const alone = running.find((other) => index.tasks.get(other)?.alone);
  if (alone !== undefined) return `${alone} runs, and runs beside no other task (${index.tasks.get(alone)?.alone})`;
  const locks = index.locks.get(id) ?? [];
  return locks.length === 0 ? null : busyLock(locks, [...running, ...mergingTasks(state)]);
}

/** Tasks that hold a worker, in the plan's order. */
export function runningTasks(state: Pick<RunState, "tasks">): string[] {
  return tasksThat(state, isActive);
}

/** Tasks whose work waits to be merged: they hold no worker, but whoever changes the same files must have their work first. */
export function mergingTasks(state: Pick<RunState, "tasks">): string[] {
  return tasksThat(state, (status) => status === "merging");
}

/** A plain loop: the fold asks at every claim. */
function tasksThat({ tasks }: Pick<RunState, "tasks">, fits: (status: string) => boolean): string[] {
  const found: string[] = [];
  for (const [id, { status }] of tasks) if (fits(status)) found.push(id);
  return found;
}

/** Whether what waits for `id` may go on: it is done, or the list itself says that it will not be done. */
export function isSatisfied(index: PlanIndex, state: Pick<RunState, "tasks">, id: string): boolean {
  const status = state.tasks.get(id)?.status;
  if (status === "done" || status === "merged") return true;
  const listed = index.tasks.get(id)?.status;
  return listed === "cancelled" || listed === "skipped";
}

function isActive(status: string): boolean {
  return status === "running" || status === "verifying";
}

function busyLock(
  locks: readonly { readonly lock: Lock; readonly amount: number }[],
  running: readonly string[],
): string | null {
  for (const { lock, amount } of locks) {
    const holders = lock.holders.filter((holder) => running.includes(holder.task));
    const used = holders.reduce((sum, holder) => sum + holder.amount, 0);
    if (used + amount > lock.capacity)
      return `${lock.on} is in use by ${holders.map((holder) => holder.task).join(", ")}`;
  }
  return null;
}

function describe(state: Pick<RunState, "tasks">, id: string): string {
  const status = state.tasks.get(id)?.status ?? "unknown";
  return status === "pending" ? id : `${id} (${status})`;
}
