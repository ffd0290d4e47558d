import type { Digraph } from "./digraph.ts";
import { topologicalOrder } from "./topologicalOrder.ts";

/** Whether a path leads from the first node to the second. A node does not reach itself. */
export type Reaches = (from: number, to: number) => boolean;

/** Up to this many nodes all answers are computed at once: n² bits, 3 MB at the limit. */
export const matrixLimit = 5000;

/** Prepares to answer questions of reachability: from a bit matrix for small graphs, by one search each for others. */
export function reachability(graph: Digraph): Reaches {
  return graph.n <= matrixLimit ? fromMatrix(graph) : bySearch(graph);
}

function fromMatrix(graph: Digraph): Reaches {
  const { bits, words } = matrixOf(graph);
  return (from, to) => (bits[from * words + (to >> 5)]! & (1 << (to & 31))) !== 0;
}

/** For each node how many others it reaches: all that come after it. Takes n² bits. */
export function reachableCounts(graph: Digraph): Float64Array {
  const { bits, words } = matrixOf(graph);
  return Float64Array.from({ length: graph.n }, (_, v) => {
    let count = 0;
    for (let word = v * words; word < (v + 1) * words; word++) count += ones(bits[word]!);
    return count;
  });
}

/** Row `v` has bit `w` set when `v` reaches `w`. */
function matrixOf(graph: Digraph): { readonly bits: Int32Array; readonly words: number } {
  const words = (graph.n + 31) >> 5;
  const bits = new Int32Array(graph.n * words);
  for (const v of topologicalOrder(graph).toReversed()) {
    for (let k = graph.successorStart[v]!; k < graph.successorStart[v + 1]!; k++) {
      const next = graph.successors[k]!;
      for (let word = 0; word < words; word++) {
        bits[v * words + word] = bits[v * words + word]! | bits[next * words + word]!;
      }
      bits[v * words + (next >> 5)] = bits[v * words + (next >> 5)]! | (1 << (next & 31));
    }
  }
  return { bits, words };
}

/** How many bits are set (Warren, Hacker's Delight, 5-1). */
function ones(word: number): number {
  let sum = word - ((word >>> 1) & 0x55555555);
  sum = (sum & 0x33333333) + ((sum >>> 2) & 0x33333333);
  return Math.imul((sum + (sum >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

function bySearch(graph: Digraph): Reaches {
  const position = new Int32Array(graph.n);
  for (const [index, v] of topologicalOrder(graph).entries()) position[v] = index;
  const seen = new Int32Array(graph.n);
  let query = 0;
  return (from, to) => {
    query++;
    const stack = [from];
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      for (let k = graph.successorStart[node]!; k < graph.successorStart[node + 1]!; k++) {
        const next = graph.successors[k]!;
        if (next === to) return true;
        // A node later than `to` in the order cannot lead to it.
        if (seen[next] === query || position[next]! > position[to]!) continue;
        seen[next] = query;
        stack.push(next);
      }
    }
    return false;
  };
}
