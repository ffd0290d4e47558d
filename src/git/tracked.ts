import { lookNow } from "./ledger.ts";
import { repositoryOf } from "./repository.ts";

/** Whether git keeps a file of a folder. Where git does not answer it counts as kept; outside of a repository nothing is. */
export function isTracked(folder: string, name: string): boolean {
  if (!repositoryOf(folder).ok) return false;
  const listed = lookNow(folder, ["--literal-pathspecs", "ls-files", "-z", "--", name], 10_000);
  return listed === null || listed !== "";
}
