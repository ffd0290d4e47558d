import type { PlanIndex } from "../../../run/planIndex.ts";
import { slugOf, taskRef, taskWorktree } from "../../../git/names.ts";
import type { WorkPlace } from "../../../model/event.ts";
import type { RunState } from "../../../model/run.ts";
import { stateFolder } from "../../../run/current.ts";

/** Workers that can run at once have as many places for ports. */
const slots = 20;

/**
 * Where the next worker of a task works: where its work already is, else in a tree whose work is merged, which keeps what `setup` and
 * builds left there, first of all its predecessor's; else in a new tree. The base is what is merged at this moment.
 */
export function nextPlace(index: PlanIndex, state: RunState, id: string): Omit<WorkPlace, "dollars"> {
  const own = state.tasks.get(id);
  const attempt = (own?.attempts ?? 0) + 1;
  const last = own?.place ?? null;
  const mine = last !== null && isOurs(last) ? last.worktree : null;
  const fresh = last === null ? free(index, state, id) : null;
  return {
    worktree: mine ?? fresh ?? `${taskWorktree(state.run, id)}${last === null ? "" : ".new"}`,
    branch: taskRef(state.run, id),
    base: state.head ?? "",
    folder: `${stateFolder}/runs/${state.run}/tasks/${slugOf(id)}/${attemptName(last?.folder, attempt)}`,
    // A client finds a conversation again only in the folder in which it was held.
    resume: last === null || isOurs(last) ? (own?.worker ?? null) : null,
    slot: freeSlot(state),
  };
}

/** Whether a place was given by this version: up to 0.1.0 a worktree of the user's repository stood there, which is left as it is. */
export function isOurs({ branch }: Pick<WorkPlace, "branch">): boolean {
  return branch.startsWith("refs/orchestrate/");
}

/** Where the reviewer of a worker's work has its files, and the token that it is found by. */
export function reviewerOf(folder: string, claim: string): { folder: string; claim: string } {
  return { folder: `${folder}/review`, claim: `${claim}-review` };
}

/** A rate limit takes an attempt back, but its folder is not used again. */
function attemptName(last: string | undefined, attempt: number): string {
  const before = Number(/\/(\d+)$/.exec(last ?? "")?.[1] ?? 0);
  return String(Math.max(attempt, before + 1));
}

/** A tree that only merged tasks have worked in; never one that holds anything else, or that somebody has taken already. */
function free(index: PlanIndex, state: RunState, id: string): string | null {
  if (index.plan.config.freshTrees) return null;
  const before = [...new Set(index.needs.get(id) ?? [])];
  for (const merged of [...before, ...state.merged.toReversed()]) {
    const place = state.tasks.get(merged)?.place ?? null;
    if (place === null || !isOurs(place)) continue;
    const { worktree } = place;
    const taken = [...state.tasks.values()].some(
      (task) => task.place?.worktree === worktree && (task.status !== "merged" || task.claim !== null),
    );
    if (!taken) return worktree;
  }
  return null;
}

function freeSlot(state: RunState): number {
  const taken = new Set(
    [...state.tasks.values()].flatMap((task) => (task.claim === null || task.place === null ? [] : task.place.slot)),
  );
  return Array.from({ length: slots }, (_, slot) => slot).find((slot) => !taken.has(slot)) ?? 0;
}
