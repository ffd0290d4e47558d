import type { ListedTask, Reference } from "../model/task.ts";
import type { MarkdownDocument, MarkdownLine } from "./markdown/scan.ts";
import { columnsOf, naming, plain, tablesOf, waitOf, type Cell, type Table } from "./markdown/tables.ts";

/**
 * The tasks with what a table such as `| Task | Depends On | Blocks |` says of them. Rows that name no task of the list
 * say nothing.
 */
export function withTables(tasks: readonly ListedTask[], document: MarkdownDocument): readonly ListedTask[] {
  const after = new Map<string, Reference[]>();
  const before = new Map<string, Reference[]>();
  const ids = new Map(tasks.map((task) => [task.writtenId.toLowerCase(), task.writtenId]));
  const own = new Set(tasks.map(({ source }) => source.line - 1));
  for (const table of tablesOf(document)) {
    const columns = columnsOfTable(table);
    if (columns === null) continue;
    for (const { line, cells } of table.rows) {
      // What a row that is a task itself says of it was read with it.
      const written = document.lines[line];
      if (written && !own.has(line)) readRow(written, cells, columns, ids, after, before);
    }
  }
  readAttributes(tasks, document, ids, after, before);
  if (after.size + before.size === 0) return tasks;
  return tasks.map((task) => ({
    ...task,
    dependsOn: [...task.dependsOn, ...(after.get(task.writtenId) ?? [])],
    blocks: [...task.blocks, ...(before.get(task.writtenId) ?? [])],
  }));
}

/** A table of one task's attributes below its heading: `| Depends on | T1 |`. */
function readAttributes(
  tasks: readonly ListedTask[],
  document: MarkdownDocument,
  ids: ReadonlyMap<string, string>,
  after: Map<string, Reference[]>,
  before: Map<string, Reference[]>,
): void {
  const owners = new Map(
    tasks.flatMap(({ writtenId, lines }) => lines.map(({ place }) => [place.line - 1, writtenId])),
  );
  for (const { names, rows } of tablesOf(document)) {
    if (names.length !== 2) continue;
    for (const { line, cells } of rows) {
      const [id, what, written] = [owners.get(line), waitOf(plain(cells[0]?.text ?? "")), document.lines[line]];
      const cell = naming(cells[1]);
      if (id === undefined || what === null || cell === null || !written) continue;
      const map = what === "after" ? after : before;
      const place = { ...written.place, column: cell.column };
      const known = cell.text.split(/[,，、;\s]+/).every((name) => ids.has(name.toLowerCase()));
      const evidence = `the table says: ${id} ${what === "after" ? "depends on" : "blocks"} ${cell.text}`;
      map.set(id, [
        ...(map.get(id) ?? []),
        { text: cell.text, place, evidence, ...(known ? {} : { kind: "section" }) },
      ]);
    }
  }
}

interface Named {
  readonly task: number;
  readonly after: number;
  readonly before: number;
}

function columnsOfTable(table: Table): Named | null {
  const { id, after, before } = columnsOf(table);
  const named = table.names.findIndex((name) => /^(?:tasks?(?: id)?|id|#|task #|todo|step)$/i.test(name));
  const task = named >= 0 ? named : id;
  return task >= 0 && (after >= 0 || before >= 0) ? { task, after, before } : null;
}

function readRow(
  line: MarkdownLine,
  cells: readonly Cell[],
  columns: Named,
  ids: ReadonlyMap<string, string>,
  after: Map<string, Reference[]>,
  before: Map<string, Reference[]>,
): void {
  const name = plain(cells[columns.task]?.text ?? "");
  const id = ids.get((/^(?:(?:task|todo|step)\s+)?#?([\w.-]*\w)/i.exec(name)?.[1] ?? "").toLowerCase());
  if (id === undefined) return;
  for (const [map, cell, verb] of [
    [after, cells[columns.after], "depends on"],
    [before, cells[columns.before], "blocks"],
  ] as const) {
    const text = plain(cell?.text ?? "");
    if (!cell || !/\d/.test(text)) continue;
    const place = { ...line.place, column: cell.column };
    const evidence = `the table says: ${id} ${verb} ${text}`;
    map.set(id, [...(map.get(id) ?? []), { text, place, kind: "section", evidence }]);
  }
}
