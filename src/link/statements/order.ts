import type { Phase } from "../../model/list.ts";
import type { ListedTask } from "../../model/task.ts";
import type { Context } from "./ids.ts";
import type { Found, Statement } from "./statement.ts";

/** What the task or else the nearest heading over it that says so says about running side by side. */
export function saidParallel(task: ListedTask, phases: readonly Phase[]): boolean | null {
  if (task.parallel !== null) return task.parallel;
  let index = task.phaseIndex;
  for (let depth = 0; index !== null && depth < 10; depth += 1) {
    const phase: Phase | undefined = phases[index];
    if (phase === undefined) return null;
    if (phase.parallel !== null) return phase.parallel;
    index = phase.parent;
  }
  return null;
}

/** The phase whose tasks stand in one order: a heading inside an ordered phase or a story only names a part of it. */
function orderingPhase(phases: readonly Phase[], index: number | null): number | null {
  let at = index;
  for (let depth = 0; at !== null && depth < 10; depth += 1) {
    const phase: Phase | undefined = phases[at];
    if (phase === undefined || phase.ordered || phase.kind !== null || phase.parent === null) return at;
    const parent: Phase | undefined = phases[phase.parent];
    if (parent === undefined || !(parent.ordered || parent.kind !== null)) return at;
    at = phase.parent;
  }
  return at;
}

/** One stretch of tasks in order: what the next must wait for, and the tasks side by side since. */
interface Stretch {
  front: readonly number[];
  run: number[];
  /** What the tasks of the run have in common: side by side reaches no further. */
  group: string;
}

/**
 * Edges of document order, inside each phase: an unmarked task waits for all before it and holds back all after it,
 * parallel ones stand side by side. With nobody marked parallel that is a plain sequence. In a list that is a sequence
 * as a whole, phases make no difference but one: side by side reaches no further than one of them. Containers take no place of
 * their own: their children do, and side by side reaches no further than one parent.
 */
export function statedByOrder(context: Context, found: Found): void {
  const { list } = context.groups;
  const stretches = new Map<number | null, Stretch>();
  for (const [index, task] of context.names.tasks.entries()) {
    if ((context.lastDescendant[index] ?? index) > index || task.gate) continue;
    const phase = list.order === "sequence" ? null : orderingPhase(list.phases, task.phaseIndex);
    const parallel = saidParallel(task, list.phases);
    if (list.order === "none" && !(parallel === false && task.parallel === null)) continue;
    const stretch = stretches.get(phase) ?? { front: [], run: [], group: "" };
    stretches.set(phase, stretch);
    place(context, stretch, index, parallel === true, found.statements);
  }
}

function place(context: Context, stretch: Stretch, index: number, parallel: boolean, statements: Statement[]): void {
  const task = context.names.tasks[index];
  if (task === undefined) return;
  const group = JSON.stringify([task.parent, context.groups.list.order === "sequence" ? task.phaseIndex : null]);
  if (stretch.run.length > 0 && (!parallel || stretch.group !== group)) {
    stretch.front = stretch.run;
    stretch.run = [];
  }
  if (stretch.front.length > 0) {
    const first = context.names.tasks[stretch.front[0] ?? 0]?.id ?? "";
    const last = context.names.tasks[stretch.front.at(-1) ?? 0]?.id ?? "";
    const names = first === last ? `\`${first}\`` : `\`${first}\` … \`${last}\``;
    statements.push({
      before: { tasks: stretch.front, whole: false },
      after: { tasks: [index], whole: false },
      kind: "order",
      evidence: `stands after ${names}${parallel ? ", which may not run beside others" : " and is not marked parallel"}`,
      source: task.source,
      confidence: 0.8,
    });
  }
  if (parallel) {
    stretch.run.push(index);
    stretch.group = group;
  } else {
    stretch.front = [index];
  }
}
