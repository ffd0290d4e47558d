import { join } from "node:path";
import { branchesInUse } from "./inUse.ts";
import { lookNow } from "./ledger.ts";
import { mergedRef } from "./mergeQueue.ts";
import { branchPrefix, integrationBranch } from "./names.ts";
import { repositoryOf } from "./repository.ts";
import { textOf } from "./textOf.ts";

/**
 * Why a run's branch is not where the run is, and what to do about it, in one sentence; null where all is well. `head` is what the run
 * merged last. No process as long as the branch stands there and nobody uses it.
 */
export function branchTrouble(project: string, run: string, head: string, over: boolean): string | null {
  const repository = repositoryOf(project);
  if (!repository.ok) return null;
  const branch = integrationBranch(run);
  const ref = `refs/heads/${branch}`;
  const use = branchesInUse(repository)?.find((one) => one.ref === ref);
  const isThere = textOf(join(repository.common, ref))?.trim() === head;
  if (isThere && (use === undefined || over)) return null;
  const refs = refsNow(project, run);
  const tip = refs.get(ref);
  const pin = refs.has(mergedRef(run)) ? mergedRef(run) : head;
  const where = `what the run merged is at ${pin}`;
  const another = `git branch -m ${branch} ${branchPrefix}-${run}`;
  if (use !== undefined && (tip !== head || !over))
    return `${branch} is ${use.what} in ${use.where} and is left as it is: ${where}; go to another branch there (git switch), and ${over ? "`merge --into BRANCH` brings the work to a branch of yours" : "the next merge moves it"}.`;
  if (tip === undefined) {
    const way = [...refs.keys()].find((name) => blocks(name, ref));
    return way === undefined
      ? null
      : `${branch} cannot be made, because the branch ${way.slice("refs/heads/".length)} is in its way: ${where}; give that branch another name (git branch -m), or take the work with \`merge --into BRANCH\`.`;
  }
  if (tip === head || tip === refs.get(mergedRef(run)) || isWithin(project, tip, head)) return null;
  return `${branch} holds ${tip.slice(0, 12)}, which the run did not put there and leaves as it is: ${where}; \`merge --into BRANCH\` takes it from there, and \`${another}\` makes room for the run's own branch.`;
}

/** The run's own refs and whatever stands where its branch is to be, with their commits. */
function refsNow(project: string, run: string): Map<string, string> {
  const format = "--format=%(refname) %(objectname)";
  const said = lookNow(project, ["for-each-ref", format, `refs/heads/${branchPrefix}`, mergedRef(run)]) ?? "";
  return new Map(
    said.split("\n").flatMap((line): [string, string][] => {
      const [ref, commit] = line.split(" ");
      return ref === undefined || commit === undefined ? [] : [[ref, commit]];
    }),
  );
}

/** Git keeps no ref whose name is a folder of another one. */
function blocks(name: string, ref: string): boolean {
  return name.startsWith("refs/heads/") && (name.startsWith(`${ref}/`) || ref.startsWith(`${name}/`));
}

function isWithin(project: string, commit: string, head: string): boolean {
  return lookNow(project, ["merge-base", "--is-ancestor", commit, head]) !== null;
}
