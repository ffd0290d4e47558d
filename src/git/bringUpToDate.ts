import { git, type Ledger } from "./ledger.ts";
import { commitTree, mergeTrees, type Clash } from "./mergeTree.ts";
import { refused, type Refused } from "./run.ts";
import { openMerge } from "./tree.ts";

/** Where a task's work goes on: a commit for its tree. */
export interface Merged {
  readonly ok: true;
  /** What the tree is to hold; where the merge is in conflict, a commit of both sides with the markers in it. */
  readonly commit: string;
  readonly tree: string;
  /** Where the tree's own branch stands, and what is being merged into it. */
  readonly head: string;
  readonly merging: string | null;
  readonly clashes: readonly Clash[];
  /** From the top. */
  readonly files: readonly string[];
}

/** Merges what others finished meanwhile into a task's work, as objects alone. One process where there is nothing new, three at most. */
export async function bringUpToDate(ledger: Ledger, work: string, base: string): Promise<Merged | Refused> {
  const merge = await mergeTrees(ledger, work, base);
  if (!merge.ok) return merge;
  const { tree } = merge;
  const message = "Merge the work that was integrated meanwhile\n";
  const parents = [work, base];
  if (merge.clean) {
    const made = await commitTree(ledger, { tree, parents, message });
    if (!made.ok) return made;
    return { ok: true, commit: made.commit, tree, head: made.commit, merging: null, clashes: [], files: [] };
  }
  const made = await commitTree(ledger, { tree, parents, message: `${message}\n${openMerge}\n` });
  if (!made.ok) return made;
  const { clashes, files } = merge;
  return { ok: true, commit: made.commit, tree, head: work, merging: base, clashes, files };
}

/** Whether a commit is contained in another. One process. */
export async function contains(ledger: Ledger, commit: string, other: string): Promise<boolean> {
  return (await git(ledger, ["merge-base", "--is-ancestor", other, commit])).code === 0;
}

/** The tree of a commit. One process. */
export async function treeOf(ledger: Ledger, commit: string): Promise<{ ok: true; tree: string } | Refused> {
  const asked = await git(ledger, ["rev-parse", "--verify", "--quiet", `${commit}^{tree}`]);
  return asked.code === 0 ? { ok: true, tree: asked.out.trim() } : refused(`${commit} is no commit`, asked);
}
