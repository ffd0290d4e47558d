import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { addWorktree, removeWorktree, reopenWorktree, reuseWorktree } from "../../src/git/worktree.ts";
import { gitIn, makeRepository, placeOf, reason, taken, worktreeOf, workOf, write } from "./makeRepository.ts";

const old = new Date(Date.now() - 60_000);

test("a worktree stands on its own branch at its base, and the receipt is what git says", async () => {
  const { folder, base, git } = makeRepository();
  const receipt = await worktreeOf(folder, "T1", base);
  const inside = gitIn(receipt.path);
  expect(receipt).toMatchObject({
    head: base,
    branch: "orchestrate/r24jx9/task/T1",
    taken: false,
    folder: receipt.path,
  });
  expect(receipt.path).toBe(join(folder, ".orchestrate/worktrees/r24jx9/T1"));
  expect(inside("rev-parse", "--show-toplevel", "HEAD", "--abbrev-ref", "HEAD").split("\n")).toEqual([
    receipt.path,
    base,
    receipt.branch,
  ]);
  expect(git("status", "--porcelain")).toBe("");
  expect(git("config", "--local", "--list")).not.toContain("branch.orchestrate");
});

test("eight at once are eight worktrees", async () => {
  const { folder, base } = makeRepository();
  const made = await Promise.all(
    Array.from({ length: 8 }, (_, index) => addWorktree(folder, placeOf(`T${index}`, base))),
  );
  expect(made.filter(({ ok }) => ok)).toHaveLength(8);
});

test("in a project below the top of its repository the worker works in the same folder below the worktree's top", async () => {
  const { folder, base } = makeRepository({ "packages/ä b/x.txt": "x\n" }, "ein Ordner – 工程");
  const project = join(folder, "packages/ä b");
  write(project, { ".orchestrate/.gitignore": "*\n" });
  const receipt = await worktreeOf(project, "T1", base);
  expect(receipt.path).toBe(join(project, ".orchestrate/worktrees/r24jx9/T1"));
  expect(receipt.folder).toBe(join(receipt.path, "packages/ä b"));
  expect(existsSync(join(receipt.folder, "x.txt"))).toBe(true);
});

test("it does not matter where the user stands: dirty, detached, sparse, in a linked worktree", async () => {
  const { scratch, folder, base, git } = makeRepository({ "a.txt": "a\n", "b/b.txt": "b\n" });
  git("checkout", "-q", "--detach");
  writeFileSync(join(folder, "a.txt"), "dirty\n");
  expect(await worktreeOf(folder, "T1", base)).toMatchObject({ head: base });
  git("checkout", "-q", "--force", "main");
  git("sparse-checkout", "set", "--cone", "none");
  expect(await worktreeOf(folder, "T2", base)).toMatchObject({ head: base });
  const linked = join(scratch, "linked");
  git("worktree", "add", "-q", "-b", "other", linked);
  expect(await worktreeOf(linked, "T3", base)).toMatchObject({ head: base });
});

test("called again it takes the worktree that is there", async () => {
  const { folder, base } = makeRepository();
  const first = await worktreeOf(folder, "T1", base);
  write(first.path, { "left.txt": "left by a worker\n" });
  expect(await worktreeOf(folder, "T1", base)).toEqual({ ...first, taken: true });
  expect(existsSync(join(first.path, "left.txt"))).toBe(true);
});

test("what a kill left of an earlier try is mended", async () => {
  const { folder, base, git } = makeRepository();
  const { path, admin } = await worktreeOf(folder, "T1", base);
  const again = async () => {
    expect(await worktreeOf(folder, "T1", base)).toMatchObject({ path, head: base });
    expect(gitIn(path)("status", "--porcelain")).toBe("");
  };
  // The folder is gone.
  rmSync(path, { recursive: true });
  await again();
  // The file that leads to git is gone, or empty.
  rmSync(join(path, ".git"));
  await again();
  writeFileSync(join(path, ".git"), "");
  await again();
  // Git was killed while it made it: its own lock is there, files are missing.
  writeFileSync(join(admin, "locked"), "initializing");
  utimesSync(join(admin, "locked"), old, old);
  rmSync(join(path, "a.txt"));
  rmSync(join(path, ".git"));
  await again();
  // Only the branch was made.
  rmSync(path, { recursive: true });
  git("worktree", "prune");
  await again();
  // An empty folder, and none of git's.
  rmSync(path, { recursive: true });
  git("worktree", "prune");
  git("branch", "-D", "orchestrate/r24jx9/task/T1");
  mkdirSync(path);
  await again();
});

test("a stale lock in our own worktree is removed, the user's is not", async () => {
  const { folder, base } = makeRepository();
  const { path, admin } = await worktreeOf(folder, "T1", base);
  const theirs = join(folder, ".git/index.lock");
  for (const lock of [
    join(admin, "index.lock"),
    theirs,
    join(folder, ".git/refs/heads/orchestrate/r24jx9/task/T2.lock"),
  ]) {
    writeFileSync(lock, "");
    utimesSync(lock, old, old);
  }
  await worktreeOf(folder, "T2", base);
  expect(await reuseWorktree(folder, { ...placeOf("T3", base), path })).toMatchObject({ ok: true, head: base });
  expect(existsSync(join(admin, "index.lock"))).toBe(false);
  expect(existsSync(theirs)).toBe(true);
});

test("what is not provably ours, or holds work, is refused and stays", async () => {
  const { scratch, folder, base, git } = makeRepository();
  const foreign = placeOf("T1", base);
  write(folder, { [`${foreign.path}/mine.txt`]: "mine\n" });
  expect(reason(await addWorktree(folder, foreign))).toContain("not a worktree of this repository");
  expect(readFileSync(join(folder, foreign.path, "mine.txt"), "utf8")).toBe("mine\n");

  const { commit, path } = await workOf(folder, "T2", base, { "b.txt": "b\n" });
  expect(reason(await addWorktree(folder, placeOf("T2", base)))).toContain(`stands at ${commit}, not at its base`);
  rmSync(path, { recursive: true });
  expect(reason(await addWorktree(folder, placeOf("T2", base)))).toContain(`exists already, at ${commit}`);
  expect(git("rev-parse", "orchestrate/r24jx9/task/T2")).toBe(commit);
  expect(await reopenWorktree(folder, placeOf("T2", base))).toMatchObject({ ok: true, head: commit });

  const third = await worktreeOf(folder, "T3", base);
  git("worktree", "lock", "--reason", "on a stick", third.path);
  rmSync(third.path, { recursive: true });
  expect(reason(await addWorktree(folder, placeOf("T3", base)))).toContain("on a stick");

  const fourth = await worktreeOf(folder, "T4", base);
  gitIn(fourth.path)("checkout", "-q", "--detach");
  expect(reason(await addWorktree(folder, placeOf("T4", base)))).toContain("on no branch");

  mkdirSync(join(scratch, "elsewhere"));
  rmSync(join(folder, ".orchestrate"), { recursive: true });
  symlinkSync(join(scratch, "elsewhere"), join(folder, ".orchestrate"));
  expect(reason(await addWorktree(folder, placeOf("T5", base)))).toContain("symbolic link");
});

test("where git fails the reason has its own words, nothing is left over, and the next try works", async () => {
  const { scratch, folder, base, git } = makeRepository();
  expect(reason(await addWorktree(scratch, placeOf("T1", base)))).toContain("not a git repository");
  write(folder, { ".orchestrate/worktrees/r24jx9": "a file\n" });
  expect(reason(await addWorktree(folder, placeOf("T1", base)))).toMatch(/EEXIST|ENOTDIR|not a folder/);
  rmSync(join(folder, ".orchestrate/worktrees/r24jx9"));
  git("branch", "orchestrate");
  expect(reason(await addWorktree(folder, placeOf("T1", base)))).toContain("refs/heads/orchestrate");
  git("branch", "-D", "orchestrate");
  expect(await worktreeOf(folder, "T1", base)).toMatchObject({ head: base });
});

test("a worktree whose work is merged is used again for another task, and keeps what is ignored", async () => {
  const { folder, git } = makeRepository({ ".gitignore": "cache/\n" });
  const base = git("rev-parse", "HEAD");
  const { path, commit } = await workOf(folder, "T1", base, { "b.txt": "b\n" });
  write(path, { "cache/x": "x" });
  const next = { ...placeOf("T2", commit), path };
  expect(reason(await reuseWorktree(folder, { ...next, base }))).toContain("not merged into");
  write(path, { "left.txt": "x" });
  expect(reason(await reuseWorktree(folder, next))).toContain("uncommitted work (left.txt)");
  rmSync(join(path, "left.txt"));
  expect(taken(await reuseWorktree(folder, next))).toMatchObject({ head: commit, branch: next.branch, path });
  expect(taken(await reuseWorktree(folder, next))).toMatchObject({ head: commit, branch: next.branch });
  expect(existsSync(join(path, "cache/x"))).toBe(true);
  expect(git("rev-parse", "orchestrate/r24jx9/task/T1")).toBe(commit);
});

test("a worktree is removed only when everything in it is safe elsewhere", async () => {
  const { folder, base, git } = makeRepository();
  const { path, commit } = await workOf(folder, "T1", base, { "b.txt": "b\n" });
  expect(reason(await removeWorktree(folder, path, base))).toContain("not merged into");
  write(path, { "left.txt": "x" });
  expect(reason(await removeWorktree(folder, path, commit))).toContain("uncommitted work (left.txt)");
  rmSync(join(path, "left.txt"));
  git("worktree", "lock", path);
  expect(reason(await removeWorktree(folder, path, commit))).toContain("is locked (no reason given)");
  expect(existsSync(join(path, "b.txt"))).toBe(true);
  git("worktree", "unlock", path);
  expect(await removeWorktree(folder, path, commit)).toEqual({ ok: true });
  expect(existsSync(path)).toBe(false);
  expect(git("rev-parse", "orchestrate/r24jx9/task/T1")).toBe(commit);
  expect(await removeWorktree(folder, path, commit)).toEqual({ ok: true });
});
