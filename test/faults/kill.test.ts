import { describe, expect, test } from "vitest";
import { builtHelper } from "../builtHelper.ts";
import { chosen } from "./chosen.ts";
import { type Kill, pointsOf, randomTrial, tryKill } from "./kill.ts";
import { dropRig, makeRig, run } from "./rig.ts";

const cli = builtHelper();

describe("a supervisor killed by SIGKILL", () => {
  test.each([1, 2])("at calls of scenario %i: nothing is lost, torn, done twice or left behind", async (scenario) => {
    const points = await pointsOf(cli(), scenario);
    for (let nth = 0; nth < 4; nth += 1) {
      const at = 1 + ((chosen * 7 + Math.floor((nth * points.length) / 4)) % points.length);
      const how = (["before", "after", "torn"] as const)[(nth + chosen) % 3] ?? "before";
      const { faults } = await tryKill(cli(), { seed: chosen, scenario, kills: [{ at, how }] });
      expect(faults, `scenario ${scenario}, ${how} call ${at}: ${points[at - 1]}`).toEqual([]);
    }
  });

  const write = "^write .*events\\.jsonl";
  const hurtOnce: readonly (readonly [string, readonly Kill[]])[] = [
    ["before the worker of a task that took over a tree", [{ at: 2, how: "before", only: "^spawn keep" }]],
    ["before the last box", [{ at: 2, how: "before", only: "^open .*tasks\\.md" }]],
    [
      "while it writes an event, and the next one while it mends that",
      [
        { at: 4, how: "torn", only: write },
        { at: 1, how: "torn", only: write },
        { at: 1, how: "torn", only: write },
      ],
    ],
  ];
  test.each(hurtOnce)("%s: nothing is lost either", async (_, kills) => {
    const { faults, kills: times } = await tryKill(cli(), { seed: 0, scenario: 4, kills });
    expect(faults).toEqual([]);
    expect(times).toBe(kills.length);
  });

  test("eight times in one run, at random calls and times", async () => {
    const { faults } = await tryKill(cli(), randomTrial(chosen, 500));
    expect(faults, `pnpm faults --only kill --trials 1 --seed ${chosen}`).toEqual([]);
  });
});

test("a keeper that is killed leaves its task to the next worker", async () => {
  const { faults } = await tryKill(cli(), { seed: chosen, scenario: 1, kills: [{ keeperAt: 6, how: "before" }] });
  expect(faults).toEqual([]);
});

test("what spoils the supervisor does not reach its keepers", async () => {
  const rig = makeRig(cli(), ["T001 First"]);
  const fault = { folder: rig.project, at: 1, how: "before", only: "end\\.json" } as const;
  expect((await run(rig, ["run", "tasks.md"], fault)).code).toBe(0);
  dropRig(rig);
});
