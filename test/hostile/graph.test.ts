import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { levels } from "../../src/graph/levels.ts";
import { criticalPath } from "../../src/graph/longestPath.ts";
import { topologicalOrder } from "../../src/graph/topologicalOrder.ts";
import { cyclicArcs, graphOf, shortestCycle } from "../../src/link/cycles.ts";
import { link } from "../../src/link/link.ts";
import { defaultConfig } from "../../src/model/config.ts";
import { readText } from "../../src/lists/readList.ts";
import { makeProject } from "../commands/world.ts";
import { makeList } from "../link/make.ts";
import { planned, plannedOf, preview, previewOf, refusal } from "./help.ts";
import { expectLinear } from "../growth.ts";

test("case 16: a task that waits for itself is refused", async () => {
  expect(await preview("- [ ] T1 a (depends on T1)\n")).toMatchObject(refusal("self-dependency", "tasks.md:1"));
});

test("case 17: two tasks that wait for each other are refused, with the words and the line of both", async () => {
  const answer = await preview("- [ ] T1 a (depends on T2)\n- [ ] T2 b (depends on T1)\n");
  expect(answer).toMatchObject(refusal("cycle", "tasks.md:2"));
  expect(answer.err).toContain("`T1` → `T2` → `T1`");
  for (const line of [1, 2]) expect(answer.err).toContain(`tasks.md:${line}:13:`);
});

test("case 18: a cycle through 10,000 tasks is refused, with its length", async () => {
  const tasks = ring(10_000).map(({ from, to }) => ({ id: `T${to}`, title: "a", dependsOn: [`T${from}`] }));
  const { err, code } = await previewOf(tasks);
  expect([code, err.slice(0, 200)]).toEqual([
    1,
    expect.stringMatching(/^tasks\.json:1:\d+: error: .* cycle of 10000 dep/),
  ]);
});

test("case 18: of many cycles the shortest is printed, however deep in the list it is", () => {
  const arcs = [...ring(10_000), { from: 9000, to: 7000 }, { from: 7000, to: 9000 }];
  expect(shortestCycle(arcs)).toEqual([
    { from: 7000, to: 9000 },
    { from: 9000, to: 7000 },
  ]);
});

test("case 19: a dependency on no task is refused, and the nearest id is suggested", async () => {
  const answer = await preview("- [ ] T001 a\n- [ ] T002 b (depends on T0001x, T011)\n");
  expect(answer).toMatchObject(refusal("unknown-dependency", "tasks.md:2"));
  expect(answer.err).toContain("write `T001`");
});

test("case 20: a chain of a million tasks has its order, its levels, its longest path and no cycle, without a deep stack", () => {
  const n = 1_000_000;
  const arcs = Array.from({ length: n - 1 }, (_, from) => ({ from, to: from + 1 }));
  expect(cyclicArcs(n, arcs)).toEqual([]);
  const graph = graphOf(n, arcs);
  expect(topologicalOrder(graph)).toHaveLength(n);
  expect(levels(graph).at(-1)).toBe(n - 1);
  expect(criticalPath(graph, new Float64Array(n).fill(1))).toHaveLength(n);
});

test("case 21: a million edges, each of a thousand tasks to each of another thousand, are linked in time that grows with them", async () => {
  const both = (n: number) => {
    const first = Array.from({ length: n }, (_, at) => ({ id: `A${at}`, title: "a" }));
    const needs = [`A0-A${n - 1}`];
    const second = Array.from({ length: n }, (_, at) => ({ id: `B${at}`, title: "b", dependsOn: needs }));
    const list = readText(JSON.stringify({ tasks: [...first, ...second] }), "tasks.json");
    if (!list.ok) throw new Error("not read");
    return list.value;
  };
  const lists = new Map([250_000, 1_000_000].map((edges) => [edges, both(Math.sqrt(edges))]));
  await expectLinear((edges) => {
    const list = lists.get(edges);
    const graph = list === undefined ? null : link(list, defaultConfig);
    expect(graph?.ok === true && graph.value.edges.length).toBe(edges);
  }, 1_000_000);
});

test("case 22: a dependency on a done task is met; on a cancelled one too, with a warning that names the line", async () => {
  const plan = await plannedOf([
    { id: "T1", title: "a", status: "done" },
    { id: "T2", title: "b", status: "cancelled" },
    { id: "T3", title: "c", dependsOn: ["T1", "T2"] },
  ]);
  expect(plan.batches).toEqual([["T3"]]);
  expect(plan.diagnostics).toContainEqual(expect.objectContaining({ rule: "needs-cancelled", severity: "warning" }));
});

test("case 23: a part that waits for the whole that it is a part of is refused, and so is the reverse", async () => {
  const tasks = [{ id: "T1" }, { id: "T2", parent: "T1", dependsOn: ["T1"] }];
  expect(link(makeList({ tasks }), defaultConfig)).toMatchObject({
    ok: false,
    diagnostics: expect.arrayContaining([expect.objectContaining({ rule: "depends-on-parent" })]),
  });
  expect(await preview("- [ ] T1 a (depends on T2)\n  - [ ] T2 b\n")).toMatchObject(
    refusal("self-dependency", "tasks.md:1"),
  );
});

test("case 24: a range of a thousand million ids is refused before it is written out", async () => {
  const needs = (text: string) => `- [ ] T1 a\n- [ ] T2 b (depends on ${text})\n`;
  for (const range of ["T1-T999999999", "T999999999-T1"]) {
    expect(await preview(needs(range))).toMatchObject(refusal("unknown-dependency", "tasks.md:2"));
    const field = [
      { id: "T1", title: "a" },
      { id: "T2", title: "b", dependsOn: [range] },
    ];
    expect(await previewOf(field)).toMatchObject(refusal("unknown-dependency", "tasks.json:1"));
  }
});

test("case 25: an empty list is refused; one with only done tasks has nothing left to do", async () => {
  expect(await preview("")).toMatchObject(refusal("empty-list", "tasks.md:1"));
  expect(await preview("- [x] T1 a\n")).toMatchObject({ code: 0, out: expect.stringContaining("Nothing is left") });
});

test("case 25: a byte order mark, CRLF and a missing last line end change nothing", async () => {
  const plain = await planned("- [ ] T1 a\n- [ ] T2 b\n");
  const marked = await planned("\ufeff- [ ] T1 a\r\n- [ ] T2 b");
  expect(marked.tasks.map(({ id, title }) => [id, title])).toEqual(plain.tasks.map(({ id, title }) => [id, title]));
});

test.each([
  ["UTF-16", Buffer.from("\ufeff- [ ] T1 a\n", "utf16le"), 1, "UTF-16"],
  ["Latin-1", Buffer.from("- [ ] T1 a\n- [ ] T2 caf\xe9\n", "latin1"), 2, "Latin-1"],
])("case 25: %s is refused by name, with its line", async (_, bytes, line, name) => {
  const { folder, ask } = makeProject();
  writeFileSync(join(folder, "tasks.md"), bytes);
  const answer = await ask(["plan", "tasks.md"]);
  expect(answer).toMatchObject(refusal("encoding", `tasks.md:${line}`));
  expect(answer.err).toContain(name);
});

/** Arcs from each of `n` nodes to the next, and from the last to the first. */
function ring(n: number): { from: number; to: number }[] {
  return Array.from({ length: n }, (_, from) => ({ from, to: (from + 1) % n }));
}
