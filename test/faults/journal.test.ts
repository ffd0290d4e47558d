import { expect, test } from "vitest";
import { eventsOf } from "./check.ts";
import { builtHelper } from "../builtHelper.ts";
import { chosen } from "./chosen.ts";
import { cutEverywhere, flipEverywhere, mendEverywhere } from "./journal.ts";
import { dropRig, makeRig, run } from "./rig.ts";

const cli = builtHelper();

test("a journal cut at every byte, with a bit of every byte flipped, or torn while a tear was mended, is read as what was before, or refused", async () => {
  const rig = makeRig(cli(), ["T001 First"]);
  await run(rig, ["run", "tasks.md"]);
  expect(eventsOf(rig).at(-1)?.type).toBe("released");
  for (const { wrong, trials } of [cutEverywhere(rig), flipEverywhere(rig, chosen, false), mendEverywhere(rig)]) {
    expect(trials).toBeGreaterThan(100);
    expect(wrong).toEqual([]);
  }
  dropRig(rig);
});
