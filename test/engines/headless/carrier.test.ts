import { appendFileSync, copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { bundleOf } from "../../../src/run/bundle.ts";
import { readCurrent } from "../../../src/run/current.ts";
import { buildHelper } from "../../buildHelper.ts";
import { makeRig, type Rig } from "./rig.ts";

const two = "- [ ] T001 One in `one.txt`\n- [ ] T002 Two in `two.txt` (depends on T001)\n";
const files: Readonly<Record<string, string>> = { T001: "one.txt", T002: "two.txt" };

async function work(rig: Rig, task: string): Promise<void> {
  const worker = await rig.worker(task);
  await worker.write(files[task] ?? "", `${task}\n`);
  worker.report("DONE", "done");
}

/** The helper as the plugin's folder has it: a file that an update may replace. */
async function installed(rig: Rig): Promise<string> {
  const path = join(rig.project, "..", "plugin.mjs");
  copyFileSync(await buildHelper(), path);
  return path;
}

function copyOf(rig: Rig): string {
  return join(rig.project, ".orchestrate/runs", readCurrent(rig.project)?.run ?? "", "cli.mjs");
}

/** A run begun by the plugin of before, stopped after T001, and the plugin of today. */
async function stoppedRun(rig: Rig): Promise<string> {
  const plugin = await installed(rig);
  const run = rig.startBy(plugin, "run", "tasks.md");
  await work(rig, "T001");
  await rig.until("merged");
  await rig.worker("T002");
  await rig.call("stop");
  await run.exit;
  appendFileSync(plugin, "\n// the next version\n");
  return plugin;
}

describe("a run is carried to its end by the program that began it", () => {
  test.each([
    ["replaced by something else", (path: string) => writeFileSync(path, "process.exit(9);\n")],
    ["deleted", (path: string) => rmSync(path)],
    ["cut short, as by an update that was interrupted", (path: string) => writeFileSync(path, "import {")],
  ])("the plugin's own file is %s while the run goes on", async (_, update) => {
    await using rig = await makeRig(two);
    const plugin = await installed(rig);
    const run = rig.startBy(plugin, "run", "tasks.md");
    await rig.until("dispatched");
    update(plugin);
    await work(rig, "T001");
    await work(rig, "T002");
    expect(await run.exit).toBe(0);
  });

  test("its copy is put back when somebody deletes it", async () => {
    await using rig = await makeRig(two);
    const run = rig.startBy(await installed(rig), "run", "tasks.md");
    const first = await rig.worker("T001");
    rmSync(copyOf(rig));
    await first.write("one.txt", "1\n");
    first.report("DONE", "done");
    await work(rig, "T002");
    expect(await run.exit).toBe(0);
    expect(existsSync(copyOf(rig))).toBe(true);
  });

  test("`resume` of another version hands over to the copy and says so", async () => {
    await using rig = await makeRig(two);
    const plugin = await stoppedRun(rig);
    const resumed = rig.startBy(plugin, "resume", "--max-workers", "1");
    await work(rig, "T002");
    expect(await resumed.exit).toBe(0);
    expect(resumed.out()).toMatch(/was begun by version \S+: its copy in the run's folder goes on with it/);
    const digests = rig.events().flatMap((event) => ("bundle" in event ? event.bundle?.digest : []));
    expect(new Set(digests).size).toBe(1);
  });

  test("an interruption of that `resume` stops the run once, as ever", async () => {
    await using rig = await makeRig(two);
    const plugin = await stoppedRun(rig);
    const resumed = rig.startBy(plugin, "resume");
    await rig.worker("T002");
    await rig.until("spawned", ({ task }) => task === "T002");
    resumed.child.kill("SIGINT");
    expect(await resumed.exit).toBe(1);
    expect(rig.events().filter(({ type }) => type === "stopped")).toHaveLength(2);
  });

  test.each([
    ["missing", (path: string) => rmSync(path)],
    ["damaged", (path: string) => appendFileSync(path, "\n// somebody wrote here\n")],
    ["empty", (path: string) => writeFileSync(path, "")],
  ])(
    "where the copy is %s, the version of today goes on, says so, and is the one to go on from then",
    async (_, harm) => {
      await using rig = await makeRig(two);
      const plugin = await stoppedRun(rig);
      harm(copyOf(rig));
      const resumed = rig.startBy(plugin, "resume");
      await work(rig, "T002");
      expect(await resumed.exit).toBe(0);
      expect(resumed.out()).toContain("is missing or damaged: version");
      expect(readFileSync(copyOf(rig), "utf8")).toBe(readFileSync(plugin, "utf8"));
      expect(bundleOf(rig.events())).not.toEqual(bundleOf(rig.events().slice(0, 1)));
    },
  );
});
