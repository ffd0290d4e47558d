import { chmodSync, existsSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { cleanRun } from "../../src/git/clean.ts";
import { deliver, type Delivery } from "../../src/git/deliver.ts";
import { gateTree, mergeWork } from "../../src/git/mergeQueue.ts";
import { taskRef } from "../../src/git/names.ts";
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

/** The run's tasks, each in its own tree. */
const places = ["T1", "T2", "T3"].map((task) => ({
  worktree: `.orchestrate/worktrees/${run}/${task}`,
  ref: taskRef(run, task),
}));

/** A run with one task merged into `main`, one merged nowhere, one with uncommitted work. */
async function ended() {
  const { folder, base, git } = makeRepository();
  const ledger = await ledgerOf(folder);
  const one = await workOf(ledger, "T1", base, { "b.txt": "b\n" });
  const two = await workOf(ledger, "T2", base, { "c.txt": "c\n" });
  const three = await handedTree(ledger, "T3", base);
  write(three.root, { "left.txt": "x\n" });
  await mergeWork(ledger, run, base, [one], async (commit) => {
    write(taken(await gateTree(ledger, run, commit)).folder, { "rubbish.txt": "x\n" });
    return null;
  });
  git("merge", "-q", "--no-ff", "orchestrate/r24jx9/integration");
  return { folder, base, git, ledger, one, two, three };
}

const names = {
  T1: ".orchestrate/worktrees/r24jx9/T1",
  T2: ".orchestrate/worktrees/r24jx9/T2",
  T3: ".orchestrate/worktrees/r24jx9/T3",
};
const second = "refs/orchestrate/r24jx9/task/T2";
const clean = async (folder: string, dry = false) => taken(await cleanRun(folder, run, { dry, merged: null, places }));

test("what is contained in a branch of the user's goes, everything else stays and says why", async () => {
  const { folder, git, one, two, three } = await ended();
  const rehearsed = await clean(folder, true);
  expect(existsSync(one.path)).toBe(true);
  const cleaned = await clean(folder);
  expect(cleaned).toEqual(rehearsed);
  expect(cleaned.removed.toSorted()).toEqual(
    [names.T1, integrationFolder, "orchestrate/r24jx9/integration"].toSorted(),
  );
  const safe = `its work (${two.commit.slice(0, 12)}) is in no branch of yours`;
  expect(cleaned.kept).toEqual([
    { what: names.T2, why: safe },
    { what: names.T3, why: "it has uncommitted work (left.txt)" },
    { what: second, why: safe },
  ]);
  expect(existsSync(one.path)).toBe(false);
  expect(git("rev-parse", second)).toBe(two.commit);
  expect(existsSync(join(three.root, "left.txt"))).toBe(true);
  expect((await clean(folder)).removed).toEqual([]);
});

test("when all of it is safe nothing of ours is left, in folders or refs", async () => {
  const { folder, git, two, three } = await ended();
  git("branch", "keep", two.commit);
  rmSync(join(three.root, "left.txt"));
  expect((await clean(folder)).kept).toEqual([]);
  expect(git("for-each-ref", "refs/orchestrate", "refs/heads/orchestrate")).toBe("");
  expect(
    [".orchestrate/worktrees/r24jx9", ".git/orchestrate/r24jx9"].filter((path) => existsSync(join(folder, path))),
  ).toEqual([]);
});

test.each<[string, (root: string) => void, string]>([
  ["a folder `.git` that is no repository", (root) => write(root, { "fix/.git/HEAD": "x\n" }), "fix/.git"],
  [
    "a repository with a commit of its own",
    (root) => (write(root, { "in/x": "x" }), gitIn(join(root, "in"))("init", "-q")),
    "in/.git",
  ],
  [
    "a named pipe",
    (root) => process.getBuiltinModule("node:child_process").execFileSync("mkfifo", [join(root, "p")]),
    "p",
  ],
  ["an unreadable folder", (root) => (write(root, { "d/x": "x" }), chmodSync(join(root, "d"), 0)), "d"],
])("a tree with what no commit can hold stays, though its work is merged: %s", async (_, leave, path) => {
  const { folder, one } = await ended();
  leave(one.path);
  expect((await clean(folder)).kept).toContainEqual({
    what: names.T1,
    why: `it holds what no commit can hold (${path})`,
  });
  expect(existsSync(one.path)).toBe(true);
  if (path === "d") chmodSync(join(one.path, "d"), 0o700);
});

test.each<[string, readonly string[], string | null]>([
  ["reported", ["dist/out.js"], "dist/out.js"],
  ["reported in another spelling", ["./dist//out.js"], "dist/out.js"],
  [
    "reported beside paths that lead out or are not there",
    ["../x", "/etc/hosts", "gone/x", "", "dist/out.js"],
    "dist/out.js",
  ],
  ["not reported", ["b.txt"], null],
])("a file that git ignores keeps its tree where its worker named it as its work: %s", async (_, reported, kept) => {
  const { folder, one } = await ended();
  write(folder, { ".git/info/exclude": "dist/\n" });
  write(one.path, { "dist/out.js": "x\n" });
  const named = places.map((place) => ({ ...place, reported }));
  const cleaned = taken(await cleanRun(folder, run, { dry: false, merged: null, places: named }));
  expect(existsSync(join(one.path, "dist/out.js"))).toBe(kept !== null);
  if (kept === null) expect(cleaned.removed).toContain(names.T1);
  else
    expect(cleaned.kept).toContainEqual({
      what: names.T1,
      why: expect.stringContaining(`git ignores ${kept}, which its worker reported`),
    });
});

test("a submodule that a worker fetched keeps its tree; one that was there before it does not", async () => {
  const { folder, git } = makeRepository();
  git("update-index", "--add", "--cacheinfo", `160000,${git("rev-parse", "HEAD")},module`);
  git("commit", "-q", "-m", "module");
  const base = git("rev-parse", "HEAD");
  const ledger = await ledgerOf(folder);
  const fetch = (root: string): void => write(root, { "module/.git": "gitdir: ../.git/modules/module\n" });
  await handedTree(ledger, "T1", base, { setUp: fetch });
  fetch((await handedTree(ledger, "T2", base)).root);
  const cleaned = await clean(folder);
  expect(cleaned.removed).toContain(names.T1);
  expect(cleaned.kept).toContainEqual({
    what: names.T2,
    why: "what its worker did in the submodule module is in no commit here",
  });
});

test("a tree that was moved aside stays until what is in it is in a branch", async () => {
  const { folder, ledger, base } = await ended();
  renameSync(join(folder, names.T1), join(folder, `${names.T1}.left-1`));
  write(folder, { [`${names.T1}.left-1/only-here.txt`]: "x\n" });
  await handedTree(ledger, "T1", base);
  expect((await clean(folder)).kept).toContainEqual({
    what: `${names.T1}.left-1`,
    why: "what is in it is in no commit",
  });
  rmSync(join(folder, `${names.T1}.left-1/only-here.txt`));
  expect((await clean(folder)).removed).toContain(`${names.T1}.left-1`);
});

test("what setup left is no reason to keep a tree, and what its worker made of it is", async () => {
  const { folder, base } = makeRepository();
  const ledger = await ledgerOf(folder);
  const setUp = (root: string): void => write(root, { "lock.yaml": "x\n" });
  const one = await handedTree(ledger, "T1", base, { setUp });
  const two = await handedTree(ledger, "T2", base, { setUp });
  await workIn(ledger, one, "T1", base);
  write(two.root, { "lock.yaml": "changed\n" });
  expect(await clean(folder)).toMatchObject({
    removed: [names.T1],
    kept: [{ what: names.T2, why: "it has uncommitted work (lock.yaml)" }],
  });
});

test("another run's work stays", async () => {
  const { folder, git } = await ended();
  git("update-ref", "refs/orchestrate/other/task/T1", "HEAD");
  git("branch", "orchestrate/other/integration");
  await clean(folder);
  expect(git("for-each-ref", "--format=%(refname)", "refs/orchestrate/other", "refs/heads/orchestrate/other")).toBe(
    "refs/heads/orchestrate/other/integration\nrefs/orchestrate/other/task/T1",
  );
});

test("a ref whose folder is gone stays while its work is nowhere else", async () => {
  const { folder, git, two } = await ended();
  rmSync(two.path, { recursive: true });
  expect((await clean(folder)).kept.map(({ what }) => what)).toContain(second);
  expect(git("rev-parse", second)).toBe(two.commit);
  git("branch", "keep", two.commit);
  expect((await clean(folder)).kept.map(({ what }) => what)).toEqual([names.T3]);
});

test("a removal that was killed half-way is brought to its end", async () => {
  const { folder, one } = await ended();
  renameSync(one.path, join(folder, ".orchestrate/worktrees/r24jx9/.gone-T1"));
  rmSync(join(folder, ".orchestrate/worktrees/r24jx9/.gone-T1/a.txt"));
  await clean(folder);
  expect(existsSync(join(folder, ".orchestrate/worktrees/r24jx9/.gone-T1"))).toBe(false);
});

/** A task's worktree as version 0.1.0 made it: one of the user's own repository, on a branch of ours. */
function earlier(folder: string, git: ReturnType<typeof gitIn>, task: string, files: Readonly<Record<string, string>>) {
  const path = join(folder, `.orchestrate/worktrees/${run}/${task}`);
  git("worktree", "add", "-q", "-b", `orchestrate/${run}/task/${task}`, path);
  write(path, files);
  gitIn(path)("add", "-A");
  gitIn(path)("commit", "-qm", task);
  return path;
}

test("worktrees of version 0.1.0 go when their work is safe, with git's note of them, and stay when locked or not safe", async () => {
  const { folder, git } = makeRepository();
  const [one, two, three] = ["T1", "T2", "T3"].map((task) => earlier(folder, git, task, { [`${task}.txt`]: "x\n" }));
  git("merge", "-q", "orchestrate/r24jx9/task/T1");
  git("merge", "-q", "--no-ff", "-m", "two", "orchestrate/r24jx9/task/T2");
  git("worktree", "lock", "--reason", "mine", two ?? "");
  write(three ?? "", { "left.txt": "x\n" });
  const { removed, kept } = taken(await cleanRun(folder, run, { dry: false, merged: null, places: [] }));
  expect(removed).toEqual([names.T1, "orchestrate/r24jx9/task/T1"]);
  expect(kept.map(({ what }) => what)).toEqual([
    names.T2,
    names.T3,
    "orchestrate/r24jx9/task/T2",
    "orchestrate/r24jx9/task/T3",
  ]);
  expect(kept[0]?.why).toBe("it is locked (mine)");
  expect(existsSync(one ?? "")).toBe(false);
  expect(git("worktree", "list")).not.toContain("/T1 ");
});

test("a branch that a person stands on, or rebases, stays, and the answer says where", async () => {
  const { folder, scratch, base, git } = makeRepository();
  const there = join(scratch, "there");
  for (const name of ["integration", "task/T1"]) git("branch", `orchestrate/r24jx9/${name}`, base);
  git("checkout", "-q", "orchestrate/r24jx9/integration");
  git("worktree", "add", "-q", there, "orchestrate/r24jx9/task/T1");
  const inside = gitIn(there);
  expect(() => inside("rebase", "-q", "--root", "--exec", "false")).toThrow("rebase");
  const expected = [
    { what: "orchestrate/r24jx9/integration", why: `it is checked out in ${folder}` },
    { what: "orchestrate/r24jx9/task/T1", why: `it is being rebased in ${there}` },
  ];
  for (const dry of [true, false])
    expect(await cleanRun(folder, run, { dry, merged: null, places })).toEqual({
      ok: true,
      removed: [],
      kept: expected,
    });
  expect(git("status", "--porcelain")).toBe("");
  inside("rebase", "--abort");
  inside("checkout", "-q", "--detach");
  git("checkout", "-q", "main");
  expect(taken(await cleanRun(folder, run, { dry: false, merged: null, places })).kept).toEqual([]);
});

test("a branch that only points to one of ours does not make its work safe", async () => {
  const { folder, git, two } = await ended();
  git("symbolic-ref", "refs/heads/mine", second);
  expect((await clean(folder)).kept.map(({ what }) => what)).toContain(names.T2);
  expect(git("rev-parse", "mine")).toBe(two.commit);
});

/** Two tasks merged, none of it in `main`. */
async function handing() {
  const { folder, base, git } = makeRepository();
  const ledger = await ledgerOf(folder);
  const one = await workOf(ledger, "T1", base, { "b.txt": "b\n" });
  const two = await workOf(ledger, "T2", base, { "c.txt": "c\n" });
  const { head, merged: tasks } = taken(await mergeWork(ledger, run, base, [one, two], async () => null));
  const give = (as: Delivery["as"]) => deliver(folder, run, { into: "mine", as, base, head, tasks });
  const cleanAll = async () => taken(await cleanRun(folder, run, { dry: false, merged: { base, tasks }, places }));
  return { git, ledger, base, one, two, give, cleanAll };
}

test.each(["branches", "stack"] as const)(
  "what was delivered as %s may go, unless some of it is gone again",
  async (as) => {
    const { git, ledger, base, one, two, give, cleanAll } = await handing();
    const given = taken(await give(as)).branches.map(({ branch }) => branch);
    // A stack's last branch holds the others.
    const lost = given.at(-1) ?? "";
    const commit = git("rev-parse", lost);
    git("branch", "-D", lost);
    const { removed } = await cleanAll();
    expect(removed.filter((name) => name.endsWith("/integration") || name.endsWith("T2"))).toEqual([]);
    git("branch", lost, commit);
    // Further work of a task was never delivered.
    write(two.path, { "more.txt": "m\n" });
    const more = (await workIn(ledger, two.tree, "T2", base)).commit;
    const why = `its work (${more.slice(0, 12)}) is in no branch of yours`;
    expect((await cleanAll()).kept).toEqual([
      { what: names.T2, why },
      { what: second, why },
    ]);
    expect(existsSync(one.path)).toBe(false);
    expect(git("for-each-ref", "refs/heads/orchestrate/r24jx9/integration")).toBe("");
  },
);

test("work that a later task took back is not taken for delivered because the tree is the same", async () => {
  const { folder, base, git } = makeRepository();
  const ledger = await ledgerOf(folder);
  const one = await workOf(ledger, "T1", base, { "a.txt": "better\n" });
  const two = await workOf(ledger, "T2", one.commit, { "a.txt": "a\n" });
  const { merged: tasks } = taken(await mergeWork(ledger, run, base, [one, two], async () => null));
  git("commit", "-q", "--allow-empty", "-m", "same tree");
  const { removed } = taken(await cleanRun(folder, run, { dry: false, merged: { base, tasks }, places }));
  expect(removed.filter((name) => !name.includes("_integration"))).toEqual([]);
});

test("trees that stand in a branch of the user's do not make safe what the run began at", async () => {
  const { folder, base: first, git } = makeRepository();
  const ledger = await ledgerOf(folder);
  git("checkout", "-q", "-b", "start");
  git("commit", "-q", "--allow-empty", "-m", "only here");
  const base = git("rev-parse", "HEAD");
  const one = await workOf(ledger, "T1", base, { "b.txt": "b\n" });
  const { head, merged: tasks } = taken(await mergeWork(ledger, run, base, [one], async () => null));
  git("checkout", "-q", "main");
  git("branch", "-D", "start");
  git("reset", "-q", "--hard", git("commit-tree", `${head}^{tree}`, "-p", first, "-m", "squashed"));
  expect(taken(await cleanRun(folder, run, { dry: false, merged: { base, tasks }, places })).removed).toEqual([]);
  git("branch", "start", base);
  expect(taken(await cleanRun(folder, run, { dry: false, merged: { base, tasks }, places })).kept).toEqual([]);
});
