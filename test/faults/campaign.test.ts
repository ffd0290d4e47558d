import { expect, test } from "vitest";
import { countFaults, parts } from "./campaign.ts";
import { builtHelper } from "../builtHelper.ts";

const cli = builtHelper();

test("faults are counted by what they are", () => {
  expect(countFaults(["lost: T001", "{}: lost: T002", "seed 1: orphan: process 5", "error: lost my mind"])).toBe(
    "lost 2, torn 0, doubled 0, orphan 1, leftover 0, error 1",
  );
});

test("a stranger who has the number of a worker that is gone is never signalled", async () => {
  const figures = await parts["pid"]?.({ cli: cli(), seed: 1, trials: null, point: null, say: () => undefined });
  expect(figures).toMatchObject({ trials: 1, faults: [] });
});
