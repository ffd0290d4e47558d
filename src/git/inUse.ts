import { readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Repository } from "./repository.ts";
import { textOf } from "./textOf.ts";
import type { Listed } from "./worktreeList.ts";

/** What a worktree does with a branch, and which worktree it is. */
export interface Use {
  /** The branch's full ref. */
  readonly ref: string;
  readonly where: string;
  readonly what: "checked out" | "being rebased" | "being bisected";
}

/**
 * The branches that git itself would not let anybody move or delete: a worktree stands on them, or goes back to them or sets them
 * when its rebase or bisection ends. A branch may be used by several. Starts no process.
 */
export function inUse({ common }: Repository, worktrees: readonly Listed[]): readonly Use[] {
  const uses = worktrees.flatMap(({ path, branch }): Use[] =>
    branch === null ? [] : [{ ref: branch, where: path, what: "checked out" }],
  );
  const main = { admin: common, where: worktrees[0]?.path ?? common };
  for (const { admin, where } of [main, ...linked(common)]) {
    for (const ref of rebased(admin)) uses.push({ ref, where, what: "being rebased" });
    const bisected = textOf(join(admin, "BISECT_START"));
    if (bisected !== null)
      uses.push({ ref: `refs/heads/${bisected.replace(/^refs\/heads\//, "")}`, where, what: "being bisected" });
  }
  return uses;
}

function linked(common: string): { admin: string; where: string }[] {
  const folder = join(common, "worktrees");
  try {
    return readdirSync(folder).map((name) => {
      const admin = join(folder, name);
      return { admin, where: dirname(resolve(admin, textOf(join(admin, "gitdir")) ?? "")) };
    });
  } catch {
    return []; // There was never one.
  }
}

/** The branch of a rebase, and those that `--update-refs` moves with it. */
function rebased(admin: string): string[] {
  const names = ["rebase-merge", "rebase-apply"].map((folder) => textOf(join(admin, folder, "head-name")));
  const others = textOf(join(admin, "rebase-merge", "update-refs"))?.split("\n") ?? [];
  return [...names, ...others].flatMap((name) => (name?.startsWith("refs/heads/") ? [name] : []));
}
