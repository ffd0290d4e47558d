import { describe, expect, test } from "vitest";
import { builtHelper } from "../builtHelper.ts";
import { chosen } from "./chosen.ts";
import { jumpClock, sleepWell, tryStop, waysToStop } from "./stops.ts";

const cli = builtHelper();

test.each(waysToStop)("stopped by %s all workers end, and the run can go on", async (way) => {
  const { faults, name } = await tryStop(cli(), way, chosen, way === "SIGTERM");
  expect(faults, `${name}, pnpm faults --only stops --trials 1 --seed ${chosen}`).toEqual([]);
});

describe("the clock", () => {
  test.each([1, -1])("that jumps by %i day lets nothing run out of time", async (days) => {
    expect(await jumpClock(cli(), days)).toEqual([]);
  });

  test("that goes on while everything stands still lets nothing run out of time", async () => {
    expect(await sleepWell(cli(), 11)).toEqual([]);
  });
});
