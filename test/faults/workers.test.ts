import { expect, test } from "vitest";
import { builtHelper } from "../builtHelper.ts";
import { misbehave, rateLimit, storm } from "./workers.ts";

const cli = builtHelper();

test("workers that misbehave end as what they are, and nothing of them is left", async () => {
  const { faults, ended } = await misbehave(cli());
  expect(faults).toEqual([]);
  expect(ended).toHaveLength(9);
});

test("a worker that fails at once is restarted after 1, 2 and 4 seconds; when all do, the run gives up", async () => {
  expect(await storm(cli())).toEqual({
    waits: [1, 2, 4, 0],
    reason: expect.stringMatching(/workers in a row came to a bad end/) as string,
  });
});

test("a rate limit holds every launch back, and costs no attempt", async () => {
  const { pauses, attempts, code } = await rateLimit(cli());
  expect({ attempts, code, launches: pauses.length }).toEqual({ attempts: 1, code: 0, launches: 3 });
  expect(Math.min(...pauses)).toBeGreaterThanOrEqual(3_000);
});
