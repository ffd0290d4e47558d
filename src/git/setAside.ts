import { existsSync, lstatSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { despiteLocks } from "./locks.ts";
import { repositoryOf } from "./repository.ts";
import { refused, runGit, type Refused } from "./run.ts";
import { serially } from "./serially.ts";
import { statusOf, uncommitted } from "./status.ts";
import { textOf } from "./textOf.ts";
import { locksOf } from "./worktree.ts";
import { standing } from "./worktreeFolder.ts";

/** Where an earlier tree of a task went: `path` is from the project. */
interface SetAside {
  readonly ok: true;
  readonly branch: string;
  readonly path: string;
}

/**
 * Makes room for a fresh tree of a task whose own cannot be taken up: what it stands at gets a branch beside the task's, and the
 * tree itself moves beside its old place, with all that is uncommitted in it. Null where the tree stands on its branch and holds
 * nothing uncommitted (then another one would meet the same), or where there is none.
 */
export function setAside(
  project: string,
  { worktree, branch }: { readonly worktree: string; readonly branch: string },
): Promise<SetAside | null | Refused> {
  return serially(async () => {
    const repository = await repositoryOf(project);
    if (!repository.ok) return repository;
    const at = resolve(project, worktree);
    const there = await standing(repository, at);
    if (there === null || !there.ok) return there;
    const { admin } = there;
    if (textOf(join(admin, "locked")) !== null) return { ok: false, reason: `${at} is locked` };
    const locks = locksOf(repository, admin, null);
    const status = await statusOf(at, locks);
    if (!status.ok) return status;
    const stopped = ["rebase-merge", "rebase-apply"].some((name) => existsSync(join(admin, name)));
    if (status.branch === branch && uncommitted(status) === null && !stopped) return null;

    let free = 1;
    const name = (): string => `${branch}.left-${free}`;
    const taken = async (): Promise<boolean> =>
      lstatSync(`${at}.left-${free}`, { throwIfNoEntry: false }) !== undefined ||
      (await runGit(at, ["rev-parse", "--quiet", "--verify", `refs/heads/${name()}`])).code === 0;
    while (await taken()) free += 1;
    const commit = await runGit(at, ["rev-parse", "--quiet", "--verify", "HEAD"]);
    if (commit.code === 0) {
      const kept = await runGit(at, [
        "update-ref",
        `refs/heads/${name()}`,
        status.head,
        "0".repeat(status.head.length),
      ]);
      if (kept.code !== 0) return refused(`${status.head} could not be put on the branch ${name()}`, kept);
    }
    // Git does not check out a branch that is being rebased elsewhere. HEAD, index and files stay as they are.
    if (stopped) await runGit(at, ["rebase", "--quit"]);
    const moved = await despiteLocks(locks, () => runGit(at, ["symbolic-ref", "HEAD", `refs/heads/${name()}`]));
    if (moved.code !== 0) return refused(`HEAD of ${at} could not be put on ${name()}`, moved);
    const to = `${at}.left-${free}`;
    try {
      // Git itself moves no worktree that has submodules.
      renameSync(at, to);
      writeFileSync(join(admin, "gitdir"), `${join(to, ".git")}\n`);
    } catch (error) {
      return { ok: false, reason: `${at} could not be moved to ${to}: ${String(error)}` };
    }
    await moveModules(repository.top, join(admin, "modules"), at, to);
    return { ok: true, branch: name(), path: relative(resolve(project), to) };
  });
}

/** Leads the repositories of a moved tree's submodules to their folders. */
async function moveModules(top: string, modules: string, from: string, to: string): Promise<void> {
  if (!existsSync(modules)) return;
  for (const name of readdirSync(modules, { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(`${sep}config`)) continue;
    const file = join(modules, name);
    const asked = await runGit(top, ["config", "--file", file, "core.worktree"]);
    const way = relative(from, resolve(dirname(file), asked.out.trim()));
    if (asked.code !== 0 || way.startsWith("..")) continue;
    await runGit(top, ["config", "--file", file, "core.worktree", relative(dirname(file), join(to, way))]);
  }
}
