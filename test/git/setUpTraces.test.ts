import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isAsSetUp, noteSetup, openMerge, undoSetup } from "../../src/git/setUpTraces.ts";
import { bringUpToDate } from "../../src/git/integrate.ts";
import { collectWork } from "../../src/git/work.ts";
import { removeWorktree } from "../../src/git/worktree.ts";
import { gitIn, makeRepository, placeOf, taken, worktreeOf, workOf, write } from "./makeRepository.ts";

/** A task's worktree in which `setup` made one file and changed another. */
async function begin() {
  const { folder, base, git } = makeRepository({ "README.md": "base\n", "a.txt": "a\n" });
  const { path } = await worktreeOf(folder, "T1", base);
  const setUp = async (): Promise<void> => {
    const before = await openMerge(path);
    write(path, { "lock.yaml": "lock\n" });
    appendFileSync(join(path, "README.md"), "more\n");
    await noteSetup(path, before);
  };
  await setUp();
  const collect = async (from = base) =>
    taken(await collectWork(folder, { ...placeOf("T1", from), message: "T1: the rest\n" }));
  const text = (file: string): string => readFileSync(join(path, file), "utf8");
  return { folder, base, git, path, inside: gitIn(path), setUp, collect, text };
}

test("what setup left is nobody's work, and stays in the tree", async () => {
  const { path, base, inside, collect, text } = await begin();
  expect(await collect()).toMatchObject({ commit: base, files: [], empty: true });
  write(path, { "b.txt": "b\n" });
  inside("add", "-A");
  expect(await collect()).toMatchObject({ files: ["b.txt"] });
  expect([text("lock.yaml"), text("README.md")]).toEqual(["lock\n", "base\nmore\n"]);
});

test("what the worker changed further is its work", async () => {
  const { path, collect } = await begin();
  write(path, { "lock.yaml": "newer\n", "README.md": "mine\n" });
  expect((await collect()).files.toSorted()).toEqual(["README.md", "lock.yaml"]);
});

test("what setup left is taken back before other work is merged into the tree, until setup ran again", async () => {
  const { folder, base, path, inside, setUp, collect, text } = await begin();
  write(path, { "b.txt": "b\n" });
  inside("add", "-A");
  expect(await isAsSetUp(path)).toBe(true);
  expect(await undoSetup(path)).toEqual({ ok: true });
  expect([existsSync(join(path, "lock.yaml")), text("README.md"), text("b.txt")]).toEqual([false, "base\n", "b\n"]);
  // Asked again after a kill, it says the same.
  expect(await undoSetup(path)).toEqual({ ok: true });
  expect(await isAsSetUp(path)).toBe(false);
  await collect();
  const other = await workOf(folder, "T2", base, { "README.md": "theirs\n", "lock.yaml": "theirs\n" });
  expect(await bringUpToDate(folder, path, other.commit)).toEqual({ ok: true, state: "merged" });
  await setUp();
  expect(await collect(other.commit)).toMatchObject({ files: ["b.txt"] });
});

test("setup in a tree with a conflict takes nothing of the merge for its own", async () => {
  const { folder, base, path, setUp, collect } = await begin();
  await undoSetup(path);
  write(path, { "a.txt": "worker\n" });
  await collect();
  const other = await workOf(folder, "T2", base, { "a.txt": "other\n", "new.txt": "other\n" });
  expect(await bringUpToDate(folder, path, other.commit)).toMatchObject({ state: "conflict" });
  await setUp();
  write(path, { "a.txt": "both\n" });
  const work = await collect(other.commit);
  expect(work).toMatchObject({ unmerged: [], files: ["a.txt"] });
  expect(gitIn(path)("show", `${work.commit}:new.txt`)).toBe("other");
});

test("a tree in which only setup left something is removed when its work is merged", async () => {
  const { folder, base, path } = await begin();
  expect(await removeWorktree(folder, path, base)).toEqual({ ok: true });
  expect(existsSync(path)).toBe(false);
});
