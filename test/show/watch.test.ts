import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Event } from "../../src/model/event.ts";
import type { Progress } from "../../src/engines/headless/keeper/files.ts";
import { statusOf } from "../../src/show/status.ts";
import { frame, redraw } from "../../src/show/watch.ts";
import { displayWidth } from "../../src/text/layout.ts";
import type { Status } from "../../src/model/status.ts";
import { abandoned, before, dispatched, hostile, makeRun, merged, obeyed } from "../commands/headlessRun.ts";
import { makePlan } from "../makePlan.ts";

const now = new Date("2026-01-01T00:00:00Z");
/** What is seen beside the journal where there is nothing to see. */
const nothing = { now, progress: new Map(), living: new Set<string>(), unmerged: false, branch: null };

const titles: Readonly<Record<string, string>> = {
  T3: "ログイン画面を作る 🚀 and everything that belongs to it in src/login",
  T4: "Write the session store",
};

/** A run of so many tasks in which something of everything happens. */
function status(tasks: number): Status {
  const ids = Array.from({ length: tasks }, (_, index) => `T${index + 1}`);
  const plan = makePlan({
    tasks: ids.map((id) => ({ id, estimate: 10, ...(titles[id] === undefined ? {} : { title: titles[id] }) })),
    edges: ["T3 T8"],
  });
  const events: Event[] = [
    abandoned(before(40)),
    dispatched("T1", before(40)),
    ...merged("T1", before(30)),
    dispatched("T2", before(30)),
    ...merged("T2", before(20)),
    dispatched("T3", before(12)),
    dispatched("T4", before(2)),
    dispatched("T5", before(15)),
    { type: "needs-input", at: before(5), task: "T5", question: "Which database?\nPostgres or MySQL?" },
    dispatched("T6", before(15)),
    { type: "failed", at: before(4), task: "T6", reason: "its check `pnpm test` failed: Cannot find module 'x'" },
  ];
  const { opened } = makeRun(plan, events);
  const progress: Progress = {
    firstEventAt: before(11),
    lastEventAt: new Date(now.getTime() - 3_000).toISOString(),
    turns: 3,
    toolCalls: 14,
    lastTool: "Edit",
    tokens: 40_000,
    dollars: 0.31,
    waitsUntil: null,
  };
  const made = statusOf(opened(), { ...nothing, supervised: true, progress: new Map([["T3", progress]]) });
  return { ...made, run: "rabcde", supervisor: { pid: 4711, host: "anvil", since: before(40), alive: true } };
}

test.each([40, 80, 120])("in %i columns the picture is as written down, and no line is wider", async (columns) => {
  const lines = frame(status(12), { columns, rows: 40, now });
  for (const line of lines) expect(displayWidth(line), line).toBeLessThanOrEqual(columns);
  await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot(
    join(import.meta.dirname, `../golden/watch-${columns}.out`),
  );
});

test("with more tasks than rows, those at their end are one line and so are those that wait longest", async () => {
  const lines = frame(status(60), { columns: 80, rows: 16, now });
  expect(lines).toHaveLength(16);
  await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot(join(import.meta.dirname, "../golden/watch-16-rows.out"));
});

describe("whatever the size of the terminal", () => {
  test.each([1, 2, 5, 9, 10, 30])("%i rows are never overrun, and running tasks are the last to go", (rows) => {
    const thirty = status(30);
    for (const columns of [1, 7, 20, 39, 200]) {
      const lines = frame(thirty, { columns, rows, now });
      expect(lines.length).toBeLessThanOrEqual(rows);
      for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
    }
    if (rows >= 9) expect(frame(thirty, { columns: 80, rows, now }).join("\n")).toContain("▶ T3");
  });
});

test("titles, questions and reasons hold nothing that a terminal obeys, whichever the status", () => {
  const { opened } = makeRun(makePlan({ tasks: ["T1", "T2"].map((id) => ({ id, title: hostile })) }), [
    dispatched("T1", before(3)),
    { type: "needs-input", at: before(2), task: "T1", question: hostile },
    { type: "stopped", at: before(1), reason: hostile },
  ]);
  const made = statusOf(opened(), { ...nothing, supervised: false });
  for (const line of frame(made, { columns: 400, rows: 40, now })) {
    expect(line).not.toMatch(obeyed);
    expect(line).not.toContain("\n");
  }
});

test("a redraw goes up as many lines as were drawn, cuts what is too wide and clears what is left below", () => {
  expect(redraw(["a", "b"], 0)).toBe("\u001b[?7l\ra\u001b[K\nb\u001b[K\n\u001b[J\u001b[?7h");
  expect(redraw(["c"], 2)).toBe("\u001b[?7l\r\u001b[2Ac\u001b[K\n\u001b[J\u001b[?7h");
});

test("nobody supervises a run: what passed its checks is not said to be merged at this moment", () => {
  const { opened } = makeRun(makePlan({ tasks: ["T1"] }), [
    abandoned(before(9)),
    dispatched("T1", before(9)),
    ...merged("T1", before(8)).slice(0, 2),
  ]);
  const said = (supervised: boolean): string =>
    frame(statusOf(opened(), { ...nothing, supervised }), { columns: 80, rows: 20, now }).join("\n");
  expect(said(false)).toContain("(its work waits to be merged; `resume` merges it)");
  expect(said(true)).toContain("(being merged)");
});
