import { statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { textOf } from "./textOf.ts";

/**
 * The commit that HEAD of a project points to, read from git's own files so that planning starts no process.
 * Null outside a repository, before the first commit, and where refs are kept in another form (reftable).
 */
export function baseCommit(folder: string): string | null {
  const git = gitFolder(folder);
  if (git === null) return null;
  const head = textOf(join(git, "HEAD"));
  if (head === null) return null;
  if (!head.startsWith("ref:")) return commitId(head);
  const ref = head.slice("ref:".length).trim();
  const shared = textOf(join(git, "commondir"));
  for (const place of shared === null ? [git] : [git, resolve(git, shared)]) {
    const loose = textOf(join(place, ref));
    if (loose !== null) return commitId(loose);
    const packed = textOf(join(place, "packed-refs"))
      ?.split("\n")
      .find((line) => line.endsWith(` ${ref}`));
    if (packed !== undefined) return commitId(packed.slice(0, packed.indexOf(" ")));
  }
  return null;
}

/** The nearest `.git` of a folder or of one above it; in a linked worktree the folder that its `.git` file names. */
export function gitFolder(folder: string): string | null {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const git = join(at, ".git");
    const found = statSync(git, { throwIfNoEntry: false });
    if (found?.isDirectory()) return git;
    const link = found?.isFile() ? textOf(git) : null;
    if (link?.startsWith("gitdir:")) return resolve(at, link.slice("gitdir:".length).trim());
    if (at === dirname(at)) return null;
  }
}

function commitId(text: string): string | null {
  return /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(text) ? text : null;
}
