import { count, several } from "../text/layout.ts";
import { labelOf } from "./reference.ts";
import type { Snapshot, SnapshotIssue } from "./snapshot.ts";

const mostNamed = 5;

/** What differs between two readings of an issue, a phrase each. Texts that are withheld in one of them are not compared. */
export function changesBetween(before: Snapshot, now: Snapshot): string[] {
  const old = new Map(before.issues.map((issue) => [issue.id, issue]));
  const current = new Map(now.issues.map((issue) => [issue.id, issue]));
  const name = (issue: SnapshotIssue): string => labelOf({ ...issue, host: now.host });
  const both = now.issues.flatMap((issue) => {
    const was = old.get(issue.id);
    return was === undefined ? [] : [{ was, issue }];
  });
  const edited = both.filter(
    ({ was, issue }) => !was.withheld && !issue.withheld && (was.title !== issue.title || was.body !== issue.body),
  );
  const turned = both.filter(({ was, issue }) => was.state !== issue.state);
  const relinked = both.filter(({ was, issue }) => blockersOf(was) !== blockersOf(issue));
  const added = now.issues.filter(({ id }) => !old.has(id));
  const gone = before.issues.filter(({ id }) => !current.has(id));
  const phrase = (verb: string, issues: readonly SnapshotIssue[]): string[] =>
    issues.length === 0 ? [] : [`${several(issues.map(name), mostNamed)} ${verb}`];
  return [
    ...phrase(
      "edited",
      edited.map(({ issue }) => issue),
    ),
    ...phrase("added", added),
    ...phrase("removed", gone),
    ...phrase(
      "closed",
      turned.flatMap(({ issue }) => (issue.state === "open" ? [] : [issue])),
    ),
    ...phrase(
      "opened again",
      turned.flatMap(({ issue }) => (issue.state === "open" ? [issue] : [])),
    ),
    ...(relinked.length === 0 ? [] : [`dependencies of ${count(relinked.length, "issue")} changed`]),
  ];
}

function blockersOf({ blockedBy }: SnapshotIssue): string {
  return blockedBy
    .map(({ repository, number }) => `${repository.toLowerCase()}#${number}`)
    .toSorted()
    .join(" ");
}
