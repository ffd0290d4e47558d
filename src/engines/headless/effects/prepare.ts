import { existsSync } from "node:fs";
import { join } from "node:path";
import { bringUpToDate } from "../../../git/integrate.ts";
import { runGit } from "../../../git/run.ts";
import { setAside } from "../../../git/setAside.ts";
import { isAsSetUp, undoSetup } from "../../../git/setUpTraces.ts";
import { collectWork } from "../../../git/work.ts";
import { addWorktree, reopenWorktree, reuseWorktree } from "../../../git/worktree.ts";
import type { WorkPlace } from "../../../model/event.ts";
import { isFirst } from "../engine/place.ts";
import { setUp } from "./setUp.ts";
import type { Surroundings } from "./surroundings.ts";

/** `folder` is where to work: the project within the worktree. */
type Prepared =
  | { readonly ok: true; readonly folder: string; readonly conflicts: readonly string[] }
  | {
      readonly ok: false;
      readonly reason: string;
      /** Every other tree would meet the same. */ readonly hopeless?: boolean;
    };

/**
 * Makes the worktree of a task ready: a new one from the base, the one of its predecessor on a new branch, or its own of before
 * with what was merged meanwhile. What git says of it afterwards is the first half of the receipt: a tree that does not stand
 * where it should is refused.
 */
export async function prepareWorktree(place: WorkPlace, surroundings: Surroundings): Promise<Prepared> {
  const { project } = surroundings;
  const path = join(project, place.worktree);
  // Where setup left what git shows, it runs again: nothing can be merged into that, nor switched.
  const undone = await undoSetup(path);
  if (!undone.ok) return undone;
  const begun = isFirst(place) ? null : await reopenWorktree(project, { path, branch: place.branch });
  if (begun?.ok === true) {
    const current = await takeUp(project, place);
    if (!current.ok) return leave(project, place, current.reason);
    const ready = await setUp({ ...begun, taken: begun.taken && (await isAsSetUp(path)) }, surroundings);
    return ready.ok
      ? { ok: true, folder: begun.folder, conflicts: current.state === "conflict" ? current.files : [] }
      : ready;
  }
  const wanted = { path, branch: place.branch, base: place.base };
  // A worktree that is there belongs to the predecessor.
  const made = await (existsSync(path) ? reuseWorktree : addWorktree)(project, wanted);
  const taken = made.ok || !existsSync(path) ? made : await addWorktree(project, wanted);
  if (!taken.ok) {
    const { reason } = begun ?? (made.ok ? taken : made);
    return begun === null ? { ok: false, reason } : leave(project, place, reason);
  }
  const ready = await setUp({ ...taken, taken: taken.taken && (await isAsSetUp(path)) }, surroundings);
  return ready.ok ? { ok: true, folder: taken.folder, conflicts: [] } : ready;
}

/**
 * Why a tree with earlier work cannot be used. It is moved out of the way, so that the next attempt begins in a fresh one on the
 * task's branch; that attempt's worker reads here where the rest is.
 */
async function leave(project: string, place: WorkPlace, reason: string): Promise<Prepared> {
  const left = await setAside(project, place);
  if (left === null) return { ok: false, reason };
  if (!left.ok) return { ok: false, reason: `${reason}; ${left.reason}` };
  return {
    ok: false,
    reason: `the tree of before could not be taken up: ${reason}. What it stood at is now on the branch ${left.branch}, its files are in ${left.path}; a fresh tree with what is on ${place.branch} takes its place: bring over what belongs to the task`,
  };
}

/** Merges what others finished meanwhile, after what an earlier worker left was committed. */
async function takeUp(project: string, { worktree: path, branch, base }: WorkPlace): ReturnType<typeof bringUpToDate> {
  // First of all: only this clears away a merge of ours that was killed. Committed as the worker's, its markers would be work.
  const first = await bringUpToDate(project, path, base);
  if (first.ok && first.state !== "conflict") return first;
  const work = await collectWork(project, { path, branch, base, message: "Work so far" });
  if (!work.ok) return work;
  const current = await bringUpToDate(project, path, base);
  if (current.ok || work.unmerged.length === 0) return current;
  // A merge that an earlier worker did not resolve, with a commit that is not the newest any more: what is committed stays.
  await runGit(join(project, path), ["merge", "--abort"]);
  return bringUpToDate(project, path, base);
}
