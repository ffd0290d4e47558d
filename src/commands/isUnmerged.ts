import { lookNow } from "../git/ledger.ts";
import { mergedRef } from "../git/mergeQueue.ts";
import { branchPrefix, integrationBranch } from "../git/names.ts";
import type { Run } from "../run/store.ts";
import { mergedTasks } from "./mergedTasks.ts";

/** Everything of the person's: what they stand on, their branches, and remote ones as last fetched. */
const theirs = ["HEAD", `--exclude=${branchPrefix}/*`, "--branches", `--exclude=*/${branchPrefix}/*`, "--remotes"];

/**
 * Whether what a finished headless run merged is still to be brought to a branch of the person's. It is there when each task's own
 * commits are, or a commit with the tree of the last merge, as in a stack; and a run whose refs are gone was cleaned.
 * What git cannot say counts as unmerged.
 */
export function isUnmerged({ project, state }: Pick<Run, "project" | "state">): boolean {
  const commits = mergedTasks(state).map(({ commit }) => commit);
  if (state.engine !== "headless" || state.finished === null || state.head === null || commits.length === 0)
    return false;
  const refs = [`refs/heads/${integrationBranch(state.run)}`, mergedRef(state.run)];
  if (lookNow(project, ["for-each-ref", "--format=%(refname)", ...refs]) === "") return false;
  const own = commits.map((commit) => `${commit}^2`);
  if (lookNow(project, ["rev-list", "--max-count=1", ...own, "--not", ...theirs]) === "") return false;
  const tree = lookNow(project, ["rev-parse", `${state.head}^{tree}`]);
  const since = state.base === null ? [] : [`^${state.base}`];
  return tree === null || !(lookNow(project, ["log", "--format=%T", ...since, ...theirs]) ?? "").includes(tree);
}
