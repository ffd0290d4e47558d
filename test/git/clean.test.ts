import { existsSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { cleanRun } from "../../src/git/clean.ts";
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
  const rehearsed = taken(await cleanRun(folder, run, { dry: true }));
  expect(existsSync(one.path)).toBe(true);
  const cleaned = taken(await cleanRun(folder, run, { dry: false }));
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
  expect(taken(await cleanRun(folder, run, { dry: false })).removed).toEqual([]);
});

test("another run's work, and work on a detached HEAD, stays", async () => {
  const { folder, base, git } = makeRepository();
  git("branch", "orchestrate/other/task/T1");
  const { path } = await worktreeOf(folder, "T1", base);
  const inside = gitIn(path);
  inside("checkout", "-q", "--detach");
  inside("commit", "-q", "--allow-empty", "-m", "loose");
  const { removed, kept } = taken(await cleanRun(folder, run, { dry: false }));
  expect(removed).toEqual(["orchestrate/r24jx9/task/T1"]);
  expect(kept.map(({ what }) => what)).toEqual([names.T1]);
  expect(git("branch", "--list", "orchestrate/*")).toContain("orchestrate/other/task/T1");
});

test("a branch whose folder is gone stays while its work is nowhere else", async () => {
  const { folder, git, two } = await ended();
  rmSync(two.path, { recursive: true });
  const { kept } = taken(await cleanRun(folder, run, { dry: false }));
  expect(kept.map(({ what }) => what)).toContain(names.T2);
  expect(git("rev-parse", "orchestrate/r24jx9/task/T2")).toBe(two.commit);
  git("branch", "keep", two.commit);
  expect(taken(await cleanRun(folder, run, { dry: false })).removed.toSorted()).toEqual([
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
  expect(taken(await cleanRun(folder, run, { dry: false }))).toMatchObject({ kept: [] });
  expect([one.path, two.path, one.admin, two.admin].filter((path) => existsSync(path))).toEqual([]);
});

test("a worktree that somebody locked stays", async () => {
  const { folder, base, git } = makeRepository();
  const { path } = await worktreeOf(folder, "T1", base);
  git("worktree", "lock", "--reason", "mine", path);
  expect(taken(await cleanRun(folder, run, { dry: false })).kept[0]).toEqual({
    what: names.T1,
    why: "it is locked (mine)",
  });
  expect(existsSync(path)).toBe(true);
});
