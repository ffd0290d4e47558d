import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Event } from "../../../src/model/event.ts";
import { readCurrent } from "../../../src/run/current.ts";
import { now, openRun, record } from "../../../src/run/store.ts";
import { makeRig, type Rig } from "./rig.ts";

const chain = "- [ ] T001 One in `one.txt`\n- [ ] T002 Two in `two.txt` (depends on T001)\n";

/** Does a task of a session's run as a hook would record it. */
async function doInSession(rig: Rig, task: string, path: string): Promise<void> {
  const opened = openRun(rig.project, readCurrent(rig.project)?.run ?? "");
  if (!opened.ok) throw new Error("no run");
  await writeFile(join(rig.project, path), `${task}\n`);
  const events: Event[] = [
    { type: "dispatched", at: now(), task, attempt: 1, claim: "c1", client: null, before: {} },
    { type: "done", at: now(), task, summary: `did ${task}`, files: [path], concerns: [] },
  ];
  record(opened.value, events);
}

describe("a run changes its engine", () => {
  test("from a session to headless workers, once the session's work is committed", async () => {
    await using rig = await makeRig(chain);
    expect(await rig.call("start", "tasks.md", "--session", "s1")).toMatchObject({ code: 0 });
    await doInSession(rig, "T001", "one.txt");
    const refused = await rig.call("resume", "--engine", "headless");
    expect(refused).toMatchObject({ code: 1, out: expect.stringContaining("not committed (one.txt)") });
    await rig.git("add", "one.txt");
    await rig.git("commit", "-qm", "one");
    const run = rig.start("resume", "--engine", "headless");
    const worker = await rig.worker("T002");
    expect(worker.brief).toContain("did T001");
    await worker.write("two.txt", "2\n");
    worker.report("DONE", "did T002");
    expect(await run.exit).toBe(0);
    expect(rig.events().flatMap((event) => (event.type === "dispatched" ? event.task : []))).toEqual(["T001", "T002"]);
  });

  test("from headless workers to a session, once their work is in the checkout", async () => {
    await using rig = await makeRig(chain);
    const run = rig.start("run", "tasks.md");
    const one = await rig.worker("T001");
    await one.write("one.txt", "1\n");
    one.report("DONE", "did T001");
    await rig.worker("T002");
    await rig.call("stop");
    await run.exit;
    const refused = await rig.call("resume", "--engine", "session", "--session", "s1");
    expect(refused).toMatchObject({ code: 1, out: expect.stringContaining("git merge --no-ff orchestrate/") });
    const [, merge = ""] = /`git (merge [^`]+)`/.exec(refused.out) ?? [];
    await rig.git("checkout", "tasks.md");
    await rig.git(...merge.split(" "), "-m", "merge");
    const resumed = await rig.call("resume", "--engine", "session", "--session", "s1");
    expect(resumed).toMatchObject({ code: 0, out: expect.stringMatching(/Agent\(\{description: "T002"/) });
    expect(resumed.out).not.toContain('description: "T001"');
  });
});
