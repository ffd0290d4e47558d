import { link } from "../../src/link/link.ts";
import { lint } from "../../src/lists/lint/lint.ts";
import { applyEdits } from "../../src/lists/write/edits.ts";
import { defaultConfig } from "../../src/model/config.ts";
import type { TaskList } from "../../src/model/list.ts";
import type { ListedTask } from "../../src/model/task.ts";
import { splitLines } from "../../src/lists/markdown/lines.ts";
import { mark } from "../../src/lists/write/mark.ts";
import { readFiles } from "../../src/lists/readList.ts";

type Texts = ReadonlyMap<string, string>;

/** Processor time in milliseconds that no input of a few thousand lines takes, on any machine, unless the cost explodes. */
const longest = 30_000;
const mostTicks = 6;

/**
 * What is wrong with how a list is read, linked, linted and ticked, or null: a crash, a hang, a tick that changes
 * another byte or another task, a tick that taken back leaves other bytes.
 */
export function faultOf(texts: Texts, format?: string): string | null {
  const start = process.cpuUsage();
  try {
    const list = read(texts, format);
    const linked = list ? link(list, defaultConfig) : { ok: false as const, diagnostics: [] };
    const { mends } = lint(texts, list ? { ok: true, value: list } : { ok: false, diagnostics: [] }, linked);
    for (const [file, text] of texts)
      applyEdits(
        text,
        mends.filter((edit) => edit.file === file),
      );
    const spent = process.cpuUsage(start).user / 1000;
    if (spent > longest) return `takes ${spent.toFixed(0)} ms`;
    return list ? faultOfTicks(texts, list) : null;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

/** `format` is that of a list read before; of several lists together each is found again. */
function read(texts: Texts, format: string | undefined): TaskList | null {
  const files = [...texts].map(([file, text]) => ({ file, bytes: Buffer.from(text) }));
  const made = readFiles(files, format?.includes(",") === true ? {} : { format });
  return made.ok ? made.value : null;
}

function faultOfTicks(texts: Texts, list: TaskList): string | null {
  const boxed = list.tasks.filter(({ box }) => box !== null);
  const step = Math.max(1, Math.floor(boxed.length / mostTicks));
  for (let at = 0; at < boxed.length; at += step) {
    const task = boxed[at];
    const fault = task ? faultOfTick(texts, list, task) : null;
    if (task && fault !== null) return `${task.source.file}:${task.source.line}: ${fault}`;
  }
  return null;
}

function faultOfTick(texts: Texts, list: TaskList, task: ListedTask): string | null {
  const { box } = task;
  const before = texts.get(box?.file ?? "");
  if (!box || before === undefined) return "a box in no text";
  const ways = task.status === "done" ? (["pending", "done"] as const) : (["done", "pending"] as const);
  const there = mark(before, task, ways[0]);
  // Other lines with the same text are a reason to leave the source alone, but not when the box is where it was.
  if ("reason" in there) return `not marked: ${there.reason}`;
  const changed = differentLines(before, there.text);
  if (changed.some((line) => line !== box.line)) return `marking it changes line ${changed.join(", ")}`;
  const back = mark(there.text, task, ways[1]);
  if ("reason" in back) return `not marked back: ${back.reason}`;
  if (back.text !== before) return "marked back, other bytes stand there";
  const again = read(new Map([...texts, [box.file, there.text]]), list.format);
  if (!again) return "marked, it is no list any more";
  const index = list.tasks.indexOf(task);
  const other = list.tasks.findIndex((one, at) => {
    const now = again.tasks[at];
    return now?.id !== one.id || (at !== index && now.status !== one.status && !mayFollow(one, task, list));
  });
  if (other >= 0) return `marking it changes task ${list.tasks[other]?.id ?? ""}`;
  if (ways[0] === "done" && again.tasks[index]?.status !== "done") return "marked done, it is not read as done";
  return null;
}

/** Tools in which work that waits for unfinished work is held back: its status may follow. */
function mayFollow(one: ListedTask, task: ListedTask, list: TaskList): boolean {
  return (
    one.parent === task.id || task.parent === one.id || list.format === "task-master" || list.format === "claude-tasks"
  );
}

function differentLines(before: string, after: string): number[] {
  const [left, right] = [splitLines(before), splitLines(after)];
  if (left.length !== right.length) return [0];
  return left.flatMap((line, index) => (line.text === right[index]?.text ? [] : index + 1));
}

/** Numbers from 0 up to `below`, the same for the same seed. */
export type Random = (below: number) => number;

const scraps = [
  "- [ ]",
  "- [x] ",
  "[]",
  "- [~] T001 [P]",
  "(depends on ",
  "depends on T00",
  "```",
  "~~~",
  "<!--",
  "-->",
  "---\n",
  "\r\n",
  "\r",
  "\ufeff",
  "\u00a0",
  "\u2028",
  "→",
  "T1-T9999",
  "[P]",
  "`",
  "**",
  "~~",
  "|",
  "\t",
  "    ",
  "{",
  "}",
  "[",
  "]",
  '"',
  "\\",
  ":",
  "# ",
  "## Phase 2: x\n",
  "1. ",
  "1.1 ",
  "_Depends: 1.1_",
  "status: done\n",
  "dependsOn: [",
  "US1",
  "__proto__",
  "constructor",
  "\u202e",
  "完成",
  "，",
  "null",
  "- ",
];

/** A text with a few places spoilt: lines gone, twice or swapped, scraps of syntax put in, characters lost. */
export function spoil(text: string, random: Random): string {
  let spoilt = random(8) === 0 ? text.replaceAll(/\r?\n/g, "\r\n") : text;
  for (let times = 1 + random(6); times > 0; times -= 1) {
    const at = random(spoilt.length + 1);
    const length = random(random(4) === 0 ? 400 : 12);
    const scrap = scraps[random(scraps.length)] ?? "";
    switch (random(5)) {
      case 0:
        spoilt = spoilt.slice(0, at) + spoilt.slice(at + length);
        break;
      case 1:
        spoilt = spoilt.slice(0, at) + scrap + spoilt.slice(at);
        break;
      case 2:
        spoilt = spoilt.slice(0, at) + spoilt.slice(at, at + length * 8) + spoilt.slice(at);
        break;
      case 3:
        spoilt = spoilt.slice(0, at) + scrap.repeat(1 + random(20)) + spoilt.slice(at + length);
        break;
      default: {
        const lines = spoilt.split("\n");
        const [from, to] = [random(lines.length), random(lines.length)];
        [lines[from], lines[to]] = [lines[to] ?? "", lines[from] ?? ""];
        spoilt = lines.join("\n");
      }
    }
  }
  // Half a character is no text that a file can hold.
  return Buffer.from(spoilt).toString("utf8");
}

/** Mulberry32: small, even enough, and the same everywhere. */
export function randomOf(seed: number): Random {
  let state = seed | 0;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * below);
  };
}
