import { readEstimate } from "../lists/estimate.ts";
import { readFields } from "../lists/fields.ts";
import { filesIn, listed } from "../lists/listed.ts";
import { idOfIssue, type IssueHome, type IssueMention } from "../lists/issueMention.ts";
import { mergeFiles } from "../lists/paths.ts";
import type { Place } from "../model/place.ts";
import type { ListedTask, Reference } from "../model/task.ts";
import { criteriaIn, dependenciesIn, openBody, type Dependency } from "./body.ts";
import { labelOf } from "./reference.ts";
import type { SnapshotIssue } from "./snapshot.ts";

/** Where a list of issues is at home, and how its issues are called there. */
export interface Home extends IssueHome {
  readonly repository: string;
}

/** The task id of an issue in the list of this home. */
export function issueId({ repository, number }: { readonly repository: string; readonly number: number }, home: Home) {
  const own = repository.toLowerCase() === home.repository.toLowerCase();
  return idOfIssue({ repository: own ? null : repository, number: String(number) });
}

/** The first line of an issue. */
export function startOf(issue: SnapshotIssue, { host }: IssueHome): Place {
  return { file: labelOf({ ...issue, host }), line: 1, column: 1 };
}

const estimateFields = /^(?:estimate|estimated(?: time| effort)?|time|duration|size|effort estimate)$/;

/** A sub-issue as a task. What its body says about agents, models and commands is not obeyed: only a project's own files may. */
export function issueTask(issue: SnapshotIssue, home: Home): ListedTask {
  const id = issueId(issue, home);
  const place = startOf(issue, home);
  const status = issue.state === "open" ? "pending" : issue.state === "done" ? "done" : "cancelled";
  const parts = { id, source: place, ...references(issue, home), status } as const;
  if (issue.withheld)
    return listed({
      ...parts,
      title: `(by ${issue.author}, whose text is withheld)`,
      status: status === "pending" ? "needs-input" : status,
      lines: [],
    });
  const title = issue.title.replaceAll(/\s+/g, " ").trim() || `Issue ${id}`;
  const source = openBody(issue.body, place.file);
  const lines = source?.markdown.lines ?? [];
  const said = lines.filter(({ kind }) => kind !== "code" && kind !== "comment" && kind !== "quote");
  const estimate = said
    .flatMap(({ text }) => (text.length > 300 ? [] : readFields(text)))
    .find(({ name }) => estimateFields.test(name));
  const minutes = estimate === undefined ? null : readEstimate(estimate.value);
  const own = issue.repository.toLowerCase() === home.repository.toLowerCase();
  return listed({
    ...parts,
    title,
    body: lines
      .map(({ text }) => text)
      .join("\n")
      .trim(),
    files: mergeFiles(filesIn(title, ...said.map(({ text }) => text))),
    acceptance: source === null ? [] : criteriaIn(source),
    estimate: minutes === "wrong" ? null : minutes,
    // A number in a title of another repository is an issue there.
    lines: own ? [{ text: title, place }] : [],
  });
}

/** What an issue waits for and holds up: GitHub's own edges, then the words of its body. */
export function references(issue: SnapshotIssue, home: Home): Pick<ListedTask, "dependsOn" | "blocks"> {
  const place = startOf(issue, home);
  const native = issue.blockedBy.map((blocker): Reference => ({
    text: issueId(blocker, home),
    place,
    kind: "graph",
    evidence: `blocked by ${labelOf({ ...blocker, host: home.host })} on GitHub`,
  }));
  const source = openBody(issue.body, place.file);
  const at = { host: home.host, repository: issue.repository };
  const written = source === null ? [] : dependenciesIn(source.markdown.lines, source, at);
  return {
    dependsOn: [...native, ...toReferences(written, issue, home).dependsOn],
    blocks: toReferences(written, issue, home).blocks,
  };
}

/** Written dependencies of an issue as references of its task, without those on itself. */
export function toReferences(
  written: readonly Dependency[],
  issue: Pick<SnapshotIssue, "repository" | "number">,
  home: Home,
): Pick<ListedTask, "dependsOn" | "blocks"> {
  const own = issueId(issue, home);
  const of = (direction: Dependency["direction"]): Reference[] =>
    written.flatMap((each) => {
      const text = mentionId(each.issue, issue.repository, home);
      return each.direction !== direction || text === own ? [] : [{ text, place: each.place, evidence: each.evidence }];
    });
  return { dependsOn: of("waits-for"), blocks: of("blocks") };
}

/** The task id of an issue that a text of `repository` mentions. */
export function mentionId(mention: IssueMention, repository: string, home: Home): string {
  return issueId({ repository: mention.repository ?? repository, number: Number(mention.number) }, home);
}
