import type { Problem } from "./problem.ts";

/**
 * Minutes that no schedule can beat: the longest chain, and for each resource the work on it over its capacity; with
 * the workers as one resource and each lock as another that is work over workers and the busiest file.
 */
export function lowerBound(problem: Problem): number {
  const work = new Float64Array(problem.capacities.length);
  let bound = 0;
  for (let v = 0; v < problem.graph.n; v++) {
    bound = Math.max(bound, problem.tails[v]!);
    for (let k = problem.demandStart[v]!; k < problem.demandStart[v + 1]!; k++) {
      const resource = problem.demandResource[k]!;
      work[resource] = work[resource]! + problem.durations[v]! * problem.demandAmount[k]!;
    }
  }
  for (const [resource, minutes] of work.entries()) bound = Math.max(bound, minutes / problem.capacities[resource]!);
  return bound;
}
