import type { Phase, ProseLine, TaskList } from "../../model/list.ts";
import type { Diagnostic } from "../../model/diagnostic.ts";
import type { Box, ListedTask, Reference, TaskStatus } from "../../model/task.ts";
import { readEstimate } from "../estimate.ts";
import { findFiles, mergeFiles } from "../paths.ts";
import { readTaskHeading, titleOf, type TaskHeading } from "./headingTask.ts";
import { idIn, type Cell, type TaskRow } from "./tables.ts";
import type { BoxMark } from "./item.ts";
import type { Heading, MarkdownDocument, MarkdownLine } from "./scan.ts";
import { makeTask } from "../task.ts";
import type { Draft, Walk } from "./walk.ts";

/** What a box's state means to a format; null leaves it to `plainStatus`. */
type StatusOf = (state: string) => TaskStatus | null;

/** The parts of a `TaskList` that every Markdown format makes alike from a walk. */
export type Outlined = Pick<TaskList, "tasks" | "phases" | "prose" | "diagnostics">;

/**
 * Turns drafts into tasks and headings into phases. `phaseOf` says which heading groups a task under a given heading
 * (-1 for none) and `describe` what kind of phase it is; `firstNumber` numbers the tasks that have no id.
 */
export function outline(
  document: MarkdownDocument,
  walked: Walk,
  rules: {
    readonly phaseOf: (heading: number) => number;
    readonly describe: (heading: Heading) => Omit<Phase, "name" | "parent" | "place">;
    readonly statusOf?: StatusOf;
    /** Rows of tables that are tasks, by the index of their line. */
    readonly rows?: ReadonlyMap<number, TaskRow>;
    readonly firstNumber: number;
  },
): Outlined {
  const diagnostics: Diagnostic[] = [];
  const used = new Set<number>();
  const mark = (heading: number): void => {
    for (let at = heading; at >= 0 && !used.has(at); at = above(at)) used.add(at);
  };
  const above = (heading: number): number => {
    const parent = document.headings[heading]?.parent ?? -1;
    return parent < 0 ? -1 : rules.phaseOf(parent);
  };
  for (const draft of walked.drafts) mark(phaseHeading(draft, document, rules.phaseOf));
  const indexes = new Map([...used].toSorted((a, b) => a - b).map((heading, index) => [heading, index]));
  const phases = [...indexes.keys()].flatMap((at): Phase[] => {
    const heading = document.headings[at];
    if (!heading) return [];
    const place = document.lines[heading.line]?.place ?? { file: document.file, line: heading.line + 1, column: 1 };
    return [{ name: heading.name, ...rules.describe(heading), parent: indexes.get(above(at)) ?? null, place }];
  });

  const done = doneMark(document);
  const rowIds = new Set([...(rules.rows?.values() ?? [])].flatMap(({ id }) => id ?? []));
  const ids = new Map<Draft, string>();
  const checked = walked.drafts.some(({ line }) => line.item && !checkBefore.test(line.item.content));
  const tasks = walked.drafts.map((draft, at) => {
    const { line } = draft;
    const index = line.place.line - 1;
    const row = rules.rows?.get(index) ?? null;
    const heading = line.kind === "heading" ? (document.headings[line.heading]?.name ?? null) : null;
    const plain = heading === null ? readPlainTask(line) : null;
    const said = heading === null ? plain : readTaskHeading(heading);
    const mark = line.item?.box ?? boxOfHeading(line, said?.box ?? null);
    const phaseIndex = indexes.get(phaseHeading(draft, document, rules.phaseOf)) ?? null;
    const finished = row || said || mark || !line.item ? null : withoutMarks(line.item.content, checked);
    const content = row?.title ?? said?.title ?? finished?.title ?? line.item?.content ?? heading ?? line.text;
    const column = line.item?.column ?? line.text.indexOf(content) + 1;
    const isDone = said?.done === true || (line.kind === "heading" && allStepsDone(draft));
    const status =
      row?.status ??
      (mark
        ? (rules.statusOf?.(mark.state) ?? plainStatus(mark, line, diagnostics))
        : isDone
          ? "done"
          : (finished?.status ?? "pending"));
    const task = makeTask(
      {
        fallbackId: String(rules.firstNumber + at),
        number: row?.id ?? said?.id ?? line.item?.number ?? null,
        content,
        idKnown: row !== null || said !== null,
        place: { ...line.place, column: Math.max(1, column) },
        lines: draft.lines,
        status,
        star: mark?.star ?? false,
        // A finished box is written again as it was.
        box: row
          ? boxOfRow(document.file, line, row)
          : mark
            ? boxAt(document.file, line, mark, status === "done" ? mark.state : done)
            : null,
        phaseIndex,
        phase: phaseIndex === null ? null : (phases[phaseIndex]?.name ?? null),
        parent: draft.parent ? (ids.get(draft.parent) ?? null) : null,
        acceptance: draft.acceptance,
      },
      diagnostics,
    );
    ids.set(draft, task.id);
    return row ? withCells(task, row, line, rowIds) : plain ? { ...task, dependsOn: plain.after } : task;
  });
  const prose = walked.prose.map(({ heading, ...line }): ProseLine => ({
    ...line,
    phaseIndex: indexes.get(rules.phaseOf(heading)) ?? null,
  }));
  return { tasks, phases, prose, diagnostics };
}

const checkBefore = /^(?:\*\*)?[✅☑✔]\ufe0f?\s+/u;

/**
 * What an item without a box says of its state: `~~…~~ — DONE`, `… ✅`, or struck out, which is called off. A check mark
 * before the words counts where other items have none: before each it is an ornament.
 */
function withoutMarks(content: string, checked: boolean): { title: string; status: TaskStatus } | null {
  const before = checked && checkBefore.test(content);
  const { title, done } = titleOf(before ? content.replace(checkBefore, "") : content, before);
  const struck = /^~~[^~]+~~[\s.]*$/.test(content);
  if (!done && !struck) return null;
  return { title, status: done ? "done" : "cancelled" };
}

/** A task that is a heading itself stands in the phase above it. */
function phaseHeading(draft: Draft, document: MarkdownDocument, phaseOf: (heading: number) => number): number {
  const { line } = draft;
  const heading = line.kind === "heading" ? (document.headings[line.heading]?.parent ?? -1) : line.heading;
  return heading < 0 ? -1 : phaseOf(heading);
}

/** A heading with steps below it has no box of its own: it is done when each of them is. */
function allStepsDone(draft: Draft): boolean {
  const boxes = draft.lines.flatMap(({ item }) => (item?.box ? [item.box.state] : []));
  return boxes.length > 0 && boxes.every((state) => /^[xX]$/.test(state));
}

/** What a file writes into a finished box: `X` when it uses that and no `x`. */
function doneMark(document: MarkdownDocument): string {
  let capital = false;
  for (const line of document.lines) {
    if (line.item?.box?.state === "x") return "x";
    if (line.item?.box?.state === "X") capital = true;
  }
  return capital ? "X" : "x";
}

/** `T1: [depends_on: [T0]] Title`: a line of text that is a task. */
function readPlainTask(
  line: MarkdownLine,
): (Pick<TaskHeading, "id" | "title" | "done" | "box"> & { readonly after: Reference[] }) | null {
  if (line.kind === "table" || line.item?.box) return null;
  const found = plainTask.exec(line.item?.content ?? line.text);
  if (found?.[1] === undefined || (found[2] === undefined && line.kind === "item")) return null;
  const names = (found[2] ?? "").split(",").map((name) => name.trim().replaceAll(/["'`]/g, ""));
  const place = { ...line.place, column: line.text.indexOf("[depends_on") + 1 };
  const after = names.flatMap((text): Reference[] => (text === "" ? [] : [{ text, place }]));
  return { id: found[1], ...titleOf(found[3] ?? ""), box: null, after };
}

const plainTask = /^(?:\*\*)?([A-Za-z]{1,6}-?\d+(?:\.\d+)*)(?:\*\*)?\s*:\s*(?:\[depends_on:\s*\[([^\]]*)\]\]\s*)?(.*)$/;

/** The box of a heading is found by its column in the name, which stands somewhere in the line. */
function boxOfHeading(line: MarkdownLine, box: BoxMark | null): BoxMark | null {
  return box === null ? null : { ...box, column: line.text.indexOf("[") + 2 };
}

function boxOfRow(file: string, line: MarkdownLine, { box }: TaskRow): Box | null {
  if (box === null) return null;
  const { cell, done, open } = box;
  return { file, line: line.place.line, column: cell.column, was: cell.text, done, open, lineText: line.text };
}

/** A task of a row with what the other columns say of it. */
function withCells(task: ListedTask, row: TaskRow, line: MarkdownLine, ids: ReadonlySet<string>): ListedTask {
  const reference = (cell: Cell, verb: string): Reference => ({
    text: cell.text,
    place: { ...line.place, column: cell.column },
    // Ids of other rows are a field of the task; anything else is words, which need not name a task.
    ...(cell.text.split(/[,，、;\s]+/).every((name) => ids.has(idIn(name) ?? name)) ? {} : { kind: "section" }),
    evidence: `the table says: ${task.id} ${verb} ${cell.text}`,
  });
  const minutes = readEstimate(row.estimate);
  const apart =
    row.conflicts === null
      ? []
      : [{ text: `Conflicts with: ${row.conflicts.text}`, place: { ...line.place, column: row.conflicts.column } }];
  return {
    ...task,
    lines: [...task.lines, ...apart],
    files: mergeFiles([...task.files, ...findFiles(row.files)]),
    estimate: task.estimate ?? (typeof minutes === "number" ? minutes : null),
    acceptance: row.acceptance === "" ? task.acceptance : [...task.acceptance, row.acceptance],
    dependsOn: row.after === null ? task.dependsOn : [...task.dependsOn, reference(row.after, "depends on")],
    blocks: row.before === null ? task.blocks : [...task.blocks, reference(row.before, "blocks")],
  };
}

function boxAt(file: string, line: MarkdownLine, mark: BoxMark, done: string): Box {
  return { file, line: line.place.line, column: mark.column, was: mark.state, done, lineText: line.text };
}

/**
 * What a box means where no tool defines it: blank is open, `x` and check marks are done. Every other mark means
 * different things in different tools; such a task is not started until a person decides.
 */
function plainStatus(mark: BoxMark, line: MarkdownLine, diagnostics: Diagnostic[]): TaskStatus {
  if (mark.state.trim() === "") return "pending";
  if (/^(?:[xX]|[✓✔✅☑]\ufe0f?)$/u.test(mark.state)) return "done";
  diagnostics.push({
    severity: "warning",
    rule: "unclear-state",
    message: `Unexpected state \`[${mark.state}]\`: it means different things in different tools`,
    expected: "`[ ]` or `[x]`",
    fix: "write `[ ]` to have the task done or `[x]` to count it as done; until then it is not started",
    place: { ...line.place, column: mark.column },
  });
  return "needs-input";
}
