import type { ListedTask, Reference } from "../../model/task.ts";
import { readBy } from "../markdown/boxes.ts";
import type { Detection, Format, FormatList, Source } from "../format.ts";
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
  detect,
  read,
};

/** One spelling of an issue: its number, its repository if that is named, and where the words end. */
interface Issue {
  readonly number: string;
  readonly repository: string | null;
  readonly end: number;
}

const spelled =
  /(?:https:\/\/github\.com\/([\w.-]{1,60}\/[\w.-]{1,100})\/(?:issues|pull)\/(\d{1,9})|([\w.-]{1,60}\/[\w.-]{1,100})?(?:#|\bGH-)(\d{1,9}))\b/;
const opening =
  /^(?:\*\*)?(?:(?:sub-?(?:issue|task)|related|issue|task)s?:?\s*)?(?=#\d|GH-\d|https:\/\/github\.com\/|[\w.-]{1,60}\/[\w.-]{1,100}#\d)/i;
const subTasks = /^sub-?(?:tasks|issues)\b/i;

function issueAt(text: string): Issue | null {
  const start = opening.exec(text);
  if (!start) return null;
  const rest = text.slice(start[0].length);
  const found = spelled.exec(rest.slice(0, 300));
  const number = found?.[2] ?? found?.[4];
  if (!found || found.index !== 0 || number === undefined) return null;
  return { number, repository: found[1] ?? found[3] ?? null, end: start[0].length + found[0].length };
}

function detect({ markdown }: Source): Detection | null {
  if (markdown.headings.some(({ name }) => /^Task \d/.test(name))) return null;
  const items = markdown.lines.filter(({ item, indent }) => item && indent < 2);
  const issues = items.filter(({ item }) => issueAt(item?.content ?? "")).length;
  const boxed = items.filter(({ item }) => item?.box).length;
  const labelled = items.filter(({ item }) => /^(?:\*\*)?(?:sub-?issue|GH-\d)/i.test(item?.content ?? "")).length;
  if (issues > 0 && (issues * 2 >= boxed || labelled > 0) && (boxed > 0 || labelled > 0))
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

function read(source: Source, firstNumber: number): FormatList {
  const { markdown } = source;
  const boxed = markdown.lines.some(({ item }) => item?.box);
  const headings = boxed ? new Set<string>() : headingTasks(markdown);
  const made = readBy(source, firstNumber, {
    decide: (line, context) => decide(line, context, headings),
    describe,
    containers: "wordless",
    order: ({ phases }) => ({ order: "none", phases }),
    adjust,
  });
  return { ...made, tasks: withReferences(made.tasks) };
}

function decide(line: MarkdownLine, { headings, inside }: Context, named: ReadonlySet<string>): Verdict {
  const { item } = line;
  if (!item) return named.has(headings.at(-1) ?? "") && subTasks.test(headings.at(-2) ?? "") ? "task" : null;
  if (named.size > 0) return item.box ? { aside: "a step of a sub-task" } : null;
  // The retired tasklist blocks name what the issue waits for, not what it consists of.
  const aside = headings.find((name) =>
    /^(?:blocked by|depends on|related|acceptance|definition of done|notes)\b/i.test(name),
  );
  if (item.box) return aside === undefined ? "task" : { aside: `under the heading "${aside}"` };
  const labelled = /^(?:\*\*)?(?:sub-?issue|GH-\d)/i.test(item.content);
  return labelled && !inside && aside === undefined && issueAt(item.content) ? "task" : null;
}

function adjust(task: ListedTask, { line }: Draft): ListedTask {
  const content = line.item?.content ?? "";
  const issue = issueAt(content);
  if (!issue) return task;
  const title = content
    .slice(issue.end)
    .replace(/^(?:\*\*)?\s*[:–—-]?\s*/, "")
    .replaceAll("**", "")
    .trim();
  const id = idOf(issue);
  return { ...task, id, writtenId: id, title: title === "" ? content.trim() : title };
}

function idOf({ number, repository }: Issue): string {
  return repository === null ? number : `${repository.replace("/", ".")}-${number}`;
}

/** `depends on #12`, `waits on owner/repo#3`: an issue that is no task here lies elsewhere, and link says so. */
function withReferences(tasks: FormatList["tasks"]): FormatList["tasks"] {
  const ids = new Set(tasks.map((task) => task.writtenId));
  return tasks.map((task) => {
    const dependsOn = task.lines.flatMap(({ text, place }): Reference[] => {
      const cue = /\b(?:depends on|blocked by|requires|waits (?:on|for)|after)\b/i.exec(text);
      return cue
        ? issuesIn(text, cue.index + cue[0].length).map((issue) => ({
            text: ids.has(idOf(issue)) ? idOf(issue) : `${issue.repository ?? "issue "}#${issue.number}`,
            place: { ...place, column: cue.index + 1 },
            evidence: text.slice(cue.index, issue.end).trim(),
          }))
        : [];
    });
    return { ...task, dependsOn: [...task.dependsOn, ...dependsOn] };
  });
}

/** The issues that follow each other from `from` on, with commas or "and" between them. */
function issuesIn(text: string, from: number): Issue[] {
  const found: Issue[] = [];
  for (let at = from; ;) {
    const gap = /^(?:\s|,|:|&|\*|and\b|issues?\b)*/i.exec(text.slice(at, at + 40))?.[0].length ?? 0;
    const match = spelled.exec(text.slice(at + gap, at + gap + 300));
    const number = match?.[2] ?? match?.[4];
    if (!match || match.index !== 0 || number === undefined) return found;
    at += gap + match[0].length;
    found.push({ number, repository: match[1] ?? match[3] ?? null, end: at });
  }
}
