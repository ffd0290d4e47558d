import { lookNow } from "./ledger.ts";
import { repositoryOf } from "./repository.ts";

/** Paths below `project` that differ from the last commit or are untracked and not ignored, relative to it. Null where git cannot say. */
export function changedPaths(project: string): string[] | null {
  const repository = repositoryOf(project);
  if (!repository.ok) return null;
  const options = ["--porcelain=v1", "-z", "--no-renames", "--untracked-files=all"];
  // Into a submodule git would go with the submodule's own settings.
  const output = lookNow(project, ["status", ...options, "--ignore-submodules=dirty", "--", "."]);
  if (output === null) return null;
  // Where `project` lies in its repository, as `packages/a/`; empty at the top.
  const prefix = repository.prefix === "" ? "" : `${repository.prefix}/`;
  return output
    .split("\0")
    .filter((entry) => entry.length > 3)
    .map((entry) => entry.slice(3))
    .map((path) => (path.startsWith(prefix) ? path.slice(prefix.length) : path));
}
