import { digraph } from "../graph/digraph.ts";
import { tails } from "../graph/longestPath.ts";
import { topologicalOrder } from "../graph/topologicalOrder.ts";
import type { PlanIndex } from "../run/planIndex.ts";
import type { RunState, TaskState } from "../model/run.ts";

/** How much faster or slower than estimated a run is believed to be at most. */
const bounds = { least: 0.2, most: 5 };

/**
 * Minutes until the run ends, or null when nothing of it can still run: the longest chain of what is left, and the work left
 * over the workers, by the estimates times how far off they were so far. What waits for a person counts as nothing.
 */
export function minutesLeft(index: PlanIndex, state: RunState, now: Date): number | null {
  const factor = speed(index, state);
  const left = Float64Array.from(index.plan.tasks, ({ id, estimate }) =>
    remaining(state.tasks.get(id), estimate * factor, now),
  );
  if (state.finished !== null || left.every((minutes) => minutes === 0)) return null;
  const position = new Map(index.plan.tasks.map(({ id }, node) => [id, node]));
  const edges = index.plan.edges.flatMap(({ from, to }) => {
    const pair = [position.get(from) ?? -1, position.get(to) ?? -1] as const;
    return pair.includes(-1) ? [] : [pair];
  });
  const graph = digraph(
    left.length,
    edges.map(([from]) => from),
    edges.map(([, to]) => to),
  );
  const chain = Math.max(0, ...tails(graph, left, topologicalOrder(graph)));
  const work = left.reduce((sum, minutes) => sum + minutes, 0);
  return Math.max(chain, work / index.plan.config.maxWorkers);
}

function remaining(task: TaskState | undefined, estimate: number, now: Date): number {
  if (task === undefined) return 0;
  switch (task.status) {
    case "pending":
    case "ready":
      return estimate;
    case "running": {
      const passed = task.startedAt === null ? 0 : (now.getTime() - Date.parse(task.startedAt)) / 60_000;
      // One that takes longer than expected may end at any moment, or not.
      return Math.max(estimate - Math.max(0, passed), estimate / 10);
    }
    case "verifying":
    case "merging":
    case "done":
    case "merged":
    case "failed":
    case "needs-input":
    case "conflicted":
    case "skipped":
    case "cancelled":
      return 0;
    default: {
      const never: never = task.status;
      throw new Error(`unknown status ${String(never)}`);
    }
  }
}

/** Actual over estimated minutes of what was done in this run. */
function speed(index: PlanIndex, state: RunState): number {
  let [actual, estimated] = [0, 0];
  for (const { id, estimate } of index.plan.tasks) {
    const task = state.tasks.get(id);
    if (task?.startedAt == null || task.endedAt === null || (task.status !== "done" && task.status !== "merged"))
      continue;
    actual += Math.max(0, Date.parse(task.endedAt) - Date.parse(task.startedAt)) / 60_000;
    estimated += estimate;
  }
  return estimated === 0 || actual === 0 ? 1 : Math.min(bounds.most, Math.max(bounds.least, actual / estimated));
}
