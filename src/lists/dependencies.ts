import { findTask, nearestId, taskNames } from "../link/statements/resolve.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { ListedTask, Reference } from "../model/task.ts";

/** How a tool treats a dependency that is no task of its list. */
export interface Missing {
  /** `met`: it does not hold the task back (it lies elsewhere); `unmet`: the task never becomes ready by itself. */
  readonly counts: "met" | "unmet";
  /** Where it may lie, in words: `another phase`. */
  readonly where: string;
}

/** What a reference names: an id of the list, or what to do without. Null leaves it to the spelling of the ids. */
type Find = (text: string, task: ListedTask) => string | Missing | null;

/**
 * Puts ids of this list in place of what dependency fields say, as far as each names one task; link reports what is
 * ambiguous. What names none is reported and counts as the tool counts it. A finished task asks for nothing any more,
 * so its faults are only shown.
 */
export function resolveFields(
  tasks: readonly ListedTask[],
  missing: Missing,
  find: Find = () => null,
): { tasks: ListedTask[]; diagnostics: Diagnostic[] } {
  const names = taskNames(tasks);
  const diagnostics: Diagnostic[] = [];
  const resolved = tasks.map((task): ListedTask => {
    const over = task.status === "done" || task.status === "cancelled";
    let unmet = false;
    const keep = (reference: Reference): Reference[] => {
      const special = find(reference.text, task);
      if (typeof special === "string") return [{ ...reference, text: special }];
      const found = special === null ? findTask(names, reference.text) : [];
      const [only] = found;
      if (only !== undefined && found.length === 1) return [{ ...reference, text: tasks[only]?.writtenId ?? "" }];
      if (found.length > 1 && !over) return [reference];
      const rule = special ?? missing;
      unmet ||= rule.counts === "unmet" && !over && found.length === 0;
      diagnostics.push(
        unresolved(
          task,
          reference,
          rule,
          over,
          found.length,
          diagnostics.length < 20 ? nearestId(names, reference.text) : null,
        ),
      );
      return [];
    };
    const dependsOn = task.dependsOn.flatMap(keep);
    const blocks = task.blocks.flatMap(keep);
    return { ...task, dependsOn, blocks, status: unmet && task.status === "pending" ? "needs-input" : task.status };
  });
  return { tasks: withoutFinishedCycles(resolved, diagnostics), diagnostics };
}

/** Finished tasks that wait for each other in a circle hold nobody up: the reference that closes it is shown and left out. */
function withoutFinishedCycles(tasks: readonly ListedTask[], diagnostics: Diagnostic[]): ListedTask[] {
  const finished = new Map(tasks.filter(({ status }) => status === "done").map((task) => [task.id, task]));
  const state = new Map<string, "open" | "closed">();
  const dropped = new Map<string, Set<string>>();
  for (const root of finished.keys()) {
    const stack = state.has(root) ? [] : [{ id: root, next: 0 }];
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      state.set(top.id, "open");
      const reference = finished.get(top.id)?.dependsOn[top.next];
      top.next += 1;
      if (!reference) {
        state.set(top.id, "closed");
        stack.pop();
      } else if (state.get(reference.text) === "open") {
        dropped.set(top.id, (dropped.get(top.id) ?? new Set()).add(reference.text));
        diagnostics.push({
          severity: "info",
          rule: "finished-cycle",
          message: `\`${top.id}\` and \`${reference.text}\` wait for each other; both are done, so it does not matter`,
          place: reference.place,
        });
      } else if (finished.has(reference.text) && !state.has(reference.text))
        stack.push({ id: reference.text, next: 0 });
    }
  }
  if (dropped.size === 0) return [...tasks];
  return tasks.map((task) => ({
    ...task,
    dependsOn: task.dependsOn.filter(({ text }) => !(finished.has(task.id) && dropped.get(task.id)?.has(text))),
  }));
}

function unresolved(
  task: ListedTask,
  reference: Reference,
  rule: Missing,
  over: boolean,
  found: number,
  near: string | null,
): Diagnostic {
  const { text, place } = reference;
  const external = rule.counts === "met" && found === 0;
  const what =
    found > 1
      ? `${found} tasks answer to it`
      : external
        ? `it lies elsewhere (${rule.where})`
        : `no task has that id (${rule.where})`;
  const effect = over
    ? "the task is finished, so it does not matter"
    : external
      ? "it counts as met"
      : "until it is mended the task is not started";
  return {
    severity: over || external ? "info" : "warning",
    rule: external ? "external-dependency" : "unknown-dependency",
    message: `\`${task.id}\` depends on \`${text}\`: ${what}; ${effect}`,
    expected: near === null ? "the id of a task in this list" : `the id of a task in this list, such as \`${near}\``,
    fix: external ? "nothing, if it is done there" : "write the id of the task that is meant, or remove the reference",
    place,
    length: Math.max(1, text.length),
  };
}

/**
 * For tools in which only finished work satisfies: a task that waits for a cancelled or deferred one is not started
 * until a person decides.
 */
export function onlyDoneSatisfies(tasks: readonly ListedTask[]): { tasks: ListedTask[]; diagnostics: Diagnostic[] } {
  const gone = new Map(
    tasks.flatMap(({ id, status }) => (status === "cancelled" || status === "skipped" ? [[id, status] as const] : [])),
  );
  const diagnostics: Diagnostic[] = [];
  const held = tasks.map((task): ListedTask => {
    const dead = task.dependsOn.find(({ text }) => gone.has(text));
    if (dead === undefined || task.status !== "pending") return task;
    diagnostics.push({
      severity: "warning",
      rule: "needs-cancelled",
      message: `\`${task.id}\` waits for \`${dead.text}\`, which is ${gone.get(dead.text) ?? ""}: its tool counts that as not done, so it is not started`,
      expected: "dependencies that will be done",
      fix: "remove the dependency, or take the other task up again",
      place: dead.place,
    });
    return { ...task, status: "needs-input" };
  });
  return { tasks: held, diagnostics };
}
