import { expect, test } from "vitest";
import { inWords } from "../../src/plan/minutes.ts";

test("minutes are said as people say them", () => {
  expect([0.4, 42, 59.6, 120, 130.2].map(inWords)).toEqual(["0 min", "42 min", "1 h", "2 h", "2 h 10"]);
});
