import { digraph, type Digraph } from "../graph/digraph.ts";

export interface Arc {
  readonly from: number;
  readonly to: number;
}

/**
 * Number of the strongly connected component of every node (Tarjan 1972, with a stack of its own, so that a chain of a
 * million nodes is no deeper than one). Nodes of a component of one node get a number of their own.
 */
function components(graph: Digraph): Int32Array {
  const { n, successorStart, successors } = graph;
  const order = new Int32Array(n);
  const low = new Int32Array(n);
  const component = new Int32Array(n).fill(-1);
  const at = Int32Array.from(successorStart.subarray(0, n));
  const open: number[] = [];
  let count = 0;
  let clock = 0;
  for (let root = 0; root < n; root++) {
    if (order[root] !== 0) continue;
    const path = [root];
    order[root] = low[root] = ++clock;
    open.push(root);
    for (let node = path.at(-1); node !== undefined; node = path.at(-1)) {
      const position = at[node] ?? 0;
      if (position < (successorStart[node + 1] ?? 0)) {
        at[node] = position + 1;
        const next = successors[position] ?? 0;
        if (order[next] === 0) {
          order[next] = low[next] = ++clock;
          open.push(next);
          path.push(next);
        } else if (component[next] === -1) {
          low[node] = Math.min(low[node] ?? 0, order[next] ?? 0);
        }
        continue;
      }
      path.pop();
      const above = path.at(-1);
      if (above !== undefined) low[above] = Math.min(low[above] ?? 0, low[node] ?? 0);
      if (low[node] === order[node]) {
        let member: number | undefined;
        do {
          member = open.pop();
          if (member !== undefined) component[member] = count;
        } while (member !== undefined && member !== node);
        count++;
      }
    }
  }
  return component;
}

/** The arcs that lie inside a component of several nodes, by component, in the order given. */
export function cyclicArcs<A extends Arc>(n: number, arcs: readonly A[]): A[][] {
  const component = components(graphOf(n, arcs));
  const byComponent = new Map<number, A[]>();
  for (const arc of arcs) {
    const number = component[arc.from] ?? -1;
    if (number !== component[arc.to]) continue;
    const known = byComponent.get(number);
    if (known === undefined) byComponent.set(number, [arc]);
    else known.push(arc);
  }
  return [...byComponent.values()];
}

export function graphOf(n: number, arcs: readonly Arc[]): Digraph {
  return digraph(
    n,
    arcs.map((arc) => arc.from),
    arcs.map((arc) => arc.to),
  );
}

/**
 * The arcs of a shortest way from one node to another (or round, back to itself), or null when none leads there within
 * `most` arcs. Breadth first, in arc order. Every arc that is looked at is taken off `effort`; at 0 the search is given up.
 */
export function shortestPath<A extends Arc>(
  arcsFrom: ReadonlyMap<number, readonly A[]>,
  from: number,
  to: number,
  most = Infinity,
  effort = { left: Infinity },
): A[] | null {
  const came = new Map<number, A | null>([[from, null]]);
  let level = [from];
  for (let length = 1; length <= most && level.length > 0; length++) {
    const next: number[] = [];
    for (const node of level) {
      for (const arc of arcsFrom.get(node) ?? []) {
        if (arc.to === to) return backTo(came, arc);
        if (effort.left-- <= 0) return null;
        if (came.has(arc.to)) continue;
        came.set(arc.to, arc);
        next.push(arc.to);
      }
    }
    level = next;
  }
  return null;
}

function backTo<A extends Arc>(came: ReadonlyMap<number, A | null>, last: A): A[] {
  const path: A[] = [];
  for (let arc: A | null = last; arc !== null; arc = came.get(arc.from) ?? null) path.push(arc);
  return path.toReversed();
}

/** Arcs looked at in search of the shortest cycle. */
const effortForShort = 1_000_000;
const effortForAny = 200_000;

/**
 * A shortest cycle among the arcs of one component, smallest node first. In a huge component whose cycles are all long it is
 * the shortest of those through its first nodes.
 */
export function shortestCycle<A extends Arc>(arcs: readonly A[]): A[] {
  const arcsFrom = byStart(arcs);
  const starts = [...arcsFrom.keys()].toSorted((a, b) => a - b);
  const ring = starts.length === arcs.length;
  const cycle =
    (ring ? null : shortCycle(arcsFrom, starts)) ??
    shortestThrough(arcsFrom, starts.slice(0, ring ? 1 : Math.ceil(effortForAny / arcs.length)), Infinity, {
      left: Infinity,
    });
  const first = cycle.reduce((least, arc, index) => (arc.from < (cycle[least]?.from ?? Infinity) ? index : least), 0);
  return [...cycle.slice(first), ...cycle.slice(0, first)];
}

/** Looks twice as far each time, so that nobody goes round a long cycle while there is a short one. Null when none is short. */
function shortCycle<A extends Arc>(arcsFrom: ReadonlyMap<number, readonly A[]>, starts: readonly number[]): A[] | null {
  const effort = { left: effortForShort };
  for (let most = 2; ; most *= 2) {
    const found = shortestThrough(arcsFrom, starts, most, effort);
    if (effort.left <= 0) return null;
    if (found.length > 0) return found;
    if (most > starts.length) return null;
  }
}

/** The shortest cycle of at most `most` arcs through any of these nodes; empty when there is none. */
function shortestThrough<A extends Arc>(
  arcsFrom: ReadonlyMap<number, readonly A[]>,
  starts: readonly number[],
  most: number,
  effort: { left: number },
): A[] {
  let best: A[] = [];
  for (const start of starts) {
    const round = shortestPath(arcsFrom, start, start, best.length === 0 ? most : best.length - 1, effort);
    if (round !== null) best = round;
    if (best.length === 2 || effort.left <= 0) break;
  }
  return best;
}

export function byStart<A extends Arc>(arcs: readonly A[]): Map<number, A[]> {
  const found = new Map<number, A[]>();
  for (const arc of arcs) {
    const known = found.get(arc.from);
    if (known === undefined) found.set(arc.from, [arc]);
    else known.push(arc);
  }
  return found;
}
