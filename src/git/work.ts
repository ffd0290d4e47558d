import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, posix, resolve } from "node:path";
import { includedIn } from "./included.ts";
import { despiteLocks } from "./locks.ts";
import { hasConflictMarkers, mergeTrees } from "./mergeTree.ts";
import { fromProject, repositoryOf, type Repository } from "./repository.ts";
import { refused, runGit, type Refused } from "./run.ts";
import { serially } from "./serially.ts";
import { onPaths } from "./setUpTraces.ts";
import { statusOf, uncommitted, type WorktreeStatus } from "./status.ts";
import { textOf } from "./textOf.ts";
import { locksOf } from "./worktree.ts";
import { standing } from "./worktreeFolder.ts";

/** What a worker left. All paths are from the project, with `../` where they lie outside it. */
export interface Work {
  readonly ok: true;
  /** The tip that holds the work. It is on the task's branch unless `moved` says otherwise. */
  readonly commit: string;
  /** What the work changes against the base. */
  readonly files: readonly string[];
  readonly empty: boolean;
  /** Files in conflict that nobody has resolved. While there are any, nothing was committed. */
  readonly unmerged: readonly string[];
  /** Why the work must not be merged as it stands: it is not on the task's branch, or does not build on the base. */
  readonly moved: string | null;
  /** The worker had left its branch, and its work was brought back there: what had happened. */
  readonly mended: string | null;
  /**
   * Folders whose files are in no commit that can be delivered: repositories of their own and submodules, of which git keeps a link at
   * most. A submodule counts when something in it is not committed, when it is not initialised and not empty, or when its link
   * changed to a commit that none of its remote branches is known to have.
   */
  readonly nested: readonly string[];
}

/**
 * Finds a worker's work, commits what it left uncommitted, and says what it comes to against `base`. Copies that
 * `.worktreeinclude` asked for are never committed here. Called again it says the same. Three processes when the worker committed
 * everything itself, five otherwise.
 */
export async function collectWork(
  project: string,
  { path, branch, base, message }: { path: string; branch: string; base: string; message: string },
): Promise<Work | Refused> {
  const repository = await repositoryOf(project);
  if (!repository.ok) return repository;
  const at = resolve(project, path);
  const there = await standing(repository, at);
  if (there === null) return { ok: false, reason: `the worktree ${at} is gone; what was committed is on ${branch}` };
  if (!there.ok) return there;
  const { admin } = there;
  const locks = locksOf(repository, admin, branch);
  const status = await statusOf(at, locks);
  if (!status.ok) return status;

  const stopped = ["rebase-merge", "rebase-apply"].some((name) => existsSync(join(admin, name)));
  const unmerged = await unresolved(repository, at, admin, status);
  if (!Array.isArray(unmerged)) return unmerged;
  if (!stopped && unmerged.length === 0) {
    const saved = await commitRest(repository, { at, admin, branch, message, locks }, status);
    if (saved !== null) return saved;
  }
  const modules = textOf(join(at, ".gitmodules")) ?? "";
  const said = await describe(repository, at, base, modules);
  if (!said.ok) return said;
  const { onBase, marked, ...found } = said;
  const open = status.foreign.filter((file) => holdsFiles(join(at, file)));
  const nested = [...open, ...(await strayIn(at, modules))].map((file) => fromProject(repository, file));
  const work: Work = {
    ...found,
    unmerged: [...new Set([...unmerged.map((file) => fromProject(repository, file)), ...marked])],
    nested: [...new Set([...found.nested, ...nested.map((file) => file.replace(/\/$/, ""))])],
    moved: null,
    mended: null,
  };
  const where = status.branch === null ? "a detached HEAD" : `the branch ${status.branch}`;
  if (stopped) return { ...work, moved: `a rebase was begun and not finished, at ${work.commit}` };
  if (!onBase) return { ...work, moved: `the work at ${work.commit} does not build on its base ${base}` };
  if (status.branch === branch || unmerged.length > 0) return work;
  const brought = await serially(() => bringBack(at, branch, work.commit, locks));
  if (brought !== null) return { ...work, moved: `the work is on ${where}, at ${work.commit}: ${brought}` };
  return { ...work, mended: `the work was on ${where}, and was brought to ${branch}` };
}

/** Files whose conflict nobody has resolved, from the top of the worktree. */
async function unresolved(
  { top }: Repository,
  at: string,
  admin: string,
  { head, unmerged }: WorktreeStatus,
): Promise<string[] | Refused> {
  // Markers are git's own question; where there were none (one side deleted the file, or it is binary) only `git add` or `git rm` is an answer.
  const open = unmerged
    .filter(({ path, code }) => !(code === "UU" || code === "AA") || !isResolved(join(at, path)))
    .map(({ path }) => path);
  const other = textOf(join(admin, "MERGE_HEAD"))?.split("\n") ?? [];
  if (other.length !== 1 || other[0] === undefined) return open;
  // What was staged with the markers still in it.
  const merge = await mergeTrees(top, head, other[0]);
  if (!merge.ok) return merge;
  return [...new Set([...open, ...(merge.clean ? [] : merge.files.filter((path) => isMarked(join(at, path))))])];
}

/** What git calls the commit of a branch that has none yet. */
const unborn = "(initial)";

async function commitRest(
  repository: Repository,
  {
    at,
    admin,
    branch,
    message,
    locks,
  }: { at: string; admin: string; branch: string; message: string; locks: string[] },
  status: WorktreeStatus,
): Promise<Refused | null> {
  const copies = new Set(includedIn(admin).map((file) => posix.join(repository.prefix, file)));
  // Git shows a repository within the worktree as a folder; adding it would fail, or would keep a link alone.
  const kept = status.untracked.filter((path) => copies.has(path) || path.endsWith("/"));
  const made = status.made.map(({ path }) => path);
  const untracked = status.untracked.filter((path) => !kept.includes(path));
  const merging = existsSync(join(admin, "MERGE_HEAD"));
  if (uncommitted({ ...status, untracked }) === null && !merging) return null;
  // Another branch may be the user's: it is left as it is, and the work goes on from there without it.
  if (status.branch !== null && status.branch !== branch && status.head !== unborn) {
    const left = await runGit(at, ["update-ref", "--no-deref", "HEAD", status.head]);
    if (left.code !== 0) return refused(`${at} could not be taken off ${status.branch}`, left);
  }
  const staged = status.made.flatMap(({ path, tracked }) => (tracked ? path : []));
  const apart = await onPaths(at, ["reset", "--quiet"], staged, locks);
  if (apart !== null) return apart;
  const input = [":/", ...[...kept, ...made].map((path) => `:(top,exclude,literal)${path.replace(/\/$/, "")}`)].join(
    "\0",
  );
  const from = ["--pathspec-from-file=-", "--pathspec-file-nul"];
  // In a sparse checkout a worker may need a file that lies outside of it.
  const added = await despiteLocks(locks, () => runGit(at, ["add", "--all", "--sparse", ...from], { input }));
  if (added.code !== 0) return refused(`what was left in ${at} could not be added`, added);
  const commit = ["commit", "--quiet", "--no-verify", "--file=-"];
  const done = await despiteLocks(locks, () => runGit(at, commit, { input: message }));
  if (done.code === 0) return null;
  // What changed within a submodule cannot be added from here.
  const nothing = done.code === 1 && (await runGit(at, ["diff-index", "--cached", "--quiet", "HEAD"])).code === 0;
  return nothing ? null : refused(`what was left in ${at} could not be committed`, done);
}

/** Brings the task's branch to a commit that holds everything on it, and HEAD onto the branch. Null, or why not. */
async function bringBack(at: string, branch: string, commit: string, locks: string[]): Promise<string | null> {
  const ref = `refs/heads/${branch}`;
  const tip = (await runGit(at, ["rev-parse", "--quiet", "--verify", ref])).out.trim();
  if (tip !== "" && (await runGit(at, ["merge-base", "--is-ancestor", tip, commit])).code !== 0)
    return `${branch} has other work, at ${tip}`;
  const old = tip === "" ? "0".repeat(commit.length) : tip;
  const moved = await despiteLocks(locks, () => runGit(at, ["update-ref", ref, commit, old]));
  if (moved.code !== 0) return refused(`${branch} could not be moved`, moved).reason;
  const back = await despiteLocks(locks, () => runGit(at, ["symbolic-ref", "HEAD", ref]));
  return back.code === 0 ? null : refused(`HEAD could not be put on ${branch}`, back).reason;
}

interface Described extends Pick<Work, "ok" | "commit" | "files" | "empty" | "nested"> {
  readonly onBase: boolean;
  /** Files that a merge among the work's own commits left with conflict markers, from the project. */
  readonly marked: readonly string[];
}

async function describe(
  repository: Repository,
  at: string,
  base: string,
  modules: string,
): Promise<Described | Refused> {
  const listed = await runGit(at, ["rev-list", "--parents", "--boundary", `${base}..HEAD`]);
  if (listed.code !== 0) return refused(`the commits since ${base} cannot be listed`, listed);
  const lines = listed.out.split("\n").filter((line) => line !== "");
  const own = lines.filter((line) => !line.startsWith("-")).map((line) => line.split(" "));
  const tip = own[0]?.[0];
  const changes = await runGit(at, ["diff-tree", "-r", "-z", "--raw", "--no-renames", base, "HEAD"]);
  if (changes.code !== 0) return refused(`the changes since ${base} cannot be listed`, changes);
  const fields = changes.out.split("\0").filter((field) => field !== "");
  const files = fields.filter((_, index) => index % 2 === 1);
  const nested: string[] = [];
  for (const [index, file] of files.entries()) {
    const linked = /^:\d+ 160000 \S+ (\S+)/.exec(fields[index * 2] ?? "")?.[1];
    if (linked !== undefined && !(modules.includes(file) && (await isPublished(join(at, file), linked))))
      nested.push(file);
  }
  // Without commits of its own HEAD is the base, or one that the base was built on.
  const head = tip ?? (await runGit(at, ["rev-parse", "HEAD"])).out.trim();
  const marked = new Set<string>();
  // Along the first parents: what came in by a merge was looked at when it was made.
  const parents = new Map(own.map(([commit = "", ...of]) => [commit, of]));
  for (let step = parents.get(head); step !== undefined; step = parents.get(step[0] ?? "")) {
    const [first, second, third] = step;
    if (first === undefined || second === undefined || third !== undefined) continue;
    const merge = await mergeTrees(at, first, second);
    if (!merge.ok) return merge;
    if (!merge.clean) for (const file of merge.files) if (isMarked(join(at, file))) marked.add(file);
  }
  return {
    ok: true,
    commit: head,
    files: files.map((file) => fromProject(repository, file)),
    empty: files.length === 0,
    onBase: head === base || lines.some((line) => line.slice(1, 1 + base.length) === base && line.startsWith("-")),
    marked: [...marked].map((file) => fromProject(repository, file)),
    nested: nested.map((file) => fromProject(repository, file)),
  };
}

/** Submodules, named by `modules`, that are not initialised and in whose folders files stand, which git cannot see. */
async function strayIn(at: string, modules: string): Promise<string[]> {
  const named = [...modules.matchAll(/^\s*path\s*=\s*"?(.*?)"?\s*$/gm)].map(([, path = ""]) => path);
  const full = named.filter((path) => !existsSync(join(at, path, ".git")) && holdsFiles(join(at, path)));
  if (full.length === 0) return [];
  const listed = await runGit(at, ["ls-tree", "-z", "HEAD", "--", ...full]);
  return listed.out
    .split("\0")
    .flatMap((line) => (line.startsWith("160000 ") ? line.slice(line.indexOf("\t") + 1) : []));
}

/** Whether a remote branch of an initialised submodule, as last fetched, has the commit. */
async function isPublished(module: string, commit: string): Promise<boolean> {
  if (!existsSync(join(module, ".git"))) return false;
  const holding = await runGit(module, ["for-each-ref", "--count=1", `--contains=${commit}`, "refs/remotes"]);
  return holding.code === 0 && holding.out !== "";
}

function holdsFiles(folder: string): boolean {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return false;
  return readdirSync(folder).some((name) => name !== ".git");
}

/** A file of text that is there and has no markers any more. */
function isResolved(path: string): boolean {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return false;
  const text = readFileSync(path, "latin1");
  return !text.includes("\0") && !hasConflictMarkers(text);
}

function isMarked(path: string): boolean {
  return (
    statSync(path, { throwIfNoEntry: false })?.isFile() === true && hasConflictMarkers(readFileSync(path, "latin1"))
  );
}
