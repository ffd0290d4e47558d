import type { Digraph } from "./digraph.ts";
import { topologicalOrder } from "./topologicalOrder.ts";

/** For each node the length of the longest path that ends where it starts: its earliest start. */
export function heads(graph: Digraph, lengths: Float64Array, order: Int32Array): Float64Array {
  const head = new Float64Array(graph.n);
  for (const v of order) {
    const end = head[v]! + lengths[v]!;
    for (let k = graph.successorStart[v]!; k < graph.successorStart[v + 1]!; k++) {
      const next = graph.successors[k]!;
      if (end > head[next]!) head[next] = end;
    }
  }
  return head;
}

/** For each node the length of the longest path that starts with it, its own length included. */
export function tails(graph: Digraph, lengths: Float64Array, order: Int32Array): Float64Array {
  const tail = new Float64Array(graph.n);
  for (let position = graph.n - 1; position >= 0; position--) {
    const v = order[position]!;
    let longest = 0;
    for (let k = graph.successorStart[v]!; k < graph.successorStart[v + 1]!; k++) {
      longest = Math.max(longest, tail[graph.successors[k]!]!);
    }
    tail[v] = longest + lengths[v]!;
  }
  return tail;
}

/** The nodes of a longest path, first to last; of several the one with the smallest nodes. */
export function criticalPath(graph: Digraph, lengths: Float64Array): number[] {
  const tail = tails(graph, lengths, topologicalOrder(graph));
  const path: number[] = [];
  let next = -1;
  for (let v = 0; v < graph.n; v++) {
    const first = graph.predecessorStart[v] === graph.predecessorStart[v + 1];
    if (first && (next === -1 || tail[v]! > tail[next]!)) next = v;
  }
  while (next !== -1) {
    path.push(next);
    const v = next;
    next = -1;
    for (let k = graph.successorStart[v]!; k < graph.successorStart[v + 1]!; k++) {
      const successor = graph.successors[k]!;
      if (next === -1 || tail[successor]! > tail[next]!) next = successor;
    }
  }
  return path;
}
