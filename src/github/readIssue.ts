import { idOfIssue, type IssueHome } from "../lists/issueMention.ts";
import type { Diagnostic, Outcome } from "../model/diagnostic.ts";
import { getApi, type Gh } from "./api.ts";
import { parseJson } from "./bigJson.ts";
import { dependenciesIn, openBody } from "./body.ts";
import { readBodyList } from "./bodyList.ts";
import { readApiIssue, readApiIssues, type ApiIssue } from "./issue.ts";
import { githubProblem, problemIn } from "./problem.ts";
import { labelOf } from "./reference.ts";
import type { Snapshot, SnapshotIssue } from "./snapshot.ts";

/** An issue that is to be read, with everything known about where it is. */
export interface IssuePlace {
  readonly host: string;
  readonly repository: string;
  readonly number: number;
}

export interface ReadOptions {
  readonly gh: Gh;
  readonly now: Date;
  /** Whether the text of this author may become part of a brief. */
  readonly trusts: (author: string, association: string) => boolean;
  readonly format?: string | undefined;
}

/** GitHub's own limits: 100 sub-issues of one issue, eight levels. */
const deepest = 8;
const mostIssues = 500;
const mostElsewhere = 60;
const perPage = 100;
const atOnce = 4;

interface Found {
  readonly issue: ApiIssue;
  readonly parent: number | null;
  readonly native: boolean;
}

/** Ends the reading; caught where it began. */
class Unreadable extends Error {
  readonly diagnostics: Diagnostic[];
  constructor(diagnostic: Diagnostic) {
    super(diagnostic.message);
    this.diagnostics = [diagnostic];
  }
}

/**
 * Reads a master issue, its sub-issues at every level, the issues that its body lists, and what all of them wait for.
 * Nothing is written. The outcome's diagnostics are worth a note.
 */
export async function readIssue(
  place: IssuePlace,
  options: ReadOptions,
): Promise<Outcome<{ snapshot: Snapshot; notes: Diagnostic[] }>> {
  try {
    return { ok: true, value: await read(place, options) };
  } catch (error) {
    if (error instanceof Unreadable) return { ok: false, diagnostics: error.diagnostics };
    throw error;
  }
}

async function read(place: IssuePlace, options: ReadOptions): Promise<{ snapshot: Snapshot; notes: Diagnostic[] }> {
  const { host } = place;
  const master = await getIssue(place, options);
  if (master.isPullRequest)
    throw new Unreadable(
      githubProblem("github-pull-request", `${labelOf(place)} is a pull request`, "name an issue, or a file"),
    );
  const home: IssueHome = { host, repository: master.repository };
  const found: Found[] = [{ issue: master, parent: null, native: true }];
  await addSubIssues(found, 0, 1, host, options);
  await addRows(found, home, options);
  const blockers = await inOrder(found, ({ issue }) =>
    listIssues({ ...issue, host }, "dependencies/blocked_by", issue.blockers, options),
  );
  const issues = found.map(({ issue, parent, native }, index): SnapshotIssue => {
    const withheld = !options.trusts(issue.author, issue.association);
    return {
      id: issue.id,
      repository: issue.repository,
      number: issue.number,
      state: issue.state,
      title: withheld ? "" : issue.title,
      body: withheld ? "" : issue.body,
      author: issue.author,
      association: issue.association,
      withheld,
      parent,
      native,
      blockedBy: (blockers[index] ?? []).map(({ repository, number }) => ({ repository, number })),
    };
  });
  const elsewhere = await statesElsewhere(issues, blockers.flat(), host, options);
  return { snapshot: { schema: 1, host, issues, elsewhere }, notes: moved(place, master) };
}

function moved(place: IssuePlace, master: ApiIssue): Diagnostic[] {
  const now = labelOf({ ...place, repository: master.repository, number: master.number });
  return now.toLowerCase() === labelOf(place).toLowerCase()
    ? []
    : [
        {
          severity: "info",
          rule: "github-moved",
          message: `${labelOf(place)} is ${now} now: the issue was transferred, or its repository renamed`,
          place: null,
        },
      ];
}

/** Sub-issues of one issue, each followed by its own. An issue that is there already (a circle) is not looked at again. */
async function addSubIssues(
  found: Found[],
  parent: number,
  depth: number,
  host: string,
  options: ReadOptions,
): Promise<void> {
  const issue = found[parent]?.issue;
  if (issue === undefined) return;
  const parts = await listIssues({ ...issue, host }, "sub_issues", issue.subIssues, options);
  if (parts.length > 0 && depth > deepest)
    throw new Unreadable(
      githubProblem(
        "github-too-large",
        `${labelOf({ ...issue, host })} has sub-issues more than ${deepest} levels below the one you named`,
        "name an issue further down",
      ),
    );
  for (const part of parts) {
    if (found.some((each) => each.issue.id === part.id)) continue;
    if (found.length > mostIssues)
      throw new Unreadable(
        githubProblem(
          "github-too-large",
          `More than ${mostIssues} issues are below the one you named`,
          "name an issue further down",
        ),
      );
    found.push({ issue: part, parent, native: true });
    await addSubIssues(found, found.length - 1, depth + 1, host, options);
  }
}

/** Issues that rows of the body name and that are no sub-issues of GitHub's own kind. */
async function addRows(found: Found[], home: IssueHome, options: ReadOptions): Promise<void> {
  const master = found[0]?.issue;
  if (master === undefined) return;
  const label = labelOf({ ...master, host: home.host });
  const source = openBody(master.body, label);
  if (source === null || !options.trusts(master.author, master.association)) return;
  const { rows } = readBodyList(source, home, options.format);
  const known = new Set(found.map(({ issue }) => key(issue)));
  const places = [...rows.values()].flatMap((row): IssuePlace[] => {
    const place = { host: home.host, repository: row.repository ?? master.repository, number: Number(row.number) };
    if (known.has(key(place))) return [];
    known.add(key(place));
    return [place];
  });
  if (places.length + found.length > mostIssues)
    throw new Unreadable(
      githubProblem("github-too-large", `${label} lists more than ${mostIssues} issues`, "split it into several"),
    );
  const read = await inOrder(places, (place) => getIssue(place, options));
  for (const issue of read)
    if (!found.some((each) => each.issue.id === issue.id)) found.push({ issue, parent: 0, native: false });
}

/** How it stands with the issues that are waited for and are not among these. */
async function statesElsewhere(
  issues: readonly SnapshotIssue[],
  blockers: readonly ApiIssue[],
  host: string,
  options: ReadOptions,
): Promise<Snapshot["elsewhere"]> {
  const known = new Set(issues.map(key));
  const states = new Map<string, Snapshot["elsewhere"][number]>();
  for (const { repository, number, state } of blockers)
    if (!known.has(key({ repository, number }))) states.set(key({ repository, number }), { repository, number, state });
  const asked = new Map<string, IssuePlace>();
  for (const issue of issues) {
    const source = openBody(issue.body, labelOf({ ...issue, host }));
    if (source === null) continue;
    for (const { issue: mention } of dependenciesIn(source.markdown.lines, source, { ...issue, host })) {
      const place = { host, repository: mention.repository ?? issue.repository, number: Number(mention.number) };
      if (!known.has(key(place)) && !states.has(key(place))) asked.set(key(place), place);
    }
  }
  const places = [...asked.values()].slice(0, mostElsewhere);
  const read = await inOrder(places, async (place) => {
    const result = await request(place, "", options);
    if (result.kind === "answer" && result.status < 300) return readApiIssue(json(result.body))?.state ?? "unknown";
    if (result.kind === "answer" && (result.status === 404 || result.status === 410)) return "unknown";
    const problem = problemIn(result, { host, what: labelOf(place), now: options.now });
    if (problem !== null) throw new Unreadable(problem);
    return "unknown";
  });
  for (const [index, { repository, number }] of places.entries())
    states.set(key({ repository, number }), { repository, number, state: read[index] ?? "unknown" });
  return [...states.values()];
}

async function getIssue(place: IssuePlace, options: ReadOptions): Promise<ApiIssue> {
  const result = await request(place, "", options);
  const problem = problemIn(result, { host: place.host, what: labelOf(place), now: options.now });
  const issue = problem === null && result.kind === "answer" ? readApiIssue(json(result.body)) : null;
  if (issue === null) throw new Unreadable(problem ?? notOfTheForm(place));
  return issue;
}

/** All pages of a list that has so many items; null where the server does not say, and may not know the list at all. */
async function listIssues(
  place: IssuePlace,
  list: string,
  count: number | null,
  options: ReadOptions,
): Promise<ApiIssue[]> {
  const all: ApiIssue[] = [];
  if (count === 0) return all;
  for (let page = 1; all.length <= mostIssues; page += 1) {
    const result = await request(place, `/${list}?per_page=${perPage}&page=${page}`, options);
    if (count === null && result.kind === "answer" && result.status === 404) return all;
    const problem = problemIn(result, { host: place.host, what: labelOf(place), now: options.now });
    const issues = problem === null && result.kind === "answer" ? readApiIssues(json(result.body)) : null;
    if (issues === null) throw new Unreadable(problem ?? notOfTheForm(place));
    for (const issue of issues) all.push(issue);
    const more = result.kind === "answer" && /\brel="next"/.test(result.headers.get("link") ?? "");
    if (!more || issues.length === 0) return all;
  }
  throw new Unreadable(
    githubProblem("github-too-large", `${labelOf(place)} has more than ${mostIssues} ${list}`, "split it into several"),
  );
}

/** One request; a server in trouble (502 and its like) is asked once more. */
async function request({ host, repository, number }: IssuePlace, rest: string, { gh }: ReadOptions) {
  const path = `repos/${repository}/issues/${number}${rest}`;
  const result = await getApi(host, path, gh);
  return result.kind === "answer" && result.status >= 500 ? getApi(host, path, gh) : result;
}

function notOfTheForm(place: IssuePlace): Diagnostic {
  return githubProblem(
    "github-answer",
    `${place.host} answered something that is no issue about ${labelOf(place)}`,
    "check that the address is one of GitHub's (a proxy may answer in its place)",
  );
}

function json(body: string): unknown {
  try {
    return parseJson(body);
  } catch {
    return null;
  }
}

/** The same for every spelling of one issue. */
export function key({ repository, number }: { readonly repository: string; readonly number: number }): string {
  return idOfIssue({ repository: repository.toLowerCase(), number: String(number) });
}

/** The results of `ask`, in order, some at a time. */
async function inOrder<Item, Result>(items: readonly Item[], ask: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (let from = 0; from < items.length; from += atOnce)
    results.push(...(await Promise.all(items.slice(from, from + atOnce).map(ask))));
  return results;
}
