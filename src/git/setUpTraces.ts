import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { gitFolder } from "./baseCommit.ts";
import { despiteLocks } from "./locks.ts";
import { refused, runGit, type Refused } from "./run.ts";
import { asSetUp, leftBySetup, writeRecord } from "./setUpRecord.ts";
import { statusOf } from "./status.ts";
import { textOf } from "./textOf.ts";

/** What is changed by a merge that is still open in the worktree of a folder: none of it can be `setup`'s. One process while there is one, else none. */
export async function openMerge(folder: string): Promise<readonly string[]> {
  const admin = gitFolder(folder);
  if (admin === null || textOf(join(admin, "MERGE_HEAD")) === null) return [];
  const status = await statusOf(folder);
  return status.ok ? [...status.changed, ...status.untracked, ...status.unmerged.map(({ path }) => path)] : [];
}

/** Takes note of what git shows as changed in the worktree of a folder in which `setup` has just run, but for `before`: it is not a worker's work. */
export async function noteSetup(folder: string, before: readonly string[]): Promise<void> {
  const worktree = linkedTop(folder);
  const status = worktree === null ? null : await statusOf(worktree);
  if (worktree === null || !status?.ok) return;
  const paths = [...status.made.map(({ path }) => path), ...status.changed, ...status.untracked];
  // A repository of its own, or a submodule, has no content that could be compared.
  const own = paths.filter((path) => !status.foreign.includes(path) && !before.includes(path));
  if (own.length > 0 || leftBySetup(worktree).length > 0) await writeRecord(worktree, own);
}

/** Whether all that `setup` left in the worktree of a folder, and that git showed, is there as it left it: else it must run again. */
export async function isAsSetUp(folder: string): Promise<boolean> {
  const worktree = linkedTop(folder);
  if (worktree === null) return true;
  const left = leftBySetup(worktree);
  return (await asSetUp(worktree, left)).size === left.length;
}

/** Takes back what `setup` left in a worktree and nobody has changed since, so that other work can be merged into it. */
export async function undoSetup(worktree: string): Promise<{ readonly ok: true } | Refused> {
  if (leftBySetup(worktree).length === 0) return { ok: true };
  const before = await statusOf(worktree);
  if (!before.ok) return before;
  const staged = before.made.filter(({ tracked }) => tracked).map(({ path }) => path);
  const unstaged = await onPaths(worktree, ["reset", "--quiet"], staged);
  if (unstaged !== null) return unstaged;
  const after = await statusOf(worktree);
  if (!after.ok) return after;
  const tracked = after.made.filter((one) => one.tracked).map(({ path }) => path);
  const restored = await onPaths(worktree, ["restore"], tracked);
  if (restored !== null) return restored;
  for (const one of after.made) if (!one.tracked) rmSync(join(worktree, one.path), { force: true });
  return { ok: true };
}

/** Runs a git command on exactly these paths of a worktree, if there are any. Null, or why it failed. */
export async function onPaths(
  worktree: string,
  command: readonly string[],
  paths: readonly string[],
  locks: readonly string[] = [],
): Promise<Refused | null> {
  if (paths.length === 0) return null;
  const from = ["--pathspec-from-file=-", "--pathspec-file-nul"];
  const options = { input: paths.join("\0"), env: { GIT_LITERAL_PATHSPECS: "1" } };
  const done = await despiteLocks(locks, () => runGit(worktree, [...command, ...from], options));
  return done.code === 0 ? null : refused(`what setup left in ${worktree} could not be set apart`, done);
}

/** The top of the linked worktree that a folder is in. Null in the person's own checkout, which is nobody's to set up. */
function linkedTop(folder: string): string | null {
  const back = textOf(join(gitFolder(folder) ?? folder, "gitdir"));
  return back === null ? null : dirname(back);
}
