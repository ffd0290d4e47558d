import type { RunState } from "../model/run.ts";

/** The tasks that a run merged, in that order, each with its merge commit. */
export function mergedTasks(state: RunState): { readonly task: string; readonly commit: string }[] {
  return state.merged.flatMap((task) => {
    const commit = state.tasks.get(task)?.commit ?? null;
    return commit === null ? [] : { task, commit };
  });
}
