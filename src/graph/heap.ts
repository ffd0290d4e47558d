/** A binary min-heap of nodes ordered by `keys[node]`, then by node. Grows as needed. */
export interface Heap {
  readonly keys: Float64Array;
  readonly nodes: number[];
}

export function emptyHeap(keys: Float64Array): Heap {
  return { keys, nodes: [] };
}

export function push(heap: Heap, node: number): void {
  const { nodes } = heap;
  let hole = nodes.length;
  nodes.push(node);
  while (hole > 0) {
    const parent = (hole - 1) >> 1;
    const above = nodes[parent]!;
    if (!before(heap, node, above)) break;
    nodes[hole] = above;
    hole = parent;
  }
  nodes[hole] = node;
}

/** Takes out the smallest node; undefined when there is none. */
export function pop(heap: Heap): number | undefined {
  const { nodes } = heap;
  const top = nodes[0];
  const last = nodes.pop();
  if (top === undefined || last === undefined || nodes.length === 0) return top;
  let hole = 0;
  for (let child = 1; child < nodes.length; child = 2 * hole + 1) {
    if (child + 1 < nodes.length && before(heap, nodes[child + 1]!, nodes[child]!)) child++;
    if (!before(heap, nodes[child]!, last)) break;
    nodes[hole] = nodes[child]!;
    hole = child;
  }
  nodes[hole] = last;
  return top;
}

/** Whether `a` comes out before `b`. */
export function before(heap: Heap, a: number, b: number): boolean {
  const difference = heap.keys[a]! - heap.keys[b]!;
  return difference < 0 || (difference === 0 && a < b);
}
