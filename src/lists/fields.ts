import { isCriteriaName } from "./markdown/headingSort.ts";

/** A labelled value: `**Files**: a, b`, `_Requirements: 1.1_`, `- Create: …`, one of several between ` | `. */
export interface Field {
  /** In lower case, without emphasis. */
  readonly name: string;
  readonly value: string;
  /** 0-based index of the value in the line. */
  readonly at: number;
}

const label =
  /[\s>*_`•+-]*(\p{L}[\p{L}\p{M} /-]{0,30}?|depends_on|blocked_by|task_id)[*_`]*[ \t]*(?::[*_`]*(?=\s|$)|：[*_`]*)/uy;

/** The fields of a line, or none when it is prose. */
export function readFields(text: string): Field[] {
  const fields: Field[] = [];
  let start = 0;
  for (const part of text.split(" | ")) {
    label.lastIndex = 0;
    const name = label.exec(part)?.[1];
    if (name !== undefined) {
      const rest = part.slice(label.lastIndex);
      const value = rest.trim().replace(/(?<=[^_*])[_*]{1,2}$/, "");
      fields.push({
        name: name.trim().toLowerCase().replaceAll("_", " "),
        value,
        at: start + label.lastIndex + (rest.length - rest.trimStart().length),
      });
    }
    start += part.length + 3;
  }
  return fields;
}

/** Labels whose list says when a task is done; the boxes under them are no tasks. */
export function isCriteriaLabel(name: string): boolean {
  const words = name
    .trim()
    .replaceAll(/[*_:：`]/g, "")
    .trim();
  return /^(?:verification|validation checklist)$/i.test(words) || isCriteriaName(words);
}

/** What stands between backticks, in order. */
export function codeSpans(text: string): string[] {
  const spans: string[] = [];
  for (let open = text.indexOf("`"); open >= 0;) {
    const close = text.indexOf("`", open + 1);
    if (close < 0) break;
    if (close > open + 1) spans.push(text.slice(open + 1, close).trim());
    open = text.indexOf("`", close + 1);
  }
  return spans;
}
