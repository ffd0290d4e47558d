import type { ListedTask, Reference } from "../model/task.ts";
import type { MarkdownDocument, MarkdownLine } from "./markdown/scan.ts";

/**
 * The tasks with what a table such as `| Task | Depends On | Blocks |` says of them. Rows that name no task of the list
 * say nothing.
 */
export function withTables(tasks: readonly ListedTask[], document: MarkdownDocument): readonly ListedTask[] {
  const after = new Map<string, Reference[]>();
  const before = new Map<string, Reference[]>();
  const ids = new Map(tasks.map((task) => [task.writtenId.toLowerCase(), task.writtenId]));
  let columns: Columns | null = null;
  let previous: MarkdownLine | null = null;
  for (const line of document.lines) {
    if (line.kind === "table") {
      if (previous?.kind !== "table") columns = columnsOf(cellsOf(line));
      else if (columns) readRow(line, columns, ids, after, before);
    }
    previous = line;
  }
  if (after.size + before.size === 0) return tasks;
  return tasks.map((task) => ({
    ...task,
    dependsOn: [...task.dependsOn, ...(after.get(task.writtenId) ?? [])],
    blocks: [...task.blocks, ...(before.get(task.writtenId) ?? [])],
  }));
}

interface Cell {
  readonly text: string;
  /** 1-based column of its first character. */
  readonly column: number;
}

interface Columns {
  readonly task: number;
  readonly after: number;
  readonly before: number;
}

function columnsOf(cells: readonly Cell[]): Columns | null {
  const names = cells.map(({ text }) => text.toLowerCase());
  const task = names.findIndex((name) => /^(?:tasks?(?: id)?|id|#|task #|todo|step)$/.test(name));
  const after = names.findIndex((name) =>
    /^(?:depends(?: on)?|dependenc(?:y|ies)|blocked by|prerequisites?)$/.test(name),
  );
  const before = names.findIndex((name) => /^blocks$/.test(name));
  return task >= 0 && (after >= 0 || before >= 0) ? { task, after, before } : null;
}

function readRow(
  line: MarkdownLine,
  columns: Columns,
  ids: ReadonlyMap<string, string>,
  after: Map<string, Reference[]>,
  before: Map<string, Reference[]>,
): void {
  const cells = cellsOf(line);
  const name = cells[columns.task]?.text ?? "";
  const id = ids.get((/^(?:(?:task|todo|step)\s+)?#?([\w.-]*\w)/i.exec(name)?.[1] ?? "").toLowerCase());
  if (id === undefined) return;
  for (const [map, cell, verb] of [
    [after, cells[columns.after], "depends on"],
    [before, cells[columns.before], "blocks"],
  ] as const) {
    if (!cell || !/\d/.test(cell.text)) continue;
    const place = { ...line.place, column: cell.column };
    const evidence = `the table says: ${id} ${verb} ${cell.text}`;
    map.set(id, [...(map.get(id) ?? []), { text: cell.text, place, kind: "section", evidence }]);
  }
}

function cellsOf({ text }: MarkdownLine): Cell[] {
  const cells: Cell[] = [];
  let start = text.indexOf("|") + 1;
  while (start < text.length) {
    const end = text.indexOf("|", start);
    const raw = text.slice(start, end < 0 ? text.length : end);
    const words = raw.trim();
    if (end >= 0 || words !== "") {
      const column = start + (raw.length - raw.trimStart().length) + 1;
      cells.push({ text: words.replaceAll(/[*`]/g, ""), column });
    }
    start = end < 0 ? text.length : end + 1;
  }
  return cells;
}
