import {
  Composer,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  Parser,
  type CST,
  type Document,
  type Node,
} from "yaml";
import type * as z from "zod";
import type { Diagnostic, Outcome } from "../model/diagnostic.ts";
import type { Place } from "../model/place.ts";
import { parseJson } from "./json.ts";
import { nearest } from "../text/nearest.ts";

type Path = readonly PropertyKey[];

/** YAML or JSON with positions: where each key and value stands. */
export interface Data {
  readonly file: string;
  readonly root: Node | null;
  /** Place of the value at `path`, or of its key; the nearest parent's when there is none. */
  readonly place: (path: Path, of?: "key" | "value") => Place;
  /** Place of a node of this data; of the whole when it has none. */
  readonly at: (node: unknown) => Place;
}

/**
 * Parses YAML 1.2 or JSON. Refused, with their places: syntax errors, duplicate keys, aliases and anchors, tags, merge
 * keys (as unknown keys), and nesting too deep to read. `line` is the line of the file that `text` begins on.
 */
export function parseData(text: string, file: string, line = 1): Outcome<Data> {
  const counting = new LineCounter();
  const json = parseJson(text, maxDepth, counting);
  if (json) return { ok: true, value: placed(json, placesIn(counting, file, line), file) };
  const counter = new LineCounter();
  const tokens = [...new Parser(counter.addNewLine).parse(text)];
  // Composing recurses: too deep a text would end the process, so depth is measured before.
  if (isTooDeep(tokens))
    return refuse("too-deep", "Unexpected depth: the data is nested too deeply", `at most ${maxDepth} levels`, {
      file,
      line,
      column: 1,
    });
  const options = { lineCounter: counter, prettyErrors: false, uniqueKeys: false, stringKeys: true };
  const documents: Document.Parsed[] = [...new Composer(options).compose(tokens, true, text.length)];
  const [document] = documents;
  if (!document || documents.length > 1)
    return refuse("yaml", "Unexpected second document", "one document", { file, line, column: 1 });
  const at = placesIn(counter, file, line);
  // The first faults: what follows from them would fill the screen.
  const faults = [...document.errors, ...document.warnings].slice(0, 5).map((fault): Diagnostic => {
    const message = `Unexpected YAML: ${fault.message}`;
    return { severity: "error", rule: "yaml", message, place: at(fault.pos[0]) };
  });
  if (faults.length > 0) return { ok: false, diagnostics: faults };
  const root: Node | null = document.contents;
  const alias = findAlias(root);
  if (alias) return refuse("yaml-alias", "Unexpected alias or anchor", "plain values", at(alias.range?.[0] ?? 0));
  const twice = keysTwice(root).slice(0, 5);
  if (twice.length > 0)
    return {
      ok: false,
      diagnostics: twice.map((key) => ({
        severity: "error",
        rule: "duplicate-key",
        message: "Unexpected second value for the same key",
        place: at(key.range?.[0] ?? 0),
      })),
    };
  return { ok: true, value: placed(root, at, file) };
}

function placesIn(counter: LineCounter, file: string, line: number): (offset: number) => Place {
  return (offset) => {
    const found = counter.linePos(offset);
    return { file, line: Math.max(1, found.line) + line - 1, column: Math.max(1, found.col) };
  };
}

/** Nodes made by another reader than the YAML one, with their places. */
export function dataFrom(root: Node | null, counting: LineCounter, file: string): Data {
  return placed(root, placesIn(counting, file, 1), file);
}

function placed(root: Node | null, at: (offset: number) => Place, file: string): Data {
  const place = (path: Path, of: "key" | "value" = "value"): Place => {
    let node: unknown = root;
    let offset = root?.range?.[0] ?? 0;
    for (const [depth, key] of path.entries()) {
      const [keyNode, value] = child(node, key);
      const last = depth === path.length - 1;
      const target = last && of === "key" ? keyNode : (value ?? keyNode);
      offset = rangeOf(target) ?? offset;
      node = value;
    }
    return at(offset);
  };
  return { file, root, place, at: (node) => at(rangeOf(node) ?? root?.range?.[0] ?? 0) };
}

const maxDepth = 100;

function isTooDeep(tokens: readonly CST.Token[]): boolean {
  const stack = tokens.map((token) => ({ token: token as CST.Token | null | undefined, depth: 0 }));
  for (let top = stack.pop(); top; top = stack.pop()) {
    const { token, depth } = top;
    if (depth > maxDepth) return true;
    if (!token) continue;
    if (token.type === "document") stack.push({ token: token.value, depth: depth + 1 });
    if (!("items" in token)) continue;
    for (const item of token.items)
      stack.push({ token: item.key, depth: depth + 1 }, { token: item.value, depth: depth + 1 });
  }
  return false;
}

function refuse(rule: string, message: string, expected: string, place: Place): Outcome<never> {
  return { ok: false, diagnostics: [{ severity: "error", rule, message, expected, place }] };
}

function rangeOf(node: unknown): number | undefined {
  return typeof node === "object" && node !== null && "range" in node ? (node as Node).range?.[0] : undefined;
}

function child(node: unknown, key: PropertyKey): [key: unknown, value: unknown] {
  if (isSeq(node)) return [undefined, node.items[Number(key)]];
  if (!isMap(node)) return [undefined, undefined];
  const pair = node.items.find((item) => isScalar(item.key) && item.key.value === key);
  return [pair?.key, pair?.value];
}

function findAlias(root: Node | null): Node | null {
  const stack: unknown[] = [root];
  while (stack.length > 0) {
    const node = stack.pop();
    if (isAlias(node)) return node;
    if (isPair(node)) stack.push(node.value, node.key);
    if (isMap(node) || isSeq(node)) for (const item of node.items.toReversed()) stack.push(item);
    if ((isMap(node) || isSeq(node) || isScalar(node)) && node.anchor) return node;
  }
  return null;
}

/** Keys that a mapping says a second time, in order. The YAML reader's own search takes the square of their number. */
function keysTwice(root: Node | null): Node[] {
  const found: Node[] = [];
  const stack: unknown[] = [root];
  while (stack.length > 0) {
    const node = stack.pop();
    if (isSeq(node)) for (const item of node.items.toReversed()) stack.push(item);
    if (!isMap(node)) continue;
    const seen = new Set<string>();
    for (const { key } of node.items) {
      if (!isScalar(key)) continue;
      const name = String(key.value);
      if (seen.has(name)) found.push(key);
      seen.add(name);
    }
    for (const { value } of node.items.toReversed()) stack.push(value);
  }
  return found;
}

/**
 * The plain value of a node. Scalars below a key of `asWritten` keep the text of the source (`010`, `1.10`), so that an
 * id never becomes a number. Objects have no prototype: `__proto__` is a key like any other.
 */
export function toPlain(node: unknown, asWritten: ReadonlySet<string>, raw = false): unknown {
  if (isScalar(node)) {
    if (raw && node.value !== null && typeof node.value !== "string") return node.source ?? "";
    return node.value;
  }
  if (isSeq(node)) return node.items.map((item) => toPlain(item, asWritten, raw));
  if (!isMap(node)) return null;
  const result = Object.create(null) as Record<string, unknown>;
  for (const { key, value } of node.items) {
    const name = isScalar(key) ? String(key.value) : "";
    result[name] = toPlain(value, asWritten, asWritten.has(name));
  }
  return result;
}

/** Turns a schema's complaints into diagnostics with places. `under` is the path of the checked value in the data. */
export function explainIssues(
  issues: readonly z.core.$ZodIssue[],
  data: Data,
  under: Path,
  known: Iterable<string>,
): Diagnostic[] {
  const names = [...known];
  return issues.flatMap((issue): Diagnostic[] => {
    const path = [...under, ...issue.path];
    const name = path.filter((part) => typeof part === "string").at(-1) ?? "value";
    if (issue.code === "unrecognized_keys")
      return issue.keys.map((key) => unknownKey(key, names, data.place([...path, key], "key")));
    const expected =
      issue.code === "invalid_union"
        ? unionText(issue)
        : issue.message.replace(/^(?:Invalid \w+|Too small|Too big): expected /, "");
    return [
      {
        severity: "error",
        rule: "wrong-value",
        message: `Unexpected value for \`${name}\``,
        expected,
        place: data.place(path),
      },
    ];
  });
}

function unionText(issue: z.core.$ZodIssueInvalidUnion): string {
  const texts = issue.errors.map((branch) =>
    branch[0]?.message.replace(/^Invalid \w+: expected (.*?)(?:, received.*)?$/, "$1"),
  );
  return texts.filter((text) => text !== undefined).join(" or ");
}

function unknownKey(key: string, known: readonly string[], place: Place): Diagnostic {
  const near = nearest(key, known);
  const expected = near === null ? `one of ${known.join(", ")}` : `\`${near}\``;
  const fix = near === null ? "remove it or write one of these" : `write \`${near}\``;
  return {
    severity: "error",
    rule: "unknown-key",
    message: `Unexpected key \`${key}\``,
    expected,
    fix,
    place,
    length: Math.max(1, key.length),
  };
}
