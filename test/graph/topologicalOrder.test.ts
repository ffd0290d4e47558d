import { Graph, alg } from "@dagrejs/graphlib";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { topologicalOrder } from "../../src/graph/topologicalOrder.ts";
import { acyclicGraphs, chain, edgesOf, graphOf } from "./arbitrary.ts";

test("document order is kept as far as the edges allow", () => {
  // 0   3 ──▶ 1 ──▶ 2
  expect([...topologicalOrder(graphOf(4, "3>1 1>2"))]).toEqual([0, 3, 1, 2]);
});

test("a key decides which of several comes next", () => {
  // 0 ──▶ 1   2
  expect([...topologicalOrder(graphOf(3, "0>1"), Float64Array.of(2, 0, 1))]).toEqual([2, 0, 1]);
});

test("every node comes once, after all its predecessors", () => {
  fc.assert(
    fc.property(acyclicGraphs(30), (graph) => {
      const order = [...topologicalOrder(graph)];
      expect(order.toSorted((a, b) => a - b)).toEqual([...order.keys()]);
      for (const [from, to] of edgesOf(graph)) expect(order.indexOf(from)).toBeLessThan(order.indexOf(to));
    }),
  );
});

test("a graph library sorts the same graphs", () => {
  fc.assert(
    fc.property(acyclicGraphs(12), (graph) => {
      const other = new Graph();
      for (let v = 0; v < graph.n; v++) other.setNode(String(v));
      for (const [from, to] of edgesOf(graph)) other.setEdge(String(from), String(to));
      expect(alg.isAcyclic(other)).toBe(true);
      expect(new Set(alg.topsort(other).map(Number))).toEqual(new Set(topologicalOrder(graph)));
    }),
  );
});

test("a cycle is a bug of the caller, for linking lets none through", () => {
  // 0 ──▶ 1 ──▶ 0
  expect(() => topologicalOrder(graphOf(2, "0>1 1>0"))).toThrow("cycle");
});

test("a chain of a million nodes does not overflow", () => {
  expect(topologicalOrder(chain(1_000_000)).at(-1)).toBe(999_999);
});
