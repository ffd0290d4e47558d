import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { setAside } from "../../src/git/setAside.ts";
import { reopenWorktree } from "../../src/git/worktree.ts";
import { gitIn, makeRepository, placeOf, taken, worktreeOf, write } from "./makeRepository.ts";

test("a tree that left its branch moves aside with all that is in it, and a fresh one takes its place", async () => {
  const { scratch, folder, git } = makeRepository();
  gitIn(scratch)("clone", "-q", folder, "upstream");
  git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", join(scratch, "upstream"), "module");
  git("commit", "-q", "-m", "module");
  const base = git("rev-parse", "HEAD");
  const { path: worktree, branch } = placeOf("T1", base);
  for (const time of [1, 2]) {
    const place = { worktree, branch };
    if (time === 1) await worktreeOf(folder, "T1", base);
    const at = join(folder, worktree);
    const inside = gitIn(at);
    inside("-c", "protocol.file.allow=always", "submodule", "--quiet", "update", "--init");
    inside("checkout", "-q", "--orphan", `zz${time}`);
    inside("commit", "-q", "-m", "without a past");
    const head = inside("rev-parse", "HEAD");
    write(at, { "module/inside.txt": "m\n", "loose.txt": "l\n" });
    const left = taken((await setAside(folder, place)) ?? { ok: false, reason: "it stays" });
    expect(left).toEqual({ ok: true, branch: `${branch}.left-${time}`, path: `${worktree}.left-${time}` });
    expect(git("rev-parse", left.branch)).toBe(head);
    expect(gitIn(join(folder, left.path))("status", "--porcelain")).toBe(" M module\n?? loose.txt");
    expect(gitIn(join(folder, left.path, "module"))("status", "--porcelain")).toBe("?? inside.txt");
    const fresh = taken(await reopenWorktree(folder, { path: worktree, branch }));
    expect(fresh).toMatchObject({ head: base, branch, taken: false });
    expect(existsSync(join(at, "loose.txt"))).toBe(false);
  }
});

test("a tree in the middle of a rebase gives its branch free", async () => {
  const { folder, git, base } = makeRepository();
  const { path, branch } = await worktreeOf(folder, "T1", base);
  const inside = gitIn(path);
  write(path, { "a.txt": "one\n" });
  inside("commit", "-q", "-a", "-m", "one");
  git("checkout", "-q", "-b", "x");
  write(folder, { "a.txt": "two\n" });
  git("commit", "-q", "-a", "-m", "two");
  expect(() => inside("rebase", "-q", "x")).toThrow("could not apply");
  const place = { worktree: placeOf("T1", base).path, branch: branch ?? "" };
  const left = taken((await setAside(folder, place)) ?? { ok: false, reason: "it stays" });
  expect(readFileSync(join(folder, left.path, "a.txt"), "utf8")).toContain("<<<<<<<");
  expect(taken(await reopenWorktree(folder, { path: place.worktree, branch: place.branch })).branch).toBe(branch);
  expect(gitIn(path)("log", "-1", "--format=%s")).toBe("one");
});

test("a tree that stands on its branch with nothing uncommitted stays", async () => {
  const { folder, base } = makeRepository();
  const { path, branch } = await worktreeOf(folder, "T1", base);
  expect(await setAside(folder, { worktree: placeOf("T1", base).path, branch: branch ?? "" })).toBe(null);
  expect(existsSync(path)).toBe(true);
});
