import { isOpen } from "../model/isOpen.ts";
import { parallelSchedule } from "./parallelSchedule.ts";
import { longestTail } from "./priorityRules.ts";
import { problemOf, type Scope } from "./problem.ts";

/**
 * The picture of a plan, as ids: a batch holds what may run together once the batches before it are done, however many
 * workers there are, in document order; those that head the longest chains come as early as they can.
 */
export function batches(scope: Scope): string[][] {
  const open = scope.tasks.filter(isOpen);
  const problem = problemOf(scope, Math.max(1, open.length));
  const unit = { ...problem, durations: problem.durations.map(() => 1) };
  const groups: string[][] = [];
  for (const [v, number] of parallelSchedule(unit, longestTail(problem)).entries()) {
    while (groups.length <= number) groups.push([]);
    groups[number]?.push(open[v]?.id ?? "");
  }
  return groups;
}
