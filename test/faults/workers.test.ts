import { expect, test } from "vitest";
import { builtHelper } from "../builtHelper.ts";
import { misbehave, rateLimit, storm } from "./workers.ts";

const cli = builtHelper();
const timeout = 120_000;
/** Seconds that a busy machine may take on top of every limit. */
const slack = 3;

test(
  "workers that misbehave end as what they are, within their limits, and nothing of them is left",
  { timeout },
  async () => {
    const { faults, ended } = await misbehave(cli(), slack);
    expect(faults).toEqual([]);
    expect(ended).toHaveLength(9);
  },
);

test(
  "a worker that fails at once is restarted after 1, 2 and 4 seconds; when all do, the run gives up",
  { timeout },
  async () => {
    expect(await storm(cli())).toEqual({
      waits: [1, 2, 4, 0],
      reason: expect.stringMatching(/workers in a row came to a bad end/) as string,
    });
  },
);

test("a rate limit holds every launch back, and costs no attempt", { timeout }, async () => {
  const { pauses, attempts, code } = await rateLimit(cli());
  expect({ attempts, code, launches: pauses.length }).toEqual({ attempts: 1, code: 0, launches: 3 });
  expect(Math.min(...pauses)).toBeGreaterThanOrEqual(3_000);
});
