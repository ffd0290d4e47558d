import { before, emptyHeap, pop, push, type Heap } from "../graph/heap.ts";
import type { Problem } from "./problem.ts";

/**
 * Parallel schedule generation (Kolisch 1996): time moves from one task's end to the next, and at each moment every task
 * that may start does, the smallest `key` first. Returns the start of each node.
 *
 * A task that does not fit waits at the demand that stopped it and is looked at again only when that much is free; of
 * those that demand the same only the first waits there, the rest stand behind it. So many tasks behind a few busy
 * files cost no more than few.
 */
export function parallelSchedule(problem: Problem, keys: Float64Array): Float64Array {
  const { graph, durations, demandStart, demandResource, demandAmount, kindOf } = problem;
  const starts = new Float64Array(graph.n);
  const ends = new Float64Array(graph.n);
  const free = problem.capacities.slice();
  const unmet = new Int32Array(graph.n);
  const ready = emptyHeap(keys);
  const running = emptyHeap(ends);
  const queues = queuesOf(problem, keys);
  const wokenFrom = new Int32Array(graph.n).fill(-1);
  const nobody = emptyHeap(keys);
  const behind = new Map<number, Heap>();
  const firstOf = new Map<number, number>();
  for (let v = 0; v < graph.n; v++) {
    unmet[v] = graph.predecessorStart[v + 1]! - graph.predecessorStart[v]!;
    if (unmet[v] === 0) push(ready, v);
  }

  /** Lets the first of a queue try if there is room for it. When it has tried, the one after it is woken. */
  function wake(queue: number): void {
    if (free[queues.resource[queue]!]! < queues.amount[queue]!) return;
    const v = pop(queues.heaps[queue]!);
    if (v === undefined) return;
    wokenFrom[v] = queue;
    push(ready, v);
  }

  for (let now = 0; ;) {
    for (let v = free[0] === 0 ? undefined : pop(ready); v !== undefined; v = free[0] === 0 ? undefined : pop(ready)) {
      let blockedBy = -1;
      for (let k = demandStart[v]!; k < demandStart[v + 1]! && blockedBy === -1; k++) {
        if (demandAmount[k]! > free[demandResource[k]!]!) blockedBy = k;
      }
      const from = wokenFrom[v]!;
      wokenFrom[v] = -1;
      if (blockedBy === -1) {
        starts[v] = now;
        ends[v] = now + durations[v]!;
        push(running, v);
        const next = pop(behind.get(kindOf[v]!) ?? nobody);
        if (next !== undefined) {
          firstOf.set(kindOf[v]!, next);
          push(ready, next);
        } else if (firstOf.get(kindOf[v]!) === v) firstOf.delete(kindOf[v]!);
        for (let k = demandStart[v]!; k < demandStart[v + 1]!; k++) {
          free[demandResource[k]!] = free[demandResource[k]!]! - demandAmount[k]!;
        }
      } else {
        const first = firstOf.get(kindOf[v]!);
        if (first === undefined || first === v || !before(ready, first, v)) {
          firstOf.set(kindOf[v]!, v);
          push(queues.heaps[queues.of[blockedBy]!]!, v);
        } else {
          const others = behind.get(kindOf[v]!) ?? emptyHeap(keys);
          behind.set(kindOf[v]!, others);
          push(others, v);
        }
      }
      if (from !== -1) wake(from);
    }
    const first = running.nodes[0];
    if (first === undefined) return starts;
    now = ends[first]!;
    while (running.nodes.length > 0 && ends[running.nodes[0]!] === now) {
      const v = pop(running)!;
      for (let k = demandStart[v]!; k < demandStart[v + 1]!; k++) {
        free[demandResource[k]!] = free[demandResource[k]!]! + demandAmount[k]!;
      }
      for (let k = demandStart[v]!; k < demandStart[v + 1]!; k++) {
        const resource = demandResource[k]!;
        for (let queue = queues.first[resource]!; queue < queues.first[resource + 1]!; queue++) wake(queue);
      }
      for (let k = graph.successorStart[v]!; k < graph.successorStart[v + 1]!; k++) {
        const next = graph.successors[k]!;
        unmet[next] = unmet[next]! - 1;
        if (unmet[next] === 0) push(ready, next);
      }
    }
  }
}

/** One queue for each resource and amount that is demanded of it; those of a resource stand side by side. */
interface Queues {
  readonly first: Int32Array;
  readonly resource: Int32Array;
  readonly amount: Int32Array;
  readonly heaps: Heap[];
  /** For each demand its queue. */
  readonly of: Int32Array;
}

function queuesOf(problem: Problem, keys: Float64Array): Queues {
  const { capacities, demandResource, demandAmount } = problem;
  const amountsOf = Array.from(capacities, () => [] as number[]);
  for (let k = 0; k < demandResource.length; k++) {
    const amounts = amountsOf[demandResource[k]!]!;
    if (!amounts.includes(demandAmount[k]!)) amounts.push(demandAmount[k]!);
  }
  const first = new Int32Array(capacities.length + 1);
  for (const [resource, amounts] of amountsOf.entries()) first[resource + 1] = first[resource]! + amounts.length;
  const amount = Int32Array.from(amountsOf.flat());
  return {
    first,
    resource: Int32Array.from(amountsOf.flatMap((amounts, resource) => amounts.map(() => resource))),
    amount,
    heaps: Array.from(amount, () => emptyHeap(keys)),
    of: demandResource.map((resource, k) => first[resource]! + amountsOf[resource]!.indexOf(demandAmount[k]!)),
  };
}
