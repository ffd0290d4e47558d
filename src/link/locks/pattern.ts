/** One segment of a path pattern: any number of segments, a fixed name, or characters to match in one of several ways. */
export type Segment =
  | { readonly any: true }
  | { readonly literal: string }
  /** `route`: the segment as written, where it is also the name of a part of a route. */
  | { readonly ways: readonly (readonly Piece[])[]; readonly route: string | null };

/** One character, any character, any run of characters, or a class. */
type Piece =
  | { readonly kind: "one"; readonly character: string }
  | { readonly kind: "any" | "run" }
  | { readonly kind: "class"; readonly negated: boolean; readonly ranges: readonly (readonly [string, string])[] };

/** More alternatives than this from braces are not told apart: such a pattern may be any path. */
const mostAlternatives = 64;

/** Whether braces make more alternatives than are told apart. Counted without expanding: one number for each level. */
export function hasTooManyAlternatives(pattern: string): boolean {
  let alternatives = 1;
  for (const [group] of pattern.matchAll(/\{[^{}]*\}/g)) {
    alternatives *= group.split(",").length;
    if (alternatives > mostAlternatives) return true;
  }
  return false;
}

/** The ways to read a pattern, itself as plain text among them; null when braces make too many. */
export function alternativesOf(pattern: string, folder: boolean): readonly (readonly Segment[])[] | null {
  // `!(a|b)`, `@(a|b)` and a leading `!` turn the meaning of the rest: not read, so anything
  if (pattern.startsWith("!") || /[!@+?*]\(/.test(pattern)) return null;
  const expanded = expandBraces(pattern);
  if (expanded === null) return null;
  const texts = expanded.includes(pattern) ? expanded : [pattern, ...expanded];
  return texts.map((text) => {
    const segments = text
      .split("/")
      .filter((part) => part !== "")
      .map(segmentOf);
    // a folder, a plain name or a pattern that matches a folder stands for everything under it
    return folder || !endsWithAny(segments) ? [...segments, { any: true as const }] : segments;
  });
}

function endsWithAny(segments: readonly Segment[]): boolean {
  const last = segments.at(-1);
  return last !== undefined && "any" in last;
}

function expandBraces(pattern: string): string[] | null {
  const waiting: string[] = [pattern];
  const finished: string[] = [];
  while (waiting.length > 0) {
    if (waiting.length + finished.length > mostAlternatives) return null;
    const text = waiting.pop() ?? "";
    const close = text.indexOf("}");
    const open = close === -1 ? -1 : text.lastIndexOf("{", close);
    if (open === -1) {
      finished.push(text);
      continue;
    }
    const [head, inside, tail] = [text.slice(0, open), text.slice(open + 1, close), text.slice(close + 1)];
    if (/\.\./.test(inside)) return null;
    const options = inside.split(",");
    if (options.length > mostAlternatives) return null;
    for (const option of options) waiting.push(head + option + tail);
  }
  return finished;
}

/** `[id]`, `[[...slug]]`, `[userId].tsx`: parts of a route that are named so on disk. Two of them meet only when they are the same. */
const routeParameter = /^\[{1,2}(?:\.\.\.)?[A-Za-z]\w{2,}(?:-\w{2,})*\]{1,2}(?:\.[\w.]+)?$/;

function segmentOf(text: string): Segment {
  // inside a segment some tools let `**` cross folders
  if (text === "**" || text.includes("**")) return { any: true };
  if (!/[*?[]/.test(text)) return { literal: text };
  const pieces = piecesOf(text);
  // `[id]` may be a folder's plain name as well as a class of characters
  return {
    ways: text.includes("[") ? [pieces, [...text].map((character) => ({ kind: "one" as const, character }))] : [pieces],
    route: routeParameter.test(text) ? text : null,
  };
}

function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  const characters = [...text];
  for (let at = 0; at < characters.length; at += 1) {
    const character = characters[at] ?? "";
    const close = character === "[" ? classEnd(characters, at) : -1;
    if (close !== -1) {
      pieces.push(classOf(characters.slice(at + 1, close)));
      at = close;
    } else if (character === "*") {
      pieces.push({ kind: "run" });
    } else if (character === "?") {
      pieces.push({ kind: "any" });
    } else {
      pieces.push({ kind: "one", character });
    }
  }
  return pieces;
}

function classEnd(characters: readonly string[], open: number): number {
  return characters.indexOf("]", characters[open + 1] === "!" || characters[open + 1] === "^" ? open + 3 : open + 2);
}

function classOf(inside: readonly string[]): Piece {
  const negated = inside[0] === "!" || inside[0] === "^";
  const body = negated ? inside.slice(1) : inside;
  // `[[:alpha:]]` and turned-round ranges: any character
  if (body.includes("[")) return { kind: "any" };
  const ranges: [string, string][] = [];
  for (let at = 0; at < body.length; at += 1) {
    const low = body[at] ?? "";
    const dash = body[at + 1] === "-" && at + 2 < body.length;
    const high = dash ? (body[at + 2] ?? low) : low;
    if (high < low) return { kind: "any" };
    ranges.push([low, high]);
    if (dash) at += 2;
  }
  return { kind: "class", negated, ranges };
}

/** Whether some path matches both lists of segments. Tries all pairs of positions once: O(n × m). */
export function segmentsMeet(a: readonly Segment[], b: readonly Segment[]): boolean {
  return meet(a, b, (segment) => "any" in segment, segmentMeets);
}

function segmentMeets(a: Segment, b: Segment): boolean {
  if ("any" in a || "any" in b) return true;
  if ("literal" in a && "literal" in b) return a.literal === b.literal;
  if ("ways" in a && "ways" in b && a.route !== null && b.route !== null) return a.route === b.route;
  return waysOf(a).some((left) =>
    waysOf(b).some((right) => meet(left, right, (piece) => piece.kind === "run", pieceMeets)),
  );
}

function waysOf(segment: Segment): readonly (readonly Piece[])[] {
  if ("ways" in segment) return segment.ways;
  return "literal" in segment
    ? [[...segment.literal].map((character) => ({ kind: "one" as const, character }))]
    : [[{ kind: "run" }]];
}

function pieceMeets(a: Piece, b: Piece): boolean {
  if (a.kind === "one" && b.kind === "one") return a.character === b.character;
  if (a.kind === "one" && b.kind === "class") return inClass(b, a.character);
  if (a.kind === "class" && b.kind === "one") return inClass(a, b.character);
  return true;
}

function inClass(piece: Extract<Piece, { kind: "class" }>, character: string): boolean {
  return piece.ranges.some(([low, high]) => low <= character && character <= high) !== piece.negated;
}

/** Whether two sequences with wildcards for runs have a common instance: reachability over pairs of positions. */
function meet<T>(
  a: readonly T[],
  b: readonly T[],
  isRun: (item: T) => boolean,
  meets: (left: T, right: T) => boolean,
): boolean {
  let row = new Uint8Array(b.length + 1);
  row[0] = 1;
  for (let i = 0; i <= a.length; i += 1) {
    const left = a[i];
    const next = new Uint8Array(b.length + 1);
    for (let j = 0; j <= b.length; j += 1) {
      if (row[j] === 0) continue;
      const right = b[j];
      // a run may end here, …
      if (right !== undefined && isRun(right)) row[j + 1] = 1;
      if (left !== undefined && isRun(left)) next[j] = 1;
      // … swallow one item of the other side, or both sides step over one that they share
      if (left !== undefined && isRun(left) && right !== undefined) row[j + 1] = 1;
      if (right !== undefined && isRun(right) && left !== undefined) next[j] = 1;
      if (left !== undefined && right !== undefined && !isRun(left) && !isRun(right) && meets(left, right))
        next[j + 1] = 1;
    }
    if (i === a.length) return row[b.length] === 1;
    row = next;
  }
  return false;
}
