import type { Diagnostic } from "../../model/diagnostic.ts";
import type { ConfigInput } from "../../model/config.ts";
import type { ProseLine } from "../../model/list.ts";
import type { ListedTask } from "../../model/task.ts";
import type { Detection, Format, FormatList, Source } from "../format.ts";
import { readMarkdown } from "./markdown.ts";
import type { MarkdownLine } from "../markdown/scan.ts";
import { makeTask } from "../task.ts";

/** A list typed after a command, on one line or many. Its file is called `inline`. */
export const inline: Format = {
  name: "inline",
  title: "list typed by hand",
  path: null,
  page: { where: "behind the command", order: "what it states", ticked: "its box" },
  detect,
  read,
};

interface Entry {
  readonly number: string | null;
  readonly text: string;
  /** Index of its first character in the text. */
  readonly at: number;
}

function detect({ file, text, data }: Source): Detection | null {
  // What is typed may also be a whole Markdown list or JSON: those formats say so more loudly.
  return isTyped(file) && !data && text.trim() !== "" ? { score: 0.3, evidence: "a list typed by hand" } : null;
}

/** Typed behind a command just now, or kept since in our own folder. */
function isTyped(file: string): boolean {
  return file === "inline" || /(?:^|\/)\.orchestrate\/lists\/[0-9a-f]{8}\.md$/.test(file);
}

function read(source: Source, firstNumber: number): FormatList {
  const { markdown, text } = source;
  const firstItem = markdown.lines.findIndex((line) => line.kind === "item" && hasWords(line));
  const before = text.slice(0, firstItem < 0 ? text.length : offsetOf(text, firstItem));
  const numbered = splitNumbers(before);
  if (firstItem >= 0 && numbered.length < 2) {
    const onOneLine = splitNumbers(text);
    if (markdown.lines.length > 1 || onOneLine.length < 2) return lines(source, firstNumber, before);
  }
  const entries = numbered.length >= 2 ? splitNumbers(text) : firstItem >= 0 ? splitNumbers(text) : splitLines(text);
  if (entries.length === 0) return nothing(source, firstNumber);
  return listOf(source, entries, text.slice(0, entries[0]?.at ?? 0), firstNumber);
}

function hasWords(line: MarkdownLine): boolean {
  return (line.item?.content ?? "") !== "";
}

function offsetOf(text: string, line: number): number {
  let at = 0;
  for (let index = 0; index < line; index += 1) at = text.indexOf("\n", at) + 1;
  return at;
}

/** A list on lines of its own, under at most a few words. */
function lines(source: Source, firstNumber: number, head: string): FormatList {
  const range = numbersIn(head);
  const made = readMarkdown(source, firstNumber, true);
  const named =
    range &&
    made.tasks.length === range.length &&
    made.tasks.every((task, index) => task.id === String(firstNumber + index));
  const tasks = named
    ? made.tasks.map((task, index) => ({ ...task, id: range[index] ?? task.id, writtenId: range[index] ?? task.id }))
    : made.tasks;
  const [only] = tasks;
  const several = tasks.length === 1 && only ? splitDashes(source, only) : null;
  const diagnostics = several ? [...made.diagnostics, several] : made.diagnostics;
  return { ...made, tasks, options: { ...made.options, ...optionsOf(head) }, diagnostics };
}

/** `tasks 3-8 in parallel:` over six bullets numbers them. */
function numbersIn(head: string): string[] | null {
  const range = /\btasks?\s+(\d{1,4})\s*(?:-|–|to)\s*(\d{1,4})\b/i.exec(head);
  const [low, high] = [Number(range?.[1]), Number(range?.[2])];
  return range && high > low && high - low < 200
    ? Array.from({ length: high - low + 1 }, (_, index) => String(low + index))
    : null;
}

function optionsOf(head: string): ConfigInput {
  return /\bin parallel\b/i.test(head) && !/\b(?:not|never|don't) .{0,20}in parallel\b/i.test(head)
    ? { parallel: true }
    : {};
}

/** `1. a 2. b` or `1) a 2) b`: splits where a number is one more than the number before it, and nowhere else. */
function splitNumbers(text: string): Entry[] {
  const marks: { number: number; start: number; end: number }[] = [];
  for (const found of text.matchAll(/(?<=^|[\s:,;(])(\d{1,4})[.)](?=\s)/g)) {
    const number = Number(found[1]);
    const last = marks.at(-1);
    if (last ? number === last.number + 1 : true)
      marks.push({ number, start: found.index, end: found.index + found[0].length });
  }
  return marks.flatMap(({ number, end }, index): Entry[] => {
    const raw = text.slice(end, marks[index + 1]?.start ?? text.length);
    const words = raw.trim().replace(/[,;]$/, "");
    return words === "" ? [] : [{ number: String(number), text: words, at: end + raw.length - raw.trimStart().length }];
  });
}

/** A task on each line, below a line that ends with `:`, or two lines and more. */
function splitLines(text: string): Entry[] {
  const entries: Entry[] = [];
  let at = 0;
  for (const line of text.split("\n")) {
    const words = line.trim();
    if (words !== "") entries.push({ number: null, text: words, at: at + line.indexOf(words) });
    at += line.length + 1;
  }
  const headed = entries[0]?.text.endsWith(":") ?? false;
  const tasks = headed ? entries.slice(1) : entries;
  return headed || tasks.length > 1 ? tasks : [];
}

function listOf(source: Source, entries: readonly Entry[], head: string, firstNumber: number): FormatList {
  const diagnostics: Diagnostic[] = [];
  let line = 1;
  let lineStart = 0;
  let lineEnd = source.text.indexOf("\n");
  const tasks = entries.map((entry, index): ListedTask => {
    while (lineEnd >= 0 && lineEnd < entry.at) {
      line += 1;
      lineStart = lineEnd + 1;
      lineEnd = source.text.indexOf("\n", lineStart);
    }
    const from = line;
    const place = { file: source.file, line: from, column: entry.at - lineStart + 1 };
    const [first = "", ...rest] = entry.text.split("\n");
    const below = rest.map((text, row) => ({ text, place: { file: source.file, line: from + row + 1, column: 1 } }));
    return makeTask(
      {
        fallbackId: String(firstNumber + index),
        number: entry.number,
        content: first,
        place,
        lines: [{ text: first, place }, ...below],
        status: "pending",
        box: null,
        phaseIndex: null,
        phase: null,
        parent: null,
      },
      diagnostics,
    );
  });
  return {
    ...bare(source),
    tasks,
    prose: proseOf(source, head),
    order: orderOf(tasks),
    options: { ...source.frontMatter.options, ...optionsOf(head) },
    diagnostics,
  };
}

function orderOf(tasks: readonly ListedTask[]): "barriers" | "none" {
  return tasks.some((task) => task.parallel !== null) ? "barriers" : "none";
}

function proseOf(source: Source, head: string): ProseLine[] {
  const text = head.trim();
  const place = { file: source.file, line: 1, column: 1 };
  return text === "" ? [] : [{ text, place, headings: [], fence: null, phaseIndex: null }];
}

function bare(source: Source): Omit<FormatList, "tasks" | "prose" | "order" | "options" | "diagnostics"> {
  return { title: null, phases: [], setAside: [], boxes: source.markdown.boxes };
}

/** Running text is never cut up by guess: the list it might be is shown, with the way to type it. */
function nothing(source: Source, firstNumber: number): FormatList {
  const text = source.text.trim();
  const colon = text.indexOf(":");
  const parts = partsOf(text.slice(colon + 1));
  const diagnostics = parts.length > 1 ? [askSplit(source.file, parts)] : [];
  return { ...listOf(source, [], "", firstNumber), diagnostics };
}

function partsOf(text: string): string[] {
  const parts = text.split(/[,;\n]|\s(?:and|und|et)\s/i).map((part) => part.trim().replace(/^and\s+/i, ""));
  return parts.filter((part) => part !== "");
}

function splitDashes(source: Source, task: ListedTask): Diagnostic | null {
  if (source.text.includes("\n") || !/\s-\s/.test(task.title)) return null;
  return askSplit(
    source.file,
    task.title.split(/\s-\s/).map((part) => part.trim()),
  );
}

function askSplit(file: string, parts: readonly string[]): Diagnostic {
  const shown = parts.slice(0, 20).map((part, index) => `${index + 1}. ${part.slice(0, 80)}`);
  return {
    severity: "error",
    rule: "ask-split",
    message: `Unexpected running text: it may mean these ${parts.length} tasks: ${shown.join(" ")}`,
    expected: "one task on each line, or `1. … 2. …`",
    fix: `if that is meant, type: ${shown.join(" ")}`,
    place: { file, line: 1, column: 1 },
  };
}
