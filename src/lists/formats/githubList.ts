import type { ListedTask, Reference } from "../../model/task.ts";
import { readBy } from "../markdown/boxes.ts";
import type { Detection, Format, FormatList, Source } from "../format.ts";
import { anywhere, idOfIssue, issueAt, issuesFrom, type IssueHome, type IssueMention } from "../issueMention.ts";
import { describe } from "./markdown.ts";
import type { MarkdownDocument, MarkdownLine } from "../markdown/scan.ts";
import type { Context, Draft, Verdict } from "../markdown/walk.ts";

/**
 * The body of a GitHub issue: task lists of issues (`- [ ] #12`, `owner/repo#12`, an address), bullets such as
 * `Sub-issue #101: …`, or headings under "Sub-Tasks". An issue's number is the task's id.
 */
export const githubList: Format = {
  name: "github",
  title: "GitHub task list",
  path: null,
  page: { where: "an issue's text in a file", order: "what it states", ticked: "its box" },
  waits: { kind: "line", form: (id) => (/^\d+$/.test(id) ? `#${id}` : id) },
  detect: (source) => detectIssueList(source, anywhere),
  read: (source, firstNumber) => readIssueList(source, firstNumber, anywhere),
};

const label = /^(?:\*\*)?(?:(?:sub-?(?:issue|task)|related|issue|task)s?:?\s*)?/i;
const subIssue = /^(?:\*\*)?(?:sub-?issue|GH-\d)/i;
const subTasks = /^sub-?(?:tasks|issues)\b/i;
/** Headings that name what the issue waits for or how it is accepted, not what it consists of. */
const notParts =
  /^(?:blocked by|blocks|depends on|dependencies|prerequisites|related|acceptance|definition of done|success criteria|notes)\b/i;

/** The issue that an item begins with. */
export function issueOf(content: string, home: IssueHome): IssueMention | null {
  const start = label.exec(content)?.[0].length ?? 0;
  return issueAt(content.slice(0, start + 300), start, home);
}

/** Whether a text lists issues, or has headings under "Sub-Tasks". `home` says where the text stands. */
export function detectIssueList({ markdown }: Source, home: IssueHome): Detection | null {
  if (markdown.headings.some(({ name }) => /^Task \d/.test(name))) return null;
  const items = markdown.lines.filter(({ item, indent }) => item && indent < 2);
  const issues = items.filter(({ item }) => issueOf(item?.content ?? "", home)).length;
  const boxed = items.filter(({ item }) => item?.box).length;
  const labelled = items.filter(({ item }) => subIssue.test(item?.content ?? "")).length;
  const numbered = items.filter(({ item }) => item?.number != null && issueOf(item.content, home)).length;
  const under = items.filter(
    ({ item, heading }) => subTasks.test(markdown.headings[heading]?.name ?? "") && issueOf(item?.content ?? "", home),
  ).length;
  const listed = boxed > 0 || labelled > 0 || numbered > 1 || under > 0;
  if (issues > 0 && (issues * 2 >= boxed || labelled > 0) && listed)
    return { score: 0.75, evidence: `${issues} items that are issues, such as #12` };
  const headings = headingTasks(markdown);
  return headings.size > 1 && boxed === 0
    ? { score: 0.5, evidence: `${headings.size} headings under "Sub-Tasks"` }
    : null;
}

/** Names of the headings one level below "Sub-Tasks". */
function headingTasks({ headings }: MarkdownDocument): ReadonlySet<string> {
  return new Set(headings.flatMap(({ name, parent }) => (subTasks.test(headings[parent]?.name ?? "") ? name : [])));
}

/** Reads a list of issues. `home` says where the text stands: there its own repository's issues have bare numbers. */
export function readIssueList(source: Source, firstNumber: number, home: IssueHome): FormatList {
  const { markdown } = source;
  const boxed = markdown.lines.some(({ item }) => item?.box);
  const headings = boxed ? new Set<string>() : headingTasks(markdown);
  const made = readBy(source, firstNumber, {
    decide: (line, context) => decide(line, context, { named: headings, numbers: !boxed, home }),
    describe,
    containers: "wordless",
    order: ({ phases }) => ({ order: "none", phases }),
    adjust: (task, draft) => adjust(task, draft, home),
  });
  return { ...made, tasks: withReferences(made.tasks, home) };
}

function decide(
  line: MarkdownLine,
  { headings, inside }: Context,
  rules: { readonly named: ReadonlySet<string>; readonly numbers: boolean; readonly home: IssueHome },
): Verdict {
  const { item } = line;
  const { named, numbers, home } = rules;
  if (!item) return named.has(headings.at(-1) ?? "") && subTasks.test(headings.at(-2) ?? "") ? "task" : null;
  if (named.size > 0) return item.box ? { aside: "a step of a sub-task" } : null;
  // The retired tasklist blocks name what the issue waits for, not what it consists of.
  const aside = headings.find((name) => notParts.test(name));
  if (item.box) return aside === undefined ? "task" : { aside: `under the heading "${aside}"` };
  const row = subIssue.test(item.content) || (numbers && item.number !== null) || subTasks.test(headings.at(-1) ?? "");
  return row && !inside && aside === undefined && issueOf(item.content, home) ? "task" : null;
}

function adjust(task: ListedTask, { line }: Draft, home: IssueHome): ListedTask {
  const content = line.item?.content ?? "";
  const issue = issueOf(content, home);
  if (!issue) return task;
  const title = content
    .slice(issue.end)
    .replace(/^(?:\*\*)?\s*[:–—-]?\s*/, "")
    .replaceAll("**", "")
    .trim();
  const id = idOfIssue(issue);
  return { ...task, id, writtenId: id, title: title === "" ? content.trim() : title };
}

/** `depends on #12`, `waits on owner/repo#3`: an issue that is no task here lies elsewhere, and link says so. */
function withReferences(tasks: FormatList["tasks"], home: IssueHome): FormatList["tasks"] {
  const ids = new Set(tasks.map((task) => task.writtenId));
  // In an issue's own body every number is an issue of a known repository, and whoever read it looks there.
  const known = home.repository !== null;
  return tasks.map((task) => {
    const dependsOn = task.lines.flatMap(({ text, place }): Reference[] => {
      const cue = /\b(?:depends on|blocked by|requires|waits (?:on|for)|after)\b/i.exec(text);
      return cue
        ? issuesFrom(text, cue.index + cue[0].length, home).map((issue) => ({
            text:
              known || ids.has(idOfIssue(issue)) ? idOfIssue(issue) : `${issue.repository ?? "issue "}#${issue.number}`,
            place: { ...place, column: cue.index + 1 },
            evidence: text.slice(cue.index, issue.end).trim(),
          }))
        : [];
    });
    return { ...task, dependsOn: [...task.dependsOn, ...dependsOn] };
  });
}
