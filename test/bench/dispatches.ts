import { levels } from "../../src/graph/levels.ts";
import type { Problem } from "../../src/plan/problem.ts";
import type { Dispatch } from "../plan/simulate.ts";

/** What tools with batches do: launch all that is ready and fits, then wait for all of it. */
export const inBatches: Dispatch = (problem, { ready, running }) =>
  running.length > 0
    ? []
    : fitting(
        problem,
        ready.toSorted((a, b) => a - b),
        [],
      );

/** Levels of the graph one after another, each with a pool of workers: a barrier behind each level. */
export function byLevels(problem: Problem): Dispatch {
  const level = levels(problem.graph);
  return (_, { ready, running }) => {
    const lowest = Math.min(...[...ready, ...running].map((v) => level[v] ?? 0));
    const sameLevel = ready.filter((v) => level[v] === lowest).toSorted((a, b) => a - b);
    return fitting(problem, sameLevel, running);
  };
}

/** No barrier, as listed. */
export const asListed: Dispatch = (problem, { ready, running }) =>
  fitting(
    problem,
    ready.toSorted((a, b) => a - b),
    running,
  );

/** No barrier, in the order of a schedule that was made before the run. */
export function inOrderOf(starts: Float64Array): Dispatch {
  return (problem, { ready, running }) =>
    fitting(
      problem,
      ready.toSorted((a, b) => (starts[a] ?? 0) - (starts[b] ?? 0) || a - b),
      running,
    );
}

function fitting(problem: Problem, candidates: readonly number[], running: readonly number[]): number[] {
  const free = [...problem.capacities];
  const demands = (v: number): [number, number][] => {
    const own: [number, number][] = [];
    for (let k = problem.demandStart[v] ?? 0; k < (problem.demandStart[v + 1] ?? 0); k++) {
      own.push([problem.demandResource[k] ?? 0, problem.demandAmount[k] ?? 0]);
    }
    return own;
  };
  const take = (v: number): void => {
    for (const [resource, amount] of demands(v)) free[resource] = (free[resource] ?? 0) - amount;
  };
  for (const v of running) take(v);
  return candidates.filter((v) => {
    const fits = demands(v).every(([resource, amount]) => amount <= (free[resource] ?? 0));
    if (fits) take(v);
    return fits;
  });
}
