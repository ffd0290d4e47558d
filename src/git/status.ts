import { despiteLocks } from "./locks.ts";
import { refused, runGit, type Refused } from "./run.ts";

/** What git says of a worktree. Paths are from its top. */
export interface WorktreeStatus {
  readonly ok: true;
  readonly head: string;
  /** Null when HEAD is detached. */
  readonly branch: string | null;
  /** Changed or added or deleted, staged or not. */
  readonly changed: readonly string[];
  /** Not ignored and not known to git. */
  readonly untracked: readonly string[];
  readonly unmerged: readonly { readonly path: string; readonly code: string }[];
}

/** One process. Refreshes the worktree's index as every `git status` does; `locks` of ours that are stale are removed. */
export async function statusOf(worktree: string, locks: readonly string[] = []): Promise<WorktreeStatus | Refused> {
  const asked = ["status", "--porcelain=v2", "--branch", "-z", "--no-renames", "--untracked-files=all"];
  const result = await despiteLocks(locks, () => runGit(worktree, [...asked, "--ignore-submodules=none"]));
  if (result.code !== 0) return refused(`the state of ${worktree} cannot be read`, result);
  let head = "";
  let branch: string | null = null;
  const changed: string[] = [];
  const untracked: string[] = [];
  const unmerged: { path: string; code: string }[] = [];
  for (const line of result.out.split("\0")) {
    const fields = line.split(" ");
    const rest = (from: number): string => fields.slice(from).join(" ");
    if (line.startsWith("# branch.oid ")) head = rest(2);
    else if (line.startsWith("# branch.head ")) branch = rest(2) === "(detached)" ? null : rest(2);
    else if (line.startsWith("1 ")) changed.push(rest(8));
    else if (line.startsWith("u ")) unmerged.push({ code: fields[1] ?? "", path: rest(10) });
    else if (line.startsWith("? ")) untracked.push(rest(1));
  }
  return { ok: true, head, branch, changed, untracked, unmerged };
}

/** What is not committed in a worktree, in a few words; null when it is clean. */
export function uncommitted({ changed, untracked, unmerged }: WorktreeStatus): string | null {
  const paths = [...unmerged.map(({ path }) => path), ...changed, ...untracked];
  if (paths.length === 0) return null;
  const shown = paths.slice(0, 3).join(", ");
  return paths.length > 3 ? `${shown} and ${paths.length - 3} more` : shown;
}
