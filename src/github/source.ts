import type { Diagnostic, Outcome } from "../model/diagnostic.ts";
import { runQuietly, type Gh } from "./api.ts";
import { githubProblem, notLoggedIn } from "./problem.ts";
import { readIssue, type IssuePlace, type ReadOptions } from "./readIssue.ts";
import { labelOf, parseIssueReference, type IssueReference } from "./reference.ts";
import { projectRepository } from "./repository.ts";
import type { Snapshot } from "./snapshot.ts";
import { issueTaskList, type IssueList } from "./taskList.ts";

/** How and for whom issues are read. */
export interface IssueContext {
  readonly project: string;
  readonly env: NodeJS.ProcessEnv;
  readonly now: Date;
  /** Whose text may become part of a brief: `owner`, `member`, …, or `@login`. */
  readonly authors: readonly string[];
  readonly format?: string | undefined;
  /** Milliseconds that one request may take. */
  readonly timeout?: number;
}

/** An issue that was read, by the name that finds it again from anywhere. */
export interface ReadSource extends IssueList {
  readonly source: string;
  readonly snapshot: Snapshot;
}

const longest = 60_000;

/** Reads the issue that a person named (`1234`, `owner/repo#1234`, a link) as a task list. */
export async function readIssueSource(named: string, context: IssueContext): Promise<Outcome<ReadSource>> {
  const reference = parseIssueReference(named);
  if (reference === null) throw new Error(`no issue: ${named}`);
  const gh: Gh = { cwd: context.project, env: context.env, timeout: context.timeout ?? longest };
  const place = await placeOf(reference, gh);
  if ("rule" in place) return fails(place);
  const stranger = await unknownHost(place.host, gh);
  if (stranger !== null) return fails(stranger);
  const options: ReadOptions = {
    gh,
    now: context.now,
    trusts: (author, association) => isTrusted(context.authors, author, association),
    format: context.format,
  };
  const read = await readIssue(place, options);
  if (!read.ok) return read;
  const { snapshot, notes } = read.value;
  return { ok: true, value: { ...asSource(snapshot, notes, context.format), snapshot } };
}

/** The list of a snapshot, however it was come by. */
export function asSource(
  snapshot: Snapshot,
  notes: readonly Diagnostic[],
  format?: string,
): IssueList & { readonly source: string } {
  const [master] = snapshot.issues;
  if (master === undefined) throw new Error("a snapshot of no issue");
  return { source: labelOf({ ...master, host: snapshot.host }), ...issueTaskList(snapshot, notes, format) };
}

/** Where the issue is: what the person left out is that of the project. */
async function placeOf(reference: IssueReference, gh: Gh): Promise<IssuePlace | Diagnostic> {
  const own = await projectRepository(gh);
  const { number } = reference;
  if (reference.repository !== null) {
    const host = reference.host ?? own?.host ?? (gh.env["GH_HOST"] || "github.com");
    return { host: host.toLowerCase(), repository: reference.repository, number };
  }
  if (own !== null) return { ...own, number };
  return githubProblem(
    "no-repository",
    `#${number} is an issue of this project's repository on GitHub, and the project has no remote that names one`,
    `write \`owner/repo#${number}\` or the issue's link; \`gh repo set-default\` chooses between several remotes`,
  );
}

/**
 * Why a host must not be asked, or null. `gh` sends the token of an Enterprise server to any host that it is told, so only
 * hosts that it was logged in to by hand, or that the environment names, are asked.
 */
export async function unknownHost(host: string, gh: Gh): Promise<Diagnostic | null> {
  if (host === "github.com" || host === gh.env["GH_HOST"]?.toLowerCase()) return null;
  const tokens = new Set(["GH_TOKEN", "GITHUB_TOKEN", "GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN"]);
  const env = Object.fromEntries(Object.entries(gh.env).filter(([name]) => !tokens.has(name)));
  // What it prints is thrown away: only whether it has one matters.
  const { code, ended } = await runQuietly("gh", ["auth", "token", "--hostname", host], { ...gh, env });
  if (ended === "not-installed") return null;
  return code === 0 ? null : notLoggedIn(host);
}

function isTrusted(authors: readonly string[], author: string, association: string): boolean {
  const names = new Set([association.toLowerCase(), `@${author.toLowerCase()}`]);
  return authors.some((each) => names.has(each.toLowerCase()));
}

function fails(diagnostic: Diagnostic): Outcome<never> {
  return { ok: false, diagnostics: [diagnostic] };
}
