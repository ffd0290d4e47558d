import { runQuietly, type Gh } from "./api.ts";
import { isRepository } from "./reference.ts";

/** Where a project's issues are. */
export interface ProjectRepository {
  readonly host: string;
  readonly repository: string;
}

/**
 * The GitHub repository of a project, as `gh` chooses it: `GH_REPO`, the remote that `gh repo set-default` marked, else
 * `upstream`, `github`, `origin`, else the only remote. Null when there is none.
 */
export async function projectRepository(gh: Gh): Promise<ProjectRepository | null> {
  const named = gh.env["GH_REPO"];
  if (named !== undefined && named !== "") return parseNamed(named, gh.env["GH_HOST"]);
  // Both only look into git's settings: nothing that the repository names is run.
  const [listing, marks] = await Promise.all([
    runQuietly("git", ["remote", "-v"], gh),
    runQuietly("git", ["config", "--get-regexp", "^remote\\..*\\.gh-resolved$"], gh),
  ]);
  const remotes = remotesOf(listing.out);
  const marked = /^remote\.(.+)\.gh-resolved (.+)$/m.exec(marks.out);
  const [, remote = "", mark = ""] = marked ?? [];
  const base = remotes.get(remote);
  if (base !== undefined) return isRepository(mark) ? { ...base, repository: mark } : base;
  for (const name of ["upstream", "github", "origin"]) {
    const found = remotes.get(name);
    if (found !== undefined) return found;
  }
  const [only] = remotes.values();
  return remotes.size === 1 ? (only ?? null) : null;
}

function parseNamed(text: string, fallback: string | undefined): ProjectRepository | null {
  const parts = text
    .replace(/^https:\/\//, "")
    .replace(/\.git$/, "")
    .split("/");
  const repository = parts.slice(-2).join("/");
  const host = parts.length > 2 ? (parts[0] ?? "") : (fallback ?? "github.com");
  return isRepository(repository) ? { host: host.toLowerCase(), repository } : null;
}

/** Remotes by name, as `git remote -v` prints them. */
function remotesOf(listing: string): Map<string, ProjectRepository> {
  const found = new Map<string, ProjectRepository>();
  for (const line of listing.split("\n")) {
    const [, name = "", url = ""] = /^(\S+)\t(\S+) \(fetch\)$/.exec(line) ?? [];
    const parsed = parseUrl(url);
    if (parsed !== null) found.set(name, parsed);
  }
  return found;
}

/** `https://host/owner/repo.git`, `ssh://git@host:22/owner/repo`, `git@host:owner/repo.git`; null for anything else. */
function parseUrl(url: string): ProjectRepository | null {
  const found =
    /^(?:https?|ssh|git):\/\/(?:[^@/\s]+@)?([A-Za-z0-9.-]+)(?::\d+)?\/([^\s]+?)(?:\.git)?\/?$/.exec(url) ??
    /^(?:[^@/\s]+@)?([A-Za-z0-9.-]+\.[A-Za-z]{2,}):([^\s]+?)(?:\.git)?\/?$/.exec(url);
  const [, host = "", repository = ""] = found ?? [];
  const plain = repository.replace(/^\/+/, "");
  if (!host.includes(".") || !isRepository(plain)) return null;
  return { host: host.toLowerCase().replace(/^(?:ssh|www)\.(?=github\.com$)/, ""), repository: plain };
}
