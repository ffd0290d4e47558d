import { describe, expect, test } from "vitest";
import { day, useHelper } from "./helper.ts";
import { pointsOf, randomTrial, tryKill } from "./kill.ts";
import { dropRig, makeRig, run } from "./rig.ts";

const cli = useHelper();
const timeout = 180_000;

describe("a supervisor killed by SIGKILL", () => {
  test.each([1, 2])(
    "at calls of scenario %i: nothing is lost, torn, done twice or left behind",
    { timeout },
    async (scenario) => {
      const points = await pointsOf(cli(), scenario);
      for (let nth = 0; nth < 4; nth += 1) {
        const at = 1 + ((day * 7 + Math.floor((nth * points.length) / 4)) % points.length);
        const how = (["before", "after", "torn"] as const)[(nth + day) % 3] ?? "before";
        const { faults } = await tryKill(cli(), { seed: day, scenario, kills: [{ at, how }] });
        expect(faults, `scenario ${scenario}, ${how} call ${at}: ${points[at - 1]}`).toEqual([]);
      }
    },
  );

  test("eight times in one run, at random calls and times", { timeout }, async () => {
    const { faults } = await tryKill(cli(), randomTrial(day, 500));
    expect(faults, `pnpm faults --only kill --trials 1 --seed ${day}`).toEqual([]);
  });
});

test("a keeper that is killed leaves its task to the next worker", { timeout }, async () => {
  const { faults } = await tryKill(cli(), { seed: day, scenario: 1, kills: [{ keeperAt: 6, how: "before" }] });
  expect(faults).toEqual([]);
});

test("what spoils the supervisor does not reach its keepers", { timeout }, async () => {
  const rig = makeRig(cli(), ["T001 First"]);
  const fault = { folder: rig.project, at: 1, how: "before", only: "end\\.json" } as const;
  expect((await run(rig, ["run", "tasks.md"], fault)).code).toBe(0);
  dropRig(rig);
});
