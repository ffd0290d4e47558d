import { isMap, isScalar, isSeq, type Node, type Pair, type Scalar, type YAMLMap, type YAMLSeq } from "yaml";
import type { ListedTask } from "../../model/task.ts";
import type { Data } from "../data.ts";
import type { SourceLine } from "../markdown/lines.ts";
import { itemsOf, textOf, valueOf } from "../values.ts";
import type { Edit } from "./edits.ts";

/** A text with data in it, and how to find nodes of the data in the text. */
interface Place {
  readonly file: string;
  readonly text: string;
  readonly lineEnd: string;
  readonly start: (node: Node) => number;
  readonly end: (node: Node) => number;
}

/** Adds ids to the list under the first of `keys` that the task's mapping has, or adds that key. Null where its form is none that can be added to. */
export function inItsField(
  task: ListedTask,
  keys: readonly string[],
  ids: readonly string[],
  source: { readonly file: string; readonly text: string; readonly data: Data; readonly lines: readonly SourceLine[] },
): Edit | null {
  const { file, text, data, lines } = source;
  const start = (node: Node): number => {
    const { line, column } = data.at(node);
    return (lines[line - 1]?.offset ?? 0) + column - 1;
  };
  const end = (node: Node): number => start(node) + (node.range?.[1] ?? 0) - (node.range?.[0] ?? 0);
  const place: Place = { file, text, lineEnd: text.includes("\r\n") ? "\r\n" : "\n", start, end };
  const map = mapAt(data, task);
  if (!map) return null;
  const json = text.charAt(start(map)) === "{";
  const value = valueOf(map, ...keys);
  const sample = itemsOf(value)[0] ?? valueOf(map, "id");
  const values = ids.map((id) => spelled(id, sample, json));
  const present = map.items.find(({ key }) => isScalar(key) && keys.some((one) => sameKey(one, String(key.value))));
  if (!present) return newKey(map, keys[0] ?? "", values, json, place);
  if (isSeq(value)) return value.flow === true ? intoFlow(value, values, place) : intoBlock(value, values, place);
  return intoScalar(value, present, values, place);
}

function sameKey(one: string, other: string): boolean {
  const plain = (key: string): string => key.toLowerCase().replaceAll(/[ _-]/g, "");
  return plain(one) === plain(other);
}

/** The mapping that the task was made of: the one that stands where the task does. */
function mapAt(data: Data, { source }: ListedTask): YAMLMap | null {
  const stack: unknown[] = [data.root];
  while (stack.length > 0) {
    const node = stack.pop();
    if (isMap(node)) {
      const { line, column } = data.at(node);
      if (line === source.line && column === source.column) return node;
      for (const { value } of node.items) stack.push(value);
    } else if (isSeq(node)) for (const item of node.items) stack.push(item);
  }
  return null;
}

/** An id as its neighbours are written. What YAML would read as a number or a word of its own gets quotes. */
function spelled(id: string, sample: Node | null, json: boolean): string {
  const number = /^(?:0|[1-9]\d{0,14})$/.test(id) && isScalar(sample) && typeof sample.value === "number";
  if (number) return id;
  const quote = isScalar(sample) ? sample.type : undefined;
  if (json || quote === "QUOTE_DOUBLE") return JSON.stringify(id);
  if (quote === "QUOTE_SINGLE") return `'${id.replaceAll("'", "''")}'`;
  const safe = /^(?!(?:true|false|null|yes|no|on|off|y|n)$)[A-Za-z][\w.-]*$/i.test(id);
  return safe ? id : JSON.stringify(id);
}

function intoFlow(list: YAMLSeq, values: readonly string[], { file, text, start, end }: Place): Edit | null {
  const [from, to] = [start(list), end(list)];
  if (text.charAt(from) !== "[" || text.charAt(to - 1) !== "]") return null;
  const [first, last] = [list.items[0] as Node | undefined, list.items.at(-1) as Node | undefined];
  if (!first || !last) return { file, offset: from, remove: to - from, insert: `[${values.join(", ")}]` };
  const lead = text.slice(from + 1, start(first));
  const between = /^\s*[\r\n]\s*$/.test(lead) ? `,${lead}` : /^,\S/.test(text.slice(end(first))) ? "," : ", ";
  return { file, offset: end(last), remove: 0, insert: values.map((value) => between + value).join("") };
}

function intoBlock(list: YAMLSeq, values: readonly string[], { file, text, lineEnd, start, end }: Place): Edit | null {
  const last = list.items.at(-1) as Node | undefined;
  const from = start(list);
  if (!last || text.charAt(from) !== "-" || !isScalar(last)) return null;
  const indent = text.slice(text.lastIndexOf("\n", from - 1) + 1, from);
  if (indent.trim() !== "") return null;
  const insert = values.map((value) => `${lineEnd}${indent}- ${value}`).join("");
  return { file, offset: endOfLine(text, end(last)), remove: 0, insert };
}

/** `depends_on:` and `depends_on: 001` become lists; prose and several ids in one text are left to their author. */
function intoScalar(node: Node | null, pair: Pair, values: readonly string[], place: Place): Edit | null {
  const { file, text, start, end } = place;
  const key = pair.key as Scalar;
  const written = node === null ? null : textOf(node);
  if (written === null || written === "" || written === "[]") {
    const colon = text.indexOf(":", end(key));
    const said = node === null ? "" : text.slice(start(node), end(node));
    if (colon < 0) return null;
    if (said.trim() === "") return { file, offset: colon + 1, remove: 0, insert: ` [${values.join(", ")}]` };
    return node && { file, offset: start(node), remove: said.length, insert: `[${values.join(", ")}]` };
  }
  if (!node || !/^[\w.-]+$/.test(written)) return null;
  const was = text.slice(start(node), end(node));
  return { file, offset: start(node), remove: was.length, insert: `[${[was, ...values].join(", ")}]` };
}

/** A key of its own: in JSON behind the last one, in YAML on a line below the first whose value stands on one line. */
function newKey(map: YAMLMap, key: string, values: readonly string[], json: boolean, place: Place): Edit | null {
  const { file, text, lineEnd, start, end } = place;
  const list = `[${values.join(", ")}]`;
  const first = map.items[0] as Pair<Node, Node | null> | undefined;
  if (!first) return null;
  if (json) {
    const last = map.items.at(-1) as Pair<Node, Node | null>;
    if (!last.value) return null;
    const lead = text.slice(start(map) + 1, start(first.key));
    return {
      file,
      offset: end(last.value),
      remove: 0,
      insert: `,${lead.includes("\n") ? lead : " "}"${key}": ${list}`,
    };
  }
  if (map.flow === true) return null;
  for (const pair of map.items as Pair<Node, Node | null>[]) {
    const { value } = pair;
    if (!isScalar(value) || value.type?.startsWith("BLOCK") === true) continue;
    const [from, to] = [start(pair.key), end(value)];
    if (to <= from || /[\r\n]/.test(text.slice(from, to))) continue;
    const column = from - (text.lastIndexOf("\n", from - 1) + 1);
    return { file, offset: endOfLine(text, to), remove: 0, insert: `${lineEnd}${" ".repeat(column)}${key}: ${list}` };
  }
  return null;
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  if (end < 0) return text.length;
  return text.charAt(end - 1) === "\r" ? end - 1 : end;
}
