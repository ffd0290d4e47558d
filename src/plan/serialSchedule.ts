import type { Problem } from "./problem.ts";

/**
 * Serial schedule generation (Kolisch 1996): each task of `order` in turn starts at the first moment when what it needs
 * is done and everything it demands is free for as long as it lasts. `order` must respect the edges.
 * Returns the start of each node. O(n²) in the worst case.
 */
export function serialSchedule(problem: Problem, order: Int32Array): Float64Array {
  const { graph, durations, demandStart, demandResource, demandAmount } = problem;
  const starts = new Float64Array(graph.n);
  const profile = emptyProfile(problem);
  for (const v of order) {
    const duration = durations[v]!;
    let start = 0;
    for (let k = graph.predecessorStart[v]!; k < graph.predecessorStart[v + 1]!; k++) {
      const before = graph.predecessors[k]!;
      start = Math.max(start, starts[before]! + durations[before]!);
    }
    const [first, last] = [demandStart[v]!, demandStart[v + 1]!];
    if (duration > 0) {
      for (let k = first, agreed = 0; agreed < last - first; k = k + 1 < last ? k + 1 : first) {
        const moved = earliestFit(profile, demandResource[k]!, demandAmount[k]!, start, duration);
        agreed = moved === start ? agreed + 1 : 1;
        start = moved;
      }
      for (let k = first; k < last; k++)
        reserve(profile, demandResource[k]!, demandAmount[k]!, start, start + duration);
    }
    starts[v] = start;
  }
  return starts;
}

/**
 * What is free of each resource over time, in steps: from `times[i]` to the next step `free[i]` units. The steps of
 * resource `r` stand from `offset[r]` on, `size[r]` of them; the last one has no end and everything free.
 */
interface Profile {
  readonly times: Float64Array;
  readonly free: Int32Array;
  readonly offset: Int32Array;
  readonly size: Int32Array;
}

function emptyProfile(problem: Problem): Profile {
  const resources = problem.capacities.length;
  const offset = new Int32Array(resources + 1);
  for (const resource of problem.demandResource) offset[resource + 1] = offset[resource + 1]! + 2;
  for (let r = 0; r < resources; r++) offset[r + 1] = offset[r + 1]! + offset[r]! + 1;
  const free = new Int32Array(offset[resources]!);
  for (let r = 0; r < resources; r++) free[offset[r]!] = problem.capacities[r]!;
  return { times: new Float64Array(free.length), free, offset, size: new Int32Array(resources).fill(1) };
}

/** Index of the step that is in force at `time`; looked for from the end, where tasks placed in order of time fall. */
function stepAt(profile: Profile, resource: number, time: number): number {
  const { times, offset, size } = profile;
  let step = offset[resource]! + size[resource]! - 1;
  while (times[step]! > time) step--;
  return step;
}

/** The first moment from `time` on at which `amount` units are free for `duration` minutes. */
function earliestFit(profile: Profile, resource: number, amount: number, time: number, duration: number): number {
  const { times, free } = profile;
  const last = profile.offset[resource]! + profile.size[resource]! - 1;
  let start = time;
  for (let step = stepAt(profile, resource, time); step < last; step++) {
    if (free[step]! < amount) start = times[step + 1]!;
    else if (times[step + 1]! >= start + duration) return start;
  }
  return start;
}

function reserve(profile: Profile, resource: number, amount: number, start: number, end: number): void {
  const { times, free, offset, size } = profile;
  let step = stepAt(profile, resource, start);
  if (times[step]! < start) split(profile, resource, step++, start);
  for (; ; step++) {
    const last = step === offset[resource]! + size[resource]! - 1;
    if (last || times[step + 1]! > end) split(profile, resource, step, end);
    free[step] = free[step]! - amount;
    if (times[step + 1] === end) return;
  }
}

/** Cuts a step in two at `time`. */
function split(profile: Profile, resource: number, step: number, time: number): void {
  const { times, free, offset, size } = profile;
  for (let later = offset[resource]! + size[resource]!; later > step + 1; later--) {
    times[later] = times[later - 1]!;
    free[later] = free[later - 1]!;
  }
  times[step + 1] = time;
  free[step + 1] = free[step]!;
  size[resource] = size[resource]! + 1;
}
