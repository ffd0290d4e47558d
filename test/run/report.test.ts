import { expect, test } from "vitest";
import { parseReport, reportForm } from "../../src/run/report.ts";

const report =
  "STATUS: DONE\nTASK: T1\nFILES: src/a.ts, src/b.ts\nOUTSIDE: package.json: needs the dependency\nSUMMARY: Added the limiter.\nIt exports `limit`.";

test("a report reads as it was written", () => {
  expect(parseReport(report, "T1")).toEqual({
    status: "DONE",
    task: "T1",
    files: ["src/a.ts", "src/b.ts"],
    outside: [{ path: "package.json", reason: "needs the dependency" }],
    summary: "Added the limiter. It exports limit.",
  });
});

test("only the last report of a message counts", () => {
  expect(parseReport(`STATUS: BLOCKED\nTASK: T1\nSUMMARY: no\n\nthen it worked\n\n${report}`, "T1")).toMatchObject({
    status: "DONE",
  });
});

test("emphasis around the names is forgiven", () => {
  expect(parseReport("**STATUS:** DONE\n**TASK:** T1\n**SUMMARY:** Did it.", "T1")).toMatchObject({
    status: "DONE",
    summary: "Did it.",
  });
});

test("`none` names no file", () => {
  expect(parseReport("STATUS: DONE\nTASK: T1\nFILES: none\nOUTSIDE: none\nSUMMARY: Did it.", "T1")).toMatchObject({
    files: [],
    outside: [],
  });
});

test.each([
  ["I am done!", "no line that begins with `STATUS:`"],
  [
    "STATUS: FINISHED\nTASK: T1\nSUMMARY: x",
    "`STATUS: FINISHED` is none of DONE, DONE_WITH_CONCERNS, NEEDS_CONTEXT, BLOCKED",
  ],
  ["STATUS: DONE\nTASK: T2\nSUMMARY: x", "must say `TASK: T1`, and says `TASK: T2`"],
  ["STATUS: DONE\nSUMMARY: x", "must say `TASK: T1`, and says no task"],
  ["STATUS: DONE\nTASK: T1", "no `SUMMARY:`"],
  ["", "no line that begins with `STATUS:`"],
])("%j is no report, and the worker is told why", (message, reason) => {
  expect(parseReport(message, "T1")).toContain(reason);
});

test("the form that a brief shows names every field that is read", () => {
  const filled = reportForm("T1").replace("DONE | DONE_WITH_CONCERNS | NEEDS_CONTEXT | BLOCKED", "BLOCKED");
  expect(parseReport(filled, "T1")).toMatchObject({ status: "BLOCKED", task: "T1" });
});
