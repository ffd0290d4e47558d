import { describe, expect, test } from "vitest";
import { builtHelper } from "../builtHelper.ts";
import { chosen } from "./chosen.ts";
import { jumpClock, sleepWell, tryStop, waysToStop } from "./stops.ts";

const cli = builtHelper();
const timeout = 120_000;
/** Seconds that a busy machine may take on top of the grace. */
const slack = 4;

test.each(waysToStop)(
  "stopped by %s all workers end within their grace, and the run can go on",
  { timeout },
  async (way) => {
    const { faults, name } = await tryStop(cli(), way, chosen, slack, way === "SIGTERM");
    expect(faults, `${name}, pnpm faults --only stops --trials 1 --seed ${chosen}`).toEqual([]);
  },
);

describe("the clock", () => {
  test.each([1, -1])("that jumps by %i day lets nothing run out of time", { timeout }, async (days) => {
    expect(await jumpClock(cli(), days)).toEqual([]);
  });

  test("that goes on while everything stands still lets nothing run out of time", { timeout }, async () => {
    expect(await sleepWell(cli(), 3)).toEqual([]);
  });
});
