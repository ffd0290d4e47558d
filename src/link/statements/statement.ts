import type { Diagnostic } from "../../model/diagnostic.ts";
import type { EdgeKind } from "../../model/graph.ts";
import type { Place } from "../../model/place.ts";
import type { ListedTask } from "../../model/task.ts";
import type { Clause } from "./clauses.ts";
import type { Operand } from "./groupIndex.ts";
import type { Context } from "./ids.ts";
import type { Reading } from "./references.ts";
import { isElsewhere } from "./called.ts";
import { nearestId, type Names } from "./resolve.ts";

/** Tasks that one side of a statement names, as indices. A `whole` group is joined by its ends only, so that edges stay few. */
interface Side {
  readonly tasks: readonly number[];
  readonly whole: boolean;
}

/** "All of `before` finish before any of `after` starts", in somebody's words or by a rule. */
export interface Statement {
  readonly before: Side;
  readonly after: Side;
  readonly kind: EdgeKind;
  readonly evidence: string;
  readonly source: Place | null;
  readonly confidence: number;
  /** It stands in a code fence: no statement outside one gives way to it. */
  readonly fenced?: boolean;
}

/** Something that is said to come first and that the list does not hold, or holds several times. */
export interface Unresolved {
  /** Who waits, as indices. */
  readonly tasks: readonly number[];
  /** What for, as written. */
  readonly text: string;
  readonly evidence: string;
  readonly source: Place;
  /** Tasks that may be meant, as indices. */
  readonly candidates: readonly number[];
}

export interface Found {
  readonly statements: Statement[];
  readonly diagnostics: Diagnostic[];
  readonly unresolved: Unresolved[];
}

/** Where a statement was found and how far it is believed. */
export interface Origin {
  readonly kind: EdgeKind;
  readonly evidence: string;
  readonly source: Place;
  readonly confidence: number;
  readonly fenced?: boolean;
}

/** Products beyond this are joined by their ends, as groups are. */
const manyEdges = 2000;

/** Turns what a clause says into statements; `subject` is meant where the clause names none. */
export function clauseStatements(
  context: Context,
  clause: Clause,
  subject: Operand | null,
  kind: EdgeKind,
  found: Found,
  fenced = false,
): void {
  const subjects = clause.subjects.length > 0 ? clause.subjects : subject === null ? [] : [subject];
  if (subjects.length === 0 || clause.cue.direction === "beside") return;
  const source = { ...clause.line.place, column: clause.line.place.column + clause.column };
  const origin: Origin = { kind, evidence: clause.words, source, confidence: 1, ...(fenced ? { fenced } : {}) };
  const severity = clause.cue.strong && !fenced ? "error" : "warning";
  reportReading(
    context,
    clause.reading,
    clause.line.place,
    { origin, waiting: waiting(clause, subjects), severity },
    found,
  );
  const { operands } = clause.reading;
  const sides: [readonly Operand[], readonly Operand[]] =
    clause.cue.direction === "after" ? [operands, subjects] : [subjects, operands];
  if (clause.respectively && pairUp(context, ...sides, origin, found)) return;
  for (const before of sides[0]) {
    for (const after of sides[1]) pushStatement(context, before, after, origin, found);
  }
}

/** Who waits for what the clause names, as far as it names tasks. */
function waiting(clause: Clause, subjects: readonly Operand[]): readonly number[] {
  return clause.cue.direction === "after" ? flat(subjects) : [];
}

/** `T017, T018 depend on T015, T016 respectively` */
function pairUp(
  context: Context,
  before: readonly Operand[],
  after: readonly Operand[],
  origin: Origin,
  found: Found,
): boolean {
  const [lefts, rights] = [flat(before), flat(after)];
  if (lefts.length < 2 || lefts.length !== rights.length) return false;
  for (const [index, left] of lefts.entries()) {
    const right = rights[index];
    if (right !== undefined) pushStatement(context, one(left), one(right), origin, found);
  }
  return true;
}

/** Adds "`before` first, then `after`", resolving sets that are relative to the other side. */
export function pushStatement(context: Context, before: Operand, after: Operand, origin: Origin, found: Found): void {
  const left = resolveSide(context, before, after, "before");
  const right = resolveSide(context, after, before, "after");
  if (left.tasks.length === 0 || right.tasks.length === 0) return;
  const only = left.tasks.length === 1 && right.tasks.length === 1 && left.tasks[0] === right.tasks[0];
  if (only && before.kind === "tasks" && after.kind === "tasks" && !before.whole && !after.whole) {
    found.diagnostics.push(selfDependency(context.names.tasks[left.tasks[0] ?? 0], origin));
    return;
  }
  const many = left.tasks.length * right.tasks.length > manyEdges;
  found.statements.push({
    before: many ? { tasks: left.tasks, whole: true } : left,
    after: many ? { tasks: right.tasks, whole: true } : right,
    kind: origin.kind,
    ...understood(origin, [before, after]),
    source: origin.source,
    ...(origin.fenced === true ? { fenced: true } : {}),
  });
}

/** The words of a statement, and how a title in them was understood. */
function understood(origin: Origin, sides: readonly Operand[]): Pick<Statement, "evidence" | "confidence"> {
  const called = sides.flatMap((side) => (side.kind === "tasks" && side.called !== undefined ? side.called : []));
  return {
    evidence: [origin.evidence, ...called.map(({ how }) => how)].join("; "),
    confidence: Math.min(origin.confidence, ...called.map(({ confidence }) => confidence)),
  };
}

/** Where a reading was found, and who waits for what it names. */
interface Reader {
  readonly origin: Origin;
  readonly waiting: readonly number[];
  /** How bad it is that an id of this list's shape names no task. */
  readonly severity: "error" | "warning";
}

/** Reports references that name nothing or too much; who waits for them is never taken for independent. */
export function reportReading(
  context: Context,
  reading: Reading,
  place: Place,
  { origin, waiting: tasks, severity }: Reader,
  found: Found,
): void {
  const { names } = context;
  const at = (start: number): Place => ({ ...place, column: place.column + start });
  for (const { text, start } of reading.dangling) {
    found.diagnostics.push(unknownDependency(names, text, at(start), severity, tasks));
    if (severity === "warning") hold(tasks, text, [], origin, found);
  }
  for (const { word, candidates } of reading.ambiguous)
    found.diagnostics.push(ambiguousId(names, word.text, candidates, at(word.start)));
  for (const { text, start, candidates } of reading.unknown) {
    if (candidates.length === 0 && isElsewhere(text)) {
      found.diagnostics.push(notInThisList(names, text, at(start), tasks));
      continue;
    }
    found.diagnostics.push(unresolvedName(names, text, candidates, at(start), tasks));
    hold(tasks, text, candidates, origin, found);
  }
}

function hold(
  tasks: readonly number[],
  text: string,
  candidates: readonly number[],
  { evidence, source }: Origin,
  found: Found,
): void {
  if (tasks.length > 0) found.unresolved.push({ tasks, text, evidence, source, candidates });
}

export function unknownDependency(
  names: Names,
  text: string,
  place: Place,
  severity: "error" | "warning",
  self: readonly number[] = [],
): Diagnostic {
  const near = nearestId(names, text, new Set(self));
  return {
    severity,
    rule: "unknown-dependency",
    message: `Unexpected dependency on \`${text}\`: no task has that id`,
    expected: near === null ? "the id of a task in this list" : `the id of a task in this list, such as \`${near}\``,
    fix:
      near === null
        ? "add the task or remove the reference"
        : `write \`${near}\`, add the task, or remove the reference`,
    place,
    length: Math.max(1, text.length),
  };
}

/** Words that may mean several tasks, or none: nothing is guessed. */
function unresolvedName(
  names: Names,
  text: string,
  candidates: readonly number[],
  place: Place,
  self: readonly number[],
): Diagnostic {
  const who = self.flatMap((index) => names.tasks[index]?.id ?? []);
  const tasks = candidates.flatMap((index) => names.tasks[index] ?? []);
  const subject = who.length === 0 ? "" : ` of ${inList(who)}`;
  return {
    severity: "warning",
    rule: tasks.length > 1 ? "ambiguous-dependency" : "unknown-dependency",
    message:
      tasks.length > 1
        ? `Unclear dependency${subject} on \`${text}\`: ${inList(tasks.map(({ id }) => id))} may be meant`
        : `Unexpected dependency${subject} on \`${text}\`: no task of this list is called that`,
    expected: "the id or the title of one task",
    fix: `write the id of the task that is meant; until then ${who.length === 0 ? "nothing follows from it" : `${inList(who)} runs after everything above it`}`,
    place,
    length: Math.max(1, text.length),
    ...(tasks.length > 1
      ? { related: tasks.map((task) => ({ message: `\`${task.id}\` ${task.title}`, place: task.source })) }
      : {}),
  };
}

/** Something that is there already, or lies in other hands. */
export function notInThisList(names: Names, text: string, place: Place, self: readonly number[]): Diagnostic {
  const who = self.flatMap((index) => names.tasks[index]?.id ?? []);
  return {
    severity: "info",
    rule: "not-a-task",
    message: `${inList(who)} depends on something outside this list: \`${text}\``,
    expected: "ids of tasks",
    fix: "nothing, if it exists already; otherwise name the task that makes it",
    place,
  };
}

function inList(ids: readonly string[]): string {
  const shown = ids.slice(0, 8).map((id) => `\`${id}\``);
  return ids.length > shown.length ? `${shown.join(", ")} and ${ids.length - shown.length} more` : shown.join(", ");
}

export function ambiguousId(names: Names, text: string, candidates: readonly number[], place: Place): Diagnostic {
  const tasks = candidates.flatMap((index) => names.tasks[index] ?? []);
  return {
    severity: "error",
    rule: "ambiguous-id",
    message: `Unexpected dependency on \`${text}\`: ${tasks.length} tasks may be meant (${tasks.map((task) => `\`${task.id}\``).join(", ")})`,
    expected: "a reference that only one task answers to",
    fix: "give each of these tasks an id of its own and use it here",
    place,
    length: Math.max(1, text.length),
    related: tasks.map((task) => ({ message: `\`${task.id}\` ${task.title}`, place: task.source })),
  };
}

function selfDependency(task: ListedTask | undefined, origin: Origin): Diagnostic {
  return {
    severity: "error",
    rule: "self-dependency",
    message: `Unexpected dependency of \`${task?.id ?? ""}\` on itself: ${origin.evidence}`,
    expected: "a dependency on another task",
    fix: "name the task that was meant, or remove the reference",
    place: origin.source,
  };
}

function resolveSide(context: Context, operand: Operand, other: Operand, side: "before" | "after"): Side {
  if (operand.kind === "tasks") return operand;
  const around = other.kind === "tasks" ? other.tasks : [];
  if (around.length === 0) return { tasks: [], whole: true };
  const { tasks } = context.names;
  switch (operand.kind) {
    case "everything":
      return { tasks: side === "before" ? tasksBefore(context, around) : tasksAfter(context, around), whole: true };
    case "previous":
      return { tasks: side === "before" ? tasksBefore(context, around) : [], whole: true };
    case "later":
      return { tasks: side === "after" ? tasksAfter(context, around) : [], whole: true };
    case "foundations": {
      const earlier = side === "before" ? tasksBefore(context, around) : [];
      return {
        tasks: earlier.filter((index) => tasks[index]?.foundation === true || tasks[index]?.parallel === false),
        whole: false,
      };
    }
  }
}

/** Tasks that end above the first of these: a container still open there (an ancestor) is not one of them. */
function tasksBefore(context: Context, around: readonly number[]): readonly number[] {
  const first = Math.min(...around.slice(0, 1000));
  return range(0, first).filter((index) => (context.lastDescendant[index] ?? index) < first);
}

function tasksAfter(context: Context, around: readonly number[]): readonly number[] {
  return range((around.at(-1) ?? 0) + 1, context.names.tasks.length);
}

/** For each task the last index among itself and its descendants. */
export function lastDescendants(names: Names): readonly number[] {
  const last = names.tasks.map((_, index) => index);
  const byId = new Map(names.tasks.map((task, index) => [task.id, index]));
  for (let index = last.length - 1; index >= 0; index -= 1) {
    const parent = byId.get(names.tasks[index]?.parent ?? "");
    if (parent !== undefined && parent < index) last[parent] = Math.max(last[parent] ?? parent, last[index] ?? index);
  }
  return last;
}

export function one(task: number): Extract<Operand, { kind: "tasks" }> {
  return { kind: "tasks", tasks: [task], whole: false };
}

function flat(operands: readonly Operand[]): readonly number[] {
  return operands.flatMap((operand) => (operand.kind === "tasks" ? operand.tasks : []));
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, k) => from + k);
}
