import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { gateTree, mergedRef, mergeWork, type Gate } from "../../src/git/mergeQueue.ts";
import { integrationBranch } from "../../src/git/names.ts";
import type { Ledger } from "../../src/git/ledger.ts";
import {
  gitIn,
  handedTree,
  integrationFolder,
  ledgerOf,
  makeRepository,
  run,
  taken,
  workIn,
  workOf,
  write,
} from "./makeRepository.ts";

const branch = integrationBranch(run);
const green: Gate = async () => null;
/** A gate that looks at files, in the tree that the checks run in. */
const gate =
  (ledger: Ledger, look: (folder: string) => Promise<{ reason: string } | null>): Gate =>
  async (commit) =>
    look(taken(await gateTree(ledger, run, commit)).folder);

test("work is merged in the order given, each as a merge that says whose it is", async () => {
  const { folder, base, git } = makeRepository();
  const ledger = await ledgerOf(folder);
  const one = await workOf(ledger, "T1", base, { "b.txt": "b\n" });
  const two = await workOf(ledger, "T2", base, { "c.txt": "c\n" });
  const seen: string[] = [];
  const result = taken(
    await mergeWork(
      ledger,
      run,
      base,
      [two, { ...one, title: "Do\nit \u001b[31m" }],
      gate(ledger, async (at) => {
        seen.push(`${readFileSync(join(at, "b.txt"), "utf8")}${readFileSync(join(at, "c.txt"), "utf8")}`);
        return null;
      }),
    ),
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
  const ledger = await ledgerOf(folder);
  const first = await workOf(ledger, "T0", base, { "b.txt": "0\n" });
  const before = taken(await mergeWork(ledger, run, base, [first], green));
  const one = await workOf(ledger, "T1", base, { "a.txt": "1\n" });
  const two = await workOf(ledger, "T2", base, { "a.txt": "2\n", "b.txt": "2\n" });
  const three = await workOf(ledger, "T3", base, { "c.txt": "3\n" });
  const result = taken(await mergeWork(ledger, run, before.head, [one, two, three], green));
  expect(result.merged.map(({ task }) => task)).toEqual(["T1", "T3"]);
  expect(result.conflicts.map((conflict) => ({ ...conflict, with: conflict.with.toSorted() }))).toEqual([
    { task: "T2", files: ["a.txt", "b.txt"], with: ["T0", "T1"] },
  ]);
});

test("nothing to merge asks no gate and moves nothing", async () => {
  const { folder, base, git } = makeRepository({ "a.txt": "a\n" });
  const ledger = await ledgerOf(folder);
  const one = await workOf(ledger, "T1", base, { "a.txt": "1\n" });
  const two = await workOf(ledger, "T2", base, { "a.txt": "2\n" });
  const { head } = taken(await mergeWork(ledger, run, base, [one], green));
  const result = taken(await mergeWork(ledger, run, head, [two], () => Promise.reject(new Error("asked"))));
  expect(result).toMatchObject({ head, merged: [], reds: [] });
  expect(git("rev-parse", branch)).toBe(head);
});

test("a red gate is traced to its tasks, and all the others are merged", async () => {
  const { folder, base, git } = makeRepository();
  const ledger = await ledgerOf(folder);
  const tasks = [];
  for (let n = 1; n <= 8; n += 1) tasks.push(await workOf(ledger, `T${n}`, base, { [`f${n}.txt`]: `${n}\n` }));
  let gates = 0;
  const result = taken(
    await mergeWork(
      ledger,
      run,
      base,
      tasks,
      gate(ledger, async (at) => {
        gates += 1;
        const red = ["f3.txt", "f6.txt"].find((file) => existsSync(join(at, file)));
        return red === undefined ? null : { reason: `${red} is bad` };
      }),
    ),
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
  const ledger = await ledgerOf(folder);
  const tasks = [];
  for (let n = 1; n <= 5; n += 1) tasks.push(await workOf(ledger, `T${n}`, base, { [`f${n}.txt`]: `${n}\n` }));
  const both: Gate = gate(ledger, async (at) =>
    existsSync(join(at, "f2.txt")) && existsSync(join(at, "f4.txt")) ? { reason: "two and four" } : null,
  );
  const result = taken(await mergeWork(ledger, run, base, tasks, both));
  expect(result.reds.map(({ task }) => task)).toEqual(["T4"]);
  expect(result.merged.map(({ task }) => task)).toEqual(["T1", "T2", "T3", "T5"]);
});

test("what conflicted with a red task alone is merged once that is out", async () => {
  const { folder, base } = makeRepository();
  const ledger = await ledgerOf(folder);
  const one = await workOf(ledger, "T1", base, { "a.txt": "bad\n" });
  const two = await workOf(ledger, "T2", base, { "a.txt": "good\n" });
  const result = taken(
    await mergeWork(
      ledger,
      run,
      base,
      [one, two],
      gate(ledger, async (at) => (readFileSync(join(at, "a.txt"), "utf8") === "bad\n" ? { reason: "bad" } : null)),
    ),
  );
  expect(result).toMatchObject({ conflicts: [], reds: [{ task: "T1" }], merged: [{ task: "T2" }] });
});

test("the branch does not move until the gate is green, and what the gate left is gone at its next look", async () => {
  const { folder, base, git } = makeRepository({ "a.txt": "a\n", ".gitignore": "cache\n" });
  const ledger = await ledgerOf(folder);
  const tasks = [
    await workOf(ledger, "T1", base, { "b.txt": "b\n" }),
    await workOf(ledger, "T2", base, { "c.txt": "c\n" }),
    await workOf(ledger, "T3", base, { "d.txt": "d\n" }),
  ];
  let looks = 0;
  const result = taken(
    await mergeWork(
      ledger,
      run,
      base,
      tasks,
      gate(ledger, async (at) => {
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
    ),
  );
  expect(looks).toBeGreaterThan(2);
  expect(git("rev-parse", branch)).toBe(result.head);
  expect(result.merged.map(({ task }) => task)).toEqual(["T1", "T3"]);
});

test("a call that was killed after the branch moved is made good by the same call", async () => {
  const { folder, base, git } = makeRepository();
  const ledger = await ledgerOf(folder);
  const one = await workOf(ledger, "T1", base, { "b.txt": "b\n" });
  const two = await workOf(ledger, "T2", base, { "c.txt": "c\n" });
  const first = taken(await mergeWork(ledger, run, base, [one, two], green));
  const again = taken(await mergeWork(ledger, run, base, [one, two], green));
  expect(again.merged.map(({ task }) => task)).toEqual(["T1", "T2"]);
  expect(git("rev-parse", branch)).toBe(again.head);
  expect(git("rev-parse", `${first.head}^{tree}`)).toBe(git("rev-parse", `${again.head}^{tree}`));
});

test("whatever a check did to the gate's tree, the next look is at exactly the merged work", async () => {
  const { scratch, folder, base } = makeRepository({ "a.txt": "a\n", "deep/b.txt": "b\n" });
  const ledger = await ledgerOf(folder);
  const path = join(folder, integrationFolder);
  let onto = base;
  for (const [index, harm] of [
    () => rmSync(path, { recursive: true }),
    () => rmSync(join(path, ".git"), { recursive: true }),
    () => writeFileSync(join(path, ".git/HEAD"), "junk"),
    () => writeFileSync(join(ledger.folder, "indexes/_integration"), "junk"),
    () => rmSync(ledger.folder, { recursive: true }),
    () => {
      rmSync(path, { recursive: true });
      symlinkSync(scratch, path);
    },
    () => {
      rmSync(join(path, "deep"), { recursive: true });
      symlinkSync(scratch, join(path, "deep"));
    },
    () => {
      rmSync(path, { recursive: true });
      writeFileSync(path, "a file");
    },
    () => undefined,
  ].entries()) {
    const work = await workOf(ledger, `T${index}`, base, { [`f${index}.txt`]: "x\n" });
    const clean = gate(ledger, async (at) => (gitIn(at)("status", "--porcelain") === "" ? null : { reason: "dirty" }));
    const result = taken(await mergeWork(ledger, run, onto, [work], clean));
    expect(result.reds).toEqual([]);
    onto = result.head;
    harm();
  }
  expect(readdirSync(scratch)).toEqual(["repository"]);
});

test("a commit on the integration branch that is not the run's stays, and so does the run's own merge, under a ref of ours", async () => {
  const { folder, base, git } = makeRepository();
  const ledger = await ledgerOf(folder);
  const one = await workOf(ledger, "T1", base, { "b.txt": "b\n" });
  const { head } = taken(await mergeWork(ledger, run, base, [one], green));
  const foreign = git("commit-tree", `${base}^{tree}`, "-p", base, "-m", "by hand");
  git("branch", "-f", branch, foreign);
  const two = await workOf(ledger, "T2", base, { "c.txt": "c\n" });
  const next = taken(await mergeWork(ledger, run, head, [two], green));
  expect(git("rev-parse", branch, mergedRef(run))).toBe(`${foreign}\n${next.head}`);
  expect(next.merged.map(({ task }) => task)).toEqual(["T2"]);
  // Where it is gone, or holds nothing but what is merged, it is ours again.
  git("branch", "-D", branch);
  const three = await workOf(ledger, "T3", base, { "d.txt": "d\n" });
  const last = taken(await mergeWork(ledger, run, next.head, [three], green));
  expect(git("rev-parse", branch)).toBe(last.head);
});

test("a branch that somebody stands on does not move under them", async () => {
  const { scratch, folder, base, git } = makeRepository();
  const ledger = await ledgerOf(folder);
  const one = await workOf(ledger, "T1", base, { "b.txt": "b\n" });
  const { head } = taken(await mergeWork(ledger, run, base, [one], green));
  git("worktree", "add", "-q", join(scratch, "person"), branch);
  const two = await workOf(ledger, "T2", base, { "c.txt": "c\n" });
  const next = taken(await mergeWork(ledger, run, head, [two], green));
  expect(git("rev-parse", branch, mergedRef(run))).toBe(`${head}\n${next.head}`);
  expect(gitIn(join(scratch, "person"))("status", "--porcelain")).toBe("");
});

test("a branch of ours in another's way stops nothing", async () => {
  const { folder, base, git } = makeRepository();
  const ledger = await ledgerOf(folder);
  git("branch", "orchestrate");
  const one = await workOf(ledger, "T1", base, { "b.txt": "b\n" });
  const { head } = taken(await mergeWork(ledger, run, base, [one], green));
  expect(git("rev-parse", mergedRef(run))).toBe(head);
});

test.each([
  ["text against text", { f: "one\n" }, { f: "two\n" }, ["f"]],
  ["a file against a folder", { f: null, "f/x": "x\n" }, { f: "two\n" }, ["f"]],
  ["deleted against changed", { f: null }, { f: "two\n" }, ["f"]],
  ["one name, two binaries", { g: "\u0000one" }, { g: "\u0000two" }, ["g"]],
])("a conflict of %s names files as people know them, and whose they are", async (_, ours, theirs, files) => {
  const { folder, base } = makeRepository({ f: "base\n" });
  const ledger = await ledgerOf(folder);
  const works = [];
  for (const [task, changes] of [["T1", ours] as const, ["T2", theirs] as const]) {
    const tree = await handedTree(ledger, task, base);
    for (const [path, text] of Object.entries(changes))
      if (text === null) rmSync(join(tree.root, path));
      else write(tree.root, { [path]: text });
    works.push({ task, title: task, commit: (await workIn(ledger, tree, task, base)).commit });
  }
  const { conflicts } = taken(await mergeWork(ledger, run, base, works, green));
  expect(conflicts).toEqual([{ task: "T2", files, with: ["T1"] }]);
});
