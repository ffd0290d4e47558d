import { mkdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { copyIncluded } from "./included.ts";
import { despiteLocks } from "./locks.ts";
import { repositoryOf, type Repository } from "./repository.ts";
import { refused, runGit, type Refused } from "./run.ts";
import { serially } from "./serially.ts";
import { undoSetup } from "./setUpTraces.ts";
import { statusOf, uncommitted } from "./status.ts";
import { textOf } from "./textOf.ts";
import { removing, standing } from "./worktreeFolder.ts";

/** What git itself says of a worktree that was made or taken: read back, not assumed. */
export interface Receipt {
  readonly ok: true;
  /** Absolute, symbolic links resolved. */
  readonly path: string;
  /** The project within the worktree: where a worker works. The same as `path` unless the project is a folder of its repository. */
  readonly folder: string;
  readonly head: string;
  /** Null when HEAD is detached. */
  readonly branch: string | null;
  /** Git's own folder for it. */
  readonly admin: string;
  /** It stood there already, from an earlier try. */
  readonly taken: boolean;
  /** Files that `.worktreeinclude` names and that were copied now, from the project. */
  readonly included: readonly string[];
}

/** What a worktree must be. `path` is absolute or from the project; `branch` is null for a detached HEAD, `base` a full commit id. */
interface Wanted {
  readonly path: string;
  readonly branch: string | null;
  readonly base: string;
}

/**
 * A worktree at `path`, on its own new branch at `base`. Called again after a kill it takes or mends what is there. Refuses
 * when the branch or the worktree stands elsewhere than at `base`: there is work in it. Submodules stay uninitialised; a sparse
 * checkout is sparse there as well. Two processes when all goes well.
 */
export function addWorktree(project: string, wanted: Wanted): Promise<Receipt | Refused> {
  return open(project, wanted.path, wanted.branch, wanted.base);
}

/** The worktree of a branch that has work on it: as it stands, or made again where its folder is gone. HEAD may be anywhere. */
export function reopenWorktree(
  project: string,
  { path, branch }: { readonly path: string; readonly branch: string },
): Promise<Receipt | Refused> {
  return open(project, path, branch, null);
}

/**
 * Another task's new branch in a worktree that is there, which keeps what is ignored in it (installed packages, build caches).
 * Refuses when anything is uncommitted, or when the work that it stands at is not contained in `base`.
 */
export function reuseWorktree(
  project: string,
  { path, branch, base }: { readonly path: string; readonly branch: string; readonly base: string },
): Promise<Receipt | Refused> {
  return serially(async () => {
    const repository = await repositoryOf(project);
    if (!repository.ok) return repository;
    const at = resolve(project, path);
    const there = await standing(repository, at);
    if (there === null) return { ok: false, reason: `there is no worktree at ${at} to reuse` };
    if (!there.ok) return there;
    const locks = locksOf(repository, there.admin, branch);
    const status = await statusOf(at, locks);
    if (!status.ok) return status;
    const left = uncommitted(status);
    if (left !== null) return { ok: false, reason: `${at} has uncommitted work (${left})` };
    if (status.branch !== branch) {
      const contained = await runGit(at, ["merge-base", "--is-ancestor", status.head, base]);
      if (contained.code !== 0)
        return { ok: false, reason: `${at} stands at ${status.head}, which is not merged into ${base}` };
      const created = await despiteLocks(locks, () => runGit(at, ["checkout", "-q", "--no-track", "-b", branch, base]));
      const switched =
        created.code !== 0 && /already exists/.test(created.err) && (await tipOf(at, branch)) === base
          ? await despiteLocks(locks, () => runGit(at, ["checkout", "-q", branch, "--"]))
          : created;
      if (switched.code !== 0) return refused(`${at} could not be switched to ${branch}`, switched);
    }
    return receiptOf(repository, at, branch, base, true);
  });
}

/**
 * Removes a worktree whose commits are all contained in the commit `into` and which has no uncommitted work; what is ignored in
 * it goes with it. Its branch stays. True when there is nothing to remove.
 */
export function removeWorktree(project: string, path: string, into: string): Promise<{ readonly ok: true } | Refused> {
  return serially(async () => {
    const repository = await repositoryOf(project);
    if (!repository.ok) return repository;
    const at = resolve(project, path);
    const there = await standing(repository, at);
    if (there === null) return { ok: true };
    if (!there.ok) return there;
    const locks = locksOf(repository, there.admin, null);
    const status = await statusOf(at, locks);
    if (!status.ok) return status;
    const left = uncommitted(status);
    if (left !== null) return { ok: false, reason: `${at} has uncommitted work (${left})` };
    const contained = await runGit(at, ["merge-base", "--is-ancestor", status.head, into]);
    if (contained.code !== 0)
      return { ok: false, reason: `${at} stands at ${status.head}, which is not merged into ${into}` };
    return dropWorktree(repository.top, at, there.admin);
  });
}

/** Removes a worktree that was found safe to remove. Refuses one that is locked, or that has submodules in use, as git does. */
export async function dropWorktree(top: string, path: string, admin: string): Promise<{ readonly ok: true } | Refused> {
  const lock = textOf(join(admin, "locked"));
  if (lock !== null) return { ok: false, reason: `${path} is locked (${lock || "no reason given"})` };
  const undone = await undoSetup(path);
  if (!undone.ok) return undone;
  const mark = join(admin, removing);
  writeFileSync(mark, "");
  const result = await runGit(top, ["worktree", "remove", path]);
  if (result.code === 0) return { ok: true };
  rmSync(mark, { force: true });
  return refused(`${path} could not be removed`, result);
}

/** Locks that git holds for an instant in places that are ours alone. */
export function locksOf({ common }: Repository, admin: string, branch: string | null): string[] {
  const branches = branch === null ? [] : [join(common, "refs/heads", `${branch}.lock`)];
  const own = ["index", "HEAD", "ORIG_HEAD", "AUTO_MERGE"].map((name) => join(admin, `${name}.lock`));
  return [...own, ...branches];
}

async function open(
  project: string,
  path: string,
  branch: string | null,
  base: string | null,
): Promise<Receipt | Refused> {
  const opened = await serially(async (): Promise<Receipt | Refused> => {
    const repository = await repositoryOf(project);
    if (!repository.ok) return repository;
    const at = resolve(project, path);
    const there = await standing(repository, at);
    if (there !== null && !there.ok) return there;
    if (there === null) {
      const made = await make(repository, at, branch, base);
      if (!made.ok) return made;
    }
    return receiptOf(repository, at, branch, base, there !== null);
  });
  if (!opened.ok) return opened;
  const included = await copyIncluded(project, opened);
  return included.ok ? { ...opened, included: included.files } : included;
}

async function make(
  repository: Repository,
  path: string,
  branch: string | null,
  base: string | null,
): Promise<{ readonly ok: true } | Refused> {
  try {
    mkdirSync(dirname(path), { recursive: true });
  } catch (error) {
    return { ok: false, reason: `the folder for ${path} could not be made: ${String(error)}` };
  }
  const locks = branch === null ? [] : [join(repository.common, "refs/heads", `${branch}.lock`)];
  const add = (args: readonly string[]) =>
    despiteLocks(locks, () => runGit(repository.top, ["worktree", "add", "--quiet", ...args]));
  const existing = async () => add([path, branch ?? ""]);
  const fresh = async () =>
    add(branch === null ? ["--detach", path, base ?? "HEAD"] : ["--no-track", "-b", branch, path, base ?? "HEAD"]);
  let result = base === null ? await existing() : await fresh();
  if (base !== null && branch !== null && result.code !== 0 && /a branch named .* already exists/.test(result.err)) {
    const tip = await tipOf(repository.top, branch);
    if (tip !== base) return { ok: false, reason: `the branch ${branch} exists already, at ${tip}: not at ${base}` };
    result = await existing();
  }
  if (result.code === 0) return { ok: true };
  // Git clears away what it began, unless it was killed or the disk was too full even for that.
  await standing(repository, path);
  return refused(`the worktree ${path} could not be made`, result);
}

async function receiptOf(
  { prefix }: Repository,
  at: string,
  wanted: string | null,
  base: string | null,
  taken: boolean,
): Promise<Receipt | Refused> {
  const result = await runGit(at, [
    "rev-parse",
    "--absolute-git-dir",
    "--show-toplevel",
    "HEAD",
    "--symbolic-full-name",
    "HEAD",
  ]);
  if (result.code !== 0) return refused(`${at} is not a worktree that works`, result);
  const [admin = "", path = "", head = "", ref = ""] = result.out.split("\n");
  const branch = ref.startsWith("refs/heads/") ? ref.slice("refs/heads/".length) : null;
  if (path !== realpathSync(at))
    return { ok: false, reason: `git takes ${path} for the checkout of ${at}: work there would land in another tree` };
  if (branch !== wanted)
    return { ok: false, reason: `${at} is on ${branch ?? "no branch"}, not on ${wanted ?? "a detached HEAD"}` };
  if (base !== null && wanted !== null && head !== base)
    return { ok: false, reason: `${at} stands at ${head}, not at its base ${base}` };
  const folder = join(path, prefix);
  // The project's folder may hold nothing that is under version control yet.
  mkdirSync(folder, { recursive: true });
  return { ok: true, path, folder, head, branch, admin, taken, included: [] };
}

async function tipOf(folder: string, branch: string): Promise<string> {
  return (await runGit(folder, ["rev-parse", "--quiet", "--verify", `refs/heads/${branch}`])).out.trim();
}
