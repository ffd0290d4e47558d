import * as fc from "fast-check";
import { expect, test } from "vitest";
import { emptyHeap, pop, push } from "../../src/graph/heap.ts";

test("nodes come out by key, then by number", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 50 }), (keys) => {
      const heap = emptyHeap(Float64Array.from(keys));
      for (const node of keys.keys()) push(heap, keys.length - 1 - node);
      const out: number[] = [];
      for (let node = pop(heap); node !== undefined; node = pop(heap)) out.push(node);
      expect(out).toEqual([...keys.keys()].toSorted((a, b) => (keys[a] ?? 0) - (keys[b] ?? 0) || a - b));
    }),
  );
});

test("an empty heap gives nothing", () => {
  expect(pop(emptyHeap(new Float64Array(0)))).toBeUndefined();
});
