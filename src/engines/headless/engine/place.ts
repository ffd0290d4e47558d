import type { PlanIndex } from "../../../run/planIndex.ts";
import { slugOf, taskBranch, taskWorktree } from "../../../git/names.ts";
import type { WorkPlace } from "../../../model/event.ts";
import type { RunState } from "../../../model/run.ts";
import { stateFolder } from "../../../run/current.ts";

/** Workers that can run at once have as many places for ports. */
const slots = 20;

/**
 * Where the next worker of a task works: where its work already is, else in the tree of its only predecessor, whose setup is
 * then used again and whose own work is merged, else in a new tree. The base is what is merged at this moment.
 */
export function nextPlace(index: PlanIndex, state: RunState, id: string): Omit<WorkPlace, "dollars"> {
  const own = state.tasks.get(id);
  const attempt = (own?.attempts ?? 0) + 1;
  const last = own?.place ?? null;
  // A tree in which no worker ever began, and that was made for one in vain, may be the reason for that.
  const begun = last !== null && ((own?.seconds ?? 0) > 0 || own?.restarts === 0) ? last : null;
  const fresh = attempt === 1 ? inherited(index, state, id) : null;
  const worktree = begun?.worktree ?? fresh ?? taskWorktree(state.run, id);
  return {
    worktree,
    // The branch of before may be checked out in the tree of before; no other task's branch has a dot in its name.
    branch:
      begun?.branch ??
      `${taskBranch(state.run, id)}${last === null || last.worktree === worktree ? "" : `.${attempt}`}`,
    base: state.head ?? "",
    folder: `${stateFolder}/runs/${state.run}/tasks/${slugOf(id)}/${attemptName(own?.place?.folder, attempt)}`,
    resume: own?.worker ?? null,
    slot: freeSlot(state),
  };
}

/** Where the reviewer of a worker's work has its files, and the token that it is found by. */
export function reviewerOf(folder: string, claim: string): { folder: string; claim: string } {
  return { folder: `${folder}/review`, claim: `${claim}-review` };
}

/** Whether no worker was ever launched for the task before this one. */
export function isFirst({ folder }: WorkPlace): boolean {
  return folder.endsWith("/1");
}

/** A rate limit takes an attempt back, but its folder is not used again. */
function attemptName(last: string | undefined, attempt: number): string {
  const before = Number(/\/(\d+)$/.exec(last ?? "")?.[1] ?? 0);
  return String(Math.max(attempt, before + 1));
}

function inherited(index: PlanIndex, state: RunState, id: string): string | null {
  const needs = [...new Set(index.needs.get(id) ?? [])];
  const [need] = needs;
  const before = need === undefined || needs.length > 1 ? undefined : state.tasks.get(need);
  if (before?.status !== "merged" || before.place === null) return null;
  const { worktree } = before.place;
  const users = [...state.tasks].filter(([other, task]) => other !== need && task.place?.worktree === worktree);
  // Whoever had it before its present owner is merged as well; whoever took it since is not.
  const taken = users.some(([, task]) => task.status !== "merged");
  return taken ? null : worktree;
}

function freeSlot(state: RunState): number {
  const taken = new Set(
    [...state.tasks.values()].flatMap((task) => (task.claim === null || task.place === null ? [] : task.place.slot)),
  );
  return Array.from({ length: slots }, (_, slot) => slot).find((slot) => !taken.has(slot)) ?? 0;
}
