import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { bringUpToDate, contains, treeOf, type Merged } from "../../../git/bringUpToDate.ts";
import { copyIncluded } from "../../../git/included.ts";
import { git, type Ledger } from "../../../git/ledger.ts";
import { mergeTrees, withoutSide } from "../../../git/mergeTree.ts";
import { branchPrefix } from "../../../git/names.ts";
import { fromProject } from "../../../git/repository.ts";
import type { Refused } from "../../../git/run.ts";
import { snapshot } from "../../../git/snapshot.ts";
import { giveGit, handedOver, handOver, layOut, setAside, treeAt, type Handed, type Tree } from "../../../git/tree.ts";
import type { WorkPlace } from "../../../model/event.ts";
import { setUp } from "./setUp.ts";
import type { Surroundings } from "./surroundings.ts";

/** `folder` is where to work: the project within the tree. */
type Prepared =
  | {
      readonly ok: true;
      readonly folder: string;
      readonly conflicts: readonly string[];
      /** Where an earlier tree of the task lies that could not be used any more, from the project; null for nowhere. */
      readonly aside: string | null;
    }
  | {
      readonly ok: false;
      readonly reason: string;
      /** Every other tree would meet the same. */
      readonly hopeless?: boolean;
      /** It is this folder that cannot be used: a fresh one may do. */
      readonly broken?: boolean;
    };

/**
 * Makes the tree of a task ready: a new one at the base, one whose work is merged, or its own of before with what was merged
 * meanwhile. A tree that cannot be used any more is moved aside, and a fresh one with what was last seen of the work takes its place.
 */
export async function prepareTree(place: WorkPlace, surroundings: Surroundings): Promise<Prepared> {
  const { project, ledger } = surroundings;
  const path = join(project, place.worktree);
  const handed = await handedOver(ledger, place.branch);
  if (handed !== null && !handed.ok) return handed;
  const first =
    handed !== null && existsSync(path)
      ? await takeUp(path, place, handed, surroundings)
      : await begin(path, place, handed, surroundings);
  if (first.ok || first.broken !== true || surroundings.aborted.aborted) return first;
  let left: string | null;
  try {
    left = setAside(path);
  } catch (error) {
    return { ok: false, reason: `${first.reason}; and it could not be moved aside: ${String(error)}` };
  }
  const fresh = await begin(path, place, handed, surroundings);
  // In a tree that was another task's nothing of this one can lie.
  return fresh.ok && left !== null && handed !== null ? { ...fresh, aside: relative(project, left) } : fresh;
}

/** The tree in which the task's last worker was, as it left it, with what was merged meanwhile. */
async function takeUp(path: string, place: WorkPlace, handed: Handed, surroundings: Surroundings): Promise<Prepared> {
  const { ledger } = surroundings;
  const tree = treeAt(ledger, path);
  if (!tree.ok) return { ...tree, broken: true };
  const open = handed.merging
    ? await mergeTrees(ledger, handed.start.parents[0] ?? "", handed.start.parents[1] ?? "")
    : null;
  const conflicts = open?.ok === true && !open.clean ? shown(ledger, open.files) : [];
  const asItIs: Prepared = { ok: true, folder: tree.folder, conflicts, aside: null };
  if (!existsSync(join(path, ".git/HEAD"))) {
    const { commit, parents } = handed.start;
    const at = handed.merging ? { head: parents[0] ?? "", merging: parents[1] ?? "" } : { head: commit, merging: null };
    const given = await giveGit(ledger, tree, { branch: branchOf(place), ...at, clashes: [] });
    if (!given.ok) return { ...given, broken: true };
  }
  if (await contains(ledger, handed.start.commit, place.base)) return asItIs;
  const told = { ref: place.branch, base: place.base, message: "Work so far", told: [] };
  const work = await snapshot(ledger, tree, told);
  if (!work.ok) return work;
  // What cannot be committed yet cannot be merged with anything: its worker mends that first.
  if (work.kind !== "work") return asItIs;
  const merged = await bringUpToDate(ledger, work.commit, place.base);
  return merged.ok ? fill(tree, place, merged, surroundings) : merged;
}

/** A tree that holds exactly what the task's work begins with, or goes on with, whatever stood there. */
async function begin(
  path: string,
  place: WorkPlace,
  handed: Handed | null,
  surroundings: Surroundings,
): Promise<Prepared> {
  const { ledger } = surroundings;
  const tree = treeAt(ledger, path);
  if (!tree.ok) return { ...tree, broken: true };
  const work = handed === null ? null : await lastSeen(ledger, place, handed);
  const at = work === null ? await atBase(ledger, place.base) : await bringUpToDate(ledger, work, place.base);
  return at.ok ? fill(tree, place, at, surroundings) : at;
}

/** The newest commit of a task's work, or where it began. */
async function lastSeen(ledger: Ledger, place: WorkPlace, handed: Handed): Promise<string> {
  const asked = await git(ledger, ["rev-parse", "--quiet", "--verify", place.branch]);
  const { commit, parents } = handed.start;
  return asked.code === 0 ? asked.out.trim() : handed.merging ? (parents[0] ?? commit) : commit;
}

async function atBase(ledger: Ledger, base: string): Promise<Merged | Refused> {
  const tree = await treeOf(ledger, base);
  return tree.ok
    ? { ok: true, commit: base, tree: tree.tree, head: base, merging: null, clashes: [], files: [] }
    : tree;
}

async function fill(tree: Tree, place: WorkPlace, at: Merged, surroundings: Surroundings): Promise<Prepared> {
  const { ledger } = surroundings;
  const isNew = !existsSync(tree.root);
  const laid = await layOut(ledger, tree, at.commit);
  if (!laid.ok) return { ...laid, broken: !isNew };
  const { head, merging, clashes } = at;
  const given = await giveGit(ledger, tree, { branch: branchOf(place), head, merging, clashes });
  if (!given.ok) return { ...given, broken: !isNew };
  const included = await copyIncluded(ledger, tree);
  if (!included.ok) return included;
  const ready = await setUp({ ...tree, start: at.tree, isNew }, surroundings);
  if (!ready.ok) return ready;
  const handed = await handOver(ledger, tree, {
    ref: place.branch,
    start: at.commit,
    startTree: at.tree,
    included: included.files,
    setUp: ready.ran,
  });
  if (!handed.ok) return handed;
  return { ok: true, folder: tree.folder, conflicts: shown(ledger, at.files), aside: null };
}

function shown({ repository }: Ledger, files: readonly string[]): string[] {
  return [...new Set(files.map((file) => fromProject(repository, withoutSide(file))))];
}

/** The name of a tree's own branch, in its own repository: what a worker sees in `git status`. */
function branchOf({ branch }: WorkPlace): string {
  const [, , run = "", , task = ""] = branch.split("/");
  return `${branchPrefix}/${run}/task/${task}`;
}
