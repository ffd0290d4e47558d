import { join, resolve } from "node:path";
import { despiteLocks } from "./locks.ts";
import { commitTree, mergeMessage, mergeTrees } from "./mergeTree.ts";
import { integrationBranch, integrationWorktree } from "./names.ts";
import { fromProject, repositoryOf, type Repository } from "./repository.ts";
import { refused, runGit, type Refused } from "./run.ts";
import { serially } from "./serially.ts";
import { addWorktree, locksOf } from "./worktree.ts";
import { standing } from "./worktreeFolder.ts";

/** Verified work that waits to be merged. */
export interface Candidate {
  readonly task: string;
  readonly commit: string;
  readonly title: string;
}

/** Whether the tree in `folder` (the project within the integration worktree) passes: null for yes, else why not. */
export type Gate = (folder: string) => Promise<{ readonly reason: string } | null>;

/** What came of a merge. `commit` of a merged task is its merge; paths are from the project. */
export interface MergeOutcome {
  readonly ok: true;
  /** Where the integration branch stands now: green, or `onto` when nothing was merged. */
  readonly head: string;
  readonly merged: readonly { readonly task: string; readonly commit: string }[];
  readonly conflicts: readonly {
    readonly task: string;
    readonly files: readonly string[];
    /** Merged tasks that changed these files and that the task has not seen. */
    readonly with: readonly string[];
  }[];
  /** Tasks that turned the gate red, each with what the gate said. They are not merged. */
  readonly reds: readonly { readonly task: string; readonly reason: string }[];
}

interface Setting {
  readonly repository: Repository;
  readonly run: string;
  /** Of the integration worktree. */
  readonly path: string;
  readonly folder: string;
  readonly locks: readonly string[];
  readonly gate: Gate;
}

/** Tasks merged one after the other: `steps[n]` is the tree after n + 1 of them. */
interface Chain {
  readonly ok: true;
  readonly steps: readonly { readonly task: string; readonly commit: string }[];
  readonly conflicts: MergeOutcome["conflicts"];
}

/**
 * Merges tasks in the order given onto the commit `onto`, which counts as green, and moves the run's integration branch there when
 * the gate passes. A task in conflict is left out and reported; when the gate is red the first task that turns it red is looked for
 * by halving, left out, and the rest is merged and gated again. Until the branch moves at the very end, in one step and only if
 * nobody moved it meanwhile, nothing but the integration worktree is touched. After a kill: call it again.
 */
export async function mergeWork(
  project: string,
  run: string,
  onto: string,
  tasks: readonly Candidate[],
  gate: Gate,
): Promise<MergeOutcome | Refused> {
  const repository = await repositoryOf(project);
  if (!repository.ok) return repository;
  const before = await integrationTip(repository, run, onto, tasks);
  if (!before.ok) return before;
  const worktree = await integrationTree(repository, run, onto);
  if (!worktree.ok) return worktree;
  const { path, folder, admin } = worktree;
  const setting: Setting = { repository, run, path, folder, locks: locksOf(repository, admin, null), gate };

  const reds: { task: string; reason: string }[] = [];
  let green: Chain = { ok: true, steps: [], conflicts: [] };
  let left = tasks;
  for (;;) {
    const tried = await mergeAll(setting, onto, green, left);
    if (!tried.ok) return tried;
    const last = tried.steps.at(-1);
    if (last === undefined || tried.steps.length === green.steps.length) {
      green = tried;
      break;
    }
    const looked = await gateAt(setting, last.commit);
    if (!looked.ok) return looked;
    if (looked.red === null) {
      green = tried;
      break;
    }
    const found = await firstRed(setting, tried, green.steps.length, looked.red);
    if (!found.ok) return found;
    const { task } = tried.steps[found.at] ?? { task: "" };
    reds.push({ task, reason: found.reason });
    // What stands before the culprit is green; what conflicted after it may merge without it.
    const at = tasks.findIndex((one) => one.task === task);
    const earlier = new Set(tasks.slice(0, at).map((one) => one.task));
    green = {
      ok: true,
      steps: tried.steps.slice(0, found.at),
      conflicts: tried.conflicts.filter((conflict) => earlier.has(conflict.task)),
    };
    left = tasks.slice(at + 1);
  }
  const head = green.steps.at(-1)?.commit ?? onto;
  const ref = `refs/heads/${integrationBranch(run)}`;
  if (before.tip === head) return { ok: true, head, merged: green.steps, conflicts: green.conflicts, reds };
  const old = before.tip ?? "0".repeat(head.length);
  const locks = [join(repository.common, `${ref}.lock`)];
  const moved = await serially(() =>
    despiteLocks(locks, () => runGit(repository.top, ["update-ref", "-m", `orchestrate: ${run}`, ref, head, old])),
  );
  if (moved.code !== 0) return refused(`${integrationBranch(run)} could not be moved to ${head}`, moved);
  return { ok: true, head, merged: green.steps, conflicts: green.conflicts, reds };
}

/**
 * Where the integration branch stands. It may be ahead of `onto` when an earlier call was killed after moving it: those are our own
 * merges, which are made again. Refuses when it holds anything else, or is checked out where a person would see it move.
 */
async function integrationTip(
  { top }: Repository,
  run: string,
  onto: string,
  tasks: readonly Candidate[],
): Promise<{ readonly ok: true; readonly tip: string | null } | Refused> {
  const branch = integrationBranch(run);
  const ref = `refs/heads/${branch}`;
  const asked = await runGit(top, ["for-each-ref", "--format=%(objectname)%00%(worktreepath)", ref]);
  if (asked.code !== 0) return refused(`${branch} cannot be read`, asked);
  const [tip = "", where = ""] = asked.out.split("\n")[0]?.split("\0") ?? [];
  if (where !== "")
    return { ok: false, reason: `${branch} is checked out in ${where}: switch that to another branch, then resume` };
  if (tip === "" || tip === onto) return { ok: true, tip: tip || null };
  const format = "--format=%H%x00%(trailers:key=Orchestrate-Run,valueonly,separator=%x2C)";
  const not = [onto, ...tasks.map((task) => task.commit)].map((commit) => `^${commit}`);
  const extra = await runGit(top, ["log", format, tip, ...not]);
  if (extra.code !== 0) return refused(`the commits of ${branch} cannot be listed`, extra);
  const foreign = extra.out.split("\n").find((line) => line !== "" && line.split("\0")[1] !== run);
  if (foreign === undefined) return { ok: true, tip };
  const commit = foreign.split("\0")[0]?.slice(0, 12);
  return {
    ok: false,
    reason: `${branch} has a commit that this run did not make (${commit}): keep it on a branch of yours, then \`git branch -f ${branch} ${onto}\``,
  };
}

/** The integration worktree: made when it is missing. What is left in it from before does not matter, it is set before each look. */
async function integrationTree(
  repository: Repository,
  run: string,
  onto: string,
): Promise<{ readonly ok: true; readonly path: string; readonly folder: string; readonly admin: string } | Refused> {
  const path = resolve(repository.project, integrationWorktree(run));
  const there = await standing(repository, path);
  if (there?.ok) return { ...there, path, folder: join(path, repository.prefix) };
  return addWorktree(repository.project, { path, branch: null, base: onto });
}

/** The integration worktree exactly at a commit, to run checks in; `taken` says that it stood there before. */
export async function treeAt(
  project: string,
  run: string,
  commit: string,
): Promise<{ readonly ok: true; readonly folder: string; readonly taken: boolean } | Refused> {
  const repository = await repositoryOf(project);
  if (!repository.ok) return repository;
  const taken = (await standing(repository, resolve(project, integrationWorktree(run))))?.ok === true;
  const tree = await integrationTree(repository, run, commit);
  if (!tree.ok) return tree;
  const { path, folder, admin } = tree;
  const moved = await checkOut({ path, locks: locksOf(repository, admin, null) }, commit);
  return moved ?? { ok: true, folder, taken };
}

/** Merges tasks onto what is merged already. Objects alone: two processes for each task, one more for a conflict. */
async function mergeAll(
  { repository, run, path }: Setting,
  onto: string,
  before: Chain,
  tasks: readonly Candidate[],
): Promise<Chain | Refused> {
  const steps = [...before.steps];
  const conflicts = [...before.conflicts];
  for (const { task, commit, title } of tasks) {
    const head = steps.at(-1)?.commit ?? onto;
    const merge = await mergeTrees(path, head, commit);
    if (!merge.ok) return merge;
    if (!merge.clean) {
      const files = merge.files.map((file) => fromProject(repository, file));
      conflicts.push({ task, files, with: await changedBy(path, `${commit}..${head}`, merge.files) });
      continue;
    }
    const message = mergeMessage(run, task, title);
    const made = await commitTree(path, { tree: merge.tree, parents: [head, commit], message });
    if (!made.ok) return made;
    steps.push({ task, commit: made.commit });
  }
  return { ok: true, steps, conflicts };
}

/** Tasks whose merges in a range changed any of the files. */
async function changedBy(folder: string, range: string, files: readonly string[]): Promise<string[]> {
  const format = "--format=%x01%(trailers:key=Orchestrate-Task,valueonly,separator=%x2C)";
  // Git's own limit to paths would skip a merge whose first parent lies outside the range.
  const what = ["--first-parent", "--diff-merges=first-parent", "--name-only", "--no-renames", "-z"];
  const log = await runGit(folder, ["log", ...what, format, range]);
  const tasks = log.out.split("\u0001").flatMap((entry) => {
    const [task = "", ...changed] = entry.split(/[\0\n]+/);
    return task !== "" && files.some((file) => changed.includes(file)) ? task : [];
  });
  return [...new Set(tasks)];
}

/** What the gate says of a commit; null for green. */
async function gateAt(
  setting: Setting,
  commit: string,
): Promise<{ readonly ok: true; readonly red: string | null } | Refused> {
  const failed = await checkOut(setting, commit);
  if (failed !== null) return failed;
  return { ok: true, red: (await setting.gate(setting.folder))?.reason ?? null };
}

/** The integration worktree exactly at a commit: what a check left behind is gone, what is ignored (installed packages) stays. */
async function checkOut({ path, locks }: Pick<Setting, "path" | "locks">, commit: string): Promise<Refused | null> {
  const moved = await despiteLocks(locks, () => runGit(path, ["checkout", "--quiet", "--force", "--detach", commit]));
  if (moved.code !== 0) return refused(`${path} could not be set to ${commit}`, moved);
  const cleaned = await runGit(path, ["clean", "-ffdq"]);
  return cleaned.code === 0 ? null : refused(`${path} could not be cleaned`, cleaned);
}

/** The first step of a chain whose tree is red, given that the last one is red with this reason and the first `green` ones are not. */
async function firstRed(
  setting: Setting,
  { steps }: Chain,
  green: number,
  last: string,
): Promise<{ readonly ok: true; readonly at: number; readonly reason: string } | Refused> {
  let low = green;
  let high = steps.length - 1;
  let reason = last;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const looked = await gateAt(setting, steps[middle]?.commit ?? "");
    if (!looked.ok) return looked;
    if (looked.red === null) low = middle + 1;
    else [high, reason] = [middle, looked.red];
  }
  return { ok: true, at: high, reason };
}
