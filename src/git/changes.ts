import { git } from "./git.ts";

/** Paths below `project` that differ from the last commit or are untracked and not ignored, relative to it. Null where git cannot say. */
export function changedPaths(project: string): string[] | null {
  const output = git(project, ["status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all", "."]);
  // Where `project` lies in its repository, as `packages/a/`; empty at the top.
  const prefix = output === null ? null : git(project, ["rev-parse", "--show-prefix"])?.trim();
  if (output === null || typeof prefix !== "string") return null;
  return output
    .split("\0")
    .filter((entry) => entry.length > 3)
    .map((entry) => entry.slice(3))
    .map((path) => (path.startsWith(prefix) ? path.slice(prefix.length) : path));
}
