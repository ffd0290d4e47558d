import { digraph, reversed, rows, type Digraph } from "../graph/digraph.ts";
import { tails } from "../graph/longestPath.ts";
import { topologicalOrder } from "../graph/topologicalOrder.ts";
import type { Edge, Lock } from "../model/graph.ts";
import type { PlannedTask } from "../model/plan.ts";
import { isOpen } from "../model/isOpen.ts";

/**
 * A resource-constrained scheduling problem over the nodes 0 … n-1. Resource 0 is the workers, every other one a lock.
 * The demands of node `v` are the entries `demandStart[v]` … `demandStart[v + 1] - 1`; none is above its capacity.
 */
export interface Problem {
  readonly graph: Digraph;
  /** Minutes. */
  readonly durations: Float64Array;
  readonly capacities: Int32Array;
  readonly demandStart: Int32Array;
  readonly demandResource: Int32Array;
  readonly demandAmount: Int32Array;
  /** Nodes with the same number demand the same. */
  readonly kindOf: Int32Array;
  /** A topological order, document order as far as the edges allow. */
  readonly order: Int32Array;
  /** For each node the minutes from its start to the end of the longest chain it heads. */
  readonly tails: Float64Array;
}

/** What a task demands of one resource. */
export interface Demand {
  readonly node: number;
  readonly resource: number;
  readonly amount: number;
}

/** Lays a problem out. The demands of a node come in ascending order of resource, none of them 0. */
export function makeProblem(
  graph: Digraph,
  durations: Float64Array,
  capacities: Int32Array,
  demands: readonly Demand[],
): Problem {
  const owners = Int32Array.from(demands, (demand) => demand.node);
  const { start, values } = rows(
    graph.n,
    owners,
    owners.map((_, index) => index),
  );
  const order = topologicalOrder(graph);
  const demandResource = values.map((index) => demands[index]!.resource);
  const demandAmount = values.map((index) => demands[index]!.amount);
  return {
    graph,
    durations,
    capacities,
    demandStart: start,
    demandResource,
    demandAmount,
    kindOf: kindsOf(start, demandResource, demandAmount),
    order,
    tails: tails(graph, durations, order),
  };
}

/** Numbers the distinct rows of demands, each row read as a path down a tree whose branches are single demands. */
function kindsOf(start: Int32Array, resource: Int32Array, amount: Int32Array): Int32Array {
  const branches = new Map<number, number>();
  const children = new Map<number, number>();
  const kinds = new Int32Array(start.length - 1);
  const limit = resource.length + 1;
  for (const v of kinds.keys()) {
    for (let k = start[v]!; k < start[v + 1]!; k++) {
      const branch = numbered(branches, resource[k]! * 2 ** 31 + amount[k]!);
      kinds[v] = numbered(children, kinds[v]! * limit + branch);
    }
  }
  return kinds;
}

/** The number of a key: 1, 2, … in the order of first sight. */
function numbered(numbers: Map<number, number>, key: number): number {
  const known = numbers.get(key);
  if (known !== undefined) return known;
  numbers.set(key, numbers.size + 1);
  return numbers.size;
}

/** What of a plan a schedule depends on. */
export interface Scope {
  readonly tasks: readonly (Pick<PlannedTask, "id" | "status" | "estimate" | "alone"> &
    Partial<Pick<PlannedTask, "estimateRange" | "corrected">>)[];
  readonly edges: readonly Pick<Edge, "from" | "to">[];
  readonly locks: readonly Pick<Lock, "capacity" | "holders">[];
}

/** The open tasks in document order, the number of each, and the edges between them. */
export function openGraph<Item extends { readonly id: string; readonly status: string }>(
  tasks: readonly Item[],
  edges: Scope["edges"],
): { readonly open: readonly Item[]; readonly nodes: ReadonlyMap<string, number>; readonly graph: Digraph } {
  const open = tasks.filter(isOpen);
  const nodes = new Map(open.map((task, node) => [task.id, node]));
  const from: number[] = [];
  const to: number[] = [];
  for (const edge of edges) {
    const [source, target] = [nodes.get(edge.from), nodes.get(edge.to)];
    if (source === undefined || target === undefined) continue;
    from.push(source);
    to.push(target);
  }
  return { open, nodes, graph: digraph(open.length, from, to) };
}

/** What each open task takes of a lock, in the order of its holders. */
export function openAmounts(lock: Scope["locks"][number], nodes: ReadonlyMap<string, number>): Map<number, number> {
  const amounts = new Map<number, number>();
  for (const holder of lock.holders) {
    const node = nodes.get(holder.task);
    if (node !== undefined) amounts.set(node, Math.min(lock.capacity, (amounts.get(node) ?? 0) + holder.amount));
  }
  return amounts;
}

/**
 * The problem of the tasks that are still open: node `v` is the `v`-th of them. A task that may run beside no other
 * takes all `workers`. Locks that cannot make anybody wait are left out.
 */
export function problemOf(scope: Scope, workers: number): Problem {
  const { open, nodes, graph } = openGraph(scope.tasks, scope.edges);
  const capacities = [workers];
  const demands: Demand[] = open.map((task, node) => ({
    node,
    resource: 0,
    amount: task.alone === null ? 1 : workers,
  }));
  for (const lock of scope.locks) {
    const amounts = openAmounts(lock, nodes);
    let total = 0;
    for (const amount of amounts.values()) total += amount;
    if (total <= lock.capacity) continue;
    const resource = capacities.push(lock.capacity) - 1;
    for (const [node, amount] of amounts) demands.push({ node, resource, amount });
  }
  return makeProblem(
    graph,
    Float64Array.from(open, (task) => task.estimate),
    Int32Array.from(capacities),
    demands,
  );
}

/** The same problem with another number of workers. Who takes all of them still does; there must be two at least. */
export function withWorkers(problem: Problem, workers: number): Problem {
  const capacities = problem.capacities.with(0, workers);
  const all = problem.capacities[0];
  const demandAmount = problem.demandAmount.map((amount, k) =>
    problem.demandResource[k] === 0 && amount === all ? workers : amount,
  );
  return { ...problem, capacities, demandAmount };
}

/** The same problem with time running backwards. */
export function mirrored(problem: Problem): Problem {
  const graph = reversed(problem.graph);
  const order = problem.order.toReversed();
  return { ...problem, graph, order, tails: tails(graph, problem.durations, order) };
}
