import { describe, expect, test } from "vitest";
import { closing } from "../../src/commands/runList.ts";
import type { Event } from "../../src/model/event.ts";
import { before, dispatched, finished, fourTasks, makeRun, merged } from "./headlessRun.ts";

function said(end: "finished" | "stopped", ...events: readonly Event[]): string {
  return closing(makeRun(fourTasks(), events).opened(), end);
}

const oneMerged = [dispatched("T1", before(9)), ...merged("T1", before(8))];

describe("at the end of a run it is said", () => {
  test("how to get what was merged, in the singular where it is one task", () => {
    const out = said("finished", ...oneMerged, ...finished(before(1), true, "T2", "T3", "T4"));
    expect(out).toContain("is finished: 1 task merged. `merge --into BRANCH` brings");
  });

  test("that nothing was merged, and no command that would refuse", () => {
    const out = said("finished", ...finished(before(1), false, "T1", "T2", "T3", "T4"));
    expect(out).toContain("Nothing was merged.");
    expect(out).not.toContain("merge --into");
  });

  test("which check was red before the run began, and how the merged work fares with it", () => {
    const red: Event = {
      type: "checked",
      at: before(10),
      when: "baseline",
      command: "make check",
      result: "failed",
      output: "",
      last: true,
    };
    const [ended, verified, merging, merge] = oneMerged.slice(1) as [Event, Event, Event, Event];
    const out = (...gate: readonly Event[]): string => {
      const first = [red, ...oneMerged.slice(0, 1), ended, verified, merging];
      return said("finished", ...first, ...gate, merge, ...finished(before(1), true, "T2", "T3", "T4"));
    };
    expect(out()).toContain("`make check` failed before the run began.");
    expect(out({ ...red, when: "gate" })).toContain("failed before the run began, and still fails on the merged work.");
    expect(out({ ...red, when: "gate", result: "passed" })).toContain(", and passes on the merged work.");
  });
});

describe("of a run that was stopped, why is said once, with what to do", () => {
  test.each([
    ["it was interrupted", "is stopped: it was interrupted. `resume` goes on."],
    ["no space left on device", /is stopped: no space left on device\. Free some space .*, then `resume`\.$/],
  ])("%s", (reason, words) => {
    const out = said("stopped", { type: "stopped", at: before(1), reason });
    if (typeof words === "string") expect(out).toContain(words);
    else expect(out).toMatch(words);
    expect(out.split(reason)).toHaveLength(2);
  });
});
