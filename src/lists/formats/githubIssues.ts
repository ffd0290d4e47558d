import type { ListedTask, Reference } from "../../model/task.ts";
import { declared, entriesAt, field, has } from "../declared.ts";
import { partsBehindWholes } from "../order.ts";
import { textOf, valueOf } from "../values.ts";

/** What `gh issue list --json number,title,body,state` prints, or the API's `/issues`. */
export const githubIssues = declared({
  name: "github-issues",
  title: "GitHub issues as JSON",
  path: /(?:^|\/)(?:gh-)?issues[^/]*\.json$/,
  page: { where: "the file", order: "what the issues' texts state", ticked: "the ledger" },
  waits: { kind: "none", why: "the file is a copy; write `Depends on #12` into the issue itself" },
  entries: (source) => entriesAt(source).filter((entry) => !has(entry, "pull_request")),
  own: (entry) => has(entry, "number") && has(entry, "title") && has(entry, "body", "state", "labels", "url"),
  evidence: "issues with `number` and `title`",
  score: 0.9,
  fields: {
    id: ["number"],
    title: ["title"],
    body: ["body"],
    status: ["state"],
    waits: ["blockedBy", "blocked_by"],
    blocks: ["blocking"],
  },
  tick: null,
  missing: { counts: "met", where: "not in this file: closed, or left out by the query" },
  prose: true,
  more: (entry, task) => ({
    // Linking reads the body too, but takes numbers that are not in the file for something else.
    dependsOn: [...task.dependsOn, ...numbersIn(task)],
    parent: textOf(valueOf(valueOf(entry.node, "parent"), "number")),
    status: /^(?:not_planned|duplicate)$/i.test(field(entry, "stateReason", "state_reason") ?? "")
      ? "cancelled"
      : task.status,
  }),
  settle: (tasks) => ({ tasks: partsBehindWholes(tasks) }),
});

const wait =
  /\b(?:depends on|blocked by|requires|waits? (?:on|for))[ \t]*:?[ \t]*((?:issues?[ \t]*)?#\d+(?:[ \t]*(?:,|&|and|,[ \t]*and)[ \t]*#\d+)*)/gi;

/** The issues of this repository that a body says it waits for. */
function numbersIn({ body, source }: ListedTask): Reference[] {
  return [...body.matchAll(wait)].flatMap(([evidence, list = ""]) =>
    (list.match(/\d+/g) ?? []).map((text) => ({ text, place: source, evidence })),
  );
}
