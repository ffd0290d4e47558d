import type { RunState } from "../model/run.ts";
import { isOpen } from "../model/isOpen.ts";
import { startable } from "../plan/live.ts";
import { problemOf } from "../plan/problem.ts";
import type { PlanIndex } from "./planIndex.ts";
import { isSatisfied, runningTasks } from "./whyNot.ts";

/**
 * Which tasks to launch now, in order, by the rule of a live run: the longest remaining tail first, nothing idle that may
 * start. `whyNot` admits each of them beside those before it, and then nothing more.
 */
export function dispatch(index: PlanIndex, state: RunState): string[] {
  if (state.stopped !== null || state.checking !== null) return [];
  const { plan } = index;
  const open = plan.tasks.filter(isOpen);
  const nodes = new Map(open.map(({ id }, node) => [id, node]));
  const running = runningTasks(state).flatMap((id) => nodes.get(id) ?? []);
  const ready = open.flatMap(({ id }, node) => {
    const waits = (index.needs.get(id) ?? []).some((need) => !isSatisfied(index, state, need));
    return state.tasks.get(id)?.status === "pending" && !waits ? node : [];
  });
  const { maxWorkers } = plan.config;
  const tails = Float64Array.from(open, ({ priority }) => priority);
  const chosen = startable({ ...problemOf(plan, maxWorkers), tails }, { ready, running }, maxWorkers - running.length);
  return chosen.map((node) => open[node]?.id ?? "");
}
