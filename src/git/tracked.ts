import { gitFolder } from "./baseCommit.ts";
import { git } from "./git.ts";

/** Whether git keeps a file of a folder. Where git does not answer it counts as kept; outside of a repository nothing is. */
export function isTracked(folder: string, name: string): boolean {
  if (gitFolder(folder) === null) return false;
  const listed = git(folder, ["--literal-pathspecs", "ls-files", "-z", "--", name], 10_000);
  return listed === null || listed !== "";
}
