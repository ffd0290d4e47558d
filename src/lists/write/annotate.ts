import { digraph } from "../../graph/digraph.ts";
import { reachability } from "../../graph/reachability.ts";
import { link } from "../../link/link.ts";
import { defaultConfig } from "../../model/config.ts";
import type { Diagnostic, Outcome } from "../../model/diagnostic.ts";
import type { TaskGraph } from "../../model/graph.ts";
import type { TaskList } from "../../model/list.ts";
import type { ListedTask } from "../../model/task.ts";
import type { Source } from "../format.ts";
import { splitLines } from "../markdown/lines.ts";
import { formats, readFiles } from "../readList.ts";
import { openSource } from "../source.ts";
import { applyEdits, type Edit } from "./edits.ts";
import { inItsField } from "./fieldSyntax.ts";
import { onANoteBelow, onItsLine } from "./lineSyntax.ts";
import { inWords } from "./syntax.ts";

/** `task` waits for each of `after`: ids of tasks as the list calls them. */
export interface Wait {
  readonly task: string;
  readonly after: readonly string[];
}

/** The list's texts with the waits written into them, and what was written; unchanged texts are left out. */
export interface Annotated {
  readonly texts: ReadonlyMap<string, string>;
  readonly written: readonly Wait[];
}

/**
 * Writes dependencies into the list in its format's own syntax. The result is read and linked again before it counts:
 * it must say what it said before and the new edges, nothing else, of the same tasks, and have no cycle. Otherwise nothing
 * is written, and the diagnostics say why.
 */
export function annotate(
  texts: ReadonlyMap<string, string>,
  list: TaskList,
  waits: readonly Wait[],
  format: string = list.format,
): Outcome<Annotated> {
  const before = link(list, defaultConfig);
  if (!before.ok) return before;
  if (list.format.includes(",")) return refuse("several lists are read together; name one of them", undefined);
  const known = statedPairs(before.value);
  const written = waits.flatMap(({ task, after }): Wait[] => {
    const fresh = [...new Set(after)].filter((id) => !known.has(pair(id, task)));
    return fresh.length > 0 ? [{ task, after: fresh }] : [];
  });
  const tasks = new Map(list.tasks.map((task) => [task.id, task]));
  const edits: Edit[] = [];
  for (const wait of written) {
    const task = tasks.get(wait.task);
    const ids = wait.after.map((id) => tasks.get(id)?.writtenId ?? id);
    const edit = task ? editFor(task, ids, list.format, texts) : "there is no such task";
    if (typeof edit === "string") return refuse(edit, task);
    edits.push(edit);
  }
  const changed = new Map(
    [...texts].flatMap(([file, text]): [string, string][] => {
      const own = edits.filter((edit) => edit.file === file);
      return own.length === 0 ? [] : [[file, applyEdits(text, own)]];
    }),
  );
  const files = [...texts].map(([file, text]) => ({ file, bytes: Buffer.from(changed.get(file) ?? text) }));
  const again = readFiles(files, { format });
  const after = again.ok ? link(again.value, defaultConfig) : again;
  if (!after.ok) return after;
  const wrong = differs(before.value, after.value, written);
  return wrong === null
    ? { ok: true, value: { texts: changed, written } }
    : refuse(wrong, tasks.get(written[0]?.task ?? ""));
}

function editFor(
  task: ListedTask,
  ids: readonly string[],
  format: string,
  texts: ReadonlyMap<string, string>,
): Edit | string {
  const { file } = task.source;
  const text = texts.get(file);
  const syntax = formats.find(({ name }) => name === format)?.waits ?? inWords;
  if (syntax.kind === "none") return syntax.why;
  const opened = text === undefined ? null : openSource(text, file);
  if (text === undefined || !opened?.ok) return `the text of \`${file}\` is not at hand`;
  const { source, foreign } = opened.value;
  const lines = splitLines(text);
  switch (syntax.kind) {
    case "line":
      return onItsLine(task, ids.map(syntax.form), lines) ?? unknownForm;
    case "note":
      return onANoteBelow(task, syntax.label, ids, lines, text.includes("\r\n") ? "\r\n" : "\n") ?? unknownForm;
    case "field": {
      const data = dataOf(source) ?? (foreign && dataOf(foreign));
      return (data && inItsField(task, syntax.keys, ids, { file, text, data, lines })) ?? unknownForm;
    }
    default:
      return syntax satisfies never;
  }
}

function dataOf({ data, frontMatter }: Source): Source["data"] {
  return data ?? frontMatter.data;
}

const unknownForm = "its dependencies are written in a form that cannot be added to safely";

/** What is wrong with the list that was read back, or null. */
function differs(before: TaskGraph, after: TaskGraph, written: readonly Wait[]): string | null {
  const same =
    before.tasks.length === after.tasks.length &&
    before.tasks.every((task, index) => {
      const now = after.tasks[index];
      return now !== undefined && now.id === task.id && now.title === task.title && now.status === task.status;
    });
  if (!same) return "read back, the list would have other tasks";
  const wanted = written.flatMap(({ task, after: ids }) => ids.map((id) => pair(id, task)));
  const [old, now] = [statedPairs(before), statedPairs(after)];
  const missing = wanted.find((one) => !now.has(one));
  if (missing !== undefined)
    return `read back, the list would not say that ${words(missing)}: something stronger in it may say otherwise`;
  // Groups are joined by their ends, which a new edge inside one moves: what holds counts, not how it is drawn.
  const edgesNow = new Set(after.edges.map(({ from, to }) => pair(from, to)));
  const holdsNow = orderOf(after, edgesNow);
  const lost = [...old].find((one) => !holdsNow(one));
  if (lost !== undefined) return `read back, the list would not say any more that ${words(lost)}`;
  // Weaker rules of order may have given way to the new edges: they do not count as having held.
  const lasting = before.edges.map(({ from, to }) => pair(from, to)).filter((one) => edgesNow.has(one));
  const heldBefore = orderOf(after, new Set([...old, ...lasting, ...wanted]));
  const extra = [...now].find((one) => !heldBefore(one));
  return extra === undefined ? null : `read back, the list would also say that ${words(extra)}`;
}

/** Whether pairs, one or several in a row, put the tasks of a pair in order. They hold no cycle. */
function orderOf({ tasks }: TaskGraph, pairs: ReadonlySet<string>): (pair: string) => boolean {
  const index = new Map(tasks.map(({ id }, at) => [id, at]));
  const ends = (one: string): number[] => (JSON.parse(one) as string[]).map((id) => index.get(id) ?? 0);
  const all = [...pairs].map(ends);
  const reaches = reachability(
    digraph(
      tasks.length,
      all.map(([from = 0]) => from),
      all.map(([, to = 0]) => to),
    ),
  );
  return (one) => {
    const [from = 0, to = 0] = ends(one);
    return reaches(from, to);
  };
}

function statedPairs({ edges }: TaskGraph): Set<string> {
  const stated = edges.filter(({ kind }) => kind === "stated" || kind === "graph" || kind === "section");
  return new Set(stated.map(({ from, to }) => pair(from, to)));
}

function pair(from: string, to: string): string {
  return JSON.stringify([from, to]);
}

function words(one: string): string {
  const [from, to] = JSON.parse(one) as [string, string];
  return `\`${to}\` waits for \`${from}\``;
}

function refuse(message: string, task: ListedTask | undefined): Outcome<never> {
  const diagnostic: Diagnostic = {
    severity: "error",
    rule: "not-annotated",
    message: `Nothing was written: ${message}`,
    expected: "a list that can say it",
    fix: "write it by hand where the format has a place for it, or keep it as an answer of the plan",
    place: task?.source ?? null,
  };
  return { ok: false, diagnostics: [diagnostic] };
}
