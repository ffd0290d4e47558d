import type { Problem } from "../../src/plan/problem.ts";

/**
 * The shortest makespan of a small problem by branch and bound, written without any of the code it judges: tasks are
 * placed one after another in every order that the edges allow, each as early as it fits; one of these schedules is
 * optimal (Kolisch 1996).
 */
export function shortest(problem: Problem): number {
  const { graph, durations } = problem;
  const starts: (number | undefined)[] = Array.from({ length: graph.n }, () => undefined);
  const end = (v: number): number => (starts[v] ?? 0) + (durations[v] ?? 0);
  const needs = (v: number): Int32Array =>
    graph.predecessors.subarray(graph.predecessorStart[v], graph.predecessorStart[v + 1]);
  let best = Infinity;
  const visit = (placed: readonly number[], soFar: number): void => {
    if (soFar >= best) return;
    if (placed.length === graph.n) {
      best = soFar;
      return;
    }
    for (let v = 0; v < graph.n; v++) {
      if (starts[v] !== undefined || needs(v).some((need) => starts[need] === undefined)) continue;
      const from = needs(v).reduce((time, need) => Math.max(time, end(need)), 0);
      const moments = [from, ...placed.map(end).filter((time) => time > from)].toSorted((a, b) => a - b);
      const busy = placed.map((w) => ({ w, start: starts[w] ?? 0, end: end(w) })).filter((w) => w.end > w.start);
      starts[v] = moments.find((time) => fits(problem, v, time, busy));
      if (starts[v] === undefined) throw new Error("after the last end everything is free");
      visit([...placed, v], Math.max(soFar, end(v)));
      starts[v] = undefined;
    }
  };
  visit([], 0);
  return best;
}

function fits(
  problem: Problem,
  v: number,
  time: number,
  busy: readonly { readonly w: number; readonly start: number; readonly end: number }[],
): boolean {
  const until = time + (problem.durations[v] ?? 0);
  if (until === time) return true;
  const moments = [time, ...busy.map(({ start }) => start).filter((start) => start > time && start < until)];
  const own = demands(problem, v);
  return moments.every((moment) => {
    const beside = busy.filter(({ start, end }) => start <= moment && moment < end);
    return [...own].every(([resource, amount]) => {
      const used = beside.reduce((sum, { w }) => sum + (demands(problem, w).get(resource) ?? 0), 0);
      return used + amount <= (problem.capacities[resource] ?? 0);
    });
  });
}

function demands(problem: Problem, v: number): Map<number, number> {
  const found = new Map<number, number>();
  for (let k = problem.demandStart[v] ?? 0; k < (problem.demandStart[v + 1] ?? 0); k++) {
    found.set(problem.demandResource[k] ?? 0, problem.demandAmount[k] ?? 0);
  }
  return found;
}
