import { existsSync, realpathSync, rmdirSync } from "node:fs";
import { join, relative } from "node:path";
import type { Delivery } from "./deliver.ts";
import { inUse } from "./inUse.ts";
import { branchPrefix, integrationWorktree, worktreesFolder } from "./names.ts";
import { repositoryOf, type Repository } from "./repository.ts";
import { refused, runGit, words, type Refused } from "./run.ts";
import { serially } from "./serially.ts";
import { statusOf, uncommitted } from "./status.ts";
import { dropWorktree, locksOf } from "./worktree.ts";
import { listWorktrees, type Listed } from "./worktreeList.ts";
import { standing, underConstruction } from "./worktreeFolder.ts";

/** What was removed (or would be), and what stays and why. Worktrees by their path from the project, branches by their name. */
export interface Cleaned {
  readonly ok: true;
  readonly removed: readonly string[];
  readonly kept: readonly { readonly what: string; readonly why: string }[];
}

interface Options {
  /** Only say what would happen. */
  readonly dry: boolean;
  /** What the run merged, as for `deliver`; null where that is not known. */
  readonly merged: Pick<Delivery, "base" | "tasks"> | null;
}

/**
 * Removes the worktrees and branches of a run that has ended, as far as their work is contained in branches outside
 * `orchestrate/RUN/` (local ones, or remote ones as last fetched), as it is or in another form that `deliver` gives it. A worktree
 * with uncommitted work, or a locked one, stays, and its branch with it; so does a branch that another worktree stands on, rebases
 * or bisects. What is ignored in a removed worktree goes with it.
 */
export function cleanRun(project: string, run: string, { dry, merged }: Options): Promise<Cleaned | Refused> {
  return serially(async () => {
    const repository = await repositoryOf(project);
    if (!repository.ok) return repository;
    const own = `${branchPrefix}/${run}/`;
    const refs = await branches(repository.top);
    if (!refs.ok) return refs;
    const theirs = [...refs.tips].filter(([ref]) => !ref.includes(`/${own}`)).map(([, commit]) => commit);
    const contained = async (...commits: readonly string[]): Promise<boolean> => {
      const input = [...commits, ...new Set(theirs.map((tip) => `^${tip}`))].join("\n");
      const left = await runGit(repository.top, ["rev-list", "--max-count=1", "--stdin"], { input });
      return left.code === 0 && left.out.trim() === "";
    };
    const removed: string[] = [];
    const kept: { what: string; why: string }[] = [];
    const gone = new Set<string>();
    const worktrees = await listWorktrees(repository.top);
    if (!worktrees.ok) return worktrees;
    const uses = inUse(repository, worktrees.list);
    const folder = join(realpathSync(repository.project), worktreesFolder(run), "/");
    const last = merged === null ? null : await handedOver(repository.top, merged, theirs, contained);
    if (last !== null) theirs.push(last);
    for (const worktree of worktrees.list) {
      if (!worktree.path.startsWith(folder)) continue;
      const why = await whyKept(repository, run, worktree, contained, dry);
      if (why === null) removed.push(shown(repository, worktree.path));
      else kept.push({ what: shown(repository, worktree.path), why });
      if (why === null) gone.add(worktree.path);
    }
    for (const [ref, tip] of refs.tips) {
      const branch = ref.slice("refs/heads/".length);
      if (!ref.startsWith(`refs/heads/${own}`)) continue;
      const use = uses.find((one) => one.ref === ref && !gone.has(one.where));
      const why =
        use !== undefined
          ? use.where.startsWith(folder)
            ? "its worktree is kept"
            : `it is ${use.what} in ${use.where}`
          : (await contained(tip))
            ? await drop(repository, ref, tip, dry)
            : `its work (${tip.slice(0, 12)}) is in no branch of yours`;
      if (why === null) removed.push(branch);
      else kept.push({ what: branch, why });
    }
    if (!dry) removeEmpty(join(repository.project, worktreesFolder(run)));
    return { ok: true, removed, kept };
  });
}

async function branches(top: string): Promise<{ ok: true; tips: Map<string, string> } | Refused> {
  const format = "--format=%(refname)%00%(objectname)%00%(symref)";
  const asked = await runGit(top, ["for-each-ref", format, "refs/heads/", "refs/remotes/"]);
  if (asked.code !== 0) return refused("the branches cannot be listed", asked);
  const lines = asked.out.split("\n").map((line) => line.split("\0"));
  // One that only points to another branch holds nothing when that is gone.
  const tips = lines.flatMap(([ref = "", tip = "", symref]): [string, string][] => (symref === "" ? [[ref, tip]] : []));
  return { ok: true, tips: new Map(tips) };
}

/**
 * The run's last merge, where all that was merged is in branches of the user's in another form: each task's own commits (our merges
 * add nothing to them), or a commit with the tree of each merge, as in a stack. Null where anything is missing.
 */
async function handedOver(
  top: string,
  { base, tasks }: NonNullable<Options["merged"]>,
  theirs: readonly string[],
  contained: (...commits: readonly string[]) => Promise<boolean>,
): Promise<string | null> {
  const last = tasks.at(-1)?.commit;
  if (last === undefined) return null;
  const parts = tasks.flatMap(({ commit }) => [`${commit}^2`, `${commit}^{tree}`]);
  const asked = await runGit(top, ["rev-parse", ...parts]);
  if (asked.code !== 0 || !(await contained(base))) return null;
  const ids = asked.out.trim().split("\n");
  if (await contained(...ids.filter((_, index) => index % 2 === 0))) return last;
  const input = [...theirs, `^${base}`].join("\n");
  const log = await runGit(top, ["log", "--format=%T", "--stdin"], { input });
  const trees = new Set(log.out.split("\n"));
  return log.code === 0 && ids.every((id, index) => index % 2 === 0 || trees.has(id)) ? last : null;
}

/** Removes a worktree, unless it is a rehearsal. Null, or why it stays. */
async function whyKept(
  repository: Repository,
  run: string,
  { path, head, locked }: Listed,
  contained: (commit: string) => Promise<boolean>,
  dry: boolean,
): Promise<string | null> {
  // A half-made worktree is locked by git itself, and holds nobody's work.
  if (locked !== null && locked !== underConstruction) return `it is locked (${locked})`;
  if (!(await contained(head))) return `its work (${head.slice(0, 12)}) is in no branch of yours`;
  const there = dry ? null : await standing(repository, path);
  if (there !== null && !there.ok) return there.reason;
  if (there === null && (!dry || locked !== null || !existsSync(path))) return null;
  const status = await statusOf(path, there === null ? [] : locksOf(repository, there.admin, null));
  if (!status.ok) return status.reason;
  // In the integration worktree nobody works: what lies there was left by checks.
  const ours = path === join(realpathSync(repository.project), integrationWorktree(run));
  const left = ours ? null : uncommitted(status);
  if (left !== null) return `it has uncommitted work (${left})`;
  if (there === null) return null;
  if (ours)
    for (const args of [
      ["reset", "--quiet", "--hard"],
      ["clean", "-ffdq"],
    ])
      await runGit(path, args);
  const dropped = await dropWorktree(repository.top, path, there.admin);
  return dropped.ok ? null : dropped.reason;
}

async function drop({ top }: Repository, ref: string, tip: string, dry: boolean): Promise<string | null> {
  if (dry) return null;
  const result = await runGit(top, ["update-ref", "-d", ref, tip]);
  return result.code === 0 ? null : words(result);
}

function shown({ project }: Repository, path: string): string {
  return relative(realpathSync(project), path);
}

function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Something is kept in it, or it was never there.
  }
}
