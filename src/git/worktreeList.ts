import { runGit, refused, type Refused } from "./run.ts";

/** A worktree that git knows, whether its folder is there or not. */
export interface Listed {
  readonly path: string;
  readonly head: string;
  /** The full ref that it stands on, which may have no commit yet; null when HEAD is detached. */
  readonly branch: string | null;
  /** Why somebody locked it, or null. */
  readonly locked: string | null;
}

/** All worktrees of a repository, the main one first. One process. */
export async function listWorktrees(top: string): Promise<{ readonly ok: true; readonly list: Listed[] } | Refused> {
  const asked = await runGit(top, ["worktree", "list", "--porcelain", "-z"]);
  if (asked.code !== 0) return refused("the worktrees cannot be listed", asked);
  const list = asked.out.split("\0\0").flatMap((entry): Listed[] => {
    const field = (name: string): string | undefined =>
      entry
        .split("\0")
        .find((line) => line.startsWith(`${name} `))
        ?.slice(name.length + 1);
    const path = field("worktree");
    if (path === undefined) return [];
    const locked = field("locked") ?? (entry.split("\0").includes("locked") ? "no reason given" : null);
    return [{ path, head: field("HEAD") ?? "", branch: field("branch") ?? null, locked }];
  });
  return { ok: true, list };
}
