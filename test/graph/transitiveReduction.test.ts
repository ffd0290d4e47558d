import * as fc from "fast-check";
import { expect, test } from "vitest";
import { digraph } from "../../src/graph/digraph.ts";
import { reachability } from "../../src/graph/reachability.ts";
import { transitiveReduction } from "../../src/graph/transitiveReduction.ts";
import { acyclicGraphs, chain, edgesOf, graphOf } from "./arbitrary.ts";

test("an edge goes when a longer path joins its ends", () => {
  // 0 ──▶ 1 ──▶ 2 ──▶ 3
  //  ╲──────────▶╱   ╱
  //   ╲─────────────▶
  expect(edgesOf(transitiveReduction(graphOf(4, "0>1 1>2 2>3 0>2 0>3")))).toEqual([
    [0, 1],
    [1, 2],
    [2, 3],
  ]);
});

test("a diamond keeps its four edges", () => {
  //    ╱─▶ 1 ─╲
  //  0         ▶ 3
  //    ╲─▶ 2 ─╱
  expect(edgesOf(transitiveReduction(graphOf(4, "0>1 0>2 1>3 2>3")))).toHaveLength(4);
});

test("what was reachable stays so, and no edge that is left can go", () => {
  fc.assert(
    fc.property(acyclicGraphs(12), (graph) => {
      const before = reachability(graph);
      const reduced = transitiveReduction(graph);
      const after = reachability(reduced);
      for (let a = 0; a < graph.n; a++) for (let b = 0; b < graph.n; b++) expect(after(a, b)).toBe(before(a, b));
      const edges = edgesOf(reduced);
      for (const [from, to] of edges) {
        const others = edges.filter(([a, b]) => a !== from || b !== to);
        const without = digraph(
          graph.n,
          others.map(([a]) => a),
          others.map(([, b]) => b),
        );
        expect(reachability(without)(from, to)).toBe(false);
      }
    }),
  );
});

test("a chain of a million nodes is left as it is", () => {
  expect(transitiveReduction(chain(1_000_000)).successors).toHaveLength(999_999);
});
