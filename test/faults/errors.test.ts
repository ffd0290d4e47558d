import { expect, test } from "vitest";
import { failingPoints, systemErrors, tryError } from "./errors.ts";
import { builtHelper } from "../builtHelper.ts";
import { chosen } from "./chosen.ts";

const cli = builtHelper();

test.each(["supervisor", "keeper"] as const)(
  "a call of a %s that the system refuses is said in a sentence, and the run goes on when that is mended",
  async (whose) => {
    const points = await failingPoints(cli(), whose);
    for (const [nth, how] of systemErrors.entries()) {
      const at = 1 + ((chosen * 11 + nth * 29) % points);
      const { faults, name } = await tryError(cli(), at, how, nth % 2 === 1, whose);
      expect(faults, name).toEqual([]);
    }
  },
);
