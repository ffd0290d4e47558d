import { describe, expect, test } from "vitest";
import type { Event } from "../../src/model/event.ts";
import { showInbox, waitingOf } from "../../src/show/inbox.ts";
import { showStatus } from "../../src/show/showStatus.ts";
import type { Sight } from "../../src/show/sight.ts";
import { statusOf } from "../../src/show/status.ts";
import { frame } from "../../src/show/watch.ts";
import { abandoned, before, dispatched, ended, finished, fourTasks, makeRun, merged } from "../commands/headlessRun.ts";

const now = new Date("2026-01-01T00:00:00Z");

/** What `status` and `watch` show of a run of four tasks after these events. */
function shown(events: readonly Event[], over: Partial<Sight> = {}): { status: string; watch: string; inbox: string } {
  const run = makeRun(fourTasks(), events).opened();
  const sight = {
    now,
    supervised: false,
    progress: new Map(),
    living: new Set<string>(),
    unmerged: false,
    branch: null,
    ...over,
  };
  const status = statusOf(run, sight);
  return {
    status: showStatus(status, 120, now),
    watch: frame(status, { columns: 120, rows: 40, now }).join("\n"),
    inbox: showInbox(run, waitingOf(run, sight), now, "helper"),
  };
}

const stopped: Event = { type: "stopped", at: before(1), reason: "a person stopped it" };

describe("with nobody supervising", () => {
  const events = [
    abandoned(before(30)),
    dispatched("T1", before(20)),
    dispatched("T3", before(20)),
    dispatched("T4", before(20)),
    ended("T3", before(2)),
    ...merged("T4", before(2)).slice(0, 2),
    stopped,
  ];

  test("a task whose worker has ended is not running: it has no clock, and `resume` is named", () => {
    const { status, watch } = shown(events);
    expect(status).toContain("0 of 4 merged, 2 interrupted, 1 to be merged, 1 waiting");
    expect(status).toMatch(/· T1 +interrupted +Do T1\n +its worker has ended; `resume` looks at its work\n/);
    expect(status).toMatch(/· T3 +interrupted +\$0\.50 +Do T3\n +its worker has ended; `resume` looks at its work\n/);
    expect(status).toMatch(/· T4 +to merge +\$0\.50 +Do T4\n +its work waits to be merged; `resume` merges it/);
    expect(watch).toMatch(/· T1 +Do T1 +\(its worker has ended; `resume` looks at its work\)/);
    expect(`${status}${watch}`).not.toMatch(/▶|running|verifying|T\d.*\d min/);
  });

  test("one whose keeper lives runs on", () => {
    const { status, watch } = shown(events.slice(0, -1), { living: new Set(["T1"]) });
    expect(status).toContain("0 of 4 merged, 1 running, 1 interrupted");
    expect(status).toMatch(/▶ T1 +running +20 min/);
    expect(watch).toMatch(/▶ T1 +20 min/);
  });
});

test("the time of a run is from its first launch to its end, whatever was tried again", () => {
  const events = [
    dispatched("T1", before(50)),
    ended("T1", before(30), { outcome: "crash", reason: "it crashed" }),
    dispatched("T1", before(20), 2),
  ];
  expect(shown([...events, stopped]).status).toContain("49 min in all");
  const going = shown(events, { supervised: true });
  expect(going.status).toContain("50 min so far");
  expect(going.watch).toContain("50 min so far");
});

test("what waits for a cancelled task is said not to run, also what waits for that", () => {
  const { status, watch } = shown([{ type: "cancelled", at: before(5), task: "T1" }, stopped]);
  expect(status).toContain("0 of 4 merged, 2 waiting, 1 skipped, 1 cancelled");
  expect(status).toMatch(/– T2 +skipped +Do T2\n +will not run: it waits for T1 \(cancelled\)/);
  expect(watch).toContain("skipped: will not run: it waits for T1 (cancelled)");
});

test("as long as what was merged is in no branch of the person's, all three say how it gets there", () => {
  const events = [
    dispatched("T1", before(9)),
    ...merged("T1", before(8)),
    ...finished(before(1), true, "T2", "T3", "T4"),
  ];
  const words = "`merge --into BRANCH` brings what is merged";
  const told = shown(events, { unmerged: true });
  for (const text of Object.values(told)) expect(text).toContain(words);
  expect(told.inbox).toContain("  helper merge --into BRANCH");
  for (const text of Object.values(shown(events))) expect(text).not.toContain(words);
});

test("where the run's branch is not where the run is, all three say it in the same sentence, and do not send anybody there", () => {
  const branch = "its branch holds abc, which the run did not put there; type this.";
  const events = [dispatched("T1", before(9)), ...merged("T1", before(8))];
  for (const text of Object.values(shown(events, { branch }))) expect(text).toContain(branch);
  const over = [...events, ...finished(before(1), true, "T2", "T3", "T4")];
  const told = shown(over, { branch, unmerged: true });
  for (const text of Object.values(told)) {
    expect(text).toContain(branch);
    expect(text).not.toContain("until then it is in");
  }
});
