import type { ProseLine, SetAside } from "../../model/list.ts";
import { isCriteriaLabel, readFields } from "../fields.ts";
import { headingPath, type MarkdownDocument, type MarkdownLine } from "./scan.ts";

/** A list item that became a task, with the lines that belong to it. */
export interface Draft {
  readonly line: MarkdownLine;
  /** Title line first. */
  readonly lines: MarkdownLine[];
  readonly parent: Draft | null;
  readonly children: Draft[];
  /** Texts of the criteria boxes under it. */
  readonly acceptance: string[];
}

/** What a format says of an item or of a heading: a task, no task for this reason, or neither (prose or body). */
export type Verdict = "task" | { readonly aside: string } | null;

export interface Context {
  /** Names of the headings above, outermost first. */
  readonly headings: readonly string[];
  /** The task that the item stands under, if any. */
  readonly inside: Draft | null;
}

export interface Walk {
  readonly drafts: Draft[];
  readonly setAside: SetAside[];
  readonly prose: (Omit<ProseLine, "phaseIndex"> & { readonly heading: number })[];
}

/**
 * Goes through a document once and gives every line its place: in a task, in prose, or set aside. A task owns what
 * stands deeper than it and what runs on without a blank line. Boxes in fences, comments and quotations and under
 * "Acceptance Criteria" are set aside for every format; `decide` judges the other items and the headings. `others` are the
 * indexes of the lines that are tasks without being either: rows of tables, and lines of text that begin with an id.
 */
export function walk(
  document: MarkdownDocument,
  decide: (line: MarkdownLine, context: Context) => Verdict,
  others: ReadonlySet<number> = new Set(),
): Walk {
  const drafts: Draft[] = [];
  const setAside: SetAside[] = [];
  const prose: Walk["prose"] = [];
  const open: Draft[] = [];
  const paths = document.headings.map((_, index) => headingPath(document.headings, index));
  /** The "Acceptance Criteria" label in force: its indent. */
  let criteria: number | null = null;
  let previous: MarkdownLine | null = null;

  const aside = (line: MarkdownLine, reason: string): void => {
    setAside.push({ file: document.file, line: line.place.line, text: line.text, reason });
  };
  const close = (indent: number): void => {
    while (open.length > 0 && (open.at(-1)?.line.kind === "heading" ? -1 : (open.at(-1)?.line.indent ?? 0)) >= indent)
      open.pop();
  };
  const start = (line: MarkdownLine): void => {
    const parent = open.at(-1) ?? null;
    const draft: Draft = { line, lines: [line], parent, children: [], acceptance: [] };
    parent?.children.push(draft);
    drafts.push(draft);
    open.push(draft);
  };
  const give = (line: MarkdownLine): void => {
    const owner = open.at(-1);
    if (owner) owner.lines.push(line);
    else if (line.kind !== "fence" && line.kind !== "rule" && line.kind !== "blank") {
      const { text, place, fence, heading } = line;
      prose.push({ text, place, fence, heading, headings: paths[heading] ?? [] });
    }
  };

  for (const line of document.lines) {
    const context: Context = { headings: paths[line.heading] ?? [], inside: open.at(-1) ?? null };
    switch (line.kind) {
      case "frontMatter":
        continue;
      case "comment":
        if (line.boxed) aside(line, "inside an HTML comment");
        continue;
      case "heading": {
        const heading = document.headings[line.heading];
        criteria = null;
        const level = (draft: Draft): number => document.headings[draft.line.heading]?.level ?? 0;
        for (
          let top = open.at(-1);
          top && (top.line.kind !== "heading" || level(top) >= (heading?.level ?? 0));
          top = open.at(-1)
        )
          open.pop();
        if (decide(line, context) === "task") start(line);
        else if (open.length > 0) {
          if (isCriteriaLabel(heading?.name ?? "")) criteria = 0;
          give(line);
        }
        break;
      }
      case "code":
        if (line.boxed) aside(line, "inside a code fence");
        give(line);
        break;
      case "fence":
        if (line.fence !== null && previous?.fence === null) close(line.indent);
        give(line);
        break;
      case "quote":
        if (line.boxed) aside(line, "inside a quotation");
        if (previous?.kind === "blank") close(line.indent);
        give(line);
        break;
      case "item": {
        if (criteria !== null && line.indent < criteria) criteria = null;
        close(line.indent);
        const under: Context = { ...context, inside: open.at(-1) ?? null };
        if (line.boxed && criteria !== null) {
          under.inside?.acceptance.push(line.item?.content ?? "");
          aside(line, under.inside ? `an acceptance criterion of ${title(under.inside)}` : "an acceptance criterion");
          give(line);
          break;
        }
        const verdict = decide(line, under);
        if (verdict === "task") {
          start(line);
          break;
        }
        if (verdict) aside(line, verdict.aside);
        if (isCriteria(line)) criteria = line.indent + 1;
        give(line);
        break;
      }
      case "blank":
        give(line);
        break;
      case "table":
      case "rule":
      case "text": {
        if (others.has(line.place.line - 1)) {
          close(line.indent);
          criteria = null;
          start(line);
          break;
        }
        const runsOn =
          line.kind === "text" &&
          previous !== null &&
          ["item", "text"].includes(previous.kind) &&
          !/^(?:\*\*|[→↓])/.test(line.text);
        if (!runsOn) close(line.indent);
        criteria = isCriteria(line) ? line.indent : line.indent > 0 && runsOn ? criteria : null;
        give(line);
        break;
      }
      default:
        line.kind satisfies never;
    }
    previous = line;
  }
  return { drafts, setAside, prose };
}

function isCriteria(line: MarkdownLine): boolean {
  const [field] = readFields(line.text);
  return field
    ? field.value === "" && isCriteriaLabel(field.name)
    : isCriteriaLabel(line.text.trim().replace(/^[-*+]\s+/, ""));
}

function title(draft: Draft): string {
  return `line ${draft.line.place.line}`;
}
