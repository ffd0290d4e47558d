import { Graph, alg } from "@dagrejs/graphlib";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { reversed } from "../../src/graph/digraph.ts";
import { criticalPath, heads, tails } from "../../src/graph/longestPath.ts";
import { topologicalOrder } from "../../src/graph/topologicalOrder.ts";
import { acyclicGraphs, chain, edgesOf, graphOf } from "./arbitrary.ts";

test("heads are earliest starts, tails what remains from a start on", () => {
  // 0 (5) ──▶ 1 (2) ──▶ 3 (1)
  //  ╲──────▶ 2 (9) ──▶╱
  const graph = graphOf(4, "0>1 0>2 1>3 2>3");
  const lengths = Float64Array.of(5, 2, 9, 1);
  const order = topologicalOrder(graph);
  expect([...heads(graph, lengths, order)]).toEqual([0, 5, 5, 14]);
  expect([...tails(graph, lengths, order)]).toEqual([15, 3, 10, 1]);
  expect(criticalPath(graph, lengths)).toEqual([0, 2, 3]);
});

test("of several longest paths the one with the smallest nodes is taken, and no nodes give no path", () => {
  // 0 ──▶ 2
  // 1 ──▶ 2
  expect(criticalPath(graphOf(3, "0>2 1>2"), Float64Array.of(1, 1, 1))).toEqual([0, 2]);
  expect(criticalPath(graphOf(0, ""), Float64Array.of())).toEqual([]);
});

const weighted = acyclicGraphs(14).chain((graph) =>
  fc.tuple(
    fc.constant(graph),
    fc
      .array(fc.integer({ min: 1, max: 20 }), { minLength: graph.n, maxLength: graph.n })
      .map((l) => Float64Array.from(l)),
  ),
);

test("the critical path is a path, and as long as a graph library's longest", () => {
  fc.assert(
    fc.property(weighted, ([graph, lengths]) => {
      const path = criticalPath(graph, lengths);
      const edges = new Set(edgesOf(graph).map((edge) => edge.join(">")));
      for (const [k, v] of path.slice(1).entries()) expect(edges).toContain(`${path[k]}>${v}`);
      const other = new Graph();
      for (let v = 0; v < graph.n; v++) {
        other.setEdge("start", String(v), -(lengths[v] ?? 0));
        other.setNode(String(v));
      }
      for (const [from, to] of edgesOf(graph)) other.setEdge(String(from), String(to), -(lengths[to] ?? 0));
      other.setNode("start");
      const distances = Object.values(alg.bellmanFord(other, "start", (edge) => Number(other.edge(edge))));
      const longest = Math.max(0, ...distances.map((entry) => -entry.distance));
      expect(path.reduce((sum, v) => sum + (lengths[v] ?? 0), 0)).toBe(longest);
    }),
  );
});

test("turned round, tails are heads and a node's own length", () => {
  fc.assert(
    fc.property(weighted, ([graph, lengths]) => {
      const back = reversed(graph);
      const head = heads(graph, lengths, topologicalOrder(graph));
      expect(tails(back, lengths, topologicalOrder(back))).toEqual(head.map((start, v) => start + (lengths[v] ?? 0)));
    }),
  );
});

test("a chain of a million nodes is its own critical path", () => {
  expect(criticalPath(chain(1_000_000), new Float64Array(1_000_000).fill(1))).toHaveLength(1_000_000);
});
