import { rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { contains } from "./bringUpToDate.ts";
import { git, type Ledger } from "./ledger.ts";
import { commitTree, mergeMessage, mergeTrees, moveRefs, withoutSide } from "./mergeTree.ts";
import { integrationBranch, integrationWorktree, pins } from "./names.ts";
import { branchesInUse } from "./inUse.ts";
import { fromProject } from "./repository.ts";
import type { Refused } from "./run.ts";
import { giveGit, layOut, setAside, treeAt, type Tree } from "./tree.ts";

/** Verified work that waits to be merged. */
export interface Candidate {
  readonly task: string;
  readonly commit: string;
  readonly title: string;
}

/** Whether a commit passes: null for yes, else why not. */
export type Gate = (commit: string) => Promise<{ readonly reason: string } | null>;

/** What came of a merge. `commit` of a merged task is its merge; paths are from the project. */
export interface MergeOutcome {
  readonly ok: true;
  /** What is merged and green now, or `onto` when nothing was merged. */
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

/** Tasks merged one after the other: `steps[n]` is the tree after n + 1 of them. */
interface Chain {
  readonly ok: true;
  readonly steps: readonly { readonly task: string; readonly commit: string }[];
  readonly conflicts: MergeOutcome["conflicts"];
}

/**
 * Merges tasks in the order given onto the commit `onto`, which counts as green. A task in conflict is left out and reported; when the
 * gate is red the first task that turns it red is looked for by halving, left out, and the rest is merged and gated again. What is
 * green is pinned, and the run's integration branch is moved there, unless it holds what this run did not put there. After a kill:
 * call it again.
 */
export async function mergeWork(
  ledger: Ledger,
  run: string,
  onto: string,
  tasks: readonly Candidate[],
  gate: Gate,
): Promise<MergeOutcome | Refused> {
  const reds: { task: string; reason: string }[] = [];
  let green: Chain = { ok: true, steps: [], conflicts: [] };
  let left = tasks;
  for (;;) {
    const tried = await mergeAll(ledger, run, onto, green, left);
    if (!tried.ok) return tried;
    const last = tried.steps.at(-1);
    if (last === undefined || tried.steps.length === green.steps.length) {
      green = tried;
      break;
    }
    const red = await gate(last.commit);
    if (red === null) {
      green = tried;
      break;
    }
    const found = await firstRed(gate, tried, green.steps.length, red.reason);
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
  const outcome: MergeOutcome = { ok: true, head, merged: green.steps, conflicts: green.conflicts, reds };
  if (green.steps.length === 0) return outcome;
  const pin = { ref: mergedRef(run), to: head };
  const ref = `refs/heads/${integrationBranch(run)}`;
  const uses = branchesInUse(ledger.repository);
  const isFree = uses !== null && !uses.some((use) => use.ref === ref);
  // As a rule the branch stands where the last merge left it.
  if (isFree && (await moveRefs(ledger, [pin, { ref, to: head, old: onto }], `orchestrate: ${run}`)).ok) return outcome;
  const branch = isFree ? await advance(ledger, run, ref, head) : [];
  const pinned = await moveRefs(ledger, [pin, ...branch], `orchestrate: ${run}`);
  if (pinned.ok || branch.length === 0) return pinned.ok ? outcome : pinned;
  const alone = await moveRefs(ledger, [pin], `orchestrate: ${run}`);
  return alone.ok ? outcome : alone;
}

/** Our own ref of what a run merged: whatever becomes of its branch. */
export function mergedRef(run: string): string {
  return `${pins(run)}/merged`;
}

/**
 * How the run's branch gets to what is merged. It stays where it is when it holds anything that this run did not put there and that is
 * not merged here: somebody's commit is never overwritten, and the run does not depend on the branch.
 */
async function advance(
  ledger: Ledger,
  run: string,
  ref: string,
  head: string,
): Promise<{ ref: string; to: string; old: string | null }[]> {
  const asked = await git(ledger, ["for-each-ref", "--format=%(refname) %(objectname)", ref, mergedRef(run)]);
  const at = new Map(asked.out.split("\n").map((line) => line.split(" ") as [string, string]));
  const tip = at.get(ref) ?? null;
  // A call that was killed after this may have been there already: what it pinned is ours as well.
  const isOurs = tip === null || tip === at.get(mergedRef(run)) || (await contains(ledger, head, tip));
  return asked.code === 0 && isOurs ? [{ ref, to: head, old: tip }] : [];
}

/** The tree of the gate, in which no worker ever works, exactly at a commit: what a check left is gone, what is ignored stays. */
export async function gateTree(
  ledger: Ledger,
  run: string,
  commit: string,
): Promise<({ readonly ok: true } & Tree) | Refused> {
  const path = join(resolve(ledger.repository.project), integrationWorktree(run));
  let tree = treeAt(ledger, path);
  let laid = tree.ok ? await layOut(ledger, tree, commit) : tree;
  if (!laid.ok) {
    // A check may have left anything there, and it is nobody's work.
    try {
      rmSync(path, { recursive: true, force: true, maxRetries: 5 });
    } catch {
      setAside(path);
    }
    tree = treeAt(ledger, path);
    laid = tree.ok ? await layOut(ledger, tree, commit) : tree;
  }
  if (!tree.ok) return tree;
  if (!laid.ok) return laid;
  const given = await giveGit(ledger, tree, { branch: null, head: commit, merging: null, clashes: [] });
  return given.ok ? tree : given;
}

/** Merges tasks onto what is merged already. Objects alone: two processes for each task, one more for a conflict. */
async function mergeAll(
  ledger: Ledger,
  run: string,
  onto: string,
  before: Chain,
  tasks: readonly Candidate[],
): Promise<Chain | Refused> {
  const steps = [...before.steps];
  const conflicts = [...before.conflicts];
  for (const { task, commit, title } of tasks) {
    const head = steps.at(-1)?.commit ?? onto;
    const merge = await mergeTrees(ledger, head, commit);
    if (!merge.ok) return merge;
    if (!merge.clean) {
      const files = merge.files.map((file) => fromProject(ledger.repository, withoutSide(file)));
      conflicts.push({
        task,
        files: [...new Set(files)],
        with: await changedBy(ledger, `${commit}..${head}`, merge.files),
      });
      continue;
    }
    const message = mergeMessage(run, task, title);
    const made = await commitTree(ledger, { tree: merge.tree, parents: [head, commit], message });
    if (!made.ok) return made;
    steps.push({ task, commit: made.commit });
  }
  return { ok: true, steps, conflicts };
}

/** Tasks whose merges in a range changed any of the files. */
async function changedBy(ledger: Ledger, range: string, files: readonly string[]): Promise<string[]> {
  const format = "--format=%x01%(trailers:key=Orchestrate-Task,valueonly,separator=%x2C)";
  // Git's own limit to paths would skip a merge whose first parent lies outside the range.
  const what = ["--first-parent", "--diff-merges=first-parent", "--name-only", "--no-renames", "-z"];
  const log = await git(ledger, ["log", ...what, format, range]);
  const names = files.map(withoutSide);
  const tasks = log.out.split("\u0001").flatMap((entry) => {
    const [task = "", ...changed] = entry.split(/[\0\n]+/);
    // Where a file met a folder, what lies in that was changed.
    const met = changed.some((path) => names.some((name) => path === name || path.startsWith(`${name}/`)));
    return task !== "" && met ? task : [];
  });
  return [...new Set(tasks)];
}

/** The first step of a chain whose tree is red, given that the last one is red with this reason and the first `green` ones are not. */
async function firstRed(
  gate: Gate,
  { steps }: Chain,
  green: number,
  last: string,
): Promise<{ readonly at: number; readonly reason: string }> {
  let low = green;
  let high = steps.length - 1;
  let reason = last;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const red = await gate(steps[middle]?.commit ?? "");
    if (red === null) low = middle + 1;
    else [high, reason] = [middle, red.reason];
  }
  return { at: high, reason };
}
