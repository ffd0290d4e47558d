import type { Problem } from "./problem.ts";

/** What is known at one moment of a run. */
export interface Moment {
  /** Nodes whose predecessors are done and that have not started, in any order. */
  readonly ready: readonly number[];
  readonly running: readonly number[];
}

/**
 * The rule of a live run: which ready nodes to start now, at most `slots` of them. The one with the longest remaining
 * tail comes first, then the next, and so on through all that fit beside what runs and what was just chosen; nothing
 * waits for a batch to end, and no worker idles while something may start (Graham 1966).
 */
export function startable(problem: Problem, moment: Moment, slots: number): number[] {
  const { demandStart, demandResource, demandAmount, tails } = problem;
  const free = problem.capacities.slice();
  const take = (v: number): void => {
    for (let k = demandStart[v]!; k < demandStart[v + 1]!; k++) {
      free[demandResource[k]!] = free[demandResource[k]!]! - demandAmount[k]!;
    }
  };
  const fits = (v: number): boolean => {
    for (let k = demandStart[v]!; k < demandStart[v + 1]!; k++) {
      if (demandAmount[k]! > free[demandResource[k]!]!) return false;
    }
    return true;
  };
  for (const v of moment.running) take(v);
  const chosen: number[] = [];
  for (const v of moment.ready.toSorted((a, b) => tails[b]! - tails[a]! || a - b)) {
    if (chosen.length >= slots) break;
    if (!fits(v)) continue;
    take(v);
    chosen.push(v);
  }
  return chosen;
}
