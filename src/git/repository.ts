import { posix, resolve } from "node:path";
import { visible } from "../text/escape.ts";
import { filterProblem } from "./filters.ts";
import { branchPrefix } from "./names.ts";
import { refused, runGit, words, type Refused } from "./run.ts";

/** Where a project lies in git. All paths are absolute, and as git names them (symbolic links resolved). */
export interface Repository {
  readonly ok: true;
  readonly project: string;
  /** Folder of the checkout that the project is in. */
  readonly top: string;
  /** Git's own folder, which all worktrees share. */
  readonly common: string;
  /** The project within the checkout, as `packages/a`; empty at the top. */
  readonly prefix: string;
}

const known = new Map<string, Repository>();

/** The repository of a project folder. One process for each folder. */
export async function repositoryOf(project: string): Promise<Repository | Refused> {
  const found = known.get(project);
  if (found !== undefined) return found;
  const asked = ["rev-parse", "--path-format=absolute", "--git-common-dir", "--show-toplevel", "--show-prefix"];
  const result = await runGit(project, asked);
  if (result.code !== 0) return refused(`${project} is not in a git repository with a checkout`, result);
  const [common = "", top = "", prefix = ""] = result.out.split("\n");
  const repository: Repository = {
    ok: true,
    project: resolve(project),
    top,
    common,
    prefix: prefix.replace(/\/$/, ""),
  };
  known.set(project, repository);
  return repository;
}

/** A path from the top of the checkout as seen from the project, with `../` where it lies outside. */
export function fromProject({ prefix }: { readonly prefix: string }, path: string): string {
  return prefix === "" ? path : posix.relative(prefix, path);
}

const oldest = [2, 38] as const;

/** Why headless work is not possible in this project, as a sentence for a person; null where it is. Five processes. */
export async function repositoryProblem(project: string): Promise<string | null> {
  if (/[\r\n]/.test(project))
    return `${visible(project)} has a line break in its path, which git's answers cannot carry: rename that folder`;
  const version = await runGit(project, ["version"]);
  if (version.code !== 0) return `git cannot be run: ${words(version)}`;
  const [major = 0, minor = 0] = (/(\d+)\.(\d+)/.exec(version.out)?.slice(1) ?? []).map(Number);
  if (major < oldest[0] || (major === oldest[0] && minor < oldest[1]))
    return `git ${major}.${minor} is too old: worktrees are merged with git ${oldest.join(".")} or newer`;
  const where = await runGit(project, ["rev-parse", "--is-bare-repository", "--is-inside-work-tree"]);
  if (where.code !== 0) {
    const said = words(where);
    const why = said.startsWith("not a git repository") ? "" : ` (${said})`;
    return `${project} is not in a git repository${why}: worktrees need one. Run \`git init\` and commit.`;
  }
  const [bare, inside] = where.out.split("\n");
  if (bare === "true") return `${project} is a bare repository: run in a checkout of it`;
  if (inside !== "true") return `${project} lies in git's own folder, not in a checkout`;
  const head = await runGit(project, ["rev-parse", "--quiet", "--verify", "HEAD^{commit}"]);
  if (head.code !== 0) return `${project} has no commit yet: worktrees begin at one. Commit first.`;
  const inTheWay = await runGit(project, ["rev-parse", "--quiet", "--verify", `refs/heads/${branchPrefix}`]);
  if (inTheWay.code === 0)
    return `a branch is named \`${branchPrefix}\`, and so git can make none named \`${branchPrefix}/…\`, as those of a run are. Rename it: \`git branch -m ${branchPrefix} OTHER-NAME\``;
  return filterProblem(project);
}
