import { describe, expect, test } from "vitest";
import { judge, type Evidence } from "../../src/run/judge.ts";
import { indexPlan } from "../../src/run/planIndex.ts";
import { fold } from "../../src/run/fold.ts";
import type { Event } from "../../src/model/event.ts";
import type { Report } from "../../src/model/report.ts";
import { makePlan, type TaskSketch } from "../makePlan.ts";

const at = "";
const claim = (task: string): Event => ({
  type: "dispatched",
  at,
  task,
  attempt: 1,
  claim: task,
  client: null,
  before: {},
});
const seen = (evidence: Partial<Evidence>): Evidence => ({
  edits: [],
  toolCalls: 5,
  ranCommands: false,
  changed: [],
  missing: [],
  undeleted: [],
  ...evidence,
});

function judged(
  task: Omit<TaskSketch, "id">,
  evidence: Partial<Evidence>,
  report: Partial<Report> = {},
  others: TaskSketch[] = [],
): ReturnType<typeof judge> {
  const plan = makePlan({ tasks: [{ id: "T1", ...task }, ...others] });
  const state = fold(plan, ["T1", ...others.map((other) => other.id)].map(claim));
  return judge(
    indexPlan(plan),
    state,
    { status: "DONE", task: "T1", files: [], summary: "Did it.", outside: [], ...report },
    seen(evidence),
  );
}

const own: Omit<TaskSketch, "id"> = { files: [{ path: "src/a.ts", access: "modify" }] };
const open: Omit<TaskSketch, "id"> = { files: [] };

describe("a claim of DONE without work behind it is sent back", () => {
  test("when the worker used no tool at all", () => {
    expect(judged(open, { toolCalls: 0 })).toEqual({
      reason: "you used no tool at all: nothing was done. Do the task, then report.",
    });
  });
  test("when none of the task's files changed, whatever it read or ran", () => {
    expect(judged(own, { ranCommands: true })).toEqual({ reason: "none of the task's files changed (src/a.ts)." });
  });
  test("when a file it was to create is not there", () => {
    expect(judged({ files: [{ path: "src/a.ts", access: "create" }] }, { missing: ["src/a.ts"] })).toEqual({
      reason: "src/a.ts should exist now and does not.",
    });
  });
  test("when a file it was to delete is still there", () => {
    expect(judged({ files: [{ path: "src/a.ts", access: "delete" }] }, { undeleted: ["src/a.ts"] })).toEqual({
      reason: "src/a.ts should be gone now and is still there.",
    });
  });
  test("when the list names no file and it only looked around", () => {
    expect(judged(open, {})).toMatchObject({
      reason: expect.stringContaining("no file changed and no command ran") as string,
    });
  });
});

describe("work is accepted", () => {
  test("when the task's own file changed", () => {
    expect(judged(own, { edits: ["src/a.ts"], changed: ["src/a.ts"] })).toEqual({ concerns: [] });
  });
  test("when a command changed it and no tool shows it", () => {
    expect(judged(own, { changed: ["src/a.ts"], ranCommands: true })).toEqual({ concerns: [] });
  });
  test("when a folder or a glob of the task holds what changed", () => {
    expect(judged({ files: [{ path: "src/ui/", access: "modify" }] }, { edits: ["src/ui/button.tsx"] })).toEqual({
      concerns: [],
    });
    expect(judged({ files: [{ path: "src/**/*.css", access: "modify" }] }, { edits: ["src/ui/button.css"] })).toEqual({
      concerns: [],
    });
  });
  test("with a concern when it ran commands and changed nothing; without one at a gate", () => {
    expect(judged(open, { ranCommands: true })).toEqual({ concerns: ["changed no file"] });
    expect(judged({ files: [], gate: true }, { ranCommands: true })).toEqual({ concerns: [] });
  });
  test("with what the worker itself is concerned about", () => {
    expect(
      judged(own, { changed: ["src/a.ts"] }, { status: "DONE_WITH_CONCERNS", summary: "The API is odd." }),
    ).toEqual({ concerns: ["The API is odd."] });
  });
});

describe("a change outside the task's files", () => {
  const strayed = { edits: ["src/a.ts", "package.json"], changed: ["src/a.ts"] };
  test("is sent back when it is not explained", () => {
    expect(judged(own, strayed)).toMatchObject({
      reason: expect.stringContaining("you changed package.json, which is not one of the task's files") as string,
    });
  });
  test("is a concern when it is", () => {
    expect(judged(own, strayed, { outside: [{ path: "package.json", reason: "the new dependency" }] })).toEqual({
      concerns: ["changed package.json as well: the new dependency"],
    });
  });
  test("is sent back, explained or not, when another worker is at that file", () => {
    const other: TaskSketch = { id: "T2", files: [{ path: "package.json", access: "modify" }] };
    expect(judged(own, strayed, { outside: [{ path: "package.json", reason: "why not" }] }, [other])).toEqual({
      reason: "you changed package.json, which belongs to T2: undo that change.",
    });
  });
  test("is sent back when it is the list itself", () => {
    expect(judged(own, { edits: ["src/a.ts", "tasks.md"], changed: ["src/a.ts"] })).toEqual({
      reason: "you changed tasks.md, which is ticked for you: undo that change.",
    });
  });
});
