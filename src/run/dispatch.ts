import type { Plan } from "../model/plan.ts";
import type { RunState } from "../model/run.ts";
import { isOpen } from "../model/isOpen.ts";
import { startable } from "../plan/live.ts";
import { problemOf, type Problem } from "../plan/problem.ts";
import type { PlanIndex } from "./planIndex.ts";
import { isSatisfied, mergingTasks, runningTasks } from "./whyNot.ts";

/**
 * Which tasks to launch now, in order, by the rule of a live run: the longest remaining tail first, nothing idle that may
 * start. `whyNot` admits each of them beside those before it, and then nothing more, apart from those in `resting`, which
 * keep no place from others.
 */
export function dispatch(index: PlanIndex, state: RunState, resting: ReadonlySet<string> = nobody): string[] {
  if (state.stopped !== null || state.checking !== null || state.paused) return [];
  const { plan } = index;
  const open = plan.tasks.filter(isOpen);
  const nodes = new Map(open.map(({ id }, node) => [id, node]));
  const running = runningTasks(state).flatMap((id) => nodes.get(id) ?? []);
  const ready = open.flatMap(({ id }, node) => {
    const waits = (index.needs.get(id) ?? []).some((need) => !isSatisfied(index, state, need));
    const own = state.tasks.get(id);
    return own?.status === "pending" && own.claim === null && !waits && !resting.has(id) ? node : [];
  });
  const { maxWorkers } = plan.config;
  const tails = Float64Array.from(open, ({ priority }) => priority);
  const problem = problems.get(plan) ?? problemOf(plan, maxWorkers);
  problems.set(plan, problem);
  // Work that waits to be merged holds its files and no worker: it gets those it takes extra, and nobody else has them.
  const merging = mergingTasks(state).flatMap((id) => nodes.get(id) ?? []);
  const capacities = problem.capacities.slice();
  for (const node of merging) capacities[0] = (capacities[0] ?? 0) + (open[node]?.alone === null ? 1 : maxWorkers);
  const chosen = startable(
    { ...problem, capacities, tails },
    { ready, running: [...running, ...merging] },
    maxWorkers - running.length,
  );
  return chosen.map((node) => open[node]?.id ?? "");
}

/** A plan never changes, and dispatch asks at every event. */
const problems = new WeakMap<Plan, Problem>();
const nobody: ReadonlySet<string> = new Set();
