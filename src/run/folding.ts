import type { PlanIndex } from "./planIndex.ts";
import type { RunState, TaskState } from "../model/run.ts";

/** The plans of a run by their hashes: each event is folded under the one that was in force when it was written. */
export type Revisions = ReadonlyMap<string, PlanIndex>;

/** A state in the making: `fold` starts one and adds events to it, for a reader that follows a journal. */
export type Folding = Writable<
  Omit<RunState, "tasks" | "gone" | "held" | "refused" | "checks" | "unchecked" | "merged" | "limits">
> & {
  tasks: Map<string, TaskState>;
  gone: Map<string, TaskState>;
  held: Map<string, string>;
  refused: Set<string>;
  checks: RunState["checks"][number][];
  unchecked: string[];
  merged: string[];
  limits: RunState["limits"][number][];
  /** The plan in force. */
  index: PlanIndex;
  readonly revisions: Revisions;
};
type Writable<Value> = { -readonly [Key in keyof Value]: Value[Key] };

export function end(state: Folding, id: string, status: TaskState["status"], reason: string, at: string): void {
  const task = state.tasks.get(id);
  if (task === undefined) return;
  change(state, id, { status, history: [...task.history, reason], endedAt: at, claim: null, agent: null });
}

/** Changes a task, when it is in one of the statuses `from` (any when left out). */
export function change(
  state: Folding,
  id: string,
  fields: Partial<TaskState>,
  from?: readonly TaskState["status"][],
): void {
  const task = state.tasks.get(id);
  if (task === undefined || (from !== undefined && !from.includes(task.status))) return;
  state.tasks.set(id, { ...task, ...fields });
}
