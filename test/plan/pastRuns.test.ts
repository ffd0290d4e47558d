import { expect, test } from "vitest";
import { correctionsFrom, type Sample } from "../../src/plan/pastRuns.ts";

const sample = (estimate: number, actual: number, task: Partial<Sample["task"]> = {}): Sample => ({
  task: { estimate, estimateFrom: "default", corrected: null, ...task },
  actual,
  tokens: 0,
});

test("two finished tasks say nothing, three give the median of actual over estimate", () => {
  expect(correctionsFrom([sample(10, 20), sample(10, 20)]).default).toBeNull();
  expect(correctionsFrom([sample(10, 7), sample(20, 24), sample(10, 25)]).default).toEqual({
    by: 1.2,
    least: 0.95,
    most: 1.85,
  });
});

test("however far off the estimates were, the factor stays between a half and three", () => {
  expect(correctionsFrom([1, 2, 3].map((actual) => sample(100, actual))).default?.by).toBe(0.5);
  expect(correctionsFrom([1000, 2000, 3000].map((actual) => sample(10, actual))).default?.by).toBe(3);
});

test("stated minutes and guesses are corrected apart", () => {
  const stated = [1, 1, 1].map((actual) => sample(1, actual, { estimateFrom: "stated" }));
  expect(correctionsFrom(stated)).toMatchObject({ stated: { by: 1 }, default: null });
});

test("what was corrected already is measured against its first estimate", () => {
  const corrected = [1, 2, 3].map(() =>
    sample(20, 20, { estimateFrom: "past-runs", corrected: { from: "stated", by: 2 } }),
  );
  expect(correctionsFrom(corrected)).toMatchObject({ stated: { by: 2 }, default: null });
});

test("tokens are forecast by the median of what they were for each estimated minute, from three tasks on", () => {
  const counted = (tokens: number): Sample => ({ ...sample(10, 10), tokens });
  expect(correctionsFrom([counted(100), counted(200)]).tokensPerMinute).toBeNull();
  expect(correctionsFrom([counted(100), counted(900), counted(200), sample(10, 10)]).tokensPerMinute).toBe(20);
});
