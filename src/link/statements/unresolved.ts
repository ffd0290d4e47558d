import type { Context } from "./ids.ts";
import type { Found } from "./statement.ts";

/**
 * A task that waits for something nobody can find is not independent: until a person says what is meant, it runs after
 * everything above it in its file. These edges are the weakest of all statements, so that they never close a cycle.
 */
export function heldBack(context: Context, found: Found): void {
  const { tasks } = context.names;
  for (const { tasks: named, text, evidence, source } of found.unresolved) {
    const waiting = named.filter((index) => tasks[index]?.status !== "done");
    if (waiting.length === 0) continue;
    const first = Math.min(...waiting.slice(0, 1000));
    const file = tasks[first]?.source.file;
    const above = tasks.flatMap((task, index) =>
      index < first && task.source.file === file && (context.lastDescendant[index] ?? index) < first ? index : [],
    );
    if (above.length === 0) continue;
    found.statements.push({
      before: { tasks: above, whole: true },
      after: { tasks: waiting, whole: waiting.length > 1 },
      kind: "unresolved",
      evidence: `“${evidence}”: \`${text}\` is no task of this list, so what is above comes first`,
      source,
      confidence: 0.3,
    });
  }
}
