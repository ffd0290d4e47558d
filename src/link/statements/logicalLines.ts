import type { TextLine } from "../../model/place.ts";
import { readFields } from "../../lists/fields.ts";
import { isDependencyLabel, mayStateDependency } from "./cues.ts";

const bullet = /^\s*(?:[-*+•]|\d{1,3}[.)])\s+/;
/** Lines that a wrapped statement may run on for. */
const mostWrapped = 4;

/**
 * The lines as their author means them: a label such as `**Dependencies:**` is joined to each bullet below it, and a
 * statement that runs on (an open bracket, a comma or a cue at the end of the line) to what follows. Every other line stays as it is.
 */
export function logicalLines<Line extends TextLine>(lines: readonly Line[]): Line[] {
  const joined: Line[] = [];
  for (let at = 0; at < lines.length;) {
    const line = lines[at];
    if (line === undefined) break;
    const label = line.fence == null ? bareLabel(line.text) : null;
    const listed = label === null ? null : itemsBelow(lines, at);
    if (label !== null && listed !== null && listed.items.length > 0) {
      for (const item of listed.items)
        joined.push({ ...item, text: `${label}: ${item.text.replace(bullet, "").trim()}` });
      at = listed.next;
      continue;
    }
    const end = wrapEnd(lines, at);
    const text = [line.text.trimEnd(), ...lines.slice(at + 1, end).map((more) => more.text.trim())].join(" ");
    joined.push(end === at + 1 ? line : { ...line, text });
    at = end;
  }
  return joined;
}

/** `Depends on` of a line that is nothing but that label: with a colon, in bold, or as a heading. */
function bareLabel(text: string): string | null {
  if (text.length > 80) return null;
  const [, mark = "", bold = "", name = "", colon = ""] =
    /^\s*(?:[-*+•]\s+)?(#{1,6}\s+)?([*_`]*)([^:：*_`]{1,40}?)[*_`]*\s*([:：])?[*_`]*\s*$/.exec(text) ?? [];
  if (name === "" || !isDependencyLabel(name)) return null;
  return colon !== "" || mark !== "" || bold.includes("*") || bold.includes("__") ? name.trim() : null;
}

/** The bullets that belong to a label, or the one plain line right below it. */
function itemsBelow<Line extends TextLine>(lines: readonly Line[], at: number): { items: Line[]; next: number } {
  const label = lines[at]?.text ?? "";
  const labelIndent = indentOf(label);
  const labelIsItem = bullet.test(label);
  const items: Line[] = [];
  let next = at + 1;
  let indent: number | null = null;
  while (next < lines.length) {
    const line = lines[next];
    if (line === undefined || line.fence != null) break;
    if (line.text.trim() === "") {
      next += 1;
      continue;
    }
    const own = indentOf(line.text);
    const item = bullet.test(line.text);
    if (!item) {
      const last = items.at(-1);
      const directly = lines[next - 1]?.text.trim() !== "";
      if (!directly || /^\s*#/.test(line.text) || readFields(line.text).length > 0) break;
      if (last === undefined) {
        if (labelIsItem && own <= labelIndent) break;
        items.push(line);
        next += 1;
        break;
      }
      // a bullet that runs on
      if (own <= (indent ?? 0)) break;
      items[items.length - 1] = { ...last, text: `${last.text.trimEnd()} ${line.text.trim()}` };
      next += 1;
      continue;
    }
    if (labelIsItem && own <= labelIndent) break;
    indent ??= own;
    if (own < indent || isOtherField(line.text)) break;
    items.push(line);
    next += 1;
  }
  return { items, next };
}

/** `- **Estimate:** 2h` ends a list of dependencies; `- Task 1: the model` does not. */
function isOtherField(text: string): boolean {
  const [field] = readFields(text);
  return field !== undefined && !/^(?:task|step|story|phase|t|wp)\b/.test(field.name) && !/\d/.test(field.name);
}

/** Index behind the last line that line `at` runs on to. */
function wrapEnd(lines: readonly TextLine[], at: number): number {
  const line = lines[at];
  if (line === undefined || line.fence != null || !mayRunOn(line.text)) return at + 1;
  let text = line.text;
  let end = at + 1;
  while (end < lines.length && end - at < mostWrapped) {
    const next = lines[end];
    const more = next?.text.trim() ?? "";
    if (next === undefined || next.fence != null || more === "" || /^(?:#|\||>)/.test(more) || bullet.test(next.text))
      break;
    if (!runsOn(text, more)) break;
    text = `${text.trimEnd()} ${more}`;
    end += 1;
  }
  return mayStateDependency(text) ? end : at + 1;
}

const cueAtEnd =
  /\b(?:depend(?:s|ent|ing)?(?: up)?(?: ?on)?|depends|blocked(?: by)?|waits?(?: for| on)?|requires?|needs?|after|once|dependencies:|prerequisites:)[*_]*\s*$/i;

/** A cheap look before lines are joined. */
function mayRunOn(text: string): boolean {
  return text.includes("(") || mayStateDependency(text) || cueAtEnd.test(text);
}

function runsOn(text: string, next: string): boolean {
  const open = text.lastIndexOf("(");
  if (open > text.lastIndexOf(")") && mayStateDependency(`${text.slice(open)} ${next}`) && next.includes(")"))
    return true;
  if (!mayStateDependency(text) && !/\bdepends\s*$/i.test(text)) return false;
  if (cueAtEnd.test(text)) return true;
  return /(?:,|&|\band)\s*$/.test(text) || /^(?:,|&|and\s+\S*\d)/.test(next);
}

function indentOf(text: string): number {
  return text.length - text.trimStart().length;
}
