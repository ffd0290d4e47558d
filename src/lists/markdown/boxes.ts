import type { Phase, SetAside } from "../../model/list.ts";
import type { ListedTask, TaskStatus } from "../../model/task.ts";
import { withTables } from "../dependencyTable.ts";
import { readFields } from "../fields.ts";
import type { FormatList, Source } from "../format.ts";
import type { Heading, MarkdownDocument, MarkdownLine } from "./scan.ts";
import { leftOut } from "./leftOut.ts";
import { outline, type Outlined } from "./outline.ts";
import type { TaskRow } from "./tables.ts";
import { walk, type Context, type Draft, type Verdict } from "./walk.ts";

/** What a Markdown format says where formats differ. */
export interface Rules {
  readonly decide: (line: MarkdownLine, context: Context) => Verdict;
  readonly describe: (heading: Heading) => Omit<Phase, "name" | "parent" | "place">;
  /** What a box's state means to the format's tool; null where it says nothing. */
  readonly statusOf?: (state: string) => TaskStatus | null;
  /** Which tasks with parts are no tasks of their own: all of them, those that say nothing beside their parts, or none. */
  readonly containers: "always" | "wordless" | "never";
  readonly order: (made: Outlined) => Pick<FormatList, "order" | "phases">;
  /** The last word on a task, with the lines it was made of. */
  readonly adjust?: (task: ListedTask, draft: Draft, index: number) => ListedTask;
  /** Rows of tables that are tasks, by the index of their line. */
  readonly rows?: ReadonlyMap<number, TaskRow>;
  /** Indexes of rows and of lines of text that are tasks. */
  readonly others?: ReadonlySet<number>;
}

/** Reads a Markdown list by a format's rules: see `kiro.ts` for an example. */
export function readBy(source: Source, firstNumber: number, rules: Rules, document = source.markdown): FormatList {
  const walked = walk(document, rules.decide, rules.others);
  const title = titleOf(document);
  const made = outline(document, walked, {
    phaseOf: (heading) => (heading === title ? -1 : heading),
    describe: rules.describe,
    ...(rules.statusOf ? { statusOf: rules.statusOf } : {}),
    ...(rules.rows ? { rows: rules.rows } : {}),
    firstNumber,
  });
  const { adjust } = rules;
  const adjusted = adjust
    ? made.tasks.map((task, index) => {
        const draft = walked.drafts[index];
        return draft ? adjust(task, draft, index) : task;
      })
    : made.tasks;
  const { tasks, setAside } = withoutContainers(adjusted, walked.drafts, rules.containers);
  const outlined = { ...made, tasks: withTables(tasks, document) };
  return {
    ...outlined,
    ...rules.order(outlined),
    title: document.headings[title]?.name ?? null,
    setAside: [...walked.setAside, ...setAside, ...leftOut(document, walked, made, title)].toSorted(
      (a, b) => a.line - b.line,
    ),
    boxes: document.boxes,
    options: source.frontMatter.options,
    diagnostics: [...document.diagnostics, ...made.diagnostics],
  };
}

/** The index of a heading of level 1 that stands alone and first: the document's title, not a phase. */
export function titleOf(document: MarkdownDocument): number {
  const first = document.headings.findIndex(({ level }) => level === 1);
  return first === 0 && document.headings.findLastIndex(({ level }) => level === 1) === 0 ? 0 : -1;
}

/**
 * A box that only groups other boxes is no task: it is done when its tasks are. They keep its id as `parent`, and its
 * words about dependencies. Parts stand under it, or behind it with its id as theirs begins (`1.` and `1.1`).
 */
function withoutContainers(
  made: readonly ListedTask[],
  drafts: readonly Draft[],
  which: Rules["containers"],
): { tasks: readonly ListedTask[]; setAside: SetAside[] } {
  if (which === "never") return { tasks: made, setAside: [] };
  const parents = parentsOf(made, drafts);
  const withParts = new Set(parents.filter((parent) => parent !== null));
  const groups = made.map((_, index) => {
    const draft = drafts[index];
    return draft !== undefined && withParts.has(index) && (which === "always" || !hasWork(draft));
  });
  const setAside: SetAside[] = [];
  const inherited: ListedTask["lines"][] = [];
  const tasks = made.flatMap((task, index): ListedTask | [] => {
    const parent = parents[index] ?? null;
    const group = parent !== null && groups[parent] === true;
    const above = group ? (inherited[parent] ?? []) : [];
    if (groups[index]) {
      const { text, place } = drafts[index]?.line ?? { text: task.title, place: task.source };
      const reason = "groups the boxes under it: done when they are";
      setAside.push({ file: place.file, line: place.line, text, reason });
      inherited[index] = [...above, ...task.lines.filter((line) => dependencyWords.test(line.text))].slice(0, 20);
      return [];
    }
    return { ...task, parent: group ? (made[parent]?.id ?? null) : task.parent, lines: [...task.lines, ...above] };
  });
  return { tasks, setAside };
}

const dependencyWords = /depend|blocked|prereq|requires|依赖|依存|依賴/i;

/** For each task the index of the one it is a part of. */
function parentsOf(tasks: readonly ListedTask[], drafts: readonly Draft[]): (number | null)[] {
  const indexes = new Map(drafts.map((draft, index) => [draft, index]));
  const latest = new Map<string, number>();
  return tasks.map(({ writtenId: id }, index) => {
    const draft = drafts[index];
    const item = draft?.line.item;
    // An id that was given by position is nobody's parent.
    const written = item?.box != null && (item.number === id || item.content.slice(0, 60).includes(id));
    const dot = written && /^\d[\d.]*[a-z]?$/.test(id) ? id.lastIndexOf(".") : -1;
    const above = dot > 0 ? (latest.get(id.slice(0, dot)) ?? latest.get(`${id.slice(0, dot)}.0`)) : undefined;
    if (written) latest.set(id, index);
    return draft?.parent ? (indexes.get(draft.parent) ?? null) : (above ?? null);
  });
}

/** Something to do beside its parts: words that are no fields, or fields that name its files. */
function hasWork(draft: Draft): boolean {
  return draft.lines.slice(1).some(({ text }) => {
    if (text.trim() === "") return false;
    const fields = readFields(text);
    return fields.length === 0 || fields.some(({ name }) => /^(?:files?|create|modify|test)$/.test(name));
  });
}
