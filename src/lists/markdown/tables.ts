import type { TaskStatus } from "../../model/task.ts";
import { sortOf } from "./headingSort.ts";
import { titleOf } from "./headingTask.ts";
import { headingPath, type MarkdownDocument } from "./scan.ts";

/** A cell's words, and the 1-based column of its first character. */
export interface Cell {
  readonly text: string;
  readonly column: number;
}

/** A table as written: its columns' names and its rows, each by the index of its line. */
export interface Table {
  readonly head: number;
  readonly names: readonly string[];
  readonly rows: readonly { readonly line: number; readonly cells: readonly Cell[] }[];
}

/** Which columns of a table say what; -1 for none. */
export interface Columns {
  readonly id: number;
  readonly title: number;
  readonly after: number;
  readonly before: number;
  readonly conflicts: number;
  readonly status: number;
  readonly files: number;
  readonly estimate: number;
  readonly acceptance: number;
}

/** A row that is a task. */
export interface TaskRow {
  readonly id: string | null;
  readonly title: string;
  readonly status: TaskStatus;
  /** Where its status stands, and what a finished and an open row say there. */
  readonly box: { readonly cell: Cell; readonly done: string; readonly open: string } | null;
  readonly after: Cell | null;
  readonly before: Cell | null;
  readonly conflicts: Cell | null;
  readonly files: string;
  readonly estimate: string;
  readonly acceptance: string;
}

const columnNames = {
  after:
    /^(?:depends?(?: on)?|deps|dependenc(?:y|ies)|blocked by|pre-?requisites?|predecessors?|after|requires|depende(?: de)?|dependencias?|dependências?|dépendances?|dépend de|abhängig(?:keit(?:en)?| von)|voraussetzung(?:en)?|dipendenze|зависит от|зависимости|依赖|依賴|依存|前置(?:任务|条件)?|依赖(?:项|任务|关系)|依存(?:関係|先|タスク)|先行タスク|선행(?: 작업)?|의존(?:성)?)$/iu,
  before: /^(?:blocks|unblocks|blockiert|bloquea|bloqueia|bloque|блокирует|阻塞)$/iu,
  conflicts: /^(?:file )?conflicts?(?: with)?$|^conflicting(?: tasks?| with)?$|^not (?:in parallel )?with$/iu,
  status:
    /^(?:status|state|done|progress|estado|situação|statut|[eé]tat|stand|stato|статус|состояние|状态|狀態|状態|进度|進捗|完成情况|상태|진행)$/iu,
  files: /^(?:files?|paths?|archivos?|arquivos?|fichiers?|dateien|файлы?|文件(?:路径)?|ファイル|파일)$/iu,
  estimate:
    /^(?:estimate[ds]?|effort|size|hours?|time|duration|estimación|estimativa|estimation|aufwand|оценка|预估|工时|估时|預估|見積(?:もり)?|工数|時間|时间|예상)$/iu,
  acceptance:
    /^(?:dod|definition of done|acceptance(?: criteria)?|done when|criterios?(?: de aceptación)?|critères?|akzeptanzkriterien|验收(?:标准|条件)?|完了条件|受け入れ条件|완료 조건)$/iu,
  parent: /^(?:parent|group|epic|phase|elternteil|父任务)$/iu,
} as const;
/** Columns that hold tasks and nothing else. */
const taskColumn =
  /^(?:(?:sub-?)?tasks?(?: name| title| description)?|to-?dos?|work ?(?:items?|packages?)|action(?: items?)?|issues?|tickets?|stor(?:y|ies)|tareas?|tarefas?|t[aâ]ches?|aufgaben?|paket|arbeitspaket|задач[аи]|任务(?:名称|描述|内容)?|任務(?:名稱)?|タスク(?:名|内容)?|作業(?:内容)?|작업(?:명| 내용)?|태스크)$/iu;
/** Columns that may, where an id and a state or a dependency stand beside them. */
const looseColumn =
  /^(?:titles?|names?|descriptions?|items?|what|features?|deliverables?|milestones?|steps?|components?|modules?|título|descripción|nombre|descrição|titre|nom|description|titel|beschreibung|название|описание|内容|名称|描述|标题|タイトル|作業名|項目|項目名|概要|说明|功能|제목|내용|설명)$/iu;
const idColumn =
  /^(?:#|id|no\.?|nr\.?|№|n[º°]|key|ref|code|number|(?:task|issue|ticket|story|step|feature)(?: ?(?:id|no\.?|#|number))?|#? ?(?:task|issue)|step|código|编号|編號|序号|番号|任务(?:编号|id)|タスクid|번호)$/iu;
const idLike =
  /^(?:(?:task|step|issue|#)\s*#?)?((?:[A-Za-z]{1,12}(?:[-_.][A-Za-z0-9]{1,12}){0,5}[-_.]?)?\d{1,6}(?:[.-]\d{1,4}){0,4}[a-z]?)$/iu;

/** The tables of a document, in order; one without a line of dashes below its first row is none. */
export function tablesOf(document: MarkdownDocument): readonly Table[] {
  const tables: Table[] = [];
  const { lines } = document;
  for (let at = 0; at < lines.length; at += 1) {
    if (lines[at]?.kind !== "table") continue;
    const head = at;
    while (lines[at + 1]?.kind === "table") at += 1;
    if (!/^[\s|:-]*-[\s|:-]*$/.test(lines[head + 1]?.text ?? "")) continue;
    const rows = [];
    for (let line = head + 2; line <= at; line += 1) rows.push({ line, cells: cellsOf(lines[line]?.text ?? "") });
    tables.push({ head, names: cellsOf(lines[head]?.text ?? "").map(({ text }) => plain(text)), rows });
  }
  return tables;
}

function cellsOf(text: string): Cell[] {
  const cells: Cell[] = [];
  let start = text.indexOf("|") + 1;
  while (start < text.length) {
    let end = text.indexOf("|", start);
    while (end > 0 && text.charAt(end - 1) === "\\") end = text.indexOf("|", end + 1);
    const raw = text.slice(start, end < 0 ? text.length : end);
    const words = raw.trim();
    if (end >= 0 || words !== "")
      cells.push({ text: words, column: start + (raw.length - raw.trimStart().length) + 1 });
    start = end < 0 ? text.length : end + 1;
  }
  return cells;
}

/** A cell without emphasis, code marks and the target of a link. */
export function plain(text: string): string {
  const link = /^\[([^\]]{1,200})\]\([^)]*\)$/.exec(text)?.[1] ?? text;
  return link.replaceAll(/\*\*|[`~]{1,2}/g, "").trim();
}

/** An id as a cell holds it: `T1`, `**U-2**`, `Step 3`, `[FEAT-001](…)`. */
export function idIn(text: string): string | null {
  return idLike.exec(plain(text))?.[1] ?? null;
}

/** Whether the name of a column or of a field says how far a task is. */
export function isStateName(name: string): boolean {
  return columnNames.status.test(name);
}

/** Whether the name of a column or of an attribute says what a task waits for, or what waits for it. */
export function waitOf(name: string): "after" | "before" | null {
  return columnNames.after.test(name) ? "after" : columnNames.before.test(name) ? "before" : null;
}

/** What the columns of a table are for. */
export function columnsOf({ names, rows }: Table): Columns {
  const at = (test: RegExp): number => names.findIndex((name) => test.test(name));
  const column = {
    after: at(columnNames.after),
    before: at(columnNames.before),
    conflicts: at(columnNames.conflicts),
    status: names.findLastIndex((name) => columnNames.status.test(name)),
    files: at(columnNames.files),
    estimate: at(columnNames.estimate),
    acceptance: at(columnNames.acceptance),
  };
  const taken = new Set(Object.values(column));
  const holdsIds = (index: number): boolean => {
    const ids = rows.flatMap(({ cells }) => idIn(cells[index]?.text ?? "") ?? []);
    return ids.length > 0 && ids.length * 5 >= rows.length * 4;
  };
  const id = names.findIndex((name, index) => !taken.has(index) && idColumn.test(name) && holdsIds(index));
  const free = (test: RegExp): number =>
    names.findIndex((name, index) => index !== id && !taken.has(index) && test.test(name));
  const strict = free(taskColumn);
  return { ...column, id, title: strict >= 0 ? strict : free(looseColumn) };
}

/** Whether the rows of a table are tasks: an id or a task, with a state, a dependency or an id beside it. */
function isTaskTable(table: Table, columns: Columns): boolean {
  if (columns.title < 0 || table.rows.length === 0) return false;
  const says = columns.after >= 0 || columns.status >= 0 || columns.conflicts >= 0;
  if (columns.id < 0) {
    const sure = taskColumn.test(table.names[columns.title] ?? "");
    // A column of bare ids and ranges talks about tasks that stand elsewhere.
    const names = table.rows.filter(({ cells }) =>
      /\p{L}.*\s\p{L}|[\u3040-\u9fff]{3}/u.test(withoutIds(cells[columns.title]?.text ?? "")),
    );
    return sure && says && names.length * 2 > table.rows.length;
  }
  if (says) return true;
  const letters = table.rows.every(({ cells }) => /[A-Za-z]/.test(idIn(cells[columns.id]?.text ?? "") ?? ""));
  return (
    taskColumn.test(table.names[columns.title] ?? "") ||
    (letters && columns.acceptance + columns.files + columns.estimate > -3)
  );
}

function withoutIds(text: string): string {
  return plain(text).replaceAll(/\b[A-Z]{1,12}(?:-[A-Z0-9]{1,12}){0,4}-?\d{1,6}\b/g, " ");
}

/** The rows that are tasks, by the index of their line. */
export function taskRowsOf(document: MarkdownDocument): ReadonlyMap<number, TaskRow> {
  const rows = new Map<number, TaskRow>();
  const ids = new Set<string>();
  for (const table of tablesOf(document)) {
    const columns = columnsOf(table);
    const path = headingPath(document.headings, document.lines[table.head]?.heading ?? -1);
    const about = path.map(sortOf).findLast((sort) => sort !== null) ?? null;
    if (!isTaskTable(table, columns) || about === "criteria" || (about === "prose" && columns.id < 0)) continue;
    const words = wordsFor(table, columns);
    for (const { line, cells } of table.rows) {
      const row = rowOf(cells, columns, words);
      // A later table that names the same tasks again is a view of them.
      if (row === null || (row.id !== null && ids.has(row.id))) continue;
      if (row.id !== null) ids.add(row.id);
      rows.set(line, row);
    }
  }
  return rows;
}

function rowOf(cells: readonly Cell[], columns: Columns, words: { done: string; open: string }): TaskRow | null {
  const text = (column: number): string => cells[column]?.text ?? "";
  const id = columns.id < 0 ? null : idIn(text(columns.id));
  const { title, done } = titleOf(linkText(text(columns.title)));
  if (title === "" || (columns.id >= 0 && id === null)) return null;
  const cell = cells[columns.status] ?? null;
  const said = cell === null ? null : stateOf(cell.text);
  const struck = /^~~.*~~$/.test(text(columns.title)) || /^~~.*~~$/.test(text(columns.id));
  const status = done ? "done" : (said ?? (struck ? "cancelled" : "pending"));
  const box =
    cell === null || cell.text === ""
      ? null
      : { cell, done: said === "done" ? cell.text : words.done, open: said === "done" ? words.open : cell.text };
  return {
    id,
    title,
    status,
    box,
    after: naming(cells[columns.after]),
    before: naming(cells[columns.before]),
    conflicts: naming(cells[columns.conflicts]),
    files: text(columns.files),
    estimate: plain(text(columns.estimate)),
    acceptance: plain(text(columns.acceptance)),
  };
}

function linkText(text: string): string {
  return text.replaceAll(/\[([^\]\n]{1,200})\]\([^()\s]{0,300}\)/g, "$1");
}

/** A cell that names something: not empty, and not a word for none. */
export function naming(cell: Cell | undefined): Cell | null {
  return cell === undefined || isNone(plain(cell.text)) ? null : { ...cell, text: plain(cell.text) };
}

/** Whether a value says that there is nothing, in the languages of lists. */
export function isNone(text: string): boolean {
  return /^(?:none|no|nothing|n\/?a|[-–—/✗x]*|无|無|なし|特になし|ninguna?|nenhuma?|aucune?|keine?|nessuna?|нет|없음)\.?$/iu.test(
    text,
  );
}

const states: readonly (readonly [RegExp, TaskStatus])[] = [
  [
    /⬜|☐|\[ ?\]|未|待|尚未|not (?:started|done|yet)|incomplete|pending|to ?do|open|pendiente|pendente|à faire|offen|не начат|대기/iu,
    "pending",
  ],
  [/cancel|已取消|取消|中止|wont ?fix|dropped/iu, "cancelled"],
  [/deferred|postponed|skipped|推迟|延期|保留|aplazad|adiad|reporté|zurückgestellt/iu, "skipped"],
  [
    /✅|☑|✔|\[[xX]\]|(?<!\p{L})(?:done|completed?|finished|closed|merged|shipped|passed)(?!\p{L})|完成|完了|済|completad|conclu[ií]d|(?<!\p{L})(?:hecho|feito|fait)(?!\p{L})|termin[ée]|erledigt|fertig|abgeschlossen|готово|выполнен|완료/iu,
    "done",
  ],
];

/** What a state's cell means; null for words that nobody knows. */
export function stateOf(text: string): TaskStatus | null {
  if (/🔄|🚧|⏳|in[ _-]?progress|wip|进行中|進行中|en curso|em andamento|en cours|in arbeit|в работе|진행/iu.test(text))
    return "pending";
  return states.find(([test]) => test.test(text))?.[1] ?? null;
}

/** What this table writes into the cell of a finished task, and into that of an open one. */
function wordsFor(table: Table, { status }: Columns): { done: string; open: string } {
  const cells = table.rows.flatMap(({ cells: row }) => row[status]?.text ?? []);
  const done = cells.find((text) => stateOf(text) === "done");
  const open = cells.find((text) => stateOf(text) === "pending");
  const like = open ?? done ?? "";
  const plainWords: readonly [RegExp, string, string][] = [
    [/^`\[/, "`[x]`", "`[ ]`"],
    [/^\[/, "[x]", "[ ]"],
    [/^[a-z]/, "done", "pending"],
    [/^[A-Z]/, "Done", "Pending"],
  ];
  const [, yes, no] = plainWords.find(([test]) => test.test(like)) ?? [null, "✅", "⬜"];
  return { done: done ?? yes, open: open ?? no };
}
