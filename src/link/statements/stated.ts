import type { EdgeKind } from "../../model/graph.ts";
import type { Reference } from "../../model/task.ts";
import { readClauses } from "./clauses.ts";
import type { Operand } from "./groupIndex.ts";
import type { Context } from "./ids.ts";
import { readReferences } from "./references.ts";
import { findParts, findTask } from "./resolve.ts";
import {
  ambiguousId,
  clauseStatements,
  one,
  pushStatement,
  readingProblems,
  unknownDependency,
  type Found,
} from "./statement.ts";
import { words } from "./words.ts";

const nothing = new Set([
  "",
  "none",
  "nothing",
  "no",
  "n/a",
  "na",
  "null",
  "nil",
  "-",
  "—",
  "–",
  "[]",
  "keine",
  "ninguna",
  "nenhuma",
  "无",
  "なし",
]);

/** What each task says of itself: its dependency fields, and dependency words in its own lines. */
export function statedByTasks(context: Context, found: Found): void {
  // made once: a list may have a million references
  const singles = context.names.tasks.map((_, index) => one(index));
  for (const [index, task] of context.names.tasks.entries()) {
    for (const reference of task.dependsOn) fieldStatement(context, reference, index, singles, "after", found);
    for (const reference of task.blocks) fieldStatement(context, reference, index, singles, "before", found);
    for (const line of task.lines) {
      for (const clause of readClauses(context, line, "own")) {
        clauseStatements(context, clause, one(index), "stated", found);
      }
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
  if (nothing.has(text.toLowerCase())) return;
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
  const reading = readReferences(context, words(text), 0, { numbers: true, named: true });
  for (const operand of reading.operands) push(operand);
  const severity = reference.kind === undefined ? "error" : "warning";
  found.diagnostics.push(...readingProblems(context.names, reading, reference.place, severity));
  if (reading.operands.length + reading.dangling.length + reading.ambiguous.length > 0) return;
  if (/\s/.test(text) || /[/:]/.test(text)) {
    found.diagnostics.push({
      severity: "info",
      rule: "not-a-task",
      message: `\`${context.names.tasks[index]?.id ?? ""}\` names something that is no task of this list: \`${text}\``,
      expected: "ids of tasks",
      fix: "nothing, if it holds already; otherwise name the task that makes it so",
      place: reference.place,
    });
    return;
  }
  found.diagnostics.push(unknownDependency(context.names, text, reference.place, severity));
}
