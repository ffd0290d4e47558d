import { alternativesOf, segmentsMeet, type Segment } from "./pattern.ts";

/**
 * The paths that a task may touch: a file, a folder or a glob. A plain path stands for itself and for everything under
 * it, since nobody can see from its text that it is no folder.
 */
export interface Scope {
  /** The normalised text: the key under which equal scopes meet. */
  readonly text: string;
  readonly kind: "literal" | "folder" | "glob";
  /** Nothing but fixed names inside the project: such scopes can be compared by their text. */
  readonly plain: boolean;
  /** Where the first segment hangs: at the project, at the file system's root, or somewhere outside the project. */
  readonly anchor: "project" | "root" | "outside";
  /** Each way to read the text: a glob with braces has several. Null when there are too many: then it may be any path. */
  readonly readings: readonly (readonly Segment[])[] | null;
}

export interface ScopeOptions {
  /** For file systems that do not tell `A` from `a`. */
  readonly ignoreCase?: boolean;
}

const globCharacters = /[*?[\]{}]|^!|[!@+]\(/;

/** Normalises a path as written (`./a//b`, `a/../b`, `src/x.ts:12-45`, `x.ts (new)`); null when nothing is left of it. */
export function parseScope(written: string, options: ScopeOptions = {}): Scope | null {
  const clean = withoutNotes(written.trim().normalize("NFC")).replaceAll("\\", "/");
  const text = options.ignoreCase === true ? clean.toLowerCase() : clean;
  if (text === "") return null;
  const drive = /^[a-z]:\//i.test(text);
  let anchor: Scope["anchor"] = text.startsWith("/") || drive ? "root" : text.startsWith("~") ? "outside" : "project";
  const parts: string[] = [];
  for (const part of text.split("/")) {
    if (part === "" || part === "." || part === "~") continue;
    if (part !== "..") parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== "**") parts.pop();
    else if (parts.length === 0 && anchor !== "root") anchor = "outside";
  }
  const folder = /(?:^|\/)\.{0,2}$/.test(text);
  const prefix = anchor === "root" ? "/" : anchor === "outside" ? "../" : "";
  const plain = parts.join("/");
  const key = prefix + plain + (folder && plain !== "" ? "/" : "");
  if (!globCharacters.test(plain)) {
    const segments: Segment[] = [...parts.map((part): Segment => ({ literal: part })), { any: true }];
    return {
      text: key === "" ? "./" : key,
      kind: folder || plain === "" ? "folder" : "literal",
      plain: anchor === "project",
      anchor,
      readings: [segments],
    };
  }
  return {
    text: key,
    kind: looksLikeGlob(plain) ? "glob" : "literal",
    plain: false,
    anchor,
    readings: alternativesOf(plain, folder),
  };
}

/**
 * Whether some path may be in both scopes. False is a promise: no path is. True may be wrong in rare corners (character
 * classes, extended globs), never false.
 */
export function overlaps(a: Scope, b: Scope): boolean {
  if (a.readings === null || b.readings === null) return true;
  const same = a.anchor === b.anchor && a.anchor !== "outside";
  const float = (scope: Scope, segments: readonly Segment[]): readonly Segment[] =>
    same || scope.anchor === "root" ? segments : [{ any: true }, ...segments];
  return a.readings.some((left) => (b.readings ?? []).some((right) => segmentsMeet(float(a, left), float(b, right))));
}

/** `[id]` and `(group)` are plain names of folders in some frameworks; only `*`, `?` and `{a,b}` make a glob for sure. */
function looksLikeGlob(path: string): boolean {
  return /[*?]|\{[^{}]*,|^!|[!@+]\(/.test(path);
}

/** Cuts a line number or a note in brackets off the end. Scans from the end once. */
function withoutNotes(text: string): string {
  let rest = text;
  if (rest.endsWith(")")) {
    const open = rest.lastIndexOf("(");
    if (open > 0 && /\s/.test(rest[open - 1] ?? "")) rest = rest.slice(0, open).trimEnd();
  }
  const colon = rest.lastIndexOf(":");
  if (colon > 1 && /^[0-9]+(?:[-–:][0-9]+)?$/.test(rest.slice(colon + 1))) rest = rest.slice(0, colon);
  const hash = rest.lastIndexOf("#L");
  if (hash > 0 && /^[0-9]+(?:-L?[0-9]+)?$/.test(rest.slice(hash + 2))) rest = rest.slice(0, hash);
  return rest;
}
