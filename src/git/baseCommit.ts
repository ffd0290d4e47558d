import { join } from "node:path";
import { repositoryOf } from "./repository.ts";
import { textOf } from "./textOf.ts";

/**
 * The commit that HEAD of a project points to, read from git's own files so that planning starts no process.
 * Null outside a repository, before the first commit, and where refs are kept in another form (reftable).
 */
export function baseCommit(folder: string): string | null {
  const repository = repositoryOf(folder);
  if (!repository.ok) return null;
  const head = textOf(join(repository.gitDir, "HEAD"));
  if (head === null) return null;
  if (!head.startsWith("ref:")) return commitId(head);
  const ref = head.slice("ref:".length).trim();
  for (const place of new Set([repository.gitDir, repository.common])) {
    const loose = textOf(join(place, ref));
    if (loose !== null) return commitId(loose);
    const packed = textOf(join(place, "packed-refs"))
      ?.split("\n")
      .find((line) => line.endsWith(` ${ref}`));
    if (packed !== undefined) return commitId(packed.slice(0, packed.indexOf(" ")));
  }
  return null;
}

function commitId(text: string): string | null {
  return /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(text) ? text : null;
}
