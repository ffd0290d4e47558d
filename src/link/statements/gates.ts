import type { Place } from "../../model/place.ts";
import type { Context } from "./ids.ts";
import type { Found } from "./statement.ts";

/**
 * A gate waits for everything that ends between the gate before it and itself, and holds back everything up to the next
 * one. A container around a gate is on neither side: it ends after all its children.
 */
export function heldByGates(context: Context, found: Found): void {
  const { tasks } = context.names;
  const gates = tasks.flatMap((task, index) => (task.gate ? index : []));
  if (gates.length === 0) return;
  const ending: number[][] = tasks.map(() => []);
  for (const [index, last] of context.lastDescendant.entries()) ending[last]?.push(index);
  for (const [number, gate] of gates.entries()) {
    const since = gates[number - 1] ?? 0;
    const until = gates[number + 1] ?? tasks.length - 1;
    const task = tasks[gate];
    if (task === undefined) continue;
    const before = ending.slice(since, gate).flat();
    const after = Array.from({ length: until - gate }, (_, k) => gate + 1 + k);
    push(found, before, [gate], `\`${task.id}\` is a checkpoint for all before it`, task.source);
    push(found, [gate], after, `stands after the checkpoint \`${task.id}\``, task.source);
  }
}

function push(
  found: Found,
  before: readonly number[],
  after: readonly number[],
  evidence: string,
  source: Place,
): void {
  if (before.length === 0 || after.length === 0) return;
  const sides = { before: { tasks: before, whole: true }, after: { tasks: after, whole: true } };
  found.statements.push({ ...sides, kind: "gate", evidence, source, confidence: 1 });
}
