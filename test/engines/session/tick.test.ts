import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { append } from "../../../src/run/append.ts";
import { createRun, openRun, type Run } from "../../../src/run/store.ts";
import { tickDone } from "../../../src/run/tick.ts";
import { makePlan } from "../../makePlan.ts";

let project: string;
beforeEach(() => {
  project = realpathSync(mkdtempSync(join(tmpdir(), "tick-")));
});
afterEach(() => rmSync(project, { recursive: true, force: true }));

/** A run whose one task is done and has its box on the second line of `text`. */
function doneRun(text: string, was: string, done: string): Run {
  writeFileSync(join(project, "list"), text);
  const lineText = (text.split("\n")[1] ?? "").replace(/\r$/, "");
  const box = {
    file: "list",
    line: 2,
    column: lineText.indexOf(was, lineText.search(/[[:]/)) + 1,
    was,
    done,
    lineText,
  };
  const plan = makePlan({ tasks: [{ id: "T1", box }] });
  const run = createRun(project, plan, {
    session: "s1",
    engine: "session",
    asked: { sources: ["list"], flags: {} },
  })!;
  append(join(run.folder, "events.jsonl"), [
    { type: "dispatched", at: "", task: "T1", attempt: 1, claim: "c", client: null, before: {} },
    { type: "done", at: "", task: "T1", summary: "", files: [], concerns: [] },
  ]);
  const opened = openRun(project, run.state.run);
  if (!opened.ok) throw new Error("the run does not open");
  return opened.value;
}

const list = (): string => readFileSync(join(project, "list"), "utf8");

test("a box is ticked in place: its one byte changes", () => {
  const run = doneRun("\uFEFF# Ünicode\r\n- [ ] T1 Écrire\r\n- [ ] T2", " ", "x");
  expect(tickDone(run)).toMatchObject([{ type: "ticked", task: "T1" }]);
  expect(list()).toBe("\uFEFF# Ünicode\r\n- [x] T1 Écrire\r\n- [ ] T2");
});

test("a status of another length is written too, and nothing else changes", () => {
  const run = doneRun('{\n  "status": "pending",\n  "id": 1 }', "pending", "done");
  expect(tickDone(run)).toMatchObject([{ type: "ticked" }]);
  expect(list()).toBe('{\n  "status": "done",\n  "id": 1 }');
});

test("a line that somebody rewrote meanwhile is left as it is, with the reason", () => {
  const run = doneRun("# A\n- [ ] T1 Write\n", " ", "x");
  writeFileSync(join(project, "list"), "# A\n- [ ] T1 Write it all\n");
  expect(tickDone(run)).toMatchObject([{ type: "not-ticked", reason: "line 2 has changed" }]);
  expect(list()).toBe("# A\n- [ ] T1 Write it all\n");
});

test("a list that is gone is said to be, and stops nothing", () => {
  const run = doneRun("# A\n- [ ] T1 Write\n", " ", "x");
  rmSync(join(project, "list"));
  expect(tickDone(run)).toMatchObject([{ type: "not-ticked" }]);
});
