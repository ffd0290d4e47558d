import type { GitHubAccess } from "../model/doctor.ts";
import { getApi, type Gh } from "./api.ts";
import { parseJson } from "./bigJson.ts";
import { problemIn } from "./problem.ts";
import { projectRepository } from "./repository.ts";
import { unknownHost } from "./source.ts";

/**
 * What the login of `gh` may ask for where the project's remote is. Null when that is no host that `gh` knows, or `gh` is not
 * there. Costs one request, which GitHub does not count.
 */
export async function githubAccess(gh: Gh, now: Date): Promise<GitHubAccess | null> {
  const own = await projectRepository(gh);
  if (own === null || (await unknownHost(own.host, gh)) !== null) return null;
  const nothing = { where: `${own.repository} on ${own.host}`, problem: null, scopes: null, left: null, limit: null };
  const result = await getApi(own.host, "rate_limit", gh);
  if (result.kind === "not-installed" || result.kind === "not-logged-in") return null;
  const problem = problemIn(result, { host: own.host, what: "its limits", now });
  if (problem !== null) return { ...nothing, problem: { found: problem.message, fix: problem.fix ?? "" } };
  if (result.kind !== "answer") return nothing;
  const scopes = result.headers.get("x-oauth-scopes");
  const core = coreOf(result.body);
  return {
    ...nothing,
    scopes: scopes === undefined ? null : scopes.split(",").flatMap((scope) => scope.trim() || []),
    left: core?.remaining ?? null,
    limit: core?.limit ?? null,
  };
}

function coreOf(body: string): { remaining: number; limit: number } | null {
  try {
    const { rate } = parseJson(body) as { rate?: { remaining?: unknown; limit?: unknown } };
    const { remaining, limit } = rate ?? {};
    return typeof remaining === "number" && typeof limit === "number" ? { remaining, limit } : null;
  } catch {
    return null;
  }
}
