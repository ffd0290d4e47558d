import { expect, test } from "vitest";
import { levels } from "../../src/graph/levels.ts";
import { chain, graphOf } from "./arbitrary.ts";

test("a node stands one level below the lowest of those it waits for", () => {
  // 0 ──▶ 1 ──▶ 3
  //  ╲─────────▶╱
  // 2 (free)
  expect([...levels(graphOf(4, "0>1 1>3 0>3"))]).toEqual([0, 1, 0, 2]);
});

test("a chain of a million nodes has a million levels", () => {
  expect(levels(chain(1_000_000)).at(-1)).toBe(999_999);
});
