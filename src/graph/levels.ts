import type { Digraph } from "./digraph.ts";
import { topologicalOrder } from "./topologicalOrder.ts";

/** For each node the number of edges on the longest path that ends in it: 0 where nothing comes before. */
export function levels(graph: Digraph, order: Int32Array = topologicalOrder(graph)): Int32Array {
  const level = new Int32Array(graph.n);
  for (const v of order) {
    for (let k = graph.successorStart[v]!; k < graph.successorStart[v + 1]!; k++) {
      const next = graph.successors[k]!;
      level[next] = Math.max(level[next]!, level[v]! + 1);
    }
  }
  return level;
}
