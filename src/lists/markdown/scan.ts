import type { Diagnostic } from "../../model/diagnostic.ts";
import type { TextLine } from "../../model/place.ts";
import { findBlocks, type Block } from "./blocks.ts";
import { parseItem, type Item } from "./item.ts";
import { indentOf, splitLines } from "./lines.ts";

type LineKind =
  | "blank"
  | "heading"
  | "item"
  | "fence"
  | "code"
  | "comment"
  | "quote"
  | "table"
  | "rule"
  | "text"
  | "frontMatter";

/** A line of Markdown and what it is. `text` is as written. */
export interface MarkdownLine extends TextLine {
  readonly kind: LineKind;
  /** Columns of white space before it. */
  readonly indent: number;
  /** Of lines of kind `item` only. */
  readonly item: Item | null;
  /** It holds a task box, wherever it stands: also inside a fence, a comment or a quotation. */
  readonly boxed: boolean;
  /** Index of the nearest heading above (or of itself), -1 for none. */
  readonly heading: number;
  /** Info string of the fence it is in, or null. */
  readonly fence: string | null;
}

export interface Heading {
  /** As written, without its `#`s. */
  readonly name: string;
  readonly level: number;
  /** Index of the heading it stands under, -1 for none. */
  readonly parent: number;
  /** Index of its line. */
  readonly line: number;
}

/** What all Markdown formats share: the lines of a text, in order. */
export interface MarkdownDocument {
  readonly file: string;
  readonly lines: readonly MarkdownLine[];
  readonly headings: readonly Heading[];
  /** Task boxes seen anywhere. */
  readonly boxes: number;
  readonly diagnostics: readonly Diagnostic[];
}

const headingMark = /^[ \t]{0,3}(#{1,6})(?=[ \t]|$)/;
const underline = /^ {0,3}(?:=+|-{2,})[ \t]*$/;
const rule = /^ {0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$/;

/**
 * Reads Markdown line by line, in linear time. More tolerant than CommonMark where tasks would be lost otherwise: an
 * item may be indented by any amount and may follow an HTML tag, and no fence or comment hides what comes after it
 * unless it closes. `first` is the index of the first line after the front matter;
 * a fence that is open at one of the lines `outside` ends before it.
 */
export function scan(
  text: string,
  file: string,
  first = 0,
  outside: ReadonlySet<number> = new Set(),
): MarkdownDocument {
  const source = splitLines(text);
  const [blocks, diagnostics] = findBlocks(source, first, file, outside);
  const lines: MarkdownLine[] = [];
  const headings: Heading[] = [];
  const stack: number[] = [];
  let boxes = 0;
  let inList = false;

  const open = (name: string, level: number, line: number): number => {
    while (stack.length > 0 && (headings[stack.at(-1) ?? 0]?.level ?? 0) >= level) stack.pop();
    const index = headings.push({ name, level, parent: stack.at(-1) ?? -1, line }) - 1;
    stack.push(index);
    return index;
  };

  for (const [index, { text: written }] of source.entries()) {
    const block = blocks[index] ?? null;
    const indent = indentOf(written);
    let kind = kindOf(written, indent.length, block);
    // Inside a list item, a heading is part of what the item says.
    if (kind === "heading" && inList && indent.columns >= 2) kind = "text";
    let item: Item | null = null;
    if (index < first) kind = "frontMatter";
    else if (kind === "text" || kind === "rule") {
      const before = lines[index - 1];
      if (before?.kind !== "text" && before?.kind !== "item" && indent.columns === 0) inList = false;
      const outside = before?.kind === "text" && !inList;
      if (underline.test(written) && outside && before && lines[index - 2]?.kind !== "text") {
        const heading = open(before.text.trim(), written.includes("=") ? 1 : 2, index - 1);
        lines[index - 1] = { ...before, kind: "heading", heading };
        kind = "rule";
      } else if (kind === "text") {
        item = parseItem(written, before?.kind !== "text");
        if (item?.number && item.number !== "1" && outside && !item.box) item = null;
        if (item) kind = "item";
        if (item) inList = true;
      }
    }
    if (kind === "text" && !item && stageLine.test(written) && leadsToItem(source, index, written)) kind = "heading";
    let heading = stack.at(-1) ?? -1;
    if (kind === "heading") {
      const mark = headingMark.exec(written);
      const name = mark ? headingName(written.slice(mark[0].length)) : stageName(written);
      heading = open(name, mark?.[1]?.length ?? stageLevel, index);
    }
    const boxed = item ? item.box !== null : hidesBox(written, kind);
    if (boxed) boxes += 1;
    const fence = block?.kind === "fence" || block?.kind === "code" ? block.info : null;
    const place = { file, line: index + 1, column: 1 };
    lines.push({ text: written, place, kind, indent: indent.columns, item, boxed, heading, fence });
  }
  return { file, lines, headings, boxes, diagnostics };
}

/** `Stage 1 (Sequential):`, `**Batch 3:**`: a plain line that groups the items below it, as a heading does. */
const stageLine =
  /^ {0,3}(?:\*\*|__)?(?:Stage|Phase|Batch|Wave|Group|Round)\s+\d{1,3}[a-z]?(?![A-Za-z0-9])[^\n]{0,120}$/i;
/** What makes such a line one without a colon at its end: it is in bold as a whole, or says how its items run. */
const wholeInBold = /^ {0,3}(?:\*\*[^*]+\*\*|__[^_]+__)\s*[:：]?\s*$/;
export const saysHow = /[(（](?:in )?(?:sequential|parallel|serial)(?:ly)?[)）][*_]*\s*$/i;
/** Deeper than every heading, so that such lines are siblings. */
export const stageLevel = 7;

/** Whether an item follows, perhaps behind a command of its own line. What else stands on the line must be no list of ids. */
function leadsToItem(source: readonly { readonly text: string }[], index: number, line: string): boolean {
  const colon = line.search(/[:：]/);
  if (!wholeInBold.test(line) && !saysHow.test(line)) {
    if (colon === -1) return false;
    const rest = line
      .slice(colon + 1)
      .replaceAll("*", "")
      .trim();
    if (rest !== "" && !rest.startsWith("/")) return false;
  }
  let next = index + 1;
  while (/^\s*(?:\/\w[^\n]*)?$/.test(source[next]?.text ?? "-") && next < index + 4) next += 1;
  return parseItem(source[next]?.text ?? "") !== null;
}

function stageName(line: string): string {
  return line
    .replaceAll(/\*|^\s*__|__(?=\s*[:：]?\s*$)/g, "")
    .trim()
    .replace(/[:：]$/, "");
}

function kindOf(text: string, indent: number, block: Block): LineKind {
  if (block) return block.kind;
  if (indent === text.length || text.trim() === "") return "blank";
  if (headingMark.test(text)) return "heading";
  const char = text.charAt(indent);
  if (char === ">") return "quote";
  if (char === "|") return "table";
  return rule.test(text) ? "rule" : "text";
}

function headingName(text: string): string {
  const name = text.trim();
  let end = name.length;
  while (name.charAt(end - 1) === "#") end -= 1;
  return end < name.length && (end === 0 || /\s/.test(name.charAt(end - 1))) ? name.slice(0, end).trim() : name;
}

function hidesBox(text: string, kind: LineKind): boolean {
  if (kind === "code") return parseItem(text)?.box != null;
  if (kind === "comment") return parseItem(text.trimStart().replace(/^<!--/, ""))?.box != null;
  if (kind !== "quote") return false;
  let start = 0;
  while (start < text.length && /[>\s]/.test(text.charAt(start))) start += 1;
  return parseItem(text.slice(start))?.box != null;
}

/** Names of the headings above a line, outermost first. */
export function headingPath(headings: readonly Heading[], heading: number): string[] {
  const path: string[] = [];
  for (let at = heading; at >= 0; at = headings[at]?.parent ?? -1) path.push(headings[at]?.name ?? "");
  return path.toReversed();
}
