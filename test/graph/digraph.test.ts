import * as fc from "fast-check";
import { expect, test } from "vitest";
import { digraph, reversed } from "../../src/graph/digraph.ts";
import { acyclicGraphs, edgesOf, graphOf } from "./arbitrary.ts";

test("successors and predecessors are sorted, and an edge given twice counts once", () => {
  // 2 ──▶ 0 ──▶ 1
  //  ╲─────────▶╱   (2 → 1 twice)
  const graph = graphOf(3, "2>1 0>1 2>0 2>1");
  expect(edgesOf(graph)).toEqual([
    [0, 1],
    [2, 0],
    [2, 1],
  ]);
  expect([...graph.predecessors]).toEqual([2, 0, 2]);
  expect([...graph.predecessorStart]).toEqual([0, 1, 3, 3]);
});

test("a graph without nodes and one without edges are graphs", () => {
  expect(edgesOf(digraph(0, [], []))).toEqual([]);
  expect(edgesOf(digraph(3, [], []))).toEqual([]);
});

test("an edge to itself or to a node that does not exist is a bug of the caller", () => {
  expect(() => digraph(2, [1], [1])).toThrow("no edge 1 → 1");
  expect(() => digraph(2, [0], [2])).toThrow("no edge 0 → 2");
  expect(() => digraph(2, [0], [])).toThrow("no edge 0 → -1");
});

test("turned round twice a graph is itself, and each edge is turned once", () => {
  fc.assert(
    fc.property(acyclicGraphs(20), (graph) => {
      expect(reversed(reversed(graph))).toEqual(graph);
      const turned = edgesOf(graph).map(([from, to]) => `${to} ${from}`);
      expect(new Set(edgesOf(reversed(graph)).map((edge) => edge.join(" ")))).toEqual(new Set(turned));
    }),
  );
});
