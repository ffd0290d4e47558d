import * as fc from "fast-check";
import { digraph, type Digraph } from "../../src/graph/digraph.ts";

/** Any graph without cycles on up to `largest` nodes; numbers say nothing about the order. */
export function acyclicGraphs(largest: number): fc.Arbitrary<Digraph> {
  return fc.integer({ min: 0, max: largest }).chain((n) =>
    fc
      .tuple(
        fc.shuffledSubarray(
          Array.from({ length: n }, (_, v) => v),
          { minLength: n, maxLength: n },
        ),
        fc.array(fc.tuple(fc.nat(Math.max(0, n - 1)), fc.nat(Math.max(0, n - 1))), { maxLength: n * 3 }),
      )
      .map(([names, pairs]) => {
        const edges = pairs.filter(([a, b]) => a !== b).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
        return digraph(
          n,
          edges.map(([a]) => names[a] ?? 0),
          edges.map(([, b]) => names[b] ?? 0),
        );
      }),
  );
}

/** All edges as `[from, to]`, in order. */
export function edgesOf(graph: Digraph): [number, number][] {
  const edges: [number, number][] = [];
  for (let v = 0; v < graph.n; v++) {
    for (const to of graph.successors.subarray(graph.successorStart[v], graph.successorStart[v + 1]))
      edges.push([v, to]);
  }
  return edges;
}

/** A graph from `0>1 1>2`. */
export function graphOf(n: number, text: string): Digraph {
  const pairs = text
    .split(" ")
    .filter((pair) => pair !== "")
    .map((pair) => pair.split(">").map(Number));
  return digraph(
    n,
    pairs.map(([from]) => from ?? 0),
    pairs.map(([, to]) => to ?? 0),
  );
}

/** 0 → 1 → … → n-1. */
export function chain(n: number): Digraph {
  return digraph(
    n,
    Int32Array.from({ length: n - 1 }, (_, v) => v),
    Int32Array.from({ length: n - 1 }, (_, v) => v + 1),
  );
}
