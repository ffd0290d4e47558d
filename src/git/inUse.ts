import { existsSync, readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Repository } from "./repository.ts";
import { textOf } from "./textOf.ts";

/** What a checkout does with a branch, and which checkout it is. */
export interface Use {
  /** The branch's full ref. */
  readonly ref: string;
  readonly where: string;
  readonly what: "checked out" | "being rebased" | "being bisected";
}

/** More linked worktrees than this nobody has, and nobody would wait for. */
const most = 2_000;

/**
 * The branches that git itself would not let anybody move or delete: a checkout stands on them, or goes back to them or sets them when
 * its rebase or bisection ends. By our own reads of git's files, because our commands see no checkout but none. Null where that
 * cannot be said: then no branch is to be moved.
 */
export function branchesInUse({ common, gitDir, top }: Repository): readonly Use[] | null {
  const places = linked(common);
  if (places === null) return null;
  const main = { admin: common, where: gitDir === common ? top : dirname(common) };
  const uses: Use[] = [];
  for (const { admin, where } of [main, ...places]) {
    const head = textOf(join(admin, "HEAD"));
    // Of a linked worktree that is being removed only its folder may be left.
    if (head === null && (admin === common || existsSync(join(admin, "HEAD")))) return null;
    const ref = head?.startsWith("ref:") === true ? head.slice("ref:".length).trim() : null;
    if (ref !== null) uses.push({ ref, where, what: "checked out" });
    for (const other of rebased(admin)) uses.push({ ref: other, where, what: "being rebased" });
    const bisected = textOf(join(admin, "BISECT_START"));
    if (bisected !== null)
      uses.push({ ref: `refs/heads/${bisected.replace(/^refs\/heads\//, "")}`, where, what: "being bisected" });
  }
  return uses;
}

function linked(common: string): { admin: string; where: string }[] | null {
  const folder = join(common, "worktrees");
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    // There was never one.
    return error instanceof Error && "code" in error && error.code === "ENOENT" ? [] : null;
  }
  if (names.length > most) return null;
  return names.map((name) => {
    const admin = join(folder, name);
    return { admin, where: dirname(resolve(admin, textOf(join(admin, "gitdir")) ?? "")) };
  });
}

/** The branch of a rebase, and those that `--update-refs` moves with it. */
function rebased(admin: string): string[] {
  const names = ["rebase-merge", "rebase-apply"].map((folder) => textOf(join(admin, folder, "head-name")));
  const others = textOf(join(admin, "rebase-merge", "update-refs"))?.split("\n") ?? [];
  return [...names, ...others].flatMap((name) => (name?.startsWith("refs/heads/") ? [name] : []));
}
