import type { Forecast } from "../model/plan.ts";
import { isOpen } from "../model/isOpen.ts";
import { lowerBound } from "./lowerBound.ts";
import { parallelSchedule } from "./parallelSchedule.ts";
import { longestTail } from "./priorityRules.ts";
import { problemOf, withWorkers, type Problem, type Scope } from "./problem.ts";
import { bestSchedule } from "./schedule.ts";

/** Minutes that launching and verifying one task costs the session, one task after another. */
export const overheadPerTask = 0.5;

/** Tasks placed to compare another number of workers: enough to advise, and a quarter of the time of a preview saved. */
const comparing = 500;

/** How long the open tasks take, alone and with several numbers of workers. More workers never take longer. */
export function forecast(scope: Scope, maxWorkers: number): Omit<Forecast, "tokens" | "dollars"> {
  const counts = [...new Set([1, 2, 3, 5, 8, maxWorkers])].toSorted((a, b) => a - b);
  const widest = problemOf(scope, Math.max(...counts));
  const byWorkers: { workers: number; minutes: number }[] = [];
  let parallelMinutes = Infinity;
  let fewest = Infinity;
  for (const workers of counts) {
    // What suits fewer workers suits more of them too.
    const asked = workers === maxWorkers;
    fewest = Math.min(fewest, bestSchedule(withWorkers(widest, workers), asked ? undefined : comparing).minutes);
    byWorkers.push({ workers, minutes: fewest });
    if (asked) parallelMinutes = fewest;
  }
  const problem = withWorkers(widest, maxWorkers);
  const sequentialMinutes = problem.durations.reduce((sum, minutes) => sum + minutes, 0);
  return {
    workers: maxWorkers,
    sequentialMinutes,
    parallelMinutes,
    // Both are sums of minutes; in another order their last bits may differ.
    lowerBoundMinutes: Math.min(parallelMinutes, lowerBound(problem)),
    rangeMinutes: range(scope, problem, parallelMinutes),
    speedup: parallelMinutes === 0 ? 1 : sequentialMinutes / parallelMinutes,
    overheadMinutes: overheadPerTask * problem.graph.n,
    byWorkers,
  };
}

/** How long it takes if every guess is at its least, and at its most, in the order that a run prefers. */
function range(scope: Scope, problem: Problem, minutes: number): [number, number] {
  const ranges = scope.tasks.filter(isOpen).map((task) => task.estimateRange ?? null);
  if (ranges.every((each) => each === null)) return [minutes, minutes];
  const ends = (pick: 0 | 1): number => {
    const durations = problem.durations.map((duration, v) => ranges[v]?.[pick] ?? duration);
    const starts = parallelSchedule({ ...problem, durations }, longestTail(problem));
    return starts.reduce((end, start, v) => Math.max(end, start + (durations[v] ?? 0)), 0);
  };
  return [Math.min(minutes, ends(0)), Math.max(minutes, ends(1))];
}
