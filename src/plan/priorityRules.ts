import { reachableCounts } from "../graph/reachability.ts";
import type { Problem } from "./problem.ts";

/** Gives each node a key: the smaller, the sooner it is scheduled. */
export type PriorityRule = (problem: Problem) => Float64Array;

/** As listed. */
export const documentOrder: PriorityRule = (problem) => Float64Array.from(problem.durations, (_, v) => v);

/** Longest remaining chain first: the latest start (LST) and the rank of HEFT (Topcuoglu 2002), which order alike. */
export const longestTail: PriorityRule = (problem) => problem.tails.map((tail) => -tail);

/** Latest finish time first (LFT). */
export const latestFinish: PriorityRule = (problem) => problem.tails.map((tail, v) => problem.durations[v]! - tail);

/** Most total successors first (MTS). */
export const mostSuccessors: PriorityRule = (problem) => reachableCounts(problem.graph).map((count) => -count);

/** Greatest rank positional weight first (GRPW): its own minutes and those of what directly waits for it. */
export const rankWeight: PriorityRule = ({ graph, durations }) =>
  durations.map((duration, v) => {
    let weight = duration;
    for (let k = graph.successorStart[v]!; k < graph.successorStart[v + 1]!; k++) {
      weight += durations[graph.successors[k]!]!;
    }
    return -weight;
  });
