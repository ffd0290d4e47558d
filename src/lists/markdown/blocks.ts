import type { Diagnostic } from "../../model/diagnostic.ts";
import { indentOf, type SourceLine } from "./lines.ts";
import { parseItem } from "./item.ts";

/** What a line stands in: a fence's own mark or its content, a comment, or neither. */
export type Block = { readonly kind: "fence" | "code"; readonly info: string } | { readonly kind: "comment" } | null;

interface Fence {
  readonly char: string;
  readonly length: number;
  readonly info: string;
}

const opening = /[ \t\u00a0]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?(`{3,}|~{3,})/y;

/**
 * Finds fenced code and HTML comments. One that never closes hides nothing: its first line is taken as plain text, and
 * a warning says so. A fence inside a list item also ends where a box stands further left than its first line.
 */
export function findBlocks(
  lines: readonly SourceLine[],
  first: number,
  file: string,
  outside: ReadonlySet<number>,
): [Block[], Diagnostic[]] {
  const blocks: Block[] = lines.map(() => null);
  const diagnostics: Diagnostic[] = [];
  const longest = longestClosers(lines);
  const lastCommentEnd = lines.findLastIndex((line) => line.text.includes("-->"));
  for (let index = first; index < lines.length; index += 1) {
    const text = lines[index]?.text ?? "";
    const fence = openFence(text);
    if (fence) {
      const closes = fence.length <= (longest[fence.char === "`" ? 0 : 1][index + 1] ?? 0);
      const end = closes ? endOfFence(lines, index, fence, outside) : null;
      if (end === null || !end.closed) diagnostics.push(unclosed("fence", file, index, text));
      if (end === null) continue;
      for (let inner = index; inner <= end.line; inner += 1) blocks[inner] = { kind: "code", info: fence.info };
      blocks[index] = { kind: "fence", info: fence.info };
      if (end.closed) blocks[end.line] = { kind: "fence", info: fence.info };
      index = end.line;
    } else if (text.trimStart().startsWith("<!--")) {
      if (text.includes("-->")) blocks[index] = { kind: "comment" };
      else if (lastCommentEnd < index) diagnostics.push(unclosed("comment", file, index, text));
      else {
        while (index < lines.length && !lines[index]?.text.includes("-->")) blocks[index++] = { kind: "comment" };
        blocks[index] = { kind: "comment" };
      }
    }
  }
  return [blocks, diagnostics];
}

function openFence(text: string): Fence | null {
  opening.lastIndex = 0;
  const run = opening.exec(text)?.[1];
  if (run === undefined) return null;
  const info = text.slice(opening.lastIndex).trim();
  if (run.startsWith("`") && info.includes("`")) return null;
  return { char: run.charAt(0), length: run.length, info };
}

/** For each line, the longest run of fence characters that can close a fence at that line or later. */
function longestClosers(lines: readonly SourceLine[]): [backticks: number[], tildes: number[]] {
  const result: [number[], number[]] = [[], []];
  let backticks = 0;
  let tildes = 0;
  for (let index = lines.length - 1; index >= 0; index -= 1) {
    const text = lines[index]?.text ?? "";
    backticks = Math.max(backticks, closingRun(text, "`"));
    tildes = Math.max(tildes, closingRun(text, "~"));
    result[0][index] = backticks;
    result[1][index] = tildes;
  }
  return result;
}

function closingRun(text: string, char: string): number {
  const start = indentOf(text).length;
  let end = start;
  while (text.charAt(end) === char) end += 1;
  return end - start >= 3 && text.slice(end).trim() === "" ? end - start : 0;
}

function endOfFence(
  lines: readonly SourceLine[],
  start: number,
  fence: Fence,
  outside: ReadonlySet<number>,
): { line: number; closed: boolean } | null {
  const indent = indentOf(lines[start]?.text ?? "").columns;
  for (let index = start + 1; index < lines.length; index += 1) {
    const text = lines[index]?.text ?? "";
    if (closingRun(text, fence.char) >= fence.length) return { line: index, closed: true };
    if (outside.has(index)) return { line: index - 1, closed: false };
    if (indent >= 2 && indentOf(text).columns < indent && parseItem(text)?.box)
      return { line: index - 1, closed: false };
  }
  return null;
}

function unclosed(what: "fence" | "comment", file: string, index: number, text: string): Diagnostic {
  return {
    severity: "warning",
    rule: `unclosed-${what}`,
    message: `Unexpected end: the ${what === "fence" ? "code fence" : "HTML comment"} opened here never closes`,
    expected: what === "fence" ? "a line with the same fence characters" : "`-->`",
    fix: "close it; until then the lines after it are read as if it were not there",
    place: { file, line: index + 1, column: indentOf(text).length + 1 },
  };
}
