import { LineCounter, Pair, Scalar, YAMLMap, YAMLSeq } from "yaml";
import { dataFrom, type Data } from "./data.ts";

interface Cell {
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/**
 * A table of comma-separated values (or semicolons, where the first row has more of them) as a list of mappings by the
 * names of the first row, with places. Empty cells are left out. Columns of one name, as Jira exports them, become a list.
 */
export function parseCsv(text: string, file: string): Data {
  const counting = new LineCounter();
  counting.addNewLine(0);
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) counting.addNewLine(at + 1);
  const [header, ...rows] = rowsOf(text);
  const root = new YAMLSeq();
  root.range = [0, text.length, text.length];
  for (const row of header ? rows : []) root.items.push(mappingOf(row, header ?? []));
  return dataFrom(root, counting, file);
}

function mappingOf(row: readonly Cell[], header: readonly Cell[]): YAMLMap {
  const map = new YAMLMap();
  const pairs = new Map<string, Pair<Scalar, Scalar | YAMLSeq>>();
  map.range = [row[0]?.start ?? 0, row.at(-1)?.end ?? 0, row.at(-1)?.end ?? 0];
  for (const [column, cell] of row.entries()) {
    const name = header[column]?.value.trim() ?? "";
    if (cell.value.trim() === "" || name === "") continue;
    const value = scalar(cell);
    const known = pairs.get(name);
    if (!known) {
      const pair = new Pair<Scalar, Scalar | YAMLSeq>(new Scalar(name), value);
      pairs.set(name, pair);
      map.items.push(pair);
    } else if (known.value instanceof YAMLSeq) known.value.items.push(value);
    else {
      const list = new YAMLSeq();
      list.range = value.range ?? null;
      list.items.push(known.value, value);
      known.value = list;
    }
  }
  return map;
}

function scalar({ value, start, end }: Cell): Scalar {
  const node = new Scalar(value);
  node.range = [start, end, end];
  return node;
}

/** Rows with at least one cell that is not empty. Quoted cells may hold separators, quotes written twice, and line ends. */
function rowsOf(text: string): Cell[][] {
  const rows: Cell[][] = [];
  let row: Cell[] = [];
  let at = text.startsWith("\ufeff") ? 1 : 0;
  const first = text.slice(at, text.indexOf("\n") < 0 ? undefined : text.indexOf("\n"));
  const separator = first.split(";").length > first.split(",").length ? ";" : ",";
  const plain = separator === ";" ? /[;\r\n]/g : /[,\r\n]/g;
  while (at <= text.length) {
    const start = at;
    let value = "";
    if (text[at] === '"') {
      let close = text.indexOf('"', at + 1);
      while (close >= 0 && text[close + 1] === '"') close = text.indexOf('"', close + 2);
      const end = close < 0 ? text.length : close;
      value = text.slice(at + 1, end).replaceAll('""', '"');
      at = end + 1;
    }
    plain.lastIndex = at;
    const end = plain.exec(text)?.index ?? text.length;
    value += text.slice(at, end);
    row.push({ value, start, end });
    at = end;
    if (text[at] === separator) {
      at += 1;
      continue;
    }
    if (row.some((cell) => cell.value.trim() !== "")) rows.push(row);
    row = [];
    at += text.startsWith("\r\n", at) ? 2 : 1;
  }
  return rows;
}
