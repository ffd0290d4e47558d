import { despiteLocks } from "./locks.ts";
import { refused, runGit, type Refused } from "./run.ts";
import { asSetUp } from "./setUpRecord.ts";

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
  /** Of those changed and untracked: repositories within it (with a `/` at the end), submodules in which something is not committed. */
  readonly foreign: readonly string[];
  /** What `setup` left and nobody has changed since. In none of the other lists. */
  readonly made: readonly { readonly path: string; readonly tracked: boolean }[];
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
  const foreign: string[] = [];
  for (const line of result.out.split("\0")) {
    const fields = line.split(" ");
    const rest = (from: number): string => fields.slice(from).join(" ");
    if (line.startsWith("# branch.oid ")) head = rest(2);
    else if (line.startsWith("# branch.head ")) branch = rest(2) === "(detached)" ? null : rest(2);
    else if (line.startsWith("1 ")) {
      changed.push(rest(8));
      // `S<c><m><u>`: another commit, changed files, untracked files.
      if (/^S.(?:M|.U)/.test(fields[2] ?? "")) foreign.push(rest(8));
    } else if (line.startsWith("u ")) unmerged.push({ code: fields[1] ?? "", path: rest(10) });
    else if (line.startsWith("? ")) {
      untracked.push(rest(1));
      if (line.endsWith("/")) foreign.push(rest(1));
    }
  }
  const made = await asSetUp(worktree, [...changed, ...untracked]);
  return {
    ok: true,
    head,
    branch,
    changed: changed.filter((path) => !made.has(path)),
    untracked: untracked.filter((path) => !made.has(path)),
    unmerged,
    foreign,
    made: [...made].map((path) => ({ path, tracked: changed.includes(path) })),
  };
}

/** What is not committed in a worktree, in a few words; null when it is clean. */
export function uncommitted({ changed, untracked, unmerged }: WorktreeStatus): string | null {
  const paths = [...unmerged.map(({ path }) => path), ...changed, ...untracked];
  if (paths.length === 0) return null;
  const shown = paths.slice(0, 3).join(", ");
  return paths.length > 3 ? `${shown} and ${paths.length - 3} more` : shown;
}
