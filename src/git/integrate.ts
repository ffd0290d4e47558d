import { rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { despiteLocks } from "./locks.ts";
import { mergeTrees } from "./mergeTree.ts";
import { fromProject, repositoryOf } from "./repository.ts";
import { refused, runGit, type Refused } from "./run.ts";
import { statusOf, uncommitted } from "./status.ts";
import { textOf } from "./textOf.ts";
import { locksOf } from "./worktree.ts";
import { standing } from "./worktreeFolder.ts";

/** In the admin folder of a worktree while we merge into it: the HEAD at which it was found clean. */
const begun = "orchestrate-merging";

/** Where a task's worktree stands after a merge into it. `files` are in conflict, from the project. */
export type UpToDate =
  | { readonly ok: true; readonly state: "up-to-date" | "merged" }
  | { readonly ok: true; readonly state: "conflict"; readonly files: readonly string[] };

/**
 * Merges the commit `head` into a task's worktree before it is worked on again. A conflict is left with its markers for a worker to
 * resolve; `collectWork` then commits the merge. Refuses a worktree with uncommitted work or with another merge under way. Called
 * again after a kill it begins the merge anew, or says that the conflict is still there.
 */
export async function bringUpToDate(
  project: string,
  path: string,
  head: string,
  message = "Merge the work that was integrated meanwhile",
): Promise<UpToDate | Refused> {
  const repository = await repositoryOf(project);
  if (!repository.ok) return repository;
  const at = resolve(project, path);
  const there = await standing(repository, at);
  if (there === null) return { ok: false, reason: `there is no worktree at ${at}` };
  if (!there.ok) return there;
  const { admin } = there;
  const locks = locksOf(repository, admin, null);
  const mark = join(admin, begun);
  let status = await statusOf(at, locks);
  if (!status.ok) return status;

  const merging = textOf(join(admin, "MERGE_HEAD"));
  if (merging === head) {
    rmSync(mark, { force: true });
    const merge = await mergeTrees(at, status.head, head);
    if (!merge.ok) return merge;
    return {
      ok: true,
      state: "conflict",
      files: merge.clean ? [] : merge.files.map((file) => fromProject(repository, file)),
    };
  }
  if (merging !== null) return { ok: false, reason: `${at} has an unfinished merge of ${merging}` };
  if (textOf(mark) === status.head && uncommitted(status) !== null) {
    // It was clean when the merge began, and nobody has worked in it since: these are the merge's own traces.
    const reset = await despiteLocks(locks, () => runGit(at, ["reset", "--quiet", "--hard"]));
    if (reset.code !== 0) return refused(`${at} could not be set back`, reset);
    const cleaned = await runGit(at, ["clean", "-fdq"]);
    if (cleaned.code !== 0) return refused(`${at} could not be cleaned`, cleaned);
    status = await statusOf(at, locks);
    if (!status.ok) return status;
  }
  // What is in another repository no merge touches, and nothing here could commit.
  const { foreign } = status;
  const own = (path: string): boolean => !foreign.includes(path);
  const left = uncommitted({ ...status, changed: status.changed.filter(own), untracked: status.untracked.filter(own) });
  if (left !== null) return { ok: false, reason: `${at} has uncommitted work (${left})` };

  writeFileSync(mark, status.head);
  const merge = ["merge", "--quiet", "--no-ff", "--no-verify", "-m", message, head];
  const result = await despiteLocks(locks, () => runGit(at, merge));
  const after = await statusOf(at, locks);
  if (!after.ok) return after;
  if (result.code === 0) {
    rmSync(mark, { force: true });
    return { ok: true, state: after.head === status.head ? "up-to-date" : "merged" };
  }
  if (after.unmerged.length === 0) return refused(`${head} could not be merged into ${at}`, result);
  rmSync(mark, { force: true });
  return { ok: true, state: "conflict", files: after.unmerged.map((file) => fromProject(repository, file.path)) };
}
