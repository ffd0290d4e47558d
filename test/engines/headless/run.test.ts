import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { isAlive } from "../../../src/process/identity.ts";
import { makeRig, type Rig } from "./rig.ts";

const two = "- [ ] T001 [P] One in `one.txt`\n- [ ] T002 [P] Two in `two.txt`\n";

describe("a headless run", () => {
  test("works side by side in worktrees, merges behind the gate, ticks the list and leaves the checkout alone", async () => {
    await using rig = await makeRig(`${two}- [ ] T003 Both in \`three.txt\` (depends on T001, T002)\n`, {
      verify: ["test -f README.md"],
    });
    const run = rig.start("run", "tasks.md");
    const [one, other] = await Promise.all([rig.worker("T001"), rig.worker("T002")]);
    expect(one.cwd).not.toBe(other.cwd);
    expect(one.port).not.toBe(other.port);
    await one.write("one.txt", "1\n");
    await other.write("two.txt", "2\n");
    one.report("DONE", "made one");
    other.report("DONE", "made two");
    const three = await rig.worker("T003");
    expect(readFileSync(join(three.cwd, "one.txt"), "utf8")).toBe("1\n");
    expect(three.brief).toContain("made one");
    await three.write("three.txt", "3\n");
    three.report("DONE", "made three");
    expect(await run.exit).toBe(0);
    expect(readFileSync(join(rig.project, "tasks.md"), "utf8").match(/\[x\]/g)).toHaveLength(3);
    expect(await rig.git("status", "--porcelain")).toBe(" M tasks.md");
    expect(existsSync(join(rig.project, "three.txt"))).toBe(false);
    const [branch] = (
      await rig.git("branch", "--list", "orchestrate/*/integration", "--format=%(refname:short)")
    ).split("\n");
    expect((await rig.git("ls-tree", "--name-only", branch ?? "")).split("\n")).toEqual(
      expect.arrayContaining(["one.txt", "three.txt", "two.txt"]),
    );
  });

  test("sends a worker that lies back with the reason, and fails its task when it goes on lying", async () => {
    await using rig = await makeRig("- [ ] T001 One in `one.txt`\n", { sendBacks: 1 });
    const run = rig.start("run", "tasks.md");
    (await rig.worker("T001")).report("DONE", "all done");
    const again = await rig.worker("T001");
    expect(again.brief).toContain("nothing changed in your worktree");
    again.report("DONE", "really");
    expect(await run.exit).toBe(1);
    expect(rig.events().find((event) => event.type === "failed")).toMatchObject({
      task: "T001",
      reason: expect.stringContaining("sent back once, and still"),
    });
  });

  test("restarts a worker that crashes, after a while that grows, and then gives its task up and skips what waits for it", async () => {
    await using rig = await makeRig("- [ ] T001 One in `one.txt`\n- [ ] T002 Two (depends on T001)\n", { restarts: 1 });
    const run = rig.start("run", "tasks.md");
    (await rig.worker("T001")).exit(3);
    expect((await rig.until("ended")).wait).toBe(1);
    (await rig.worker("T001")).exit(3);
    expect(await run.exit).toBe(1);
    const types = rig
      .events()
      .flatMap((event) => ("task" in event && event.task !== null ? `${event.type} ${event.task}` : []));
    expect(types).toEqual(expect.arrayContaining(["failed T001", "skipped T002"]));
    expect(run.out()).toContain("not everything is done");
  });

  test("a question waits for a person; `answer` and `resume` let the task go on", async () => {
    await using rig = await makeRig("- [ ] T001 One in `one.txt`\n");
    const run = rig.start("run", "tasks.md");
    (await rig.worker("T001")).report("NEEDS_CONTEXT", "Which colour?");
    expect(await run.exit).toBe(1);
    expect((await rig.call("inbox")).out).toContain("Which colour?");
    expect((await rig.call("answer", "T001", "blue")).code).toBe(0);
    const resumed = rig.start("resume");
    const worker = await rig.worker("T001");
    expect(worker.brief).toContain("blue");
    await worker.write("one.txt", "blue\n");
    worker.report("DONE", "it is blue");
    expect(await resumed.exit).toBe(0);
  });

  test("a merge conflict goes back to the task's worker with both sides in its tree", async () => {
    await using rig = await makeRig("- [ ] T001 [P] One\n- [ ] T002 [P] Two\n", {}, { "shared.txt": "old\n" });
    const run = rig.start("run", "tasks.md");
    const [one, other] = await Promise.all([rig.worker("T001"), rig.worker("T002")]);
    await one.write("shared.txt", "one\n");
    await other.write("shared.txt", "two\n");
    one.report("DONE", "changed it");
    await rig.until("merged");
    other.report("DONE", "changed it too");
    const resolver = await rig.worker("T002");
    expect(resolver.brief).toMatch(/conflicts with your earlier work in these files:\n<[\w-]+>\nshared\.txt\n/);
    expect(readFileSync(join(resolver.cwd, "shared.txt"), "utf8")).toContain("<<<<<<<");
    await resolver.write("shared.txt", "one and two\n");
    resolver.report("DONE", "both are in it");
    expect(await run.exit).toBe(0);
    expect(rig.events().find((event) => event.type === "conflicted")).toMatchObject({
      files: ["shared.txt"],
      with: ["T001"],
    });
  });

  test("a conflict is left to a person where the options say so, and the work stays under its ref", async () => {
    await using rig = await makeRig(
      "- [ ] T001 [P] One\n- [ ] T002 [P] Two\n",
      { conflicts: "person" },
      { "shared.txt": "old\n" },
    );
    const run = rig.start("run", "tasks.md");
    const [one, other] = await Promise.all([rig.worker("T001"), rig.worker("T002")]);
    await one.write("shared.txt", "one\n");
    await other.write("shared.txt", "two\n");
    one.report("DONE", "changed it");
    await rig.until("merged");
    other.report("DONE", "changed it too");
    expect(await run.exit).toBe(1);
    expect(await rig.git("show", `${await taskRef(rig, "T002")}:shared.txt`)).toBe("two");
    expect((await rig.call("inbox")).out).toContain("shared.txt");
  });

  test("a task that turns the gate red in company is found, sent back, and the others are merged", async () => {
    await using rig = await makeRig("- [ ] T001 [P] One\n- [ ] T002 [P] Two\n- [ ] T003 [P] Three\n", {
      verify: ["test ! -f bad.txt"],
      maxWorkers: 3,
    });
    const run = rig.start("run", "tasks.md");
    const workers = await Promise.all([rig.worker("T001"), rig.worker("T002"), rig.worker("T003")]);
    for (const worker of workers) await worker.write(`${worker.task}.txt`, "x\n");
    await workers[1]?.write("bad.txt", "x\n");
    for (const worker of workers) worker.report("DONE", "done");
    const again = await rig.worker("T002");
    expect(again.brief).toContain("the check `test ! -f bad.txt` failed");
    await (await import("node:fs/promises")).rm(join(again.cwd, "bad.txt"));
    again.report("DONE", "mended");
    expect(await run.exit).toBe(0);
    expect(rig.events().flatMap((event) => (event.type === "sent-back" ? event.task : []))).toEqual(["T002"]);
  });

  test("a check that was red on the base is nobody's fault", async () => {
    await using rig = await makeRig("- [ ] T001 One in `one.txt`\n", { verify: ["false"] });
    const run = rig.start("run", "tasks.md");
    const worker = await rig.worker("T001");
    await worker.write("one.txt", "1\n");
    worker.report("DONE", "done");
    expect(await run.exit).toBe(0);
  });

  test("work outside the task's files is reported, or sent back where the options say so", async () => {
    await using rig = await makeRig("- [ ] T001 One in `one.txt`\n", { straying: "refuse" });
    const run = rig.start("run", "tasks.md");
    const worker = await rig.worker("T001");
    await worker.write("one.txt", "1\n");
    await worker.write("stray.txt", "1\n");
    worker.report("DONE", "done");
    const again = await rig.worker("T001");
    expect(again.brief).toContain("you changed stray.txt");
    again.report("DONE", "done", { outside: [{ path: "stray.txt", reason: "it is needed" }] });
    expect(await run.exit).toBe(0);
    expect(rig.events().find((event) => event.type === "verified")).toMatchObject({
      concerns: ["changed stray.txt as well: it is needed"],
    });
  });

  test("a reviewer can send work back before it is merged", async () => {
    const reviewer = {
      command: [process.execPath, join(process.cwd(), "test/engines/headless/worker.mjs"), "reviewer"],
    };
    await using rig = await makeRig("- [ ] T001 One in `one.txt`\n", { reviewer });
    const run = rig.start("run", "tasks.md");
    const worker = await rig.worker("T001");
    await worker.write("one.txt", "1\n");
    worker.report("DONE", "done");
    const first = await rig.worker("T001");
    expect(first.how).toBe("reviewer");
    first.report("BLOCKED", "one.txt lacks a second line");
    const again = await rig.worker("T001");
    expect(again).toMatchObject({ how: "worker", brief: expect.stringContaining("one.txt lacks a second line") });
    await again.write("one.txt", "1\n2\n");
    again.report("DONE", "two lines");
    (await rig.worker("T001")).report("DONE", "fine", { cost: 0.5 });
    expect(await run.exit).toBe(0);
    expect(rig.events().find((event) => event.type === "measured")).toMatchObject({ dollars: 0.5 });
  });

  test("a reviewer that is killed with the process over it is asked once more", async () => {
    const reviewer = {
      command: [process.execPath, join(process.cwd(), "test/engines/headless/worker.mjs"), "reviewer"],
    };
    await using rig = await makeRig("- [ ] T001 One in `one.txt`\n", { reviewer });
    const run = rig.start("run", "tasks.md");
    const worker = await rig.worker("T001");
    await worker.write("one.txt", "1\n");
    worker.report("DONE", "done");
    const first = await rig.worker("T001");
    process.kill(first.parent, "SIGKILL");
    const second = await rig.worker("T001");
    expect([first.how, second.how]).toEqual(["reviewer", "reviewer"]);
    await first.gone;
    second.report("DONE", "fine");
    expect(await run.exit).toBe(0);
  });

  test("what a worker does to its stash, branches and hooks is its own affair", async () => {
    await using rig = await makeRig("- [ ] T001 One in `one.txt`\n");
    await writeFile(join(rig.project, "README.md"), "Mine\n");
    await rig.git("stash", "push", "-qm", "mine");
    await rig.git("branch", "dev");
    const refs = await rig.git("for-each-ref", "refs/heads/main", "refs/heads/dev", "refs/stash");
    const config = readFileSync(join(rig.project, ".git/config"), "utf8");
    const run = rig.start("run", "tasks.md");
    const worker = await rig.worker("T001");
    const git = (...line: string[]) => execFileSync("git", line, { cwd: worker.cwd, stdio: "pipe" });
    expect(git("stash", "list").toString()).toBe("");
    await worker.write("README.md", "changed\n");
    git("stash");
    git("branch", "-D", "dev");
    git("checkout", "-q", "-B", "main");
    git("config", "core.hooksPath", ".husky");
    await worker.write("one.txt", "1\n");
    worker.report("DONE", "done");
    expect(await run.exit).toBe(0);
    expect(await rig.git("for-each-ref", "refs/heads/main", "refs/heads/dev", "refs/stash")).toBe(refs);
    expect(readFileSync(join(rig.project, ".git/config"), "utf8")).toBe(config);
  });

  test("setup that fails in the first worktree stops the run and says so, before any worker began", async () => {
    await using rig = await makeRig(two, { setup: ["echo no such package >&2; exit 3"] });
    const done = await rig.call("run", "tasks.md");
    expect(done.code).toBe(1);
    expect(done.out).toContain("no such package");
    expect(rig.events().filter((event) => event.type === "spawned" || event.type === "failed")).toEqual([]);
  });

  test("setup and .worktreeinclude prepare a worktree before its worker begins", async () => {
    await using rig = await makeRig(
      "- [ ] T001 One in `one.txt`\n",
      { setup: ["echo ready > ready.txt"] },
      {
        ".gitignore": ".env\nready.txt\n",
        ".worktreeinclude": ".env\n",
      },
    );
    await writeFile(join(rig.project, ".env"), "NAME=value\n");
    const run = rig.start("run", "tasks.md");
    const worker = await rig.worker("T001");
    expect(readFileSync(join(worker.cwd, ".env"), "utf8")).toBe("NAME=value\n");
    expect(readFileSync(join(worker.cwd, "ready.txt"), "utf8")).toBe("ready\n");
    await worker.write("one.txt", "1\n");
    worker.report("DONE", "done");
    expect(await run.exit).toBe(0);
    expect(rig.events().find((event) => event.type === "verified")).toMatchObject({ files: ["one.txt"] });
  });

  test("a supervisor that is killed leaves its workers at work, and `resume` takes them over", async () => {
    await using rig = await makeRig(two);
    const killed = rig.start("run", "tasks.md");
    const [one, other] = await Promise.all([rig.worker("T001"), rig.worker("T002")]);
    await rig.until("spawned", ({ task }) => task === "T002");
    killed.child.kill("SIGKILL");
    await killed.exit;
    await one.write("one.txt", "1\n");
    one.report("DONE", "nobody watched");
    await one.gone;
    const resumed = rig.start("resume");
    await rig.until("merged");
    await other.write("two.txt", "2\n");
    other.report("DONE", "done");
    expect(await resumed.exit).toBe(0);
    expect(rig.events().filter((event) => event.type === "dispatched")).toHaveLength(2);
  });

  test("a second supervisor is refused and told who has the run", async () => {
    await using rig = await makeRig(two);
    const first = rig.start("run", "tasks.md");
    await rig.worker("T001");
    expect(await rig.call("run", "tasks.md")).toMatchObject({ code: 1, out: expect.stringContaining("is open here") });
    const { run } = JSON.parse((await rig.call("status", "--json")).out) as { run: string };
    const second = await rig.call("supervise", run);
    expect(second).toMatchObject({ code: 1, out: expect.stringContaining(`process ${first.child.pid}`) });
  });

  test("`stop` ends every worker and all that it started; `resume` goes on with what is left", async () => {
    await using rig = await makeRig(two);
    const run = rig.start("run", "tasks.md");
    const workers = await Promise.all([rig.worker("T001"), rig.worker("T002")]);
    const keepers = [
      await rig.until("spawned", ({ task }) => task === "T001"),
      await rig.until("spawned", ({ task }) => task === "T002"),
    ];
    expect((await rig.call("stop")).code).toBe(0);
    expect(await run.exit).toBe(1);
    await Promise.all(workers.map((worker) => worker.gone));
    expect(keepers.filter(({ keeper }) => isAlive(keeper))).toEqual([]);
    const resumed = rig.start("resume");
    const [one, other] = await Promise.all([rig.worker("T001"), rig.worker("T002")]);
    await one.write("one.txt", "1\n");
    await other.write("two.txt", "2\n");
    one.report("DONE", "done");
    other.report("DONE", "done");
    expect(await resumed.exit).toBe(0);
  });

  test("`stop T001` ends one worker; the others go on", async () => {
    await using rig = await makeRig(two);
    const run = rig.start("run", "tasks.md");
    const [one, other] = await Promise.all([rig.worker("T001"), rig.worker("T002")]);
    expect((await rig.call("stop", "T001")).code).toBe(0);
    await one.gone;
    await other.write("two.txt", "2\n");
    other.report("DONE", "done");
    expect(await run.exit).toBe(1);
    expect(rig.events().flatMap((event) => (event.type === "merged" ? event.task : []))).toEqual(["T002"]);
  });

  test("a paused run launches nothing until it is resumed", async () => {
    await using rig = await makeRig(two, { maxWorkers: 1 });
    const run = rig.start("run", "tasks.md");
    const first = await rig.worker();
    await rig.call("pause");
    await first.write(first.task === "T001" ? "one.txt" : "two.txt", "x\n");
    first.report("DONE", "done");
    await rig.until("merged");
    expect(rig.events().filter((event) => event.type === "dispatched")).toHaveLength(1);
    await rig.call("resume");
    const second = await rig.worker();
    await second.write(second.task === "T001" ? "one.txt" : "two.txt", "x\n");
    second.report("DONE", "done");
    expect(await run.exit).toBe(0);
  });

  test("in the background it goes on by itself, and says what a person must know by their own command", async () => {
    await using rig = await makeRig("- [ ] T001 One in `one.txt`\n", { notify: "cat >> ../news.jsonl" });
    expect((await rig.call("run", "tasks.md", "--detach")).code).toBe(0);
    (await rig.worker("T001")).report("NEEDS_CONTEXT", "Which colour?");
    await rig.until("needs-input");
    await rig.call("answer", "T001", "blue");
    const worker = await rig.worker("T001");
    await worker.write("one.txt", "blue\n");
    worker.report("DONE", "done");
    await rig.until("released");
    const news = readFileSync(join(rig.project, "../news.jsonl"), "utf8");
    expect(news).toContain('"event":"needs-input"');
    expect(news).toContain('"text":"Which colour?"');
  });

  test("no worker is launched that could go beyond the run's budget", async () => {
    await using rig = await makeRig(`${two}- [ ] T003 [P] Three in \`three.txt\`\n`, {
      maxWorkers: 1,
      budgetPerTask: 1,
      budgetPerRun: 1.5,
    });
    const run = rig.start("run", "tasks.md");
    const first = await rig.worker();
    await first.write({ T001: "one.txt", T002: "two.txt", T003: "three.txt" }[first.task] ?? "", "x\n");
    first.report("DONE", "done", { cost: 0.8 });
    expect(await run.exit).toBe(1);
    expect(rig.events().find((event) => event.type === "stopped")).toMatchObject({
      reason: expect.stringContaining("the budget of 1.5 dollars leaves no room"),
    });
    expect(rig.events().filter((event) => event.type === "dispatched")).toHaveLength(1);
  });

  test("a rate limit pauses every launch, costs no attempt, and ends by itself", async () => {
    await using rig = await makeRig(two, { maxWorkers: 1 });
    const run = rig.start("run", "tasks.md");
    const first = await rig.worker();
    // Work that is committed already, and work that is not.
    await first.write("early.txt", "x\n");
    for (const line of ["add early.txt", "commit -qm early"]) execFileSync("git", line.split(" "), { cwd: first.cwd });
    await first.write("late.txt", "x\n");
    first.say({
      type: "rate_limit_event",
      rate_limit_info: { status: "rejected", resetsAt: Math.ceil(Date.now() / 1000) + 2 },
    });
    first.say({ type: "result", subtype: "success", is_error: true, result: "You've hit your session limit" });
    first.exit(1);
    expect(await rig.until("ended")).toMatchObject({ outcome: "rate-limit" });
    for (let left = 2; left > 0; left--) {
      const worker = await rig.worker();
      await worker.write(worker.task === "T001" ? "one.txt" : "two.txt", "x\n");
      worker.report("DONE", "done");
    }
    expect(await run.exit).toBe(0);
    const [limited] = rig.events().flatMap((event) => (event.type === "ended" ? event.task : []));
    const attempts = rig
      .events()
      .flatMap((event) => (event.type === "dispatched" && event.task === limited ? event.attempt : []));
    expect(attempts).toEqual([1, 1]);
    expect(rig.events().find((event) => event.type === "verified" && event.task === limited)).toMatchObject({
      files: ["early.txt", "late.txt", limited === "T001" ? "one.txt" : "two.txt"],
    });
  });

  test("a box that could not be ticked is ticked when the run is resumed, also one that is finished", async () => {
    await using rig = await makeRig("- [ ] T001 One in `one.txt`\n");
    const run = rig.start("run", "tasks.md");
    const worker = await rig.worker();
    const list = join(rig.project, "tasks.md");
    const text = readFileSync(list, "utf8");
    await rm(list);
    await worker.write("one.txt", "1\n");
    worker.report("DONE", "done");
    expect(await run.exit).toBe(0);
    expect(rig.events().find((event) => event.type === "not-ticked")).toMatchObject({ task: "T001" });
    expect((await rig.call("status")).out).toContain("not ticked: ");
    await writeFile(list, text);
    expect((await rig.call("resume")).code).toBe(0);
    expect(readFileSync(list, "utf8")).toBe(text.replace("[ ]", "[x]"));
    expect((await rig.call("status")).out).not.toContain("not ticked: ");
  });

  test("a program that is not there stops the run at once and says so", async () => {
    await using rig = await makeRig(two, { worker: { command: ["no-such-agent"] } });
    const done = await rig.call("run", "tasks.md");
    expect(done.code).toBe(1);
    expect(done.out).toContain("no-such-agent");
    expect(rig.events().filter((event) => event.type === "failed")).toEqual([]);
  });

  test("a plan in a file is run as it is, and refused when it was changed or the list was", async () => {
    await using rig = await makeRig(two);
    const { out } = await rig.call("plan", "tasks.md", "--json");
    await writeFile(join(rig.project, "../plan.json"), out);
    await writeFile(join(rig.project, "../changed.json"), out.replace("One in", "None in"));
    const changed = await rig.call("run", "../changed.json");
    expect(changed).toMatchObject({ code: 1, out: expect.stringContaining("changed after it was made") });
    const run = rig.start("run", "../plan.json");
    await Promise.all([rig.worker("T001"), rig.worker("T002")]);
    await rig.call("stop");
    await run.exit;
    expect(rig.events()[0]).toMatchObject({ plan: (JSON.parse(out) as { hash: string }).hash });
    await writeFile(join(rig.project, "tasks.md"), `${two}- [ ] T003 Three\n`);
    expect(await rig.call("run", "../plan.json")).toMatchObject({
      code: 1,
      out: expect.stringContaining("[stale-plan]"),
    });
  });

  test("a worker can start no run of its own", async () => {
    await using rig = await makeRig(two);
    const { spawnSync } = await import("node:child_process");
    const { buildHelper } = await import("../../buildHelper.ts");
    const nested = spawnSync(process.execPath, [await buildHelper(), "run", "tasks.md"], {
      cwd: rig.project,
      env: { ...process.env, ORCHESTRATE_TOKEN: "claim" },
      encoding: "utf8",
    });
    expect(nested.status).toBe(1);
    expect(nested.stderr).toContain("[nested-run]");
  });

  test.each<[string, (folder: string, elsewhere: string) => void]>([
    ["removed", (folder) => rmSync(folder, { recursive: true })],
    ["a file", (folder) => (rmSync(folder, { recursive: true }), writeFileSync(folder, "x"))],
    [
      "a link to another folder",
      (folder, elsewhere) => (rmSync(folder, { recursive: true }), symlinkSync(elsewhere, folder)),
    ],
    ["closed to everybody", (folder) => chmodSync(folder, 0)],
  ])(
    "a task whose own folder becomes %s is done again in a fresh one; the other task and the other folder come to no harm",
    async (_, harm) => {
      await using rig = await makeRig(two);
      const elsewhere = join(rig.project, "../elsewhere");
      mkdirSync(elsewhere);
      writeFileSync(join(elsewhere, "README.md"), "theirs\n");
      const run = rig.start("run", "tasks.md");
      const [one, other] = await Promise.all([rig.worker("T001"), rig.worker("T002")]);
      harm(one.cwd, elsewhere);
      one.report("DONE", "done");
      await other.write("two.txt", "2\n");
      other.report("DONE", "done");
      const again = await rig.worker("T001");
      expect(again.cwd).toBe(one.cwd);
      expect(readFileSync(join(again.cwd, "README.md"), "utf8")).toBe("A project\n");
      await again.write("one.txt", "1\n");
      again.report("DONE", "done");
      expect(await run.exit).toBe(0);
      expect(readFileSync(join(elsewhere, "README.md"), "utf8")).toBe("theirs\n");
      for (const name of readdirSync(join(one.cwd, ".."))) chmodSync(join(one.cwd, "..", name), 0o700);
    },
  );

  test("a worker whose keeper is killed leaves its work to the next one, also in a tree that was another task's", async () => {
    await using rig = await makeRig("- [ ] T001 One in `one.txt`\n- [ ] T002 Two in `two.txt` (depends on T001)\n");
    const run = rig.start("run", "tasks.md");
    const one = await rig.worker("T001");
    await one.write("one.txt", "1\n");
    one.report("DONE", "done");
    for (const life of [1, 2]) {
      const two = await rig.worker("T002");
      expect(two.cwd).toBe(one.cwd);
      await two.write(`life${life}.txt`, "x\n");
      process.kill(two.parent, "SIGKILL");
      await two.gone;
    }
    const last = await rig.worker("T002");
    await last.write("two.txt", "2\n");
    last.report("DONE", "done");
    expect(await run.exit).toBe(0);
    expect(rig.events().find((event) => event.type === "verified" && event.task === "T002")).toMatchObject({
      files: ["life1.txt", "life2.txt", "two.txt"],
    });
  });

  test("no more trees are made than are needed at once, and what git ignores in them stays for the next task", async () => {
    const list = [1, 2, 3, 4, 5].map((n) => `- [ ] T00${n} [P] Do it in \`${n}.txt\`\n`).join("");
    for (const freshTrees of [false, true]) {
      await using rig = await makeRig(
        list,
        { maxWorkers: 2, freshTrees, setup: ["echo x >> built"] },
        { ".gitignore": "built\n" },
      );
      const run = rig.start("run", "tasks.md");
      const folders = new Set<string>();
      for (let left = 5; left > 0; left--) {
        const worker = await rig.worker();
        folders.add(worker.cwd);
        expect(readFileSync(join(worker.cwd, "built"), "utf8")).toBe("x\n");
        await worker.write(`${Number(worker.task.slice(1))}.txt`, "x\n");
        worker.report("DONE", "done");
        await rig.until("merged", ({ task }) => task === worker.task);
      }
      expect(await run.exit).toBe(0);
      // One whose task is still being merged is not free yet.
      expect(folders.size).toBeGreaterThanOrEqual(freshTrees ? 5 : 2);
      expect(folders.size).toBeLessThanOrEqual(freshTrees ? 5 : 3);
      const left = readdirSync(join([...folders][0] ?? "", ".."));
      expect(left.filter((name) => name !== "_integration")).toHaveLength(freshTrees ? 0 : folders.size);
    }
  });

  test("what setup leaves is no task's work, and is there for every task", async () => {
    await using rig = await makeRig("- [ ] T001 One in `one.txt`\n- [ ] T002 Two in `two.txt` (depends on T001)\n", {
      setup: ["echo lock > lock.yaml", "echo more >> README.md"],
      verify: ["test -f lock.yaml"],
    });
    const run = rig.start("run", "tasks.md");
    const idle = await rig.worker("T001");
    idle.report("DONE", "done");
    const one = await rig.worker("T001");
    expect(one.brief).toContain("nothing changed in your worktree");
    await one.write("one.txt", "1\n");
    one.report("DONE", "done");
    const two = await rig.worker("T002");
    expect(two.cwd).toBe(one.cwd);
    expect(readFileSync(join(two.cwd, "lock.yaml"), "utf8")).toBe("lock\n");
    expect(readFileSync(join(two.cwd, "README.md"), "utf8")).toBe("A project\nmore\n");
    await two.write("two.txt", "2\n");
    two.report("DONE", "done");
    expect(await run.exit).toBe(0);
    expect(rig.events().flatMap((event) => (event.type === "verified" ? [event.files, event.strayed] : []))).toEqual([
      ["one.txt"],
      [],
      ["two.txt"],
      [],
    ]);
  });
});

/** The ref of a task's newest work. */
async function taskRef(rig: Rig, task: string): Promise<string> {
  return rig.git("for-each-ref", "--format=%(refname)", `refs/orchestrate/*/task/${task}`);
}
