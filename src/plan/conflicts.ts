import { matrixLimit, reachability } from "../graph/reachability.ts";
import type { Conflict, Edge, Lock } from "../model/graph.ts";
import { openAmounts, openGraph } from "./problem.ts";

/** No more pairs are listed, and in a graph where each look is a search no more are looked at. */
const limit = 1000;

/**
 * The pairs of open tasks that may run in either order but never together: both hold a lock that has no room for both,
 * and no chain of edges orders them. `cut` says that there may be more than those listed; the locks hold all of them.
 */
export function conflicts(
  tasks: readonly { readonly id: string; readonly status: string }[],
  edges: readonly Edge[],
  locks: readonly Lock[],
): { readonly pairs: Conflict[]; readonly cut: boolean } {
  const { open, nodes, graph } = openGraph(tasks, edges);
  const reaches = reachability(graph);
  const pairs: Conflict[] = [];
  let looks = graph.n <= matrixLimit ? 1000 * limit : limit;
  for (const lock of locks) {
    const holders = [...openAmounts(lock, nodes)].toSorted(([a], [b]) => a - b);
    for (const [position, [first, amount]] of holders.entries()) {
      for (const [second, other] of holders.slice(position + 1)) {
        if (pairs.length === limit || looks-- === 0) return { pairs, cut: true };
        if (amount + other <= lock.capacity || reaches(first, second) || reaches(second, first)) continue;
        const tasks: Conflict["tasks"] = [open[first]?.id ?? "", open[second]?.id ?? ""];
        pairs.push({ tasks, on: lock.on, kind: lock.kind, because: [words(lock, tasks[0]), words(lock, tasks[1])] });
      }
    }
  }
  return { pairs, cut: false };
}

function words({ holders }: Lock, task: string): Conflict["because"][number] {
  const holder = holders.find((each) => each.task === task);
  return { evidence: holder?.evidence ?? "", source: holder?.source ?? null };
}
