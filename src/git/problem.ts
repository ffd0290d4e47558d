import { visible } from "../text/escape.ts";
import { filterProblem } from "./filters.ts";
import { git, withLedger } from "./ledger.ts";
import { branchPrefix } from "./names.ts";
import { repositoryOf } from "./repository.ts";
import { words } from "./run.ts";

/** The oldest git that headless runs work with: from here on `git merge-tree` merges without a checkout. */
export const oldestGit = [2, 38] as const;

/** Why headless work is not possible in this project, as a sentence for a person; null where it is. Four processes. */
export async function repositoryProblem(project: string, platform = process.platform): Promise<string | null> {
  if (platform === "win32")
    return "headless runs need Linux, macOS or WSL 2: on Windows itself run the list in a Claude Code session, or call `run` within WSL 2";
  if (/[\r\n]/.test(project))
    return `${visible(project)} has a line break in its path, which git's answers cannot carry: rename that folder`;
  const repository = repositoryOf(project);
  if (!repository.ok) {
    const none = repository.reason.endsWith("is not in a git repository");
    return none ? `${repository.reason}: worktrees need one. Run \`git init\` and commit.` : repository.reason;
  }
  const problem = await withLedger(project, async (ledger) => {
    const version = await git(ledger, ["version"]);
    if (version.code !== 0) return `git cannot be run: ${words(version)}`;
    const [major = 0, minor = 0] = (/(\d+)\.(\d+)/.exec(version.out)?.slice(1) ?? []).map(Number);
    if (major < oldestGit[0] || (major === oldestGit[0] && minor < oldestGit[1]))
      return `git ${major}.${minor} is too old: headless runs need git ${oldestGit.join(".")} or newer`;
    const head = await git(ledger, ["rev-parse", "--quiet", "--verify", "HEAD^{commit}"]);
    if (head.code !== 0) return `${project} has no commit yet: worktrees begin at one. Commit first.`;
    const inTheWay = await git(ledger, ["rev-parse", "--quiet", "--verify", `refs/heads/${branchPrefix}`]);
    if (inTheWay.code === 0)
      return `a branch is named \`${branchPrefix}\`, and so git can make none named \`${branchPrefix}/…\`, as that of a run is. Rename it: \`git branch -m ${branchPrefix} OTHER-NAME\``;
    return filterProblem(ledger);
  });
  return problem !== null && typeof problem === "object" ? `git cannot be run: ${problem.reason}` : problem;
}
