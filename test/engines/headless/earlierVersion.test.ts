import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Event } from "../../../src/model/event.ts";
import { head, run, unpackRun, worktree } from "./earlierVersion.ts";
import { makeRig, type Rig } from "./rig.ts";

const at = "2026-11-28T12:20:00.000Z";

async function earlierRun(
  edit?: (events: Event[]) => Event[],
  options: Record<string, unknown> = { verify: ["true"] },
): Promise<Rig> {
  const rig = await makeRig("- [ ] T001 One\n", options);
  unpackRun(rig.project, edit);
  return rig;
}

/** Lets the next worker of a task do it, and says where. */
async function work(rig: Rig, task: string): Promise<string> {
  const worker = await rig.worker(task);
  await worker.write(`out/${task}.txt`, `new work of ${task}\n`);
  worker.report("DONE", "done");
  return worker.cwd;
}

const half = (rig: Rig): string => readFileSync(join(rig.project, worktree, "out/T002.txt"), "utf8");
const branches = async (rig: Rig): Promise<string> =>
  rig.git("for-each-ref", "--format=%(refname) %(objectname)", `refs/heads/orchestrate/${run}/task`);

/** What T002's worker of then left, when it had ended. */
function endOf(events: readonly Event[]): Event {
  const { claim } = events.findLast((event) => event.type === "dispatched") ?? {};
  return {
    type: "ended",
    at,
    task: "T002",
    claim: claim ?? "",
    outcome: "finished",
    reason: "it gave its report",
    session: null,
    seconds: 1,
    tokens: 0,
    dollars: 0,
    wait: 0,
  };
}

describe("a run that version 0.1.0 began", () => {
  test("keeps `status`, `logs`, `inbox`, `merge` and `clean`, of which none changes or deletes anything that is in no branch", async () => {
    await using rig = await earlierRun();
    const status = await rig.call("status");
    expect(status.out).toContain("1 of 3 merged, 1 interrupted, 1 waiting");
    expect(status.out).not.toContain("orchestrate/");
    expect((await rig.call("logs", "T001")).out).toContain(`merged as ${head.slice(0, 10)}`);
    expect((await rig.call("inbox")).out).toContain("Nobody supervises the run");
    expect(await rig.call("merge", "--into", "mine")).toMatchObject({ code: 0 });
    expect(await rig.git("show", "mine:out/T001.txt")).toBe("work of T001");
    const cleaned = (await rig.call("clean")).out;
    expect(cleaned).toContain(`removed orchestrate/${run}/integration`);
    expect(cleaned).toContain(`kept ${worktree}: `);
    expect(half(rig)).toBe("half of T002\n");
    expect(await branches(rig)).toBe(`refs/heads/orchestrate/${run}/task/T002 ${head}`);
  });

  test.each<[string, (events: Event[]) => Event[], Record<string, unknown>]>([
    ["was killed while a worker was at it", (events) => events, {}],
    [
      "was stopped",
      (events) => [
        ...events,
        { ...endOf(events), outcome: "stopped" } as Event,
        { type: "stopped", at, reason: "it was interrupted" },
      ],
      {},
    ],
    ["was killed before anybody looked at a worker's work", (events) => [...events, endOf(events)], { sendBacks: 0 }],
    [
      "sent a worker back for the last time",
      (events) => [...events, endOf(events), { type: "sent-back", at, task: "T002", reason: "not yet" }],
      { sendBacks: 1 },
    ],
  ])(
    "that %s is resumed: what is merged is named, the rest starts anew, nothing is deleted",
    async (_, edit, options) => {
      await using rig = await earlierRun(edit, { verify: ["true"], ...options });
      leaveReport(rig);
      const before = await branches(rig);
      const resumed = rig.start("resume");
      expect(await work(rig, "T002")).not.toBe(join(rig.project, worktree));
      expect(await work(rig, "T003")).not.toBe(join(rig.project, worktree));
      expect(await resumed.exit, resumed.out()).toBe(0);
      expect(resumed.out()).toContain(`Run ${run} was begun by an earlier version. Merged: T001. The rest starts anew`);
      expect(resumed.out()).toContain(`What T002 had begun stays in ${worktree}`);
      expect(rig.events().filter((event) => event.type === "dispatched" && event.task === "T001")).toHaveLength(1);
      const tip = `orchestrate/${run}/integration`;
      expect(await rig.git("show", `${tip}:out/T001.txt`)).toBe("work of T001");
      expect(await rig.git("show", `${tip}:out/T002.txt`)).toBe("new work of T002");
      expect(half(rig)).toBe("half of T002\n");
      expect(await branches(rig)).toBe(before);
      expect((await rig.call("merge", "--into", "mine")).code).toBe(0);
      expect((await rig.call("clean")).out).toContain(`kept ${worktree}: `);
      expect(half(rig)).toBe("half of T002\n");
    },
  );

  test("that was killed between a merge and its note is resumed: it merges again, and its branch of then stays", async () => {
    await using rig = await earlierRun((events) =>
      events.slice(
        0,
        events.findIndex(({ type }) => type === "merged"),
      ),
    );
    const resumed = rig.start("resume");
    await work(rig, "T002");
    await work(rig, "T003");
    expect(await resumed.exit, resumed.out()).toBe(0);
    expect(await rig.git("rev-parse", `orchestrate/${run}/integration`)).toBe(head);
    expect(resumed.out()).toContain(`orchestrate/${run}/integration holds ${head.slice(0, 12)}`);
    for (const command of ["status", "inbox"])
      expect((await rig.call(command)).out.replaceAll(/\s+/g, " ")).toContain(
        `integration holds ${head.slice(0, 12)}, which the run did not put there and leaves as it is`,
      );
    expect((await rig.call("merge", "--into", "mine")).code).toBe(0);
    for (const task of ["T001", "T002", "T003"])
      expect(await rig.git("show", `mine:out/${task}.txt`)).toContain(`work of ${task}`);
  });

  test("keeps what it merged when its branch is deleted once it was resumed", async () => {
    await using rig = await earlierRun();
    const resumed = rig.start("resume");
    await rig.worker("T002");
    await rig.git("branch", "-D", `orchestrate/${run}/integration`);
    await rig.call("stop");
    await resumed.exit;
    execFileSync("git", ["gc", "-q", "--prune=now"], { cwd: rig.project });
    expect((await rig.call("merge", "--into", "mine")).code).toBe(0);
    expect(await rig.git("show", "mine:out/T001.txt")).toBe("work of T001");
  });
});

/** As a worker of then leaves it that has ended. */
function leaveReport(rig: Rig): void {
  const { project } = rig;
  if (!rig.events().some((event) => event.type === "ended" && event.task === "T002" && event.outcome === "finished"))
    return;
  const folder = join(project, `.orchestrate/runs/${run}/tasks`);
  expect(existsSync(join(folder, "T002/1/end.json"))).toBe(false);
  copyFileSync(join(folder, "T001/1/end.json"), join(folder, "T002/1/end.json"));
}
