import { existsSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { cleanRun } from "../../src/git/clean.ts";
import { deliver, type Delivery } from "../../src/git/deliver.ts";
import { mergeWork } from "../../src/git/mergeQueue.ts";
import { gitIn, integrationFolder, makeRepository, run, taken, worktreeOf, workOf, write } from "./makeRepository.ts";

/** A run with one task merged into `main`, one merged nowhere, one with uncommitted work. */
async function ended() {
  const { folder, base, git } = makeRepository();
  const one = await workOf(folder, "T1", base, { "b.txt": "b\n" });
  const two = await workOf(folder, "T2", base, { "c.txt": "c\n" });
  const three = await worktreeOf(folder, "T3", base);
  write(three.path, { "left.txt": "x\n" });
  await mergeWork(folder, run, base, [one], async (at) => {
    write(at, { "rubbish.txt": "x\n" });
    return null;
  });
  git("merge", "-q", "--no-ff", "orchestrate/r24jx9/integration");
  return { folder, base, git, one, two, three };
}

const names = {
  T1: ".orchestrate/worktrees/r24jx9/T1",
  T2: ".orchestrate/worktrees/r24jx9/T2",
  T3: ".orchestrate/worktrees/r24jx9/T3",
};

test("what is contained in a branch of the user's goes, everything else stays and says why", async () => {
  const { folder, git, one, two, three } = await ended();
  const rehearsed = taken(await cleanRun(folder, run, { dry: true, merged: null }));
  expect(existsSync(one.path)).toBe(true);
  const cleaned = taken(await cleanRun(folder, run, { dry: false, merged: null }));
  expect(cleaned).toEqual(rehearsed);
  expect(cleaned.removed.toSorted()).toEqual(
    [names.T1, integrationFolder, "orchestrate/r24jx9/integration", "orchestrate/r24jx9/task/T1"].toSorted(),
  );
  expect(cleaned.kept.toSorted((a, b) => (a.what < b.what ? -1 : 1))).toEqual([
    { what: names.T2, why: `its work (${two.commit.slice(0, 12)}) is in no branch of yours` },
    { what: names.T3, why: "it has uncommitted work (left.txt)" },
    { what: "orchestrate/r24jx9/task/T2", why: "its worktree is kept" },
    { what: "orchestrate/r24jx9/task/T3", why: "its worktree is kept" },
  ]);
  expect(existsSync(one.path)).toBe(false);
  expect(git("rev-parse", "orchestrate/r24jx9/task/T2")).toBe(two.commit);
  expect(existsSync(join(three.path, "left.txt"))).toBe(true);
  expect(taken(await cleanRun(folder, run, { dry: false, merged: null })).removed).toEqual([]);
});

test("another run's work, and work on a detached HEAD, stays", async () => {
  const { folder, base, git } = makeRepository();
  git("branch", "orchestrate/other/task/T1");
  const { path } = await worktreeOf(folder, "T1", base);
  const inside = gitIn(path);
  inside("checkout", "-q", "--detach");
  inside("commit", "-q", "--allow-empty", "-m", "loose");
  const { removed, kept } = taken(await cleanRun(folder, run, { dry: false, merged: null }));
  expect(removed).toEqual(["orchestrate/r24jx9/task/T1"]);
  expect(kept.map(({ what }) => what)).toEqual([names.T1]);
  expect(git("branch", "--list", "orchestrate/*")).toContain("orchestrate/other/task/T1");
});

test("a branch whose folder is gone stays while its work is nowhere else", async () => {
  const { folder, git, two } = await ended();
  rmSync(two.path, { recursive: true });
  const { kept } = taken(await cleanRun(folder, run, { dry: false, merged: null }));
  expect(kept.map(({ what }) => what)).toContain(names.T2);
  expect(git("rev-parse", "orchestrate/r24jx9/task/T2")).toBe(two.commit);
  git("branch", "keep", two.commit);
  expect(taken(await cleanRun(folder, run, { dry: false, merged: null })).removed.toSorted()).toEqual([
    names.T2,
    "orchestrate/r24jx9/task/T2",
  ]);
});

test("a removal that was killed half-way, and a worktree that was never finished, are cleared away", async () => {
  const { folder, base } = makeRepository();
  const one = await worktreeOf(folder, "T1", base);
  rmSync(join(one.path, "a.txt"));
  writeFileSync(join(one.admin, "orchestrate-removing"), "");
  const two = await worktreeOf(folder, "T2", base);
  rmSync(join(two.path, ".git"));
  writeFileSync(join(two.admin, "locked"), "initializing");
  utimesSync(join(two.admin, "locked"), new Date(0), new Date(0));
  expect(taken(await cleanRun(folder, run, { dry: false, merged: null }))).toMatchObject({ kept: [] });
  expect([one.path, two.path, one.admin, two.admin].filter((path) => existsSync(path))).toEqual([]);
});

test("a worktree that somebody locked stays", async () => {
  const { folder, base, git } = makeRepository();
  const { path } = await worktreeOf(folder, "T1", base);
  git("worktree", "lock", "--reason", "mine", path);
  expect(taken(await cleanRun(folder, run, { dry: false, merged: null })).kept[0]).toEqual({
    what: names.T1,
    why: "it is locked (mine)",
  });
  expect(existsSync(path)).toBe(true);
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
    expect(await cleanRun(folder, run, { dry, merged: null })).toEqual({ ok: true, removed: [], kept: expected });
  expect(git("status", "--porcelain")).toBe("");
  inside("rebase", "--abort");
  inside("checkout", "-q", "--detach");
  git("checkout", "-q", "main");
  expect(taken(await cleanRun(folder, run, { dry: false, merged: null })).kept).toEqual([]);
});

test("a branch that only points to one of ours does not make its work safe", async () => {
  const { folder, git, two } = await ended();
  git("symbolic-ref", "refs/heads/mine", "refs/heads/orchestrate/r24jx9/task/T2");
  const { kept } = taken(await cleanRun(folder, run, { dry: false, merged: null }));
  expect(kept.map(({ what }) => what)).toContain(names.T2);
  expect(git("rev-parse", "mine")).toBe(two.commit);
});

/** Two tasks merged, none of it in `main`. */
async function handing() {
  const { folder, base, git } = makeRepository();
  const one = await workOf(folder, "T1", base, { "b.txt": "b\n" });
  const two = await workOf(folder, "T2", base, { "c.txt": "c\n" });
  const { head, merged: tasks } = taken(await mergeWork(folder, run, base, [one, two], async () => null));
  const give = (as: Delivery["as"]) => deliver(folder, run, { into: "mine", as, base, head, tasks });
  const clean = async () => taken(await cleanRun(folder, run, { dry: false, merged: { base, tasks } }));
  return { git, one, two, give, clean };
}

test.each(["branches", "stack"] as const)(
  "what was delivered as %s may go, unless some of it is gone again",
  async (as) => {
    const { git, one, two, give, clean } = await handing();
    const given = taken(await give(as)).branches.map(({ branch }) => branch);
    // A stack's last branch holds the others.
    const lost = given.at(-1) ?? "";
    const commit = git("rev-parse", lost);
    git("branch", "-D", lost);
    const { removed } = await clean();
    expect(removed.filter((name) => name.endsWith("/integration") || name.endsWith("T2"))).toEqual([]);
    git("branch", lost, commit);
    // Further work on a task's branch was never delivered.
    two.git("commit", "-q", "--allow-empty", "-m", "more");
    const more = two.git("rev-parse", "HEAD");
    expect((await clean()).kept).toEqual([
      { what: names.T2, why: `its work (${more.slice(0, 12)}) is in no branch of yours` },
      { what: "orchestrate/r24jx9/task/T2", why: "its worktree is kept" },
    ]);
    expect(existsSync(one.path)).toBe(false);
    expect(git("for-each-ref", "refs/heads/orchestrate/r24jx9/integration")).toBe("");
  },
);

test("work that a later task took back is not taken for delivered because the tree is the same", async () => {
  const { folder, base, git } = makeRepository();
  const one = await workOf(folder, "T1", base, { "a.txt": "better\n" });
  const two = await workOf(folder, "T2", one.commit, { "a.txt": "a\n" });
  const { merged: tasks } = taken(await mergeWork(folder, run, base, [one, two], async () => null));
  git("commit", "-q", "--allow-empty", "-m", "same tree");
  const { removed } = taken(await cleanRun(folder, run, { dry: false, merged: { base, tasks } }));
  expect(removed.filter((name) => !name.includes("_integration"))).toEqual([]);
});

test("trees that stand in a branch of the user's do not make safe what the run began at", async () => {
  const { folder, base: first, git } = makeRepository();
  git("checkout", "-q", "-b", "start");
  git("commit", "-q", "--allow-empty", "-m", "only here");
  const base = git("rev-parse", "HEAD");
  const one = await workOf(folder, "T1", base, { "b.txt": "b\n" });
  const { head, merged: tasks } = taken(await mergeWork(folder, run, base, [one], async () => null));
  git("checkout", "-q", "main");
  git("branch", "-D", "start");
  git("reset", "-q", "--hard", git("commit-tree", `${head}^{tree}`, "-p", first, "-m", "squashed"));
  expect(taken(await cleanRun(folder, run, { dry: false, merged: { base, tasks } })).removed).toEqual([]);
  git("branch", "start", base);
  expect(taken(await cleanRun(folder, run, { dry: false, merged: { base, tasks } })).kept).toEqual([]);
});
