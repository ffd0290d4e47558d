/** A labelled value: `**Files**: a, b`, `_Requirements: 1.1_`, `- Create: …`, one of several between ` | `. */
export interface Field {
  /** In lower case, without emphasis. */
  readonly name: string;
  readonly value: string;
  /** 0-based index of the value in the line. */
  readonly at: number;
}

const label = /[\s>*_`•+-]*([A-Za-z][A-Za-z /-]{0,30}?)[*_`]*[ \t]*[:：][*_`]*(?=\s|$)/y;

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
        name: name.trim().toLowerCase(),
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
  return /^(?:acceptance(?: criteria)?|definition of done|done when|success criteria|verification|validation checklist|exit criteria)$/i.test(
    name
      .trim()
      .replaceAll(/[*_:`]/g, "")
      .trim(),
  );
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
