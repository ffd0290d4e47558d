import { readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { bringUpToDate } from "../../src/git/integrate.ts";
import { gitIn, makeRepository, reason, workOf, write } from "./makeRepository.ts";

async function two(ours: Readonly<Record<string, string>>, theirs: Readonly<Record<string, string>>) {
  const { folder, base } = makeRepository({ "a.txt": "a\n" });
  const one = await workOf(folder, "T1", base, ours);
  const other = await workOf(folder, "T2", base, theirs);
  return { folder, base, path: one.path, own: one.commit, head: other.commit, inside: gitIn(one.path) };
}

test("what was integrated meanwhile is merged into the task's work, once", async () => {
  const { folder, base, path, own, head, inside } = await two({ "b.txt": "b\n" }, { "c.txt": "c\n" });
  expect(await bringUpToDate(folder, path, base)).toEqual({ ok: true, state: "up-to-date" });
  expect(await bringUpToDate(folder, path, head)).toEqual({ ok: true, state: "merged" });
  expect(inside("log", "-1", "--format=%P")).toBe(`${own} ${head}`);
  expect(await bringUpToDate(folder, path, head)).toEqual({ ok: true, state: "up-to-date" });
  expect(inside("status", "--porcelain")).toBe("");
});

test("a conflict is left with its markers, and is still there when asked again", async () => {
  const { folder, path, head, inside } = await two({ "a.txt": "1\n" }, { "a.txt": "2\n" });
  const conflict = { ok: true, state: "conflict", files: ["a.txt"] };
  expect(await bringUpToDate(folder, path, head)).toEqual(conflict);
  expect(inside("diff")).toContain("<<<<<<<");
  expect(await bringUpToDate(folder, path, head)).toEqual(conflict);
});

test("a repository within the worktree, which nothing here could commit, stands in no merge's way", async () => {
  const { folder, path, head } = await two({ "b.txt": "b\n" }, { "c.txt": "c\n" });
  write(path, { "inner/x.txt": "x\n" });
  gitIn(join(path, "inner"))("init", "-q");
  expect(await bringUpToDate(folder, path, head)).toEqual({ ok: true, state: "merged" });
  expect(readFileSync(join(path, "inner/x.txt"), "utf8")).toBe("x\n");
});

test("uncommitted work, or another merge under way, is not touched", async () => {
  const { folder, base, path, head, inside } = await two({ "a.txt": "1\n" }, { "a.txt": "2\n" });
  write(path, { "left.txt": "x\n" });
  expect(reason(await bringUpToDate(folder, path, head))).toContain("uncommitted work (left.txt)");
  rmSync(join(path, "left.txt"));
  await bringUpToDate(folder, path, head);
  expect(reason(await bringUpToDate(folder, path, base))).toContain("unfinished merge");
  expect(inside("status", "--porcelain")).toBe("UU a.txt");
});

test("a merge that was killed half-way is begun anew", async () => {
  const { folder, path, own, head, inside } = await two({ "b.txt": "b\n" }, { "c.txt": "c\n", "a.txt": "changed\n" });
  const admin = inside("rev-parse", "--absolute-git-dir");
  // As a killed merge leaves it: some files are the new ones, the index is the old one, its lock is there.
  write(path, { "c.txt": "c\n", "a.txt": "cha" });
  writeFileSync(join(admin, "orchestrate-merging"), own);
  for (const lock of ["index.lock", "ORIG_HEAD.lock"]) {
    writeFileSync(join(admin, lock), "");
    utimesSync(join(admin, lock), new Date(0), new Date(0));
  }
  expect(await bringUpToDate(folder, path, head)).toEqual({ ok: true, state: "merged" });
  expect(inside("log", "-1", "--format=%P")).toBe(`${own} ${head}`);
  // The same traces without our mark are somebody's work.
  write(path, { "a.txt": "cha" });
  expect(reason(await bringUpToDate(folder, path, head))).toContain("uncommitted work (a.txt)");
});
