import type { ProseLine } from "../../model/list.ts";
import type { ListedTask } from "../../model/task.ts";
import { readClauses, subjectsOf } from "./clauses.ts";
import { mayStateDependency } from "./cues.ts";
import type { Operand } from "./groupIndex.ts";
import type { Context } from "./ids.ts";
import { logicalLines } from "./logicalLines.ts";
import { readReferences } from "./references.ts";
import { isCode } from "./stated.ts";
import { clauseStatements, type Found } from "./statement.ts";
import { words } from "./words.ts";

/** Pairs of phases that the list says run side by side, as `low,high` indices of phases. */
export type Beside = Set<string>;

const aboutOrder =
  /\b(?:inter)?depend|\b(?:execution|implementation|build|task) order\b|^order\b|\bordering\b|\bsequenc|critical path|^prerequisites?\b|abhängig|dépend|依赖|依存|завис/i;
const notAboutOrder =
  /parallel|example|strategy|note|checklist|summary|coverage|mapping|format|convention|legend|team/i;

/** Whether the innermost heading over a line is about the order of tasks. */
export function isAboutOrder(line: ProseLine): boolean {
  for (const heading of line.headings.toReversed()) {
    if (notAboutOrder.test(heading)) return false;
    if (aboutOrder.test(heading)) return true;
  }
  return false;
}

/** What lines outside the tasks state: under headings about dependencies, in phases' own headings, and anywhere in id form. */
export function statedInSections(context: Context, found: Found, beside: Beside): void {
  const { list } = context.groups;
  for (const [index, phase] of list.phases.entries()) {
    const text = { text: phase.name, place: phase.place };
    const subject: Operand = { kind: "tasks", tasks: context.groups.byPhase[index] ?? [], whole: true };
    const self = new Set(context.groups.byPhase[index]);
    for (const clause of readClauses(context, text, { kind: "own", self, title: false })) {
      if (clause.cue.direction === "beside") addBeside(context, [subject], clause.reading.operands, beside);
      else clauseStatements(context, clause, subject, "section", found);
    }
  }
  for (const line of logicalProse(list.prose)) {
    if (line.fence !== null && isCode(line.fence)) continue;
    if (!mayStateDependency(line.text)) continue;
    const ordered = isAboutOrder(line);
    const fenced = line.fence !== null;
    for (const clause of readClauses(context, line, { kind: "prose", ordered })) {
      if (clause.cue.direction === "beside") addBeside(context, clause.subjects, clause.reading.operands, beside);
      const inIds = clause.subjects.length > 0 && [...clause.subjects, ...clause.reading.operands].every(isInIds);
      if (ordered || inIds) clauseStatements(context, clause, null, "section", found, fenced);
      else if (clause.subjects.length === 0 && clause.cue.label && line.phaseIndex !== null) {
        const tasks = tasksUnderHeading(context, line);
        clauseStatements(context, clause, { kind: "tasks", tasks, whole: true }, "section", found, fenced);
      }
    }
  }
}

/** Prose with its wrapped statements joined; lines that tasks or other headings stand between are never one. */
function logicalProse(prose: readonly ProseLine[]): ProseLine[] {
  const joined: ProseLine[] = [];
  let run: ProseLine[] = [];
  for (const line of prose) {
    const last = run.at(-1);
    const follows =
      last !== undefined &&
      last.place.file === line.place.file &&
      // at most one blank line between
      line.place.line <= last.place.line + 2 &&
      last.headings.length === line.headings.length &&
      last.headings.at(-1) === line.headings.at(-1);
    if (!follows) {
      joined.push(...logicalLines(run));
      run = [];
    }
    run.push(line);
  }
  return [...joined, ...logicalLines(run)];
}

/** Tasks of the line's phase under the same heading: those between it and prose under other headings, above it if there are any. */
function tasksUnderHeading(context: Context, line: ProseLine): readonly number[] {
  const { list, byPhase } = context.groups;
  let [first, last] = [0, Infinity];
  for (const other of list.prose) {
    if (other.place.file !== line.place.file || other.headings.join("\n") === line.headings.join("\n")) continue;
    if (other.place.line < line.place.line) first = Math.max(first, other.place.line);
    else last = Math.min(last, other.place.line);
  }
  const inside = (from: number, to: number): readonly number[] =>
    (byPhase[line.phaseIndex ?? -1] ?? []).filter((index) => {
      const at = list.tasks[index]?.source.line ?? 0;
      return at > from && at < to;
    });
  const above = inside(first, line.place.line);
  return above.length > 0 ? above : inside(line.place.line, last);
}

function isInIds(operand: Operand): boolean {
  return operand.kind === "tasks" && !operand.whole;
}

function addBeside(context: Context, left: readonly Operand[], right: readonly Operand[], beside: Beside): void {
  const [lefts, rights] = [phasesOf(context, left), phasesOf(context, right)];
  for (const a of lefts) {
    for (const b of rights) beside.add(`${Math.min(a, b)},${Math.max(a, b)}`);
  }
}

function phasesOf(context: Context, operands: readonly Operand[]): readonly number[] {
  return operands.flatMap((operand) =>
    operand.kind === "tasks" && operand.whole
      ? context.groups.byPhase.flatMap((tasks, index) =>
          tasks.length > 0 && tasks.every((task) => operand.tasks.includes(task)) ? index : [],
        )
      : [],
  );
}

/**
 * The tasks with what sections say of them: `Task 1 (schema) → Foundation (sequential)`, `Task 6 (docs) → Independent`,
 * `Parallel opportunity: Tasks 4-8`. A task's own marker is never changed.
 */
export function tasksAsDescribed(context: Context): readonly ListedTask[] {
  const tasks = [...context.names.tasks];
  const set = (index: number, parallel: boolean, foundation: boolean): void => {
    const task = tasks[index];
    if (task === undefined) return;
    tasks[index] = { ...task, parallel: task.parallel ?? parallel, foundation: task.foundation || foundation };
  };
  for (const line of context.groups.list.prose) {
    if (!/sequential|foundation|independent|parallel/i.test(line.text)) continue;
    const cut = words(line.text);
    const colon = cut.findIndex((word) => word.text === ":");
    const label = cut
      .slice(0, Math.max(colon, 0))
      .map((word) => word.lower)
      .filter((word) => word !== "-")
      .join(" ");
    if (/^parallel(?: opportunit(?:y|ies))?$/.test(label)) {
      for (const index of idsIn(readReferences(context, cut, colon + 1, { numbers: true, named: false }).operands))
        set(index, true, false);
      continue;
    }
    const arrow = cut.findIndex((word) => word.kind === "arrow");
    if (arrow === -1) continue;
    const said = new Set(cut.slice(arrow + 1).map((word) => word.lower));
    const foundation = cut[arrow + 1]?.lower === "foundation";
    if (!foundation && !said.has("sequential") && cut[arrow + 1]?.lower !== "independent") continue;
    for (const index of idsIn(subjectsOf(context, cut.slice(0, arrow))))
      set(index, !foundation && !said.has("sequential"), foundation);
  }
  return tasks;
}

function idsIn(operands: readonly Operand[]): readonly number[] {
  return operands.flatMap((operand) => (operand.kind === "tasks" && !operand.whole ? operand.tasks : []));
}
