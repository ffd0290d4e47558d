import { readFields } from "../../lists/fields.ts";
import type { Phase } from "../../model/list.ts";
import { isNothing } from "./called.ts";
import { isDependencyLabel } from "./cues.ts";
import type { Context } from "./ids.ts";
import type { Beside } from "./sections.ts";
import type { Found, Statement } from "./statement.ts";

/**
 * Phases in order. GitHub spec-kit's rule is Setup → Foundational → every story → Polish, stories side by side; any
 * other ordered phase waits for the one before it. A phase whose dependencies the list states keeps to those, and
 * phases said to run in parallel wait for what stands before both.
 */
export function orderedByPhases(context: Context, found: Found, beside: Beside): void {
  const { list, byPhase } = context.groups;
  const stated = phasesWithStatements(context, found.statements);
  const siblings = new Map<number | null, number[]>();
  for (const [index, phase] of list.phases.entries()) {
    if ((byPhase[index] ?? []).length === 0) continue;
    const known = siblings.get(phase.parent);
    if (known === undefined) siblings.set(phase.parent, [index]);
    else known.push(index);
  }
  for (const group of siblings.values()) orderSiblings(context, group, stated, beside, found);
}

function orderSiblings(
  context: Context,
  group: readonly number[],
  stated: ReadonlySet<number>,
  beside: Beside,
  found: Found,
): void {
  let front: number[] = [];
  let run: number[] = [];
  let kind: Phase["kind"] = null;
  for (const index of group) {
    const phase = context.groups.list.phases[index];
    if (phase === undefined) continue;
    const joins = joinsRun(phase, kind, index, run, beside);
    if (!joins && run.length > 0) {
      front = run;
      run = [];
    }
    run.push(index);
    kind = phase.kind;
    if ((!phase.ordered && phase.kind === null) || stated.has(index)) {
      // it may not wait for what stands before it, so whatever comes later must
      if (run.length === 1) run = [...front, index];
      else if (front.some((before) => !run.includes(before))) run = [...front, ...run];
      continue;
    }
    for (const before of front) {
      if (!beside.has(`${Math.min(before, index)},${Math.max(before, index)}`))
        found.statements.push(phaseStatement(context, before, index));
    }
  }
}

/** Stories stand side by side; so do phases said to, and those that need not wait for the one before. */
function joinsRun(phase: Phase, kind: Phase["kind"], index: number, run: readonly number[], beside: Beside): boolean {
  if (run.length === 0) return false;
  if (phase.kind === "story") return kind === "story";
  if (phase.kind === null && !phase.ordered) return true;
  return run.some((other) => beside.has(`${Math.min(other, index)},${Math.max(other, index)}`));
}

function phaseStatement(context: Context, before: number, after: number): Statement {
  const { list, byPhase } = context.groups;
  const [first, second] = [list.phases[before], list.phases[after]];
  return {
    before: { tasks: byPhase[before] ?? [], whole: true },
    after: { tasks: byPhase[after] ?? [], whole: true },
    kind: "phase",
    evidence: `phase "${second?.name ?? ""}" waits for phase "${first?.name ?? ""}"`,
    source: second?.place ?? null,
    confidence: 0.9,
  };
}

/**
 * Phases of which a section says as a whole what they wait for, or that they wait for nothing; and phases made up of such
 * phases, which a rule must not put in order again.
 */
function phasesWithStatements(context: Context, statements: readonly Statement[]): ReadonlySet<number> {
  const bySize = new Map<string, number>();
  for (const [index, tasks] of context.groups.byPhase.entries()) bySize.set(sideKey(tasks), index);
  const found = new Set<number>();
  for (const statement of statements) {
    if (statement.kind !== "section" || !statement.after.whole || !statement.before.whole) continue;
    const index = bySize.get(sideKey(statement.after.tasks));
    if (index !== undefined) found.add(index);
  }
  const { list, byPhase } = context.groups;
  for (const { text, phaseIndex } of list.prose) {
    if (phaseIndex !== null && readFields(text).some(({ name, value }) => isDependencyLabel(name) && isNothing(value)))
      found.add(phaseIndex);
  }
  for (let index = list.phases.length - 1; index >= 0; index -= 1) {
    const parts = list.phases.flatMap(({ parent }, part) => (parent === index ? part : []));
    const covered = new Set(parts.flatMap((part) => (found.has(part) ? (byPhase[part] ?? []) : [])));
    const tasks = byPhase[index] ?? [];
    if (parts.length > 0 && tasks.length > 0 && tasks.every((task) => covered.has(task))) found.add(index);
  }
  return found;
}

/** Phases are contiguous or nearly so: their ends and size tell them apart. */
function sideKey(tasks: readonly number[]): string {
  return `${tasks[0] ?? ""},${tasks.at(-1) ?? ""},${tasks.length}`;
}
