import type { Status } from "../model/status.ts";
import { visible } from "../text/escape.ts";
import { duration, oneLine } from "../text/oneLine.ts";
import {
  atWork,
  counts,
  howItIs,
  isLeftOff,
  notYetYours,
  signOf,
  signs,
  whoAndWhat,
  whyInWords,
  type StatusTask,
} from "./showStatus.ts";
import { clip, displayWidth, pad, paint, several, wrap, type Paint, type Style } from "../text/layout.ts";

/** What a frame is drawn for. */
export interface Canvas {
  readonly columns: number;
  /** Lines at most. */
  readonly rows: number;
  readonly now: Date;
}

const colours: Partial<Record<StatusTask["status"], Paint>> = {
  done: "green",
  merged: "green",
  running: "cyan",
  verifying: "cyan",
  merging: "cyan",
  failed: "red",
  conflicted: "red",
  "needs-input": "yellow",
};

/** Columns of a title that are shown before anything is said of what its task does. */
const leastTitle = 18;

/** Below so many lines the tasks need them more than the counts. */
const fewRows = 12;

/** Where tasks stand in a frame: what runs, what waits for a person, what is ready, what waits, what came to its end. */
const ranks: Readonly<Record<StatusTask["status"], number>> = {
  running: 0,
  verifying: 0,
  merging: 0,
  "needs-input": 1,
  conflicted: 1,
  failed: 1,
  ready: 2,
  pending: 3,
  cancelled: 4,
  skipped: 4,
  done: 5,
  merged: 5,
};

/**
 * One picture of a run: never more than `rows` lines, none wider than `columns`. Where not all tasks have room, those that
 * came to their end become one line, then those that wait.
 */
export function frame(status: Status, { columns, rows, now }: Canvas, colour = false): string[] {
  const style: Style = { width: columns, colour };
  const head = [
    `Run ${visible(status.run)}: ${howItIs(status)}`,
    ...barAndCounts(status, columns, rows),
    ...whoAndWhat(status, now),
    ...notYetYours(status, columns),
  ].map((line) => clip(line, columns));
  const tasks = status.tasks.toSorted((a, b) => ranks[a.status] - ranks[b.status]);
  const room = rows - head.length - 1;
  return [...head, ...(room < 1 ? [] : ["", ...rowsOf(tasks, room, status, now, style)])].slice(0, rows);
}

function rowsOf(tasks: readonly StatusTask[], room: number, status: Status, now: Date, style: Style): string[] {
  const idWidth = Math.min(16, Math.max(1, ...tasks.map((task) => displayWidth(visible(task.id)))));
  const line = (task: StatusTask): string => taskLine(task, idWidth, status, now, style);
  if (tasks.length <= room) return tasks.map(line);
  const over = tasks.filter((task) => ranks[task.status] >= 4);
  const open = tasks.filter((task) => ranks[task.status] < 4);
  const folded = over.length === 0 ? [] : [clip(summary(over), style.width)];
  if (open.length + folded.length <= room) return [...open.map(line), ...folded];
  const shown = open.slice(0, Math.max(0, room - folded.length - 1));
  const rest = open.slice(shown.length);
  return [...shown.map(line), clip(`· and ${rest.length} more: ${ids(rest)}`, style.width), ...folded];
}

/** `✓ 5 merged: T001, T002 and 3 more; – 1 skipped: T009`. */
function summary(over: readonly StatusTask[]): string {
  const names = [...new Set(over.map((task) => task.status))];
  return names
    .map((name) => {
      const some = over.filter((task) => task.status === name);
      return `${signs[name]} ${some.length} ${name}: ${ids(some)}`;
    })
    .join("; ");
}

function ids(tasks: readonly StatusTask[]): string {
  return several(
    tasks.map((task) => visible(task.id)),
    8,
  );
}

function taskLine(task: StatusTask, idWidth: number, status: Status, now: Date, style: Style): string {
  const minutes = task.minutes === null ? "" : duration(task.minutes * 60);
  const start = `${signOf(task)} ${pad(clip(visible(task.id), idWidth), idWidth)}  ${pad(minutes, 7)} `;
  const room = style.width - displayWidth(start);
  const plain = clip(`${start}${saying(task, status, now, room)}`.trimEnd(), style.width);
  const colour = isLeftOff(task) ? undefined : colours[task.status];
  return colour === undefined ? plain : paint(style, colour, plain.slice(0, 1)) + plain.slice(1);
}

/** What is worth knowing of a task, the most telling first. */
function saying(task: StatusTask, status: Status, now: Date, room: number): string {
  const title = oneLine(task.title, 200);
  const beside = (words: string): string =>
    `${clip(title, Math.max(leastTitle, room - displayWidth(words) - 4))}  (${words})`;
  const last = oneLine(task.history.at(-1) ?? "", 200);
  if (isLeftOff(task)) return beside(oneLine(task.why ?? "", 200));
  switch (task.status) {
    case "running":
      return status.engine === "headless" ? beside(atWork(task, now)) : title;
    case "verifying":
      return beside("being checked");
    case "merging":
      return beside("being merged");
    case "needs-input":
      return `asks: ${last}`;
    case "conflicted":
    case "failed":
    case "skipped":
      return `${task.status}: ${task.why === null ? last || title : oneLine(task.why, 200)}`;
    case "pending":
      return task.why === null ? title : beside(oneLine(whyInWords(task.why), 200));
    case "ready":
    case "done":
    case "merged":
    case "cancelled":
      return title;
    default: {
      const never: never = task.status;
      throw new Error(`unknown status ${String(never)}`);
    }
  }
}

/** In one line where that has room or rows are few, else the bar in one of its own. */
function barAndCounts(status: Status, columns: number, rows: number): string[] {
  const line = `${bar(status, columns)} ${counts(status)}`;
  return displayWidth(line) <= columns || rows < fewRows
    ? [line]
    : [bar(status, columns), ...wrap(counts(status), columns)];
}

/** `[█████░░░░░]`: tasks that are done, of all; at least ten columns, at most thirty. */
function bar(status: Status, columns: number): string {
  const width = Math.max(10, Math.min(30, Math.floor(columns / 4)));
  const done = status.tasks.filter((task) => task.status === "done" || task.status === "merged").length;
  const full = status.tasks.length === 0 ? 0 : Math.floor((done / status.tasks.length) * width);
  return `[${"█".repeat(full)}${"░".repeat(width - full)}]`;
}

/**
 * What to write to a terminal so that `lines` stand where the `drawn` lines of the frame before stood, with the cursor below
 * them. Long lines are cut by the terminal while it draws, should it count columns otherwise than we do.
 */
export function redraw(lines: readonly string[], drawn: number): string {
  const up = drawn === 0 ? "" : `\u001b[${drawn}A`;
  return `\u001b[?7l\r${up}${lines.map((line) => `${line}\u001b[K\n`).join("")}\u001b[J\u001b[?7h`;
}
