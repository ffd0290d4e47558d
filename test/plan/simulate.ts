import { startable } from "../../src/plan/live.ts";
import type { Problem } from "../../src/plan/problem.ts";

/** Which ready nodes start now. */
export type Dispatch = (problem: Problem, moment: { ready: number[]; running: number[] }, slots: number) => number[];

/**
 * Plays a run: tasks last as long as `actual` says, which the dispatch does not know. Returns the start of each node.
 * As in a run, the rule is asked once more after each launch message, until it wants nothing.
 */
export function simulate(problem: Problem, actual = problem.durations, dispatch: Dispatch = startable): Float64Array {
  const { graph } = problem;
  const starts = new Float64Array(graph.n);
  const ends = new Float64Array(graph.n);
  const unmet = Int32Array.from(
    starts,
    (_, v) => (graph.predecessorStart[v + 1] ?? 0) - (graph.predecessorStart[v] ?? 0),
  );
  let ready = [...unmet.keys()].filter((v) => unmet[v] === 0);
  let running: number[] = [];
  for (let now = 0; ready.length + running.length > 0;) {
    const chosen = dispatch(problem, { ready, running }, Infinity);
    if (chosen.length > 0) {
      for (const v of chosen) {
        starts[v] = now;
        ends[v] = now + (actual[v] ?? 0);
      }
      running.push(...chosen);
      ready = ready.filter((v) => !chosen.includes(v));
    }
    now = Infinity;
    for (const v of running) now = Math.min(now, ends[v] ?? 0);
    if (now === Infinity) throw new Error("nothing runs and nothing starts");
    const still: number[] = [];
    for (const v of running) {
      if ((ends[v] ?? 0) > now) {
        still.push(v);
        continue;
      }
      for (const next of graph.successors.subarray(graph.successorStart[v], graph.successorStart[v + 1])) {
        unmet[next] = (unmet[next] ?? 0) - 1;
        if (unmet[next] === 0) ready.push(next);
      }
    }
    running = still;
  }
  return starts;
}

/** Minutes until the last task ends. */
export function makespan(starts: Float64Array, durations: Float64Array): number {
  return starts.reduce((end, start, v) => Math.max(end, start + (durations[v] ?? 0)), 0);
}
