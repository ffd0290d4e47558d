import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { append } from "../../../src/run/append.ts";
import { isAlive } from "../../../src/process/identity.ts";
import { readCurrent } from "../../../src/run/current.ts";
import { makeRig, type Rig } from "./rig.ts";

const two = "- [ ] T001 [P] One in `one.txt`\n- [ ] T002 [P] Two in `two.txt`\n";
const files: Readonly<Record<string, string>> = { T001: "one.txt", T002: "two.txt", T003: "three.txt" };

/** Lets the next worker do its task. */
async function work(rig: Rig, task?: string): Promise<string> {
  const worker = await rig.worker(task);
  await worker.write(files[worker.task] ?? "", `${worker.task}\n`);
  worker.report("DONE", "done", { cost: 1 });
  return worker.task;
}

async function delivered(rig: Rig): Promise<string[]> {
  const run = readCurrent(rig.project)?.run ?? "";
  const tree = await rig.git("ls-tree", "-r", "--name-only", `orchestrate/${run}/integration`);
  return tree.split("\n").filter((path) => Object.values(files).includes(path));
}

/** A run with one task merged, stopped while the other was at work. */
async function halfDone(rig: Rig): Promise<{ done: string; left: string }> {
  const run = rig.start("run", "tasks.md");
  const done = await work(rig);
  await rig.until("merged");
  await rig.worker();
  await rig.call("stop");
  await run.exit;
  return { done, left: done === "T001" ? "T002" : "T001" };
}

describe("a run that is resumed", () => {
  test("after the list grew keeps what was merged, what it cost, and goes on from there", async () => {
    await using rig = await makeRig(two, { maxWorkers: 1 });
    const { done, left } = await halfDone(rig);
    appendFileSync(join(rig.project, "tasks.md"), "- [ ] T003 [P] Three in `three.txt`\n");
    const resumed = rig.start("resume");
    const rest = [await work(rig), await work(rig)];
    expect(await resumed.exit).toBe(0);
    expect(resumed.out()).toContain("The list changed");
    expect([done, ...rest].toSorted()).toEqual(["T001", "T002", "T003"]);
    expect(rest).toContain(left);
    expect(await delivered(rig)).toEqual(["one.txt", "three.txt", "two.txt"]);
    const status = JSON.parse((await rig.call("status", "--json")).out) as { tasks: { dollars: number }[] };
    expect(status.tasks.map(({ dollars }) => dollars)).toEqual([1, 1, 1]);
    expect(readFileSync(join(rig.project, "tasks.md"), "utf8")).not.toContain("[ ]");
  });

  test("with fewer workers takes over all that live, and starts none of them again", async () => {
    await using rig = await makeRig(two);
    const killed = rig.start("run", "tasks.md");
    const [one, other] = await Promise.all([rig.worker("T001"), rig.worker("T002")]);
    await rig.until("spawned", ({ task }) => task === "T002");
    await rig.until("spawned", ({ task }) => task === "T001");
    killed.child.kill("SIGKILL");
    await killed.exit;
    expect((await rig.call("clean")).out).toContain("workers of T001, T002 are at work though nobody supervises them");
    const resumed = rig.start("resume", "--max-workers", "1");
    await rig.until("adopted");
    await one.write("one.txt", "1\n");
    one.report("DONE", "done");
    await other.write("two.txt", "2\n");
    other.report("DONE", "done");
    expect(await resumed.exit).toBe(0);
    expect(resumed.out()).toContain("The options changed");
    expect(rig.events().filter((event) => event.type === "dispatched")).toHaveLength(2);
    expect(await delivered(rig)).toEqual(["one.txt", "two.txt"]);
  });

  test("does not do again what a person did and ticked meanwhile", async () => {
    await using rig = await makeRig(two, { maxWorkers: 1 });
    const { left } = await halfDone(rig);
    const list = join(rig.project, "tasks.md");
    writeFileSync(list, readFileSync(list, "utf8").replace(`[ ] ${left}`, `[x] ${left}`));
    expect((await rig.call("resume")).code).toBe(0);
    expect(rig.events().filter((event) => event.type === "dispatched")).toHaveLength(2);
  });

  test("ends the worker of a task that the list no longer has, and leaves its work where it is", async () => {
    await using rig = await makeRig(two);
    const killed = rig.start("run", "tasks.md");
    const [one, other] = await Promise.all([rig.worker("T001"), rig.worker("T002")]);
    await other.write("two.txt", "begun\n");
    const { keeper } = await rig.until("spawned", ({ task }) => task === "T002");
    killed.child.kill("SIGKILL");
    await killed.exit;
    writeFileSync(join(rig.project, "tasks.md"), "- [ ] T001 [P] One in `one.txt`\n");
    const resumed = rig.start("resume");
    await other.gone;
    await one.write("one.txt", "1\n");
    one.report("DONE", "done");
    expect(await resumed.exit).toBe(0);
    expect(resumed.out()).toContain("T002 is no longer in the list: its worker was ended");
    expect([isAlive(keeper), existsSync(join(other.cwd, "two.txt"))]).toEqual([false, true]);
  });

  test("from a machine that cannot be seen is refused, unless a person says that it is gone", async () => {
    await using rig = await makeRig(two, { maxWorkers: 1 });
    const { left } = await halfDone(rig);
    const run = readCurrent(rig.project)?.run ?? "";
    const by = { pid: 1, start: "elsewhere" };
    append(join(rig.project, ".orchestrate/runs", run, "events.jsonl"), [
      { type: "supervised", at: new Date().toISOString(), by, host: "far-away", token: "far", after: null },
    ]);
    const refused = await rig.call("resume");
    expect(refused).toMatchObject({ code: 1, out: expect.stringContaining("on far-away supervises") });
    const resumed = rig.start("resume", "--take-over");
    await work(rig, left);
    expect(await resumed.exit).toBe(0);
  });
});
