import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { git, type Ledger } from "./ledger.ts";
import { commitTree, mergeTrees, withoutSide } from "./mergeTree.ts";
import { fromProject } from "./repository.ts";
import { changesOf } from "./snapshot.ts";
import { handedOver, treeAt } from "./tree.ts";
import { walk } from "./walk.ts";

/** Work under way: the worktree's full path, and the ref of its task. */
export interface Underway {
  readonly task: string;
  readonly ref: string;
  readonly worktree: string;
}

/** Two tasks whose work will conflict when both are merged, and in which files, from the project. */
export interface Collision {
  readonly tasks: readonly [string, string];
  readonly files: readonly string[];
}

interface Look {
  readonly ledger: Ledger;
  readonly scratch: string;
  /** Objects go there, and with it. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Which work under way would conflict. Only pairs that changed a common file are merged, as objects, in a folder of their own that is
 * removed again: trees, their indexes, all refs and the repository's objects stay as they are. Work that cannot be read at this moment
 * is left out. Five processes for each tree, and one for each pair.
 */
export async function collisions(ledger: Ledger, underway: readonly Underway[]): Promise<Collision[]> {
  const scratch = mkdtempSync(join(tmpdir(), "orchestrate-probe-"));
  const objects = join(scratch, "objects");
  mkdirSync(objects);
  const env = {
    GIT_OBJECT_DIRECTORY: objects,
    // Quoted as in C: a path may hold what separates two.
    GIT_ALTERNATE_OBJECT_DIRECTORIES: JSON.stringify(join(ledger.repository.common, "objects")),
  };
  try {
    return await look({ ledger, scratch, env }, underway);
  } finally {
    rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function look(at: Look, underway: readonly Underway[]): Promise<Collision[]> {
  const heads: { task: string; commit: string; files: ReadonlySet<string> }[] = [];
  for (const one of underway) {
    const found = await momentOf(at, one);
    if (found !== null) heads.push({ task: one.task, ...found });
  }
  const found: Collision[] = [];
  for (const [index, one] of heads.entries()) {
    for (const other of heads.slice(index + 1)) {
      if (![...one.files].some((file) => other.files.has(file))) continue;
      const merge = await mergeTrees(at.ledger, one.commit, other.commit, at.env);
      if (!merge.ok || merge.clean) continue;
      const files = merge.files.map((file) => fromProject(at.ledger.repository, withoutSide(file)));
      found.push({ tasks: [one.task, other.task], files: [...new Set(files)] });
    }
  }
  return found;
}

/** A commit of everything in a tree at this moment, and what its worker changed. Null where that is not to be had. */
async function momentOf(
  { ledger, scratch, env }: Look,
  { ref, worktree }: Underway,
): Promise<{ commit: string; files: ReadonlySet<string> } | null> {
  const tree = treeAt(ledger, worktree);
  const handed = tree.ok && existsSync(tree.root) ? await handedOver(ledger, ref) : null;
  if (!tree.ok || handed === null || !handed.ok) return null;
  if ((await walk(tree.root)).troubles.some(({ kind }) => kind === "attributes" || kind === "unreadable")) return null;
  const index = join(scratch, "index");
  try {
    rmSync(index, { force: true });
    const own = statSync(tree.index, { throwIfNoEntry: false });
    if (own !== undefined) {
      copyFileSync(tree.index, index);
      // Git looks again at files as young as its index: a copy that seemed younger would hide a change of the same second.
      utimesSync(index, Math.floor(own.atimeMs / 1_000), Math.floor(own.mtimeMs / 1_000));
    }
  } catch {
    // The index was being replaced while it was copied.
    return null;
  }
  const call = { tree: tree.root, index, env };
  // A worker writes at the same time: what vanishes while it is read is left out.
  await git(ledger, ["add", "--all", "--sparse", "--ignore-errors", ":/"], call);
  const written = await git(ledger, ["write-tree"], call);
  if (written.code !== 0) return null;
  const id = written.out.trim();
  const changes = await changesOf(ledger, handed.tree, id, [], env);
  const made = await commitTree(ledger, { tree: id, parents: [handed.start.commit], message: "under way\n", env });
  return Array.isArray(changes) && made.ok
    ? { commit: made.commit, files: new Set(changes.map(({ path }) => path)) }
    : null;
}
