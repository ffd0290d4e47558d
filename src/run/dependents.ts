import type { PlanIndex } from "./planIndex.ts";

/** These tasks, and all that wait for one of them, however far behind it. */
export function withDependents(index: PlanIndex, tasks: Iterable<string>): Set<string> {
  const found = new Set(tasks);
  for (let before = -1; before < found.size;) {
    before = found.size;
    for (const [id, needs] of index.needs) if (needs.some((need) => found.has(need))) found.add(id);
  }
  return found;
}
