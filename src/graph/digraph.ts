/**
 * A directed graph over the nodes 0 … n-1 in compressed rows: the successors of `v` are
 * `successors[successorStart[v]] … successors[successorStart[v + 1] - 1]`, in ascending order and each once;
 * predecessors likewise. Memory: 8 bytes an edge and 8 a node. Indices into the rows come from the rows, so `!` after a
 * look-up states what the compiler cannot see.
 */
export interface Digraph {
  readonly n: number;
  readonly successorStart: Int32Array;
  readonly successors: Int32Array;
  readonly predecessorStart: Int32Array;
  readonly predecessors: Int32Array;
}

/**
 * Builds the graph with an edge `from[k]` → `to[k]` for every k. Edges given twice count once.
 * Nodes outside 0 … n-1 and self-edges are bugs of the caller and throw.
 */
export function digraph(n: number, from: ArrayLike<number>, to: ArrayLike<number>): Digraph {
  for (let k = 0; k < from.length; k++) {
    const [source, target] = [from[k] ?? -1, to[k] ?? -1];
    if (!(source >= 0 && source < n && target >= 0 && target < n) || source === target) {
      throw new RangeError(`no edge ${source} → ${target} in a graph of ${n} nodes`);
    }
  }
  // Two stable bucket passes sort the edges by (from, to); a third turns the rows round.
  const byTarget = rows(n, to, from);
  const sorted = rows(n, byTarget.values, ownersOf(byTarget));
  const forward = withoutRepeats(sorted);
  const backward = rows(n, forward.values, ownersOf(forward));
  return {
    n,
    successorStart: forward.start,
    successors: forward.values,
    predecessorStart: backward.start,
    predecessors: backward.values,
  };
}

/** The same graph with every edge turned round. Shares the arrays. */
export function reversed(graph: Digraph): Digraph {
  return {
    n: graph.n,
    successorStart: graph.predecessorStart,
    successors: graph.predecessors,
    predecessorStart: graph.successorStart,
    predecessors: graph.successors,
  };
}

/** The values of each owner side by side: those of owner `v` from `start[v]` to `start[v + 1]`. */
export interface Rows {
  readonly start: Int32Array;
  readonly values: Int32Array;
}

/** Groups `values[k]` by `owners[k]`, keeping the order within an owner. */
export function rows(n: number, owners: ArrayLike<number>, values: ArrayLike<number>): Rows {
  const start = new Int32Array(n + 1);
  for (let k = 0; k < owners.length; k++) start[owners[k]! + 1] = start[owners[k]! + 1]! + 1;
  for (let v = 0; v < n; v++) start[v + 1] = start[v + 1]! + start[v]!;
  const next = start.slice(0, n);
  const grouped = new Int32Array(owners.length);
  for (let k = 0; k < owners.length; k++) {
    const owner = owners[k]!;
    grouped[next[owner]!] = values[k]!;
    next[owner] = next[owner]! + 1;
  }
  return { start, values: grouped };
}

function ownersOf({ start, values }: Rows): Int32Array {
  const owners = new Int32Array(values.length);
  for (let v = 0; v + 1 < start.length; v++) owners.fill(v, start[v], start[v + 1]);
  return owners;
}

function withoutRepeats({ start, values }: Rows): Rows {
  const n = start.length - 1;
  const keptStart = new Int32Array(n + 1);
  const kept = new Int32Array(values.length);
  let size = 0;
  for (let v = 0; v < n; v++) {
    const first = size;
    for (let k = start[v]!; k < start[v + 1]!; k++) {
      if (size === first || kept[size - 1] !== values[k]) kept[size++] = values[k]!;
    }
    keptStart[v + 1] = size;
  }
  return { start: keptStart, values: kept.slice(0, size) };
}
