import type { Forecast } from "../model/plan.ts";
import { isOpen } from "../model/isOpen.ts";
import { lowerBound } from "./lowerBound.ts";
import { actualMinutes, spreadOf, usualSpread } from "./noise.ts";
import { parallelSchedule } from "./parallelSchedule.ts";
import { quantile } from "./pastRuns.ts";
import { longestTail } from "./priorityRules.ts";
import { problemOf, withWorkers, type Problem, type Scope } from "./problem.ts";
import { bestSchedule } from "./schedule.ts";

/** Minutes that launching and verifying one task costs the session, one task after another. */
export const overheadPerTask = 0.5;

/** Runs that are simulated for the headline; fewer where a list is so long that they would take seconds. */
const mostRuns = 20;
const mostPlacements = { headline: 20_000, comparing: 500 };

/**
 * How long the open tasks take: the median of simulated runs, in which every task takes more or less than its estimate
 * and the rule of a live run decides what starts. The same plan always gets the same forecast. More workers never take
 * longer.
 */
export function forecast(scope: Scope, maxWorkers: number): Omit<Forecast, "tokens" | "dollars"> {
  const counts = [...new Set([1, 2, 3, 5, 8, maxWorkers])].toSorted((a, b) => a - b);
  const widest = problemOf(scope, Math.max(...counts));
  const problem = withWorkers(widest, maxWorkers);
  const n = problem.graph.n;
  const runs = runsFor(mostPlacements.headline, n, 4);
  const actual = actualMinutes(problem.durations, spreads(scope), runs);
  const sums = actual.map((durations) => durations.reduce((sum, minutes) => sum + minutes, 0));

  const atBest = bestSchedule(problem).minutes;
  const made = makespans(problem, actual);
  const expected = Math.max(atBest, median(made));
  const sequentialMinutes = problem.durations.reduce((sum, minutes) => sum + minutes, 0);
  return {
    workers: maxWorkers,
    sequentialMinutes,
    expectedMinutes: expected,
    rangeMinutes: [Math.min(expected, at(made, 0.1)), Math.max(expected, at(made, 0.9))],
    parallelMinutes: atBest,
    // Both are sums of minutes; in another order their last bits may differ.
    lowerBoundMinutes: Math.min(atBest, lowerBound(problem)),
    speedup: n === 0 ? 1 : median(made.map((minutes, run) => (sums[run] ?? minutes) / minutes)),
    overheadMinutes: overheadPerTask * n,
    byWorkers: compared(
      widest,
      counts,
      maxWorkers,
      expected,
      sequentialMinutes,
      actual.slice(0, runsFor(mostPlacements.comparing, n, 2)),
    ),
  };
}

/** Median minutes of simulated runs of a problem, its estimates as good as they usually are. */
export function expectedMakespan(problem: Problem): number {
  const spreads = problem.durations.map(() => usualSpread);
  return median(makespans(problem, actualMinutes(problem.durations, spreads, mostRuns)));
}

/**
 * The same with other numbers of workers: in the same simulated runs, so that a difference comes from the workers alone.
 * A few runs suffice, because only their ratio to the same runs with `asked` workers counts.
 */
function compared(
  widest: Problem,
  counts: readonly number[],
  asked: number,
  expected: number,
  sequential: number,
  actual: readonly Float64Array[],
): { workers: number; minutes: number }[] {
  const medians = counts.map((workers) => median(makespans(withWorkers(widest, workers), actual)));
  const own = medians[counts.indexOf(asked)] ?? 0;
  const minutes = medians.map((each) => (own === 0 ? 0 : (expected * each) / own));
  // One after another, early and late ends even out: one worker takes the sum, which people know from their list.
  if (asked !== 1) minutes[0] = sequential;
  // The live rule looks one step ahead: now and then one worker more makes it a little slower, and is then left idle.
  const before = counts.indexOf(asked);
  for (let k = before - 1; k >= 0; k--) minutes[k] = Math.max(minutes[k] ?? 0, minutes[k + 1] ?? 0);
  for (let k = before + 1; k < counts.length; k++) minutes[k] = Math.min(minutes[k] ?? 0, minutes[k - 1] ?? 0);
  return counts.map((workers, k) => ({ workers, minutes: minutes[k] ?? 0 }));
}

/** The minutes that a live run takes for each set of actual minutes; it orders by the estimates, which is all it knows. */
function makespans(problem: Problem, actual: readonly Float64Array[]): number[] {
  const keys = longestTail(problem);
  return actual.map((durations) => {
    const starts = parallelSchedule({ ...problem, durations }, keys);
    return starts.reduce((end, start, v) => Math.max(end, start + (durations[v] ?? 0)), 0);
  });
}

/** The spread of each open task: of past runs where there were enough of them. */
function spreads(scope: Scope): Float64Array {
  return Float64Array.from(scope.tasks.filter(isOpen), ({ estimateRange, corrected }) =>
    corrected == null || estimateRange == null ? usualSpread : spreadOf(estimateRange),
  );
}

/** An even number of runs, because they come in pairs. */
function runsFor(placements: number, n: number, fewest: number): number {
  return Math.min(mostRuns, Math.max(fewest, 2 * Math.floor(placements / Math.max(1, n) / 2)));
}

function median(values: readonly number[]): number {
  return at(values, 0.5);
}

function at(values: readonly number[], part: number): number {
  return quantile(
    values.toSorted((a, b) => a - b),
    part,
  );
}
