import type { Diagnostic, Outcome } from "../model/diagnostic.ts";
import { parseCsv } from "./csv.ts";
import { parseData, type Data } from "./data.ts";
import type { Source } from "./format.ts";
import { readFrontMatter } from "./frontMatter.ts";
import { scan } from "./markdown/scan.ts";

/** A text seen in every way that formats look at it, and what is wrong with it as one that was written for us. */
export interface Opened {
  readonly source: Source;
  /** The same for formats of other tools: its front matter is theirs. Null when it cannot be read even so. */
  readonly foreign: Source | null;
  /** Faults of front matter, for formats in which it is ours. */
  readonly frontMatter: readonly Diagnostic[];
  /** Faults of JSON or YAML, to be shown when the text turns out to be no list at all. */
  readonly data: readonly Diagnostic[];
}

/** Opens a text: front matter, Markdown, and JSON or YAML where it begins like that. Fails only on what is no text. */
export function openSource(text: string, file: string): Outcome<Opened> {
  const nul = text.indexOf("\0");
  if (nul >= 0) return nulByte(file, text.slice(0, nul).split("\n").length);
  const ours = readFrontMatter(text, file);
  const theirs = ours.ok
    ? { ok: true as const, value: { ...ours.value, options: {}, diagnostics: [] } }
    : readFrontMatter(text, file, true);
  const empty = { end: 0, data: null, options: {}, diagnostics: [] };
  const frontMatter = ours.ok ? ours.value : empty;
  const data = readData(text, file);
  const source: Source = {
    file,
    text,
    markdown: scan(text, file, theirs.ok ? theirs.value.end : 0),
    frontMatter,
    data: data?.ok ? data.value : null,
    others: [],
    part: null,
  };
  return {
    ok: true,
    value: {
      source,
      foreign: theirs.ok ? { ...source, frontMatter: theirs.value } : null,
      frontMatter: ours.ok ? [] : ours.diagnostics,
      data: data === null || data.ok ? [] : data.diagnostics,
    },
  };
}

function readData(text: string, file: string): Outcome<Data> | null {
  if (/\.csv$/i.test(file)) return { ok: true, value: parseCsv(text, file) };
  return isData(text, file) ? parseData(text, file) : null;
}

/** A text that begins as JSON does, but not as a box, a link, or a file with one JSON value a line. */
function isData(text: string, file: string): boolean {
  const head = text.slice(0, 200);
  if (!/^\ufeff?\s*[{[]/.test(head)) return /\.(?:ya?ml|json)$/i.test(file);
  if (/^\ufeff?\s*\[.?\](?:\s|\()/.test(head)) return false;
  const end = text.indexOf("\n");
  return end < 0 || !/\}\r?$/.test(text.slice(Math.max(0, end - 2), end)) || text[end + 1] !== "{";
}

function nulByte(file: string, line: number): Outcome<never> {
  const place = { file, line, column: 1 };
  return {
    ok: false,
    diagnostics: [{ severity: "error", rule: "nul-byte", message: "Unexpected NUL byte", expected: "text", place }],
  };
}
