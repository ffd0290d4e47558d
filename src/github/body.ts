import { isCriteriaLabel, readFields } from "../lists/fields.ts";
import type { Source } from "../lists/format.ts";
import { issueOf } from "../lists/formats/githubList.ts";
import { issueAt, issuesFrom, type IssueHome, type IssueMention } from "../lists/issueMention.ts";
import type { MarkdownLine } from "../lists/markdown/scan.ts";
import { openSource } from "../lists/source.ts";
import type { Place } from "../model/place.ts";

/** That an issue waits for another one, or that the other one waits for it, in the words of its body. */
export interface Dependency {
  readonly issue: IssueMention;
  readonly direction: "waits-for" | "blocks";
  readonly place: Place;
  readonly evidence: string;
}

/**
 * An issue's body as a text to read: what GitHub does not show (HTML comments) is taken out, and a rule in the first line is
 * no front matter. Line numbers stay.
 */
export function openBody(body: string, label: string): Source | null {
  const opened = openSource(shownText(body, label), label);
  return opened.ok ? opened.value.source : null;
}

/** The words of a body that people see on GitHub, line by line. */
export function shownText(body: string, label: string): string {
  const plain = body.replaceAll("\0", "\ufffd").replace(/^([\ufeff\s]*)---(?=[ \t]*(?:\r?\n|$))/, "$1***");
  const opened = openSource(plain, label);
  if (!opened.ok) return plain;
  return opened.value.source.markdown.lines
    .map(({ kind, text }) => (kind === "code" ? text : withoutComments(kind === "comment" ? afterComment(text) : text)))
    .join("\n");
}

/** What follows a comment on the line that ends it. */
function afterComment(line: string): string {
  const end = line.lastIndexOf("-->");
  return end < 0 ? "" : line.slice(end + 3);
}

function withoutComments(line: string): string {
  let kept = "";
  let inCode = false;
  let at = 0;
  for (let start = line.indexOf("<!--"); start >= 0; start = line.indexOf("<!--", at)) {
    for (let tick = line.indexOf("`", at); tick >= 0 && tick < start; tick = line.indexOf("`", tick + 1))
      inCode = !inCode;
    const end = line.indexOf("-->", start + 4);
    // A mark inside of code is shown like any other characters.
    const stop = inCode ? start + 4 : end < 0 ? line.length : end + 3;
    kept += line.slice(at, inCode ? stop : start);
    at = stop;
  }
  return kept + line.slice(at);
}

const waiting =
  "depends? on|dependent on|blocked by|blocked on|requires|waits? (?:on|for)|waiting (?:on|for)|after|needs|prerequisites?|dependenc(?:y|ies)";
const blocking = "blocks|blocking|required by|prerequisite (?:of|for)";
const cues = new RegExp(`\\b(?:(${blocking})|(${waiting}))\\b[*_]{0,2}:?[*_]{0,2}(?=\\s)`, "gi");
const waitingHeading = /^(?:blocked by|depends on|dependenc(?:y|ies)|prerequisites?|requires)\b/i;
const blockingHeading = /^(?:blocks|blocking)\b/i;
const denied = /\b(?:not|no longer|never|nor|isn't|aren't|doesn't|don't|without)\s+(?:\w+\s+)?$/i;

/** What the lines of a body say about waiting for other issues. Code, quotations and struck lines say nothing. */
export function dependenciesIn(lines: readonly MarkdownLine[], source: Source, home: IssueHome): Dependency[] {
  return lines.flatMap((line): Dependency[] => {
    if (!speaks(line) || line.text.length > 4000) return [];
    const { text, place } = line;
    const found: Dependency[] = [];
    const add = (issues: readonly IssueMention[], direction: Dependency["direction"], from: number): void => {
      const end = issues.at(-1)?.end ?? from;
      for (const issue of issues)
        found.push({
          issue,
          direction,
          place: { ...place, column: from + 1 },
          evidence: text.slice(from, end).trim(),
        });
    };
    const heading = source.markdown.headings[line.heading]?.name ?? "";
    const direction = waitingHeading.test(heading) ? "waits-for" : blockingHeading.test(heading) ? "blocks" : null;
    if (direction !== null && line.kind !== "heading") {
      const from = line.item ? line.item.column - 1 : line.indent;
      const listed = issuesFrom(text, from, home);
      if (listed.length > 0) {
        add(listed, direction, from);
        return found;
      }
    }
    for (const cue of text.matchAll(cues)) {
      // What stands before it in its own sentence.
      const before =
        text
          .slice(Math.max(0, cue.index - 200), cue.index)
          .split(/[.;!?]\s/)
          .at(-1) ?? "";
      // `#13 depends on #12` speaks of #13.
      if (denied.test(before) || mentionsIssue(before, home)) continue;
      add(issuesFrom(text, cue.index + cue[0].length, home), cue[1] === undefined ? "waits-for" : "blocks", cue.index);
    }
    return found;
  });
}

function speaks({ kind, text }: MarkdownLine): boolean {
  if (kind !== "text" && kind !== "item" && kind !== "table" && kind !== "heading") return false;
  return !/^\s*(?:[-*+]\s+)?(?:\[.?\]\s+)?~~/.test(text);
}

function mentionsIssue(text: string, home: IssueHome): boolean {
  for (let at = text.indexOf("#"); at >= 0; at = text.indexOf("#", at + 1)) if (issueAt(text, at, home)) return true;
  return false;
}

/** The criteria of a body: items under such a heading, and labelled ones. */
export function criteriaIn(source: Source): string[] {
  const { lines, headings } = source.markdown;
  return lines.flatMap((line) => {
    if (line.kind !== "item" && line.kind !== "text") return [];
    const under = headings[line.heading]?.name ?? "";
    if (line.item && (isCriteriaLabel(under) || /^(?:acceptance|definition of done)\b/i.test(under)))
      return [line.item.content];
    return readFields(line.text).flatMap(({ name, value }) =>
      value !== "" && /^(?:acceptance(?: criteria)?|done when)$/.test(name) ? [value] : [],
    );
  });
}

/** The issue that a row of a list names first, as `#12` in `- [ ] #12 Add the route`. */
export function issueOfRow(text: string, column: number, home: IssueHome): IssueMention | null {
  return issueOf(text.slice(column - 1), home);
}
