import { indentOf } from "./lines.ts";

/** The box of a list item: `[ ]`, `[x]`, `[]`, `[~]`… */
export interface BoxMark {
  /** The characters between the brackets, as written; `""` for `[]`. */
  readonly state: string;
  /** 1-based column of the first character after `[`. */
  readonly column: number;
  /** `[ ]*`: marked optional. */
  readonly star: boolean;
}

/** A list item's first line. */
export interface Item {
  /** `3` of `3.` and `3)`, `1.2` of `1.2.`; null for a bullet. */
  readonly number: string | null;
  readonly box: BoxMark | null;
  /** What follows bullet and box. */
  readonly content: string;
  /** 1-based column where `content` begins. */
  readonly column: number;
}

const bullet = /(?:([-*+])|(\d{1,9}(?:\.\d{1,6}){0,6})([.)]?))(?=[ \t\u00a0[]|$)/y;
const boxed = /\[([^\]\r\n]{0,4})\](\*?)(?=\s|$)/y;
const state = /^(?:[\s\u00a0]*|[^A-Za-z0-9]\ufe0f?|[xX])$/u;

/**
 * Reads the first line of a list item. `1.2 text` (no dot at the end) is an item only when `dotted` is set. Letters and
 * digits other than `x` and `X` between brackets are tags (`[P]`), not states.
 */
export function parseItem(text: string, dotted = false): Item | null {
  const indent = indentOf(text).length;
  bullet.lastIndex = indent;
  const found = bullet.exec(text);
  if (!found) return null;
  const number = found[2] ?? null;
  if (number !== null && found[3] === "" && !(dotted && number.includes("."))) return null;
  const afterBullet = bullet.lastIndex;
  const gap = indentOf(text.slice(afterBullet, afterBullet + 40)).length;
  const box = parseBox(text, afterBullet + gap);
  if (gap === 0 && afterBullet < text.length && !box) return null;
  const start = box ? box.end : afterBullet;
  const content = text.slice(start).trimStart();
  return { number, box: box?.mark ?? null, content: content.trimEnd(), column: text.length - content.length + 1 };
}

/** What stands between the brackets of a box, or null for a tag such as `[P]`. */
export function parseState(inner: string): string | null {
  return inner.length <= 4 && state.test(inner) ? inner : null;
}

function parseBox(text: string, at: number): { mark: BoxMark; end: number } | null {
  boxed.lastIndex = at;
  const found = boxed.exec(text);
  const inner = found?.[1];
  if (!found || inner === undefined || parseState(inner) === null) return null;
  return { mark: { state: inner, column: at + 2, star: found[2] === "*" }, end: boxed.lastIndex };
}
