import type { Digraph } from "./digraph.ts";
import { emptyHeap, pop, push } from "./heap.ts";

/**
 * All nodes, each after its predecessors; among those that may come next always the one with the smallest `key`,
 * then the smallest number (Kahn 1962 with a heap, O((n + e) log n)). Without keys that is document order as far as
 * the edges allow. A cycle is a bug of the caller and throws.
 */
export function topologicalOrder(graph: Digraph, keys?: Float64Array): Int32Array {
  const { n, successorStart, successors, predecessorStart } = graph;
  const waiting = new Int32Array(n);
  const order = new Int32Array(n);
  const ready = emptyHeap(keys ?? new Float64Array(n));
  for (let v = 0; v < n; v++) {
    waiting[v] = predecessorStart[v + 1]! - predecessorStart[v]!;
    if (waiting[v] === 0) push(ready, v);
  }
  let size = 0;
  for (let v = pop(ready); v !== undefined; v = pop(ready)) {
    order[size++] = v;
    for (let k = successorStart[v]!; k < successorStart[v + 1]!; k++) {
      const next = successors[k]!;
      waiting[next] = waiting[next]! - 1;
      if (waiting[next] === 0) push(ready, next);
    }
  }
  if (size < n) throw new Error("the graph has a cycle");
  return order;
}
