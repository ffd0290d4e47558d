import { digraph, type Digraph } from "./digraph.ts";
import { topologicalOrder } from "./topologicalOrder.ts";

/**
 * The graph with the fewest edges and the same reachability (unique without cycles; Aho, Garey and Ullman 1972):
 * an edge goes when a longer path joins its ends. For display: O(n · e) in the worst case.
 */
export function transitiveReduction(graph: Digraph): Digraph {
  const { n, successorStart, successors } = graph;
  const order = topologicalOrder(graph);
  const position = new Int32Array(n);
  for (const [index, v] of order.entries()) position[v] = index;
  const from: number[] = [];
  const to: number[] = [];
  const seenFrom = new Int32Array(n).fill(-1);
  const stack: number[] = [];
  for (let v = 0; v < n; v++) {
    const nearestFirst = successors
      .slice(successorStart[v], successorStart[v + 1])
      .toSorted((a, b) => position[a]! - position[b]!);
    const last = position[nearestFirst.at(-1) ?? 0]!;
    for (const successor of nearestFirst) {
      if (seenFrom[successor] === v) continue;
      from.push(v);
      to.push(successor);
      seenFrom[successor] = v;
      stack.push(successor);
      for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
        for (let k = successorStart[node]!; k < successorStart[node + 1]!; k++) {
          const next = successors[k]!;
          // What comes after the last successor cannot lead to any of them.
          if (seenFrom[next] === v || position[next]! > last) continue;
          seenFrom[next] = v;
          stack.push(next);
        }
      }
    }
  }
  return digraph(n, from, to);
}
