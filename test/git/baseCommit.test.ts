import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { baseCommit } from "../../src/git/baseCommit.ts";
import { makeProject } from "../commands/world.ts";

function repository(): { folder: string; git: (...args: string[]) => string } {
  const { folder } = makeProject({ "a.txt": "a" });
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=x", "-c", "user.email=x@example.org", ...args], {
      cwd: folder,
      encoding: "utf8",
      stdio: "pipe",
    }).trim();
  git("init", "-q", "-b", "main");
  git("add", ".");
  git("commit", "-q", "-m", "first");
  return { folder, git };
}

test("is what git itself says: on a branch, packed, detached, in a folder below", () => {
  const { folder, git } = repository();
  const head = git("rev-parse", "HEAD");
  expect(baseCommit(folder)).toBe(head);
  mkdirSync(join(folder, "below"));
  expect(baseCommit(join(folder, "below"))).toBe(head);
  git("pack-refs", "--all");
  expect(baseCommit(folder)).toBe(head);
  git("checkout", "-q", "--detach");
  expect(baseCommit(folder)).toBe(head);
});

test("is that of the worktree in a linked worktree", () => {
  const { folder, git } = repository();
  git("worktree", "add", "-q", "-b", "other", join(folder, "tree"));
  execFileSync(
    "git",
    ["-c", "user.name=x", "-c", "user.email=x@example.org", "commit", "-q", "--allow-empty", "-m", "second"],
    { cwd: join(folder, "tree") },
  );
  expect(baseCommit(join(folder, "tree"))).toBe(git("rev-parse", "other"));
  expect(baseCommit(join(folder, "tree"))).not.toBe(git("rev-parse", "HEAD"));
});

test("is null before the first commit and where git keeps nothing readable", () => {
  const { folder } = makeProject();
  expect(baseCommit(folder)).toBeNull();
  writeFileSync(join(folder, ".git/HEAD"), "ref: refs/heads/main\n");
  expect(baseCommit(folder)).toBeNull();
  writeFileSync(join(folder, ".git/HEAD"), "not a commit\n");
  expect(baseCommit(folder)).toBeNull();
});
