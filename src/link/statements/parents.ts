import type { Diagnostic } from "../../model/diagnostic.ts";
import type { Edge } from "../../model/graph.ts";
import type { ListedTask } from "../../model/task.ts";
import type { Context } from "./ids.ts";
import type { Found, Statement } from "./statement.ts";

/** A container is done after its children. */
export function finishedByChildren(context: Context, found: Found): void {
  const { tasks } = context.names;
  const byId = new Map(tasks.map((task, index) => [task.id, index]));
  for (const [index, task] of tasks.entries()) {
    const parent = task.parent === null ? undefined : byId.get(task.parent);
    if (parent === undefined || parent === index) continue;
    found.statements.push({
      before: { tasks: [index], whole: false },
      after: { tasks: [parent], whole: false },
      kind: "parent",
      evidence: `\`${task.id}\` is a part of \`${tasks[parent]?.id ?? ""}\``,
      source: task.source,
      confidence: 1,
    });
  }
}

/** What a container waits for, its parts wait for too. */
export function passedToChildren(context: Context, statements: readonly Statement[]): Statement[] {
  if (context.names.tasks.every(({ parent }) => parent === null)) return [];
  return statements.flatMap((statement) => {
    if (statement.kind === "parent" || statement.kind === "order" || statement.after.whole) return [];
    return statement.after.tasks.flatMap((container) => {
      const last = context.lastDescendant[container] ?? container;
      if (last === container) return [];
      const before = statement.before.tasks.filter((task) => task < container || task > last);
      const inside = Array.from({ length: last - container }, (_, k) => container + 1 + k);
      return before.length === 0
        ? []
        : [{ ...statement, before: { tasks: before, whole: false }, after: { tasks: inside, whole: true } }];
    });
  });
}

/** A part that waits for the whole would wait for itself. */
export function dependenciesOnParents(tasks: readonly ListedTask[], edges: readonly Edge[]): Diagnostic[] {
  if (tasks.every((task) => task.parent === null)) return [];
  const byId = new Map(tasks.map((task) => [task.id, task]));
  return edges.flatMap((edge) => {
    if (edge.kind !== "stated" && edge.kind !== "graph" && edge.kind !== "section") return [];
    let ancestor = byId.get(edge.to)?.parent ?? null;
    for (let depth = 0; ancestor !== null && depth < 20; depth += 1) {
      if (ancestor === edge.from) {
        return [
          {
            severity: "error" as const,
            rule: "depends-on-parent",
            message: `Unexpected dependency of \`${edge.to}\` on \`${edge.from}\`, which it is a part of: ${edge.evidence}`,
            expected: "a part that does not wait for the whole",
            fix: `name the task inside \`${edge.from}\` that was meant, or remove the reference`,
            place: edge.source,
          },
        ];
      }
      ancestor = byId.get(ancestor)?.parent ?? null;
    }
    return [];
  });
}
