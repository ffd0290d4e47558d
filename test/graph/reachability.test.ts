import { Graph, alg } from "@dagrejs/graphlib";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { digraph } from "../../src/graph/digraph.ts";
import { matrixLimit, reachability, reachableCounts } from "../../src/graph/reachability.ts";
import { acyclicGraphs, chain, edgesOf, graphOf } from "./arbitrary.ts";

test("a node reaches what comes after it, not itself and not what comes before", () => {
  // 0 ──▶ 1 ──▶ 2   3
  const reaches = reachability(graphOf(4, "0>1 1>2"));
  expect([reaches(0, 2), reaches(2, 0), reaches(0, 0), reaches(0, 3)]).toEqual([true, false, false, false]);
  expect([...reachableCounts(graphOf(4, "0>1 1>2"))]).toEqual([2, 1, 0, 0]);
});

test("a graph library reaches the same nodes", () => {
  fc.assert(
    fc.property(acyclicGraphs(40), (graph) => {
      const other = new Graph();
      for (let v = 0; v < graph.n; v++) other.setNode(String(v));
      for (const [from, to] of edgesOf(graph)) other.setEdge(String(from), String(to));
      const reaches = reachability(graph);
      const counts = reachableCounts(graph);
      for (let v = 0; v < graph.n; v++) {
        const found = new Set(alg.preorder(other, [String(v)]).map(Number));
        expect(counts[v]).toBe(found.size - 1);
        for (let w = 0; w < graph.n; w++) expect(reaches(v, w)).toBe(v !== w && found.has(w));
      }
    }),
    { numRuns: 30 },
  );
});

test("a graph too big for the matrix is searched, with the same answers", () => {
  fc.assert(
    fc.property(acyclicGraphs(15), (graph) => {
      const edges = edgesOf(graph);
      const big = digraph(
        matrixLimit + 1,
        edges.map(([from]) => from),
        edges.map(([, to]) => to),
      );
      const [small, searched] = [reachability(graph), reachability(big)];
      for (let a = 0; a < graph.n; a++) for (let b = 0; b < graph.n; b++) expect(searched(a, b)).toBe(small(a, b));
    }),
    { numRuns: 20 },
  );
});

test("the end of a chain of a million nodes is found without overflow", () => {
  const reaches = reachability(chain(1_000_000));
  expect([reaches(0, 999_999), reaches(999_999, 0)]).toEqual([true, false]);
});
