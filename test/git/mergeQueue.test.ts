import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { mergeWork, type Gate } from "../../src/git/mergeQueue.ts";
import { integrationBranch } from "../../src/git/names.ts";
import { gitIn, integrationFolder, makeRepository, reason, run, taken, workOf, write } from "./makeRepository.ts";

const branch = integrationBranch(run);
const green: Gate = async () => null;

test("work is merged in the order given, each as a merge that says whose it is", async () => {
  const { folder, base, git } = makeRepository();
  const one = await workOf(folder, "T1", base, { "b.txt": "b\n" });
  const two = await workOf(folder, "T2", base, { "c.txt": "c\n" });
  const seen: string[] = [];
  const result = taken(
    await mergeWork(folder, run, base, [two, { ...one, title: "Do\nit \u001b[31m" }], async (at) => {
      seen.push(`${readFileSync(join(at, "b.txt"), "utf8")}${readFileSync(join(at, "c.txt"), "utf8")}`);
      return null;
    }),
  );
  expect(seen).toEqual(["b\nc\n"]);
  expect(result.merged.map(({ task }) => task)).toEqual(["T2", "T1"]);
  expect(git("rev-parse", branch)).toBe(result.head);
  expect(git("log", "--first-parent", "--format=%H %P", `${base}..${branch}`)).toBe(
    `${result.merged[1]?.commit} ${result.merged[0]?.commit} ${one.commit}\n${result.merged[0]?.commit} ${base} ${two.commit}`,
  );
  expect(git("log", "-1", "--format=%B", branch)).toBe(
    "T1: Do it [31m\n\nOrchestrate-Task: T1\nOrchestrate-Run: r24jx9",
  );
});

test("a conflict takes out that task alone, and names the files and whose they were", async () => {
  const { folder, base } = makeRepository({ "a.txt": "a\n", "b.txt": "b\n" });
  const first = await workOf(folder, "T0", base, { "b.txt": "0\n" });
  const before = taken(await mergeWork(folder, run, base, [first], green));
  const one = await workOf(folder, "T1", base, { "a.txt": "1\n" });
  const two = await workOf(folder, "T2", base, { "a.txt": "2\n", "b.txt": "2\n" });
  const three = await workOf(folder, "T3", base, { "c.txt": "3\n" });
  const result = taken(await mergeWork(folder, run, before.head, [one, two, three], green));
  expect(result.merged.map(({ task }) => task)).toEqual(["T1", "T3"]);
  expect(result.conflicts.map((conflict) => ({ ...conflict, with: conflict.with.toSorted() }))).toEqual([
    { task: "T2", files: ["a.txt", "b.txt"], with: ["T0", "T1"] },
  ]);
});

test("nothing to merge asks no gate and moves nothing", async () => {
  const { folder, base, git } = makeRepository({ "a.txt": "a\n" });
  const one = await workOf(folder, "T1", base, { "a.txt": "1\n" });
  const two = await workOf(folder, "T2", base, { "a.txt": "2\n" });
  const { head } = taken(await mergeWork(folder, run, base, [one], green));
  const result = taken(await mergeWork(folder, run, head, [two], () => Promise.reject(new Error("asked"))));
  expect(result).toMatchObject({ head, merged: [], reds: [] });
  expect(git("rev-parse", branch)).toBe(head);
});

test("a red gate is traced to its tasks, and all the others are merged", async () => {
  const { folder, base, git } = makeRepository();
  const tasks = [];
  for (let n = 1; n <= 8; n += 1) tasks.push(await workOf(folder, `T${n}`, base, { [`f${n}.txt`]: `${n}\n` }));
  let gates = 0;
  const result = taken(
    await mergeWork(folder, run, base, tasks, async (at) => {
      gates += 1;
      const red = ["f3.txt", "f6.txt"].find((file) => existsSync(join(at, file)));
      return red === undefined ? null : { reason: `${red} is bad` };
    }),
  );
  expect(result.reds).toEqual([
    { task: "T3", reason: "f3.txt is bad" },
    { task: "T6", reason: "f6.txt is bad" },
  ]);
  expect(result.merged.map(({ task }) => task)).toEqual(["T1", "T2", "T4", "T5", "T7", "T8"]);
  expect(git("ls-tree", "--name-only", branch).split("\n")).toEqual([
    "a.txt",
    ...[1, 2, 4, 5, 7, 8].map((n) => `f${n}.txt`),
  ]);
  // Once for all, three to halve eight, and the same again for what is left.
  expect(gates).toBeLessThanOrEqual(9);
});

test("two that are red only together cost the later one", async () => {
  const { folder, base } = makeRepository();
  const tasks = [];
  for (let n = 1; n <= 5; n += 1) tasks.push(await workOf(folder, `T${n}`, base, { [`f${n}.txt`]: `${n}\n` }));
  const gate: Gate = async (at) =>
    existsSync(join(at, "f2.txt")) && existsSync(join(at, "f4.txt")) ? { reason: "two and four" } : null;
  const result = taken(await mergeWork(folder, run, base, tasks, gate));
  expect(result.reds.map(({ task }) => task)).toEqual(["T4"]);
  expect(result.merged.map(({ task }) => task)).toEqual(["T1", "T2", "T3", "T5"]);
});

test("what conflicted with a red task alone is merged once that is out", async () => {
  const { folder, base } = makeRepository();
  const one = await workOf(folder, "T1", base, { "a.txt": "bad\n" });
  const two = await workOf(folder, "T2", base, { "a.txt": "good\n" });
  const result = taken(
    await mergeWork(folder, run, base, [one, two], async (at) =>
      readFileSync(join(at, "a.txt"), "utf8") === "bad\n" ? { reason: "bad" } : null,
    ),
  );
  expect(result).toMatchObject({ conflicts: [], reds: [{ task: "T1" }], merged: [{ task: "T2" }] });
});

test("the branch does not move until the gate is green, and what the gate left is gone at its next look", async () => {
  const { folder, base, git } = makeRepository({ "a.txt": "a\n", ".gitignore": "cache\n" });
  const tasks = [
    await workOf(folder, "T1", base, { "b.txt": "b\n" }),
    await workOf(folder, "T2", base, { "c.txt": "c\n" }),
    await workOf(folder, "T3", base, { "d.txt": "d\n" }),
  ];
  let looks = 0;
  const result = taken(
    await mergeWork(folder, run, base, tasks, async (at) => {
      looks += 1;
      expect(git("for-each-ref", `refs/heads/${branch}`)).toBe("");
      expect(gitIn(at)("status", "--porcelain")).toBe("");
      expect(existsSync(join(at, "cache"))).toBe(looks > 1);
      write(at, { "rubbish.txt": "r", "a.txt": "r", cache: "kept" });
      gitIn(at)("init", "-q", "nested");
      // A check that leaves HEAD on a branch of its own.
      gitIn(at)("checkout", "-q", "-b", `check${looks}`);
      return existsSync(join(at, "c.txt")) ? { reason: "c" } : null;
    }),
  );
  expect(looks).toBeGreaterThan(2);
  expect(git("rev-parse", branch)).toBe(result.head);
  expect(result.merged.map(({ task }) => task)).toEqual(["T1", "T3"]);
});

test("a call that was killed after the branch moved is made good by the same call", async () => {
  const { folder, base, git } = makeRepository();
  const one = await workOf(folder, "T1", base, { "b.txt": "b\n" });
  const two = await workOf(folder, "T2", base, { "c.txt": "c\n" });
  const first = taken(await mergeWork(folder, run, base, [one, two], green));
  const again = taken(await mergeWork(folder, run, base, [one, two], green));
  expect(again.merged.map(({ task }) => task)).toEqual(["T1", "T2"]);
  expect(git("rev-parse", branch)).toBe(again.head);
  expect(git("rev-parse", `${first.head}^{tree}`)).toBe(git("rev-parse", `${again.head}^{tree}`));
});

test("a broken integration worktree is made good", async () => {
  const { folder, base } = makeRepository();
  const path = join(folder, integrationFolder);
  let onto = base;
  for (const [index, harm] of [
    () => rmSync(path, { recursive: true }),
    () => rmSync(join(path, ".git")),
    () => writeFileSync(join(folder, ".git/worktrees/_integration/MERGE_HEAD"), `${base}\n`),
    () => rmSync(join(folder, ".git/worktrees/_integration/index")),
    () => undefined,
  ].entries()) {
    const work = await workOf(folder, `T${index}`, base, { [`f${index}.txt`]: "x\n" });
    const result = taken(
      await mergeWork(folder, run, onto, [work], async (at) =>
        gitIn(at)("status", "--porcelain") === "" ? null : { reason: "dirty" },
      ),
    );
    expect(result.reds).toEqual([]);
    onto = result.head;
    harm();
  }
});

test("commits on the integration branch that are not ours are never lost", async () => {
  const { scratch, folder, base, git } = makeRepository();
  const one = await workOf(folder, "T1", base, { "b.txt": "b\n" });
  const { head } = taken(await mergeWork(folder, run, base, [one], green));
  git("worktree", "add", "-q", join(scratch, "person"), branch);
  const two = await workOf(folder, "T2", base, { "c.txt": "c\n" });
  expect(reason(await mergeWork(folder, run, head, [two], green))).toContain(
    `is checked out in ${join(scratch, "person")}`,
  );
  gitIn(join(scratch, "person"))("commit", "-q", "--allow-empty", "-m", "by hand");
  gitIn(join(scratch, "person"))("checkout", "-q", "--detach");
  const tip = git("rev-parse", branch);
  expect(reason(await mergeWork(folder, run, head, [two], green))).toContain(
    `a commit that this run did not make (${tip.slice(0, 12)})`,
  );
  expect(git("rev-parse", branch)).toBe(tip);
});

test("somebody who moves the branch while the gate runs wins, and the call says so", async () => {
  const { folder, base, git } = makeRepository();
  const one = await workOf(folder, "T1", base, { "b.txt": "b\n" });
  const result = await mergeWork(folder, run, base, [one], async () => {
    git("branch", branch, one.commit);
    return null;
  });
  expect(reason(result)).toContain("could not be moved");
  expect(git("rev-parse", branch)).toBe(one.commit);
});
