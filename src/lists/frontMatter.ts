import matter from "gray-matter";
import { isMap, isScalar } from "yaml";
import type { ConfigInput } from "../model/config.ts";
import type { Diagnostic, Outcome } from "../model/diagnostic.ts";
import { checkConfig, configKeys, mergeInputs, onlyInProject } from "./config.ts";
import { parseData, type Data } from "./data.ts";
import { splitLines, type SourceLine } from "./markdown/lines.ts";
import { nearest } from "../text/nearest.ts";

/** The YAML block at the top of a Markdown file. */
export interface FrontMatter {
  /** Index of the first line after it; 0 when there is none. */
  readonly end: number;
  readonly data: Data | null;
  /** Our options: those under `orchestrate:` and top-level keys that are ours. */
  readonly options: ConfigInput;
  readonly diagnostics: readonly Diagnostic[];
}

const none: FrontMatter = { end: 0, data: null, options: {}, diagnostics: [] };
const foreignWords = new Set(["model", "agent", "effort", "estimate", "parallel", "resources", "timeout", "conflicts"]);
const key = /^(?:[A-Za-z_][\w .-]{0,60}|"[^"]{1,60}"|'[^']{1,60}')[ \t]*:(?:[ \t]|$)/;

/**
 * Reads front matter; nothing in it is ever evaluated. Only a first line of exactly `---` opens one: `---js` and its
 * like are refused, and a rule (`---`) on top of prose is just Markdown. Keys that are not ours belong to other tools
 * and are ignored, unless they stand under `orchestrate:` (error) or look like a misspelling of ours (warning).
 * With `foreign` the block is another tool's: no key is ours, and what such tools tolerate (`assignee: @name`, a colon
 * in a title) is read as text.
 */
export function readFrontMatter(text: string, file: string, foreign = false): Outcome<FrontMatter> {
  const lines = splitLines(text);
  const first = lines[0]?.text.trimEnd() ?? "";
  if (!first.startsWith("---") || /^-{4,}$/.test(first)) return { ok: true, value: none };
  const body =
    lines.slice(1).find(({ text: line }) => line.trim() !== "" && !line.trimStart().startsWith("#"))?.text ?? "";
  if (first !== "---") {
    const language = /^---[ \t]*[A-Za-z]+$/.test(first);
    return language
      ? fault("front-matter-language", `Unexpected \`${first}\``, "`---` alone (YAML)", file, 1)
      : { ok: true, value: none };
  }
  const end = lines.findIndex((line, index) => index > 0 && line.text.startsWith("---"));
  const looksLikeData = key.test(body) || body.startsWith("{");
  if (end < 0 || lines[end]?.text.trimEnd() !== "---") {
    if (!looksLikeData) return { ok: true, value: none };
    return fault(
      "front-matter-open",
      "Unexpected end: the front matter never closes",
      "a line `---` after it",
      file,
      1,
    );
  }
  const isList = /^[-*+] (?!\[.?\])/.test(body) && end > 1;
  if (isList) return fault("front-matter", "Unexpected list in front matter", "`key: value` lines", file, 2);
  if (!looksLikeData && !body.startsWith("---")) return { ok: true, value: none };
  return readBlock(text, lines, end, file, foreign);
}

function readBlock(
  text: string,
  lines: readonly SourceLine[],
  end: number,
  file: string,
  foreign: boolean,
): Outcome<FrontMatter> {
  const last = lines[end];
  const block = text.slice(0, (last?.offset ?? 0) + (last?.text.length ?? 0));
  let parsed: Outcome<Data> = parseData("", file);
  // Options are always passed: without any, gray-matter answers from a cache that others can change.
  const yaml = (source: string): object => {
    // The text begins with the line end of `---`; the last value would keep the `\r` of a CRLF file.
    const written = source.replace(/\r$/, "");
    parsed = parseData(written, file);
    if (!parsed.ok && foreign) parsed = parseData(quoted(written), file);
    return {};
  };
  const refuse = (): never => {
    throw new TypeError("only YAML front matter is read");
  };
  const engine = { parse: refuse, stringify: refuse };
  const engines = {
    yaml: { parse: yaml, stringify: refuse },
    json: engine,
    javascript: engine,
    js: engine,
    coffee: engine,
  };
  matter(block, { language: "yaml", delimiters: "---", engines });
  if (!parsed.ok) return parsed;
  const data = parsed.value;
  if (data.root !== null && !(isScalar(data.root) && data.root.value === null) && !isMap(data.root))
    return fault("front-matter", "Unexpected single value or list in front matter", "`key: value` lines", file, 2);
  if (foreign) return { ok: true, value: { end: end + 1, data, options: {}, diagnostics: [] } };
  const options = readOptions(data);
  return options.ok ? { ok: true, value: { end: end + 1, data, ...options.value } } : options;
}

/** Puts quotes around values that are no YAML for what stands in them. Every value still begins at its column. */
function quoted(block: string): string {
  const lines = block.split("\n").map((line) => {
    const plain = line.replaceAll("\t", " ").trimEnd();
    const start = /^ {0,40}(?:- {1,8})?(?:[\w-][\w -]{0,60}:|-) {1,8}(?=[^"'[{|>\s#])/.exec(plain)?.[0];
    const value = plain.slice(start?.length ?? 0);
    if (start === undefined || !/^[@`%&*!]|: | #|:$/.test(value)) return plain;
    return `${start}'${value.replaceAll("'", "''")}'`;
  });
  return lines.join("\n");
}

function readOptions(data: Data): Outcome<{ options: ConfigInput; diagnostics: Diagnostic[] }> {
  if (!isMap(data.root)) return { ok: true, value: { options: {}, diagnostics: [] } };
  const ours = data.root.items.find((item) => isScalar(item.key) && item.key.value === "orchestrate");
  const nested = checkConfig(data, (ours?.value ?? null) as typeof data.root | null, ["orchestrate"]);
  const diagnostics: Diagnostic[] = nested.ok ? [] : [...nested.diagnostics];
  const names = configKeys();
  const top = names
    .filter((name) => !onlyInProject.has(name))
    .flatMap((name) => {
      const found = checkConfig(data, data.root, [], name);
      if (found.ok) return [found.value];
      // Other tools use common words for something else: that is worth a line, not a refusal.
      const severity = foreignWords.has(name) ? "info" : "error";
      diagnostics.push(...found.diagnostics.map((one) => ({ ...one, severity }) as const));
      return [];
    });
  if (!nested.ok || diagnostics.some((one) => one.severity === "error")) return { ok: false, diagnostics };
  const warnings = data.root.items.flatMap((item): Diagnostic[] => {
    const name = isScalar(item.key) ? String(item.key.value) : "";
    const near = names.includes(name) || name === "orchestrate" ? null : nearest(name, [...names, "orchestrate"]);
    if (near === null) return [];
    const place = data.place([name], "key");
    const fix = `write \`${near}\` if that is meant`;
    return [
      {
        severity: "warning",
        rule: "unknown-key",
        message: `Unexpected key \`${name}\``,
        expected: `\`${near}\``,
        fix,
        place,
      },
    ];
  });
  return {
    ok: true,
    value: { options: mergeInputs(...top, nested.value), diagnostics: [...diagnostics, ...warnings] },
  };
}

function fault(rule: string, message: string, expected: string, file: string, line: number): Outcome<never> {
  const fix = "only YAML between two `---` lines is read as front matter";
  return {
    ok: false,
    diagnostics: [{ severity: "error", rule, message, expected, fix, place: { file, line, column: 1 } }],
  };
}
