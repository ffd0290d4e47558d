import type { PlanIndex } from "../../../run/planIndex.ts";
import type { RunState } from "../../../model/run.ts";

/** No worker is given less than this, in dollars: nothing comes of it. */
export const leastAllowance = 0.01;

/** What the next worker of a task may cost, in dollars. */
export type Allowance =
  /** Null: as much as it takes. */
  | { readonly kind: "now"; readonly dollars: number | null }
  /** What is not spent is promised to workers that run, who may not need it. */
  | { readonly kind: "wait" }
  | { readonly kind: "task-spent"; readonly budget: number }
  | { readonly kind: "run-spent"; readonly budget: number; readonly spent: number };

/**
 * What is left of the run's budget is what was neither spent nor promised to a worker that lives, so that all of them together
 * never cost more. A task without a budget of its own gets an equal share of that, one for each of the `free` workers that
 * could still be launched, and no less than the dearest task so far: a worker that will not come to an end is not worth its price.
 */
export function allowanceOf(index: PlanIndex, state: RunState, task: string, free: number): Allowance {
  const { budgetPerRun, budgetPerTask } = index.plan.config;
  const ofTask = budgetPerTask === undefined ? null : budgetPerTask - (state.tasks.get(task)?.dollars ?? 0);
  if (ofTask !== null && ofTask < leastAllowance) return { kind: "task-spent", budget: budgetPerTask ?? 0 };
  if (budgetPerRun === undefined) return { kind: "now", dollars: ofTask };
  const { left, spent, promised } = restOf(index, state, budgetPerRun);
  // Its reviewer may cost as much again.
  const times = index.plan.config.reviewer === undefined ? 1 : 2;
  const dearest = Math.max(leastAllowance, ...[...state.tasks.values()].map(({ dollars }) => dollars));
  const waiting = [...state.tasks.values()].filter(({ status }) => status === "pending").length;
  const share = ofTask ?? Math.max(dearest, left / times / Math.max(1, Math.min(free, waiting)));
  if (share * times <= left) return { kind: "now", dollars: share };
  return promised > 0 ? { kind: "wait" } : { kind: "run-spent", budget: budgetPerRun, spent };
}

/** Dollars of a run's budget: spent by workers that have ended, promised to those that live and to their reviewers, and the rest. */
function restOf(index: PlanIndex, state: RunState, budget: number): { spent: number; promised: number; left: number } {
  const reviewers = index.plan.config.reviewer === undefined ? 0 : 1;
  let spent = 0;
  let promised = 0;
  for (const { dollars, claim, status, place } of state.tasks.values()) {
    spent += dollars;
    const workers = claim === null || status === "verifying" ? 0 : 1;
    promised += (workers + (claim === null ? 0 : reviewers)) * (place?.dollars ?? 0);
  }
  return { spent, promised, left: budget - spent - promised };
}
