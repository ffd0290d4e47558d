import type { EdgeKind } from "../../model/graph.ts";
import type { Reference } from "../../model/task.ts";
import { isElsewhere, isNothing, type Calls } from "./called.ts";
import { readClauses } from "./clauses.ts";
import type { Operand } from "./groupIndex.ts";
import type { Context } from "./ids.ts";
import { logicalLines } from "./logicalLines.ts";
import { readReferences } from "./references.ts";
import { findParts, findTask } from "./resolve.ts";
import {
  ambiguousId,
  clauseStatements,
  one,
  pushStatement,
  reportReading,
  unknownDependency,
  type Found,
} from "./statement.ts";
import { words } from "./words.ts";

/** What each task says of itself: its dependency fields, and dependency words in its own lines. */
export function statedByTasks(context: Context, found: Found): void {
  // made once: a list may have a million references
  const singles = context.names.tasks.map((_, index) => one(index));
  for (const [index, task] of context.names.tasks.entries()) {
    for (const reference of task.dependsOn) fieldStatement(context, reference, index, singles, "after", found);
    for (const reference of task.blocks) fieldStatement(context, reference, index, singles, "before", found);
    const self = new Set([index]);
    // a task with a field for what it waits for calls no others by name in its sentences
    const sentences = task.dependsOn.length === 0;
    for (const [row, line] of logicalLines(task.lines).entries()) {
      if (line.fence != null && isCode(line.fence)) continue;
      for (const clause of readClauses(context, line, { kind: "own", self, title: row === 0 && sentences }))
        clauseStatements(context, clause, one(index), "stated", found, line.fence != null);
    }
  }
}

/** A field was written to name tasks: what it names must exist, unless it is prose or belongs to another list. */
function fieldStatement(
  context: Context,
  reference: Reference,
  index: number,
  singles: readonly ReturnType<typeof one>[],
  direction: "after" | "before",
  found: Found,
): void {
  const text = reference.text.trim();
  if (isNothing(text)) return;
  const kind: EdgeKind = reference.kind ?? "stated";
  const evidence = reference.evidence ?? `${direction === "after" ? "depends on" : "blocks"} ${text}`;
  const source = reference.place;
  const whole = findTask(context.names, text);
  const [only] = whole;
  const [itself, other] = [singles[index], singles[only ?? -1]];
  if (itself === undefined) return;
  if (other !== undefined && other !== itself && whole.length === 1) {
    const [before, after] = direction === "after" ? [other, itself] : [itself, other];
    found.statements.push({ before, after, kind, evidence, source, confidence: 1 });
    return;
  }
  const origin = { kind, evidence, source, confidence: 1 };
  const push = (operand: Operand): void =>
    direction === "after"
      ? pushStatement(context, operand, itself, origin, found)
      : pushStatement(context, itself, operand, origin, found);
  if (whole.length > 1) found.diagnostics.push(ambiguousId(context.names, text, whole, reference.place));
  if (only !== undefined) {
    if (whole.length === 1) push({ kind: "tasks", tasks: whole, whole: false });
    return;
  }
  const parts = findParts(context.names, text);
  if (parts.length > 0) {
    push({ kind: "tasks", tasks: parts, whole: true });
    return;
  }
  const calls: Calls = { self: new Set([index]), least: 0.7, report: true, field: true };
  const reading = readReferences(context, words(text), 0, { numbers: true, named: true, calls });
  for (const operand of reading.operands) push(operand);
  const [unknown] = reading.unknown;
  // one word in a field of data is an id, and there is none such
  if (unknown !== undefined && unknown.candidates.length === 0 && !/\s/.test(text) && !isElsewhere(text)) {
    const severity = reference.kind === undefined ? "error" : "warning";
    found.diagnostics.push(unknownDependency(context.names, text, source, severity, [index]));
    if (severity === "error") return;
  }
  const waiting = direction === "after" ? [index] : [];
  const severity = reference.kind === undefined ? "error" : "warning";
  reportReading(context, reading, reference.place, { origin, waiting, severity }, found);
}

/** Whether a fence holds code: a comment in it says nothing about tasks. A bare fence or one of text may hold a plan. */
export function isCode(fence: string): boolean {
  return fence !== "" && !/^(?:text|txt|plain|ascii)\b/i.test(fence);
}
