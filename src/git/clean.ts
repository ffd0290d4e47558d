import { existsSync, realpathSync, rmdirSync } from "node:fs";
import { join, relative } from "node:path";
import { branchPrefix, integrationWorktree, worktreesFolder } from "./names.ts";
import { repositoryOf, type Repository } from "./repository.ts";
import { refused, runGit, words, type Refused } from "./run.ts";
import { serially } from "./serially.ts";
import { statusOf, uncommitted } from "./status.ts";
import { dropWorktree, locksOf } from "./worktree.ts";
import { standing, underConstruction } from "./worktreeFolder.ts";

/** What was removed (or would be), and what stays and why. Worktrees by their path from the project, branches by their name. */
export interface Cleaned {
  readonly ok: true;
  readonly removed: readonly string[];
  readonly kept: readonly { readonly what: string; readonly why: string }[];
}

interface Listed {
  readonly path: string;
  readonly head: string;
  readonly branch: string | null;
  /** Why somebody locked it, or null. */
  readonly locked: string | null;
}

/**
 * Removes the worktrees and branches of a run that has ended, as far as their work is contained in branches outside
 * `orchestrate/RUN/` (local ones, or remote ones as last fetched). A worktree with uncommitted work, or a locked one, stays, and its
 * branch with it. `dry` says what would happen. What is ignored in a removed worktree goes with it.
 */
export function cleanRun(project: string, run: string, { dry }: { readonly dry: boolean }): Promise<Cleaned | Refused> {
  return serially(async () => {
    const repository = await repositoryOf(project);
    if (!repository.ok) return repository;
    const own = `${branchPrefix}/${run}/`;
    const refs = await branches(repository.top);
    if (!refs.ok) return refs;
    const theirs = [...refs.tips].filter(([ref]) => !ref.includes(`/${own}`)).map(([, commit]) => commit);
    const contained = async (commit: string): Promise<boolean> => {
      const input = [commit, ...new Set(theirs.map((tip) => `^${tip}`))].join("\n");
      const left = await runGit(repository.top, ["rev-list", "--max-count=1", "--stdin"], { input });
      return left.code === 0 && left.out.trim() === "";
    };
    const removed: string[] = [];
    const kept: { what: string; why: string }[] = [];
    const busy = new Set<string>();
    const worktrees = await ownWorktrees(repository, run);
    if (!worktrees.ok) return worktrees;
    for (const worktree of worktrees.list) {
      const why = await whyKept(repository, run, worktree, contained, dry);
      if (why === null) removed.push(shown(repository, worktree.path));
      else kept.push({ what: shown(repository, worktree.path), why });
      if (why !== null && worktree.branch !== null) busy.add(worktree.branch);
    }
    for (const [ref, tip] of refs.tips) {
      const branch = ref.slice("refs/heads/".length);
      if (!ref.startsWith(`refs/heads/${own}`)) continue;
      const why = busy.has(ref)
        ? "its worktree is kept"
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
  const format = "--format=%(refname)%00%(objectname)";
  const asked = await runGit(top, ["for-each-ref", format, "refs/heads/", "refs/remotes/"]);
  if (asked.code !== 0) return refused("the branches cannot be listed", asked);
  const lines = asked.out.split("\n").filter((line) => line !== "");
  return { ok: true, tips: new Map(lines.map((line) => line.split("\0") as [string, string])) };
}

/** The run's worktrees that git knows, whether their folders are there or not. */
async function ownWorktrees(
  { top, project }: Repository,
  run: string,
): Promise<{ ok: true; list: Listed[] } | Refused> {
  const asked = await runGit(top, ["worktree", "list", "--porcelain", "-z"]);
  if (asked.code !== 0) return refused("the worktrees cannot be listed", asked);
  const folder = join(realpathSync(project), worktreesFolder(run), "/");
  const list = asked.out.split("\0\0").flatMap((entry): Listed[] => {
    const field = (name: string): string | undefined =>
      entry
        .split("\0")
        .find((line) => line.startsWith(`${name} `))
        ?.slice(name.length + 1);
    const path = field("worktree");
    if (path === undefined || !path.startsWith(folder)) return [];
    const locked = field("locked") ?? (entry.split("\0").includes("locked") ? "no reason given" : null);
    return [{ path, head: field("HEAD") ?? "", branch: field("branch") ?? null, locked }];
  });
  return { ok: true, list };
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
