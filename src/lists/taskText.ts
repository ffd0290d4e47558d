import { readEstimate } from "./estimate.ts";

/** What the words of a task's own line say. */
export interface TaskText {
  /** `T001`, `1.2`, `TASK-3`; null when the line names none. */
  readonly id: string | null;
  readonly title: string;
  /** What follows a bold title: `text` of `**Title**: text`. */
  readonly detail: string;
  readonly parallel: boolean | null;
  readonly foundation: boolean;
  readonly story: string | null;
  readonly optional: boolean;
  /** The whole line is struck through. */
  readonly struck: boolean;
  /** Minutes of a trailing `(2h)` or `~8m`. */
  readonly estimate: number | null;
}

const word = /(?:sub-?task|task|step)[ \t]+#?(?=\d)/iy;
const dotted = /\d{1,6}(?:\\?\.\d{1,6}){0,6}[a-z]?(?![A-Za-z0-9_/%])/y;
const named = /[A-Za-z]{1,12}\d{0,4}-?\d{1,6}(?:[.-]\d{1,4}){0,4}[a-z]?(?![A-Za-z0-9_/])/y;
const surelyId = /^(?:T\d+|WP\d+|FT\d+|[A-Z][A-Z0-9]*-\d+)/;
/** Names that have the shape of an id and are none. */
const standard = /^(?:UTF|SHA|ISO|RFC|GPT|CVE|FR|NFR|SC|WCAG|ES|HTTP|AES|RSA|TLS|COVID)-?\d/i;
const separator = /(?:\\?[.):]+|[ \t]+[-–—](?=[ \t])|[ \t]*[–—])/y;
const tag = /(?:\[(P|US\d+|parallel|sequential)\]|\((P)\)|(US\d+|P[0-4])(?=\s)|∥)/iy;

/**
 * Reads the text after the box of a task line. `number` is the list number before it (`3` of `3. text`), or the id
 * itself when that is known already.
 */
export function readTaskText(text: string, number: string | null = null, idKnown = false): TaskText {
  const found = { id: null as string | null, parallel: null as boolean | null, story: null as string | null };
  let at = skipSpace(text, 0);
  const struck = text.startsWith("~~", at) && text.trimEnd().endsWith("~~");
  let optional = false;
  for (let moved = true; moved;) {
    moved = false;
    tag.lastIndex = at;
    const mark = "[(UuPp∥".includes(text.charAt(at) || " ") ? tag.exec(text) : null;
    const label = mark?.[1] ?? mark?.[3] ?? "";
    // A bare `US1` or `P1` (a priority) is a label only after an id: `US1-001` is one itself.
    if (mark && (mark[3] === undefined || found.id !== null)) {
      if (/^us/i.test(label)) found.story = label.toUpperCase();
      else if (mark[3] !== undefined) moved = true;
      else found.parallel = label.toLowerCase() !== "sequential";
      [at, moved] = [skipSpace(text, tag.lastIndex), true];
      continue;
    }
    const id = found.id === null && !idKnown ? readId(text, at) : null;
    if (id) {
      found.id = id.id;
      optional ||= id.star;
      [at, moved] = [skipSpace(text, id.end), true];
    }
  }
  const { bold, detail } = splitBold(text.slice(at).trim());
  const tail = readTail(bold);
  return {
    ...found,
    id: found.id ?? number,
    title: tail.title,
    detail,
    parallel: found.parallel ?? tail.parallel,
    foundation: tail.foundation,
    optional: optional || tail.optional,
    struck,
    estimate: tail.estimate,
  };
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && /\s/.test(text.charAt(at))) at += 1;
  return at;
}

function readId(text: string, from: number): { id: string; end: number; star: boolean } | null {
  let at = from;
  let wrapped = false;
  for (let open = wrapper(text, at); open > 0; open = wrapper(text, at)) {
    at += open;
    wrapped = true;
  }
  const bracket = text.charAt(at) === "[";
  if (bracket) at += 1;
  word.lastIndex = at;
  const prefixed = word.test(text);
  if (prefixed) at = word.lastIndex;
  dotted.lastIndex = at;
  named.lastIndex = at;
  const digits = dotted.exec(text);
  const match = digits ?? named.exec(text);
  if (!match) return null;
  const id = match[0].replaceAll("\\", "");
  at += match[0].length;
  let star = false;
  if (text.charAt(at) === "*" && text.charAt(at + 1) !== "*") [star, at] = [true, at + 1];
  if (bracket && text.charAt(at) !== "]") return null;
  if (bracket) at += 1;
  let closed = bracket;
  const close = (): void => {
    if (!wrapped) return;
    for (let shut = wrapper(text, at); shut > 0; shut = wrapper(text, at)) {
      at += shut;
      closed = true;
    }
  };
  close();
  separator.lastIndex = at;
  const separated = separator.test(text);
  if (separated) at = separator.lastIndex;
  if (separated) close();
  const next = text.charAt(at);
  if (next !== "" && !/\s/.test(next) && !separated && !closed) return null;
  const strong = separated || closed;
  const sure = digits ? id.includes(".") || prefixed : surelyId.test(id) && !standard.test(id);
  return sure || strong ? { id, end: at, star } : null;
}

function wrapper(text: string, at: number): number {
  if (text.startsWith("**", at) || text.startsWith("__", at) || text.startsWith("~~", at)) return 2;
  return text.charAt(at) === "`" ? 1 : 0;
}

/** `**Title**: text` is a title with its detail; any other bold is only emphasis. */
function splitBold(text: string): { bold: string; detail: string } {
  const end = text.startsWith("**") ? text.indexOf("**", 2) : -1;
  if (end > 2) {
    const inner = text.slice(2, end).trim();
    const rest = text.slice(end + 2).trimStart();
    const joined = /^(?::|[-–—](?=\s))/.exec(rest);
    if (joined || inner.endsWith(":")) {
      const detail = rest.slice(joined?.[0].length ?? 0).trim();
      return { bold: inner.endsWith(":") ? inner.slice(0, -1) : inner, detail };
    }
  }
  return { bold: text.replaceAll("**", ""), detail: "" };
}

function readTail(text: string): Pick<TaskText, "title" | "parallel" | "foundation" | "optional" | "estimate"> {
  let title = text.replaceAll("~~", "").trim();
  const found = {
    parallel: null as boolean | null,
    foundation: false,
    optional: false,
    estimate: null as number | null,
  };
  for (let moved = true; moved;) {
    moved = false;
    const start = title.endsWith(")") ? title.lastIndexOf("(") : title.endsWith("]") ? title.lastIndexOf("[") : -1;
    const inner =
      start > 0 && title.length - start < 200
        ? title
            .slice(start + 1, -1)
            .replaceAll("*", "")
            .trim()
            .toLowerCase()
        : "";
    const minutes = title.charAt(start) === "(" && /^~?\s*\d/.test(inner) ? readEstimate(inner) : null;
    if (/^sequential\b/.test(inner)) found.parallel ??= false;
    else if (
      inner === "p" ||
      /^(?:can (?:be )?(?:run |done )?in )?parallel(?:[ -](?:ready|safe|ok))?$|^parallelizable$/.test(inner)
    )
      found.parallel ??= true;
    else if (inner === "optional") found.optional = true;
    else if (typeof minutes === "number") found.estimate ??= minutes;
    else if (!/^(?:foundation|depends on|blocked by|requires|after|needs)\b/.test(inner)) {
      const plain = /\s~(\d{1,4}\s?[a-z]{1,7})$|(?:→|->)\s*(foundation|independent)$/i.exec(title.slice(-24));
      if (!plain) break;
      const amount = plain[1] === undefined ? null : readEstimate(plain[1]);
      if (plain[1] !== undefined && typeof amount !== "number") break;
      if (typeof amount === "number") found.estimate ??= amount;
      if (/foundation/i.test(plain[2] ?? "")) found.foundation = true;
      title = title.slice(0, title.length - plain[0].length).trimEnd();
      moved = true;
      continue;
    }
    if (/\bfoundation\b/.test(inner)) found.foundation = true;
    title = title.slice(0, start).trimEnd();
    moved = true;
  }
  return { title, ...found };
}
