import type { Lock } from "../model/graph.ts";
import type { Plan, PlannedTask } from "../model/plan.ts";

/** A plan laid out for the questions that dispatch asks at every event. */
export interface PlanIndex {
  readonly plan: Plan;
  readonly tasks: ReadonlyMap<string, PlannedTask>;
  /** What each task waits for, in the order of the plan's edges. */
  readonly needs: ReadonlyMap<string, readonly string[]>;
  readonly locks: ReadonlyMap<string, readonly { readonly lock: Lock; readonly amount: number }[]>;
}

export function indexPlan(plan: Plan): PlanIndex {
  const needs = new Map<string, string[]>(plan.tasks.map((task) => [task.id, []]));
  for (const edge of plan.edges) needs.get(edge.to)?.push(edge.from);
  const locks = new Map<string, { lock: Lock; amount: number }[]>(plan.tasks.map((task) => [task.id, []]));
  for (const lock of plan.locks)
    for (const holder of lock.holders) locks.get(holder.task)?.push({ lock, amount: holder.amount });
  return {
    plan,
    tasks: new Map(plan.tasks.map((task) => [task.id, task])),
    needs,
    locks,
  };
}
