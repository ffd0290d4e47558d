import { topologicalOrder } from "../graph/topologicalOrder.ts";
import { lowerBound } from "./lowerBound.ts";
import { parallelSchedule } from "./parallelSchedule.ts";
import {
  documentOrder,
  latestFinish,
  longestTail,
  mostSuccessors,
  rankWeight,
  type PriorityRule,
} from "./priorityRules.ts";
import { mirrored, type Problem } from "./problem.ts";
import { serialSchedule } from "./serialSchedule.ts";

export interface Schedule {
  /** Minutes after the beginning at which each node starts. */
  readonly starts: Float64Array;
  /** Minutes until the last one ends. */
  readonly minutes: number;
}

const rules: readonly PriorityRule[] = [longestTail, documentOrder, latestFinish, mostSuccessors, rankWeight];

/** A schedule is pushed to its end and back to its beginning once, and once more if that made it the best so far. */
const justifications = 2;

/** Tasks placed in all schedules together: everything is tried up to 200 tasks, at least two schedules for any number. */
const mostPlacements = 20_000;

/**
 * The best of a fixed set of schedules, the same each time: five priority rules, serial and parallel generation, forward
 * and backward in time, each improved by forward-backward justification (Valls, Ballestín and Quintanilla 2005). It is
 * never longer than document order without a barrier, and stops early at the lower bound. Fewer `placements` try less of it.
 */
export function bestSchedule(problem: Problem, placements = mostPlacements): Schedule {
  // Sums of minutes in another order may differ in their last bits.
  const goodEnough = lowerBound(problem) * (1 + 1e-12);
  let best = byRule(problem, documentOrder);
  if (best.minutes <= goodEnough) return best;
  const tailsFirst = byRule(problem, longestTail);
  if (tailsFirst.minutes < best.minutes) best = tailsFirst;
  let left = Math.floor(placements / problem.graph.n) - 2;
  if (left <= 0) return best;
  const back = mirrored(problem);
  const isOver = (): boolean => best.minutes <= goodEnough || left <= 0;

  function consider(starts: Float64Array): number {
    const schedule = measured(problem, starts);
    if (schedule.minutes < best.minutes) best = schedule;
    return schedule.minutes;
  }

  for (const rule of rules) {
    for (const towards of [problem, back]) {
      if (isOver()) return best;
      const keys = rule(towards);
      for (const generate of [parallelSchedule, serialByKeys]) {
        if (isOver()) return best;
        let starts = generate(towards, keys);
        left--;
        let minutes = towards === problem ? consider(starts) : Infinity;
        if (towards === back && !isOver()) {
          starts = justified(back, problem, starts);
          left--;
          minutes = consider(starts);
        }
        for (let round = 0; round < justifications && !isOver(); round++) {
          starts = justified(back, problem, justified(problem, back, starts));
          left -= 2;
          const before = minutes;
          minutes = consider(starts);
          if (minutes >= before || minutes > best.minutes) break;
        }
      }
    }
  }
  return best;
}

function serialByKeys(problem: Problem, keys: Float64Array): Float64Array {
  return serialSchedule(problem, topologicalOrder(problem.graph, keys));
}

/** Places the tasks of a schedule anew in the other direction of time, those that end last first. */
function justified(from: Problem, to: Problem, starts: Float64Array): Float64Array {
  return serialByKeys(
    to,
    starts.map((start, v) => -(start + from.durations[v]!)),
  );
}

function byRule(problem: Problem, rule: PriorityRule): Schedule {
  return measured(problem, parallelSchedule(problem, rule(problem)));
}

function measured(problem: Problem, starts: Float64Array): Schedule {
  let minutes = 0;
  for (let v = 0; v < starts.length; v++) minutes = Math.max(minutes, starts[v]! + problem.durations[v]!);
  return { starts, minutes };
}
