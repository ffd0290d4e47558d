import { expect, test } from "vitest";
import { criticalPath } from "../../src/graph/longestPath.ts";
import type { Lock } from "../../src/model/graph.ts";
import { forecast } from "../../src/plan/forecast.ts";
import { plan } from "../../src/plan/plan.ts";
import { problemOf, type Scope } from "../../src/plan/problem.ts";
import { config, fileLock, graph, task } from "../plan/make.ts";
import { show, table, timed } from "./table.ts";

test("graph, critical path and forecast of 10,000 tasks take at most 200 ms, of 100,000 at most 2 s", () => {
  const shapes = ["wide", "layered", "chain", "five busy files"] as const;
  const rows = shapes.map((shape) => {
    const times = [10_000, 100_000].map((n) => {
      const scope = bigScope(n, shape);
      return Math.min(...[0, 1].map(() => timed(() => ask(scope))));
    });
    return { shape, times };
  });
  show(
    table(
      ["ms", "10,000 tasks", "100,000 tasks"],
      rows.map(({ shape, times }) => [shape, ...times.map((ms) => ms.toFixed(0))]),
    ),
  );
  for (const { times } of rows) {
    expect(times[0]).toBeLessThanOrEqual(200);
    expect(times[1]).toBeLessThanOrEqual(2000);
  }
});

test("a whole plan of 120 tasks, its file's hash included, takes at most 50 ms", () => {
  const { tasks, edges, locks } = bigScope(120, "layered");
  const list = graph(
    tasks.map(({ id, estimate }) => task(id, { estimate })),
    {
      edges: edges.map((edge) => ({ ...edge, kind: "stated", evidence: "", source: null, confidence: 1 })),
      locks: [...locks],
    },
  );
  const times = Array.from({ length: 10 }, () => timed(() => plan(list, config(), null)));
  show(`a plan of 120 tasks: ${Math.min(...times).toFixed(1)} ms`);
  expect(Math.min(...times)).toBeLessThanOrEqual(50);
});

function ask(scope: Scope & { readonly locks: Lock[] }): void {
  const problem = problemOf(scope, 5);
  criticalPath(problem.graph, problem.durations);
  forecast(scope, 5);
}

function bigScope(
  n: number,
  shape: "wide" | "layered" | "chain" | "five busy files",
): Scope & { readonly locks: Lock[] } {
  const edges: { from: string; to: string }[] = [];
  for (let v = 1; v < n; v++) {
    if (shape === "chain") edges.push({ from: nameOf(v - 1), to: nameOf(v) });
    if (shape === "layered" && v > 100)
      edges.push({ from: nameOf(v - 1 - ((v * 37) % 100)), to: nameOf(v) }, { from: nameOf(v - 101), to: nameOf(v) });
  }
  const files = shape === "five busy files" ? 5 : Math.ceil(n / 5);
  const writers = Array.from({ length: files }, () => [] as string[]);
  for (let v = 0; v < n; v++) {
    const first = (v * 7919) % files;
    const second = (first + 1 + (v % 3)) % files;
    writers[first]?.push(nameOf(v));
    if (second !== first) writers[second]?.push(nameOf(v));
  }
  return {
    tasks: Array.from({ length: n }, (_, v) => ({
      id: nameOf(v),
      status: "pending",
      estimate: 5 + ((v * 31) % 40),
      alone: null,
    })),
    edges,
    locks: writers.map((ids, file) => fileLock(`f${file}`, ...ids)),
  };
}

function nameOf(v: number): string {
  return `T${v}`;
}
