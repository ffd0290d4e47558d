import type { Problem } from "../../src/plan/problem.ts";

/**
 * What is wrong with a schedule, in words; nothing when it is valid: each task starts after its predecessors end, and at
 * every start no resource is over its capacity. Written without any of the code it judges.
 */
export function faults(problem: Problem, starts: Float64Array, durations = problem.durations): string[] {
  const { graph, capacities } = problem;
  const found: string[] = [];
  if (starts.length !== graph.n) return [`${starts.length} starts for ${graph.n} tasks`];
  const end = (v: number): number => (starts[v] ?? Number.NaN) + (durations[v] ?? Number.NaN);
  const usage: { at: number; resource: number; change: number }[] = [];
  for (let v = 0; v < graph.n; v++) {
    const start = starts[v] ?? Number.NaN;
    if (!(start >= 0)) found.push(`${v} starts at ${start}`);
    for (const before of graph.predecessors.subarray(graph.predecessorStart[v], graph.predecessorStart[v + 1])) {
      if (start < end(before)) found.push(`${v} starts at ${start}, before ${before} ends at ${end(before)}`);
    }
    if (end(v) === start) continue;
    for (let k = problem.demandStart[v] ?? 0; k < (problem.demandStart[v + 1] ?? 0); k++) {
      const [resource, amount] = [problem.demandResource[k] ?? 0, problem.demandAmount[k] ?? 0];
      usage.push({ at: start, resource, change: amount }, { at: end(v), resource, change: -amount });
    }
  }
  // What ends at a moment has let go of its resources before what starts then takes them.
  usage.sort((a, b) => a.at - b.at || a.change - b.change);
  const used = capacities.map(() => 0);
  for (const { at, resource, change } of usage) {
    used[resource] = (used[resource] ?? 0) + change;
    if ((used[resource] ?? 0) > (capacities[resource] ?? 0))
      found.push(`resource ${resource} is over its capacity at ${at}`);
  }
  return found;
}
