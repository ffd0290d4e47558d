import { copyFileSync, mkdirSync, mkdtempSync, rmSync, statSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { commitTree, mergeTrees } from "./mergeTree.ts";
import { fromProject, repositoryOf, type Repository } from "./repository.ts";
import { runGit } from "./run.ts";
import { standing } from "./worktreeFolder.ts";

/** Work under way: `worktree` (from the project) with all that is uncommitted in it, or a `commit`. */
export type Underway = { readonly task: string; readonly base: string } & (
  | { readonly worktree: string }
  | { readonly commit: string }
);

/** Two tasks whose work will conflict when both are merged, and in which files, from the project. */
export interface Collision {
  readonly tasks: readonly [string, string];
  readonly files: readonly string[];
}

/**
 * Which work under way would conflict. Only pairs that changed a common file are merged, as objects, in a folder of their own
 * that is removed again: worktrees, their indexes, all refs and the repository's objects stay as they are. Work that cannot be
 * read at this moment is left out. Null where this is no repository. Five processes for a worktree with uncommitted work, and
 * one for each pair.
 */
export async function collisions(project: string, underway: readonly Underway[]): Promise<Collision[] | null> {
  const repository = await repositoryOf(project);
  if (!repository.ok) return null;
  const scratch = mkdtempSync(join(tmpdir(), "orchestrate-probe-"));
  try {
    return await look(repository, underway, scratch);
  } finally {
    rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function look(repository: Repository, underway: readonly Underway[], scratch: string): Promise<Collision[]> {
  const { project, common } = repository;
  const env = {
    GIT_OBJECT_DIRECTORY: join(scratch, "objects"),
    // Quoted as in C: a path may hold what separates two.
    GIT_ALTERNATE_OBJECT_DIRECTORIES: JSON.stringify(join(common, "objects")),
  };
  mkdirSync(env.GIT_OBJECT_DIRECTORY);
  const heads: { task: string; commit: string; files: ReadonlySet<string> }[] = [];
  for (const one of underway) {
    const commit =
      "commit" in one ? one.commit : await snapshot(repository, resolve(project, one.worktree), scratch, env);
    if (commit === null) continue;
    const asked = ["diff-tree", "-r", "-z", "--name-only", "--no-renames", one.base, commit];
    const changed = await runGit(project, asked, { env });
    if (changed.code !== 0) continue;
    heads.push({ task: one.task, commit, files: new Set(changed.out.split("\0").filter((file) => file !== "")) });
  }
  const found: Collision[] = [];
  for (const [index, one] of heads.entries()) {
    for (const other of heads.slice(index + 1)) {
      if (![...one.files].some((file) => other.files.has(file))) continue;
      const merge = await mergeTrees(project, one.commit, other.commit, env);
      if (merge.ok && !merge.clean)
        found.push({
          tasks: [one.task, other.task],
          files: merge.files.map((file) => fromProject(repository, file)),
        });
    }
  }
  return found;
}

/**
 * A commit of everything in a worktree, made with an index of its own in `scratch`, among the objects that the variables `objects`
 * name; nothing refers to it. Null where that is not to be had.
 */
async function snapshot(
  repository: Repository,
  path: string,
  scratch: string,
  objects: Readonly<Record<string, string>>,
): Promise<string | null> {
  const there = await standing(repository, path);
  if (!there?.ok) return null;
  const { admin } = there;
  const head = await runGit(path, ["rev-parse", "--verify", "HEAD"]);
  if (head.code !== 0) return null;
  const index = join(scratch, "index");
  try {
    rmSync(index, { force: true });
    const own = statSync(join(admin, "index"), { throwIfNoEntry: false });
    if (own !== undefined) {
      copyFileSync(join(admin, "index"), index);
      // Git looks again at files as young as its index: a copy that seemed younger would hide a change of the same second.
      utimesSync(index, Math.floor(own.atimeMs / 1_000), Math.floor(own.mtimeMs / 1_000));
    }
  } catch {
    // The index was being replaced while it was copied.
    return head.out.trim();
  }
  const env = { ...objects, GIT_INDEX_FILE: index, GIT_OPTIONAL_LOCKS: "0" };
  // A worker writes at the same time: what vanishes while it is read is left out.
  await runGit(path, ["-c", "core.splitIndex=false", "add", "--all", "--ignore-errors", ":/"], { env });
  const tree = await runGit(path, ["write-tree"], { env });
  if (tree.code !== 0) return head.out.trim();
  const parents = [head.out.trim()];
  const made = await commitTree(path, { tree: tree.out.trim(), parents, message: "work under way\n", env });
  return made.ok ? made.commit : head.out.trim();
}
