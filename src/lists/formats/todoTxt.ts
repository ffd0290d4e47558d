import type { Phase } from "../../model/list.ts";
import type { Box, ListedTask, Reference } from "../../model/task.ts";
import { resolveFields } from "../dependencies.ts";
import { readEstimate } from "../estimate.ts";
import type { Detection, Format, FormatList, Source } from "../format.ts";
import { filesIn, listed, nothing } from "../listed.ts";
import type { MarkdownLine } from "../markdown/scan.ts";

/** todo.txt: a task a line, `x` before what is done, `+project`, `@context` and `key:value`. */
export const todoTxt: Format = {
  name: "todo-txt",
  title: "todo.txt",
  path: /(?:^|[/.])todo\.txt$/i,
  page: {
    where: "the file",
    order: "`dep:` names an `id:`; what `p:` names waits for the task",
    ticked: "an `x` before it",
  },
  waits: {
    kind: "none",
    why: "in todo.txt a task is named by an `id:` of its own: write `id:1` at the one and `dep:1` at the other",
  },
  detect,
  read,
};

/** `x 2026-01-02 2026-01-01 (A) `: done, dates, priority. */
const start = /^(x )?(?:\d{4}-\d\d-\d\d )*(\([A-Z]\) )?(?:\d{4}-\d\d-\d\d )*/;
const mark = /^(?:x |\([A-Z]\) |\d{4}-\d\d-\d\d )|(?:^|\s)[+@][\p{L}_][\w-]*(?=\s|$)|\s(?:due|t|rec|pri|id|p|dep):\S/u;

function detect({ file, markdown }: Source): Detection | null {
  const lines = markdown.lines.filter(({ text }) => text.trim() !== "");
  if (lines.some(({ text, boxed }) => boxed || /^\s*(?:#{1,6}\s|[-*+]\s|\d+[.)]\s|\{|\[|---)/.test(text))) return null;
  const marked = lines.filter(({ text }) => mark.test(text)).length;
  const named = todoTxt.path?.test(file) === true;
  if (marked === 0 ? !named || lines.length < 2 : marked * 2 < lines.length && !named) return null;
  if (marked < 2 && !named) return null;
  return {
    score: named ? 0.9 : 0.4,
    evidence: `${lines.length} lines, ${marked} with marks such as \`(A)\` or \`+project\``,
  };
}

function read(source: Source): FormatList {
  const lines = source.markdown.lines.filter(({ text }) => text.trim() !== "");
  const taken = new Set(lines.flatMap(({ text }) => valueIn(text, "id") ?? []));
  const projects = new Map<string, { index: number; line: MarkdownLine }>();
  const written = lines.map((line) => {
    const project = /(?:^|\s)\+(\S+)/.exec(line.text)?.[1];
    if (project !== undefined && !projects.has(project)) projects.set(project, { index: projects.size, line });
    const phaseIndex = project === undefined ? null : (projects.get(project)?.index ?? null);
    const number = String(line.place.line);
    const id = valueIn(line.text, "id") ?? (taken.has(number) ? `line-${number}` : number);
    return { ...taskOf(line, id), phase: project ?? null, phaseIndex };
  });
  const resolved = resolveFields(
    written,
    { counts: "unmet", where: "no task of this file; finished ones may have been moved" },
    (text) => (taken.has(text) ? text : null),
  );
  return {
    ...nothing,
    ...resolved,
    phases: [...projects].map(([name, { line }]): Phase => {
      const none = { number: null, kind: null, story: null, parallel: null, ordered: false, parent: null };
      return { ...none, name, place: line.place };
    }),
  };
}

function taskOf({ text, place }: MarkdownLine, id: string): ListedTask {
  const head = start.exec(text)?.[0] ?? "";
  const isDone = text.startsWith("x ");
  const words = text
    .slice(head.length)
    .replaceAll(/(?:^|\s)(?:id|p|dep|depends|after|due|t|rec|pri|est|h):\S+/g, "")
    .trim();
  const estimate = readEstimate(valueIn(text, "est") ?? "");
  const references = (...keys: string[]): Reference[] =>
    keys.flatMap((key) =>
      valuesIn(text, key).flatMap(({ value, at }) =>
        value.split(",").flatMap((part) => (part === "" ? [] : [{ text: part, place: { ...place, column: at + 1 } }])),
      ),
    );
  const box: Box = {
    file: place.file,
    line: place.line,
    column: 1,
    was: isDone ? "x " : "",
    done: "x ",
    open: "",
    lineText: text,
  };
  return listed({
    id,
    title: words === "" ? id : words,
    source: place,
    status: isDone ? "done" : "pending",
    files: filesIn(words),
    estimate: estimate === "wrong" ? null : estimate,
    dependsOn: references("dep", "depends", "after"),
    // A task with `p:1` is a part of the one with `id:1`, which is done when its parts are.
    blocks: references("p"),
    box,
  });
}

function valueIn(text: string, key: string): string | null {
  return valuesIn(text, key)[0]?.value ?? null;
}

function valuesIn(text: string, key: string): { value: string; at: number }[] {
  return [...text.matchAll(new RegExp(`(?:^|\\s)${key}:([^\\s/]\\S*)`, "g"))].map(
    ({ 0: all, 1: value = "", index }) => ({
      value,
      at: index + all.length - value.length,
    }),
  );
}
