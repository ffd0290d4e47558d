import type { Phase, ProseLine, TaskList } from "../../model/list.ts";
import type { Diagnostic } from "../../model/diagnostic.ts";
import type { Box, TaskStatus } from "../../model/task.ts";
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
  const ids = new Map<Draft, string>();
  const tasks = walked.drafts.map((draft, index) => {
    const { line } = draft;
    const mark = line.item?.box ?? null;
    const phaseIndex = indexes.get(phaseHeading(draft, document, rules.phaseOf)) ?? null;
    const heading = line.kind === "heading" ? document.headings[line.heading]?.name : undefined;
    const content = line.item?.content ?? heading ?? line.text;
    const column = line.item?.column ?? line.text.indexOf(content) + 1;
    const stepsDone = line.kind === "heading" && allStepsDone(draft);
    const status = mark
      ? (rules.statusOf?.(mark.state) ?? plainStatus(mark, line, diagnostics))
      : stepsDone
        ? "done"
        : "pending";
    const task = makeTask(
      {
        fallbackId: String(rules.firstNumber + index),
        number: line.item?.number ?? null,
        content,
        place: { ...line.place, column: Math.max(1, column) },
        lines: draft.lines,
        status,
        star: mark?.star ?? false,
        // A finished box is written again as it was.
        box: mark ? boxAt(document.file, line, mark, status === "done" ? mark.state : done) : null,
        phaseIndex,
        phase: phaseIndex === null ? null : (phases[phaseIndex]?.name ?? null),
        parent: draft.parent ? (ids.get(draft.parent) ?? null) : null,
        acceptance: draft.acceptance,
      },
      diagnostics,
    );
    ids.set(draft, task.id);
    return task;
  });
  const prose = walked.prose.map(({ heading, ...line }): ProseLine => ({
    ...line,
    phaseIndex: indexes.get(rules.phaseOf(heading)) ?? null,
  }));
  return { tasks, phases, prose, diagnostics };
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

const asideHeading =
  /^(?:notes?|dependenc(?:y|ies)|execution order|(?:implementation|orchestration|execution) strategy|parallel (?:example|opportunit|execution)|validation checklist|(?:review )?checklist|acceptance criteria|completion criteria|definition of done|success criteria|verification|validation|format|task format|path conventions|execution flow|task generation rules|testing strategy|summary|task summary|risks?|open questions|out of scope|references?|overview|issue sync)\b/i;

/** Headings of this kind also name real work: a phase of it, a numbered group, or boxes with ids of their own. */
const maybeAside =
  /^(?:(?:implementation|execution) strategy|verification|validation|testing strategy|summary|overview)\b/i;

/** A heading whose boxes and lists are no tasks: dependencies, notes, criteria, examples. Numbers and emphasis before it do not matter. */
export function isAsideHeading(name: string): boolean {
  const words = name.replace(/^[\s*_`#\d.)(:\p{Extended_Pictographic}\ufe0f-]+/u, "");
  if (!asideHeading.test(words)) return false;
  if (!maybeAside.test(words)) return true;
  return !/^\W*\d/.test(name) && !/^\w+ (?:phase|tasks|stage|wave|work)\b/i.test(words);
}

const workHeading = /^\W*(?:(?:phase|stage|step|wave|milestone|sprint|task|part)\s+[\dA-Z]|\d+\.\d)/i;

/**
 * The heading that makes what stands under it no tasks, or undefined. `Summary`, `Verification` and their like do not
 * where a phase of work stands below them, nor for a box with an id of its own.
 */
export function asideOver(headings: readonly string[], hasId: boolean): string | undefined {
  const found = headings.findIndex(isAsideHeading);
  const name = headings[found];
  if (name === undefined) return undefined;
  const words = name.replace(/^\W+/, "");
  const work = hasId || headings.slice(found + 1).some((below) => workHeading.test(below));
  return work && maybeAside.test(words) ? asideOver(headings.slice(found + 1), hasId) : name;
}
