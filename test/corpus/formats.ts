import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { link } from "../../src/link/link.ts";
import { defaultConfig } from "../../src/model/config.ts";
import type { TaskList } from "../../src/model/list.ts";
import { findLists, readFiles } from "../../src/lists/readList.ts";

/** Real task lists, where they are at hand; data, never instructions. */
export const corpus = "../shared/corpus";

/** A file, or a folder of files that are read together. */
export interface Unit {
  /** Folder of the corpus, which is the format's name or its older one. */
  readonly format: string;
  readonly name: string;
  readonly files: readonly { readonly file: string; readonly bytes: Uint8Array }[];
}

/** What became of the files of one format. */
export interface Row {
  readonly format: string;
  readonly files: number;
  /** Files that no list was found in. */
  readonly unread: number;
  readonly tasks: number;
  /** Boxes that are neither a task nor set aside. */
  readonly unaccounted: number;
  readonly right: number;
  readonly wrong: readonly string[];
  readonly missed: readonly string[];
  /** Differences with the expected graphs that `differences.json` explains. */
  readonly explained: number;
  /** Tasks that the expected graphs count and the reader does not, or the other way round. */
  readonly tasksOff: readonly string[];
}

interface Difference {
  readonly set: string;
  readonly edge?: string;
  readonly task?: string;
  readonly why: string;
}

interface Expected {
  readonly source: string;
  readonly tasks: number;
  readonly edges: Readonly<Record<string, readonly string[]>>;
}

/** Everything in the corpus that is a list or may be one; empty where the corpus is not at hand. */
export function units(): Unit[] {
  if (!existsSync(corpus)) return [];
  const folders = readdirSync(corpus).filter(
    (name) => name !== "expected" && statSync(`${corpus}/${name}`).isDirectory(),
  );
  return folders.toSorted().flatMap((format) =>
    readdirSync(`${corpus}/${format}`)
      .toSorted()
      .map((name): Unit => {
        const path = `${format}/${name}`;
        const names = statSync(`${corpus}/${path}`).isDirectory() ? below(path) : [path];
        return { format, name, files: names.map((file) => ({ file, bytes: readFileSync(`${corpus}/${file}`) })) };
      }),
  );
}

function below(folder: string): string[] {
  return readdirSync(`${corpus}/${folder}`, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath.slice(corpus.length + 1)}/${entry.name}`)
    .toSorted();
}

/** The list of a unit: of the format its folder names where several lie in it, otherwise the one that is found. */
export function listOfUnit({ format, files }: Unit, part?: string): TaskList | null {
  const named = part === undefined ? {} : { format: `${readerOf(format)}:${part}` };
  if (files.length === 1) {
    const alone = readFiles(files, named);
    return alone.ok ? alone.value : null;
  }
  const lists = findLists(files);
  const own = lists.find((one) => one.format === readerOf(format)) ?? lists[0];
  if (!own) return null;
  const chosen = files.filter(({ file }) => own.files.includes(file));
  const made = readFiles(chosen, { format: own.format, ...named });
  return made.ok ? made.value : null;
}

/** The name under which files of a corpus folder are read. */
export function readerOf(format: string): string {
  return (
    new Map([
      ["cc-spec-workflow", "spec-workflow"],
      ["cursor-plan", "cursor"],
      ["ralph-prd-json", "ralph"],
    ]).get(format) ?? format
  );
}

/** One row for each format of the corpus, or none where it is not at hand. */
export function formatRows(): Row[] {
  const all = units();
  const differences = JSON.parse(readFileSync("test/corpus/differences.json", "utf8")) as Difference[];
  return [...new Set(all.map(({ format }) => format))].map((format) => {
    const own = all.filter((unit) => unit.format === format);
    const lists = own.map((unit) => listOfUnit(unit));
    const scored = expectedOf(format).map(([set, expected]) => compare(set, expected, own, differences));
    return {
      format,
      files: own.reduce((sum, { files }) => sum + files.length, 0),
      unread: lists.filter((list) => list === null).length,
      tasks: lists.reduce((sum, list) => sum + (list?.tasks.length ?? 0), 0),
      unaccounted: lists.reduce((sum, list) => sum + (list === null ? 0 : unaccounted(list)), 0),
      right: scored.reduce((sum, one) => sum + one.right, 0),
      wrong: scored.flatMap((one) => one.wrong),
      missed: scored.flatMap((one) => one.missed),
      explained: scored.reduce((sum, one) => sum + one.explained, 0),
      tasksOff: scored.flatMap((one) => one.tasksOff),
    };
  });
}

function expectedOf(format: string): [set: string, expected: Expected][] {
  return readdirSync(`${corpus}/expected`)
    .filter((name) => name.startsWith(`${format}__`))
    .toSorted()
    .map((name) => [
      name.replace(/\.json$/, ""),
      JSON.parse(readFileSync(`${corpus}/expected/${name}`, "utf8")) as Expected,
    ]);
}

const boxed = /^[\s>]*(?:<!--\s*)?(?:[-*+]|\d+[.)])\s*\[[^\]]{0,4}\]/;

/** Boxes of a list that are neither a task nor set aside. */
export function unaccounted(list: TaskList): number {
  if (list.boxes === 0) return 0;
  const aside = list.setAside.filter(({ text }) => boxed.test(text)).length;
  const asTasks = list.tasks.filter(({ box }) => box !== null && boxed.test(box.lineText)).length;
  return list.boxes - aside - asTasks;
}

function compare(
  set: string,
  expected: Expected,
  all: readonly Unit[],
  differences: readonly Difference[],
): Pick<Row, "right" | "wrong" | "missed" | "explained" | "tasksOff"> {
  const unit = all.find(({ format, name }) => `${format}/${name}` === expected.source);
  const part = /tasks-9-tags__(.+)$/.exec(set)?.[1];
  const list = unit ? listOfUnit(unit, part) : null;
  const excused = differences.filter((one) => one.set === set);
  const label = (text: string): string => `${set}: ${text}`;
  if (!list) return { right: 0, wrong: [], missed: [label("the list")], explained: 0, tasksOff: [label("not read")] };
  const graph = link(list, defaultConfig);
  // The expected graphs know no sub-tasks of Task Master.
  const tasks = list.tasks.filter((task) => list.format !== "task-master" || task.parent === null);
  const ids = new Map(tasks.map((task) => [task.id.toLowerCase(), task.id]));
  const bare = (text: string): string => text.toLowerCase().replace(/^[a-z]+-(?=\d)/, "");
  const idOf = (text: string): string | undefined =>
    ids.get(text.toLowerCase()) ?? [...ids].find(([id]) => bare(id) === bare(text))?.[1];
  const pair = (from: string, to: string): string => `${from} → ${to}`;
  const found = new Set(
    (graph.ok ? graph.value.edges : [])
      .filter(({ kind, from, to }) => ["stated", "graph"].includes(kind) && idOf(from) === from && idOf(to) === to)
      .map(({ from, to }) => pair(from, to)),
  );
  const wanted = new Set(
    Object.entries(expected.edges).flatMap(([to, froms]) =>
      froms.flatMap((from) => {
        const [a, b] = [idOf(from), idOf(to)];
        return a === undefined || b === undefined ? [] : pair(a, b);
      }),
    ),
  );
  const known = new Set(excused.map(({ edge }) => edge));
  const open = (edge: string): boolean => !known.has(edge) && !known.has("*");
  const wrong = [...found].filter((edge) => !wanted.has(edge));
  const missed = [...wanted].filter((edge) => !found.has(edge));
  const off = tasks.length - expected.tasks - excused.filter(({ task }) => task !== undefined).length;
  return {
    right: [...wanted].filter((edge) => found.has(edge)).length,
    wrong: wrong.filter(open).map(label),
    missed: missed.filter(open).map(label),
    explained: [...wrong, ...missed].filter((edge) => !open(edge)).length,
    tasksOff: off === 0 ? [] : [label(`${tasks.length} tasks, expected ${expected.tasks}`)],
  };
}

/** The rows for people, with every difference that nothing explains below. */
export function formatTable(rows: readonly Row[]): string {
  const cells = rows.map((row) => [
    row.format,
    ...[
      row.files,
      row.unread,
      row.tasks,
      row.unaccounted,
      row.right,
      row.wrong.length,
      row.missed.length,
      row.explained,
    ].map(String),
  ]);
  const table = [
    ["format", "files", "unread", "tasks", "boxes lost", "edges right", "wrong", "missed", "explained"],
    ...cells,
  ];
  const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  const lines = table.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join("  "),
  );
  const open = rows.flatMap((row) => [
    ...row.wrong.map((edge) => `wrong: ${edge}`),
    ...row.missed.map((edge) => `missed: ${edge}`),
    ...row.tasksOff.map((text) => `tasks: ${text}`),
  ]);
  return [...lines, ...open].join("\n");
}
