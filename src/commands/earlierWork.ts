import { lookNow } from "../git/ledger.ts";
import { branchPrefix } from "../git/names.ts";
import { several } from "../text/layout.ts";

/**
 * What earlier runs merged and `commit` does not hold, in a sentence for whoever starts a run there: the list may have its tasks
 * ticked, and yet no worker sees the work. Empty where git cannot be asked.
 */
export function earlierWork(project: string, commit: string): string[] {
  const asked = [
    "for-each-ref",
    `--no-merged=${commit}`,
    "--format=%(refname:short)",
    `refs/heads/${branchPrefix}/*/integration`,
  ];
  const branches = (lookNow(project, asked) ?? "").split("\n").filter((branch) => branch !== "");
  if (branches.length === 0) return [];
  const runs = branches.map((branch) => branch.split("/")[1] ?? "");
  const [branch] = branches;
  return [
    `Not in this commit, and so not seen by any worker: what ${runs.length === 1 ? "run" : "the runs"} ${several(runs, 6)} merged. ${runs.length === 1 ? `\`git merge --no-ff ${branch}\` brings it here` : `\`git merge --no-ff ${branchPrefix}/RUN/integration\` brings one of them here`}.`,
  ];
}
