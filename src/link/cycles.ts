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

/** The arcs of a shortest way from one node to another, or null when none leads there. Breadth first, in arc order. */
export function shortestPath<A extends Arc>(
  arcsFrom: ReadonlyMap<number, readonly A[]>,
  from: number,
  to: number,
): A[] | null {
  const came = new Map<number, A | null>([[from, null]]);
  const queue = [from];
  for (let head = 0; head < queue.length; head++) {
    for (const arc of arcsFrom.get(queue[head] ?? -1) ?? []) {
      if (came.has(arc.to)) continue;
      came.set(arc.to, arc);
      if (arc.to === to) return backTo(came, arc);
      queue.push(arc.to);
    }
  }
  return null;
}

function backTo<A extends Arc>(came: ReadonlyMap<number, A | null>, last: A): A[] {
  const path: A[] = [];
  for (let arc: A | null = last; arc !== null; arc = came.get(arc.from) ?? null) path.push(arc);
  return path.toReversed();
}

/** Steps spent on looking for the shortest cycle. In a huge component only the first nodes are tried. */
const effort = 200_000;

/** A shortest cycle among the arcs of one component (in a huge one: of those through its first nodes), smallest node first. */
export function shortestCycle<A extends Arc>(arcs: readonly A[]): A[] {
  const arcsFrom = byStart(arcs);
  let best: A[] = [];
  for (const start of [...arcsFrom.keys()].toSorted((a, b) => a - b).slice(0, Math.ceil(effort / arcs.length))) {
    for (const arc of arcsFrom.get(start) ?? []) {
      const back = shortestPath(arcsFrom, arc.to, start);
      if (back !== null && (best.length === 0 || back.length + 1 < best.length)) best = [arc, ...back];
      if (best.length === 2) break;
    }
    if (best.length === 2) break;
  }
  const first = best.reduce((least, arc, index) => (arc.from < (best[least]?.from ?? Infinity) ? index : least), 0);
  return [...best.slice(first), ...best.slice(0, first)];
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
