import { expect, test } from "vitest";
import { builtHelper } from "../builtHelper.ts";
import { fullDisk, secondSupervisor, stateNames, tryState } from "./states.ts";

const cli = builtHelper();
const timeout = 60_000;

test.each(stateNames)(
  "%s: nothing of anybody's is lost, and the run ends or says why not",
  { timeout },
  async (name) => {
    expect(await tryState(cli(), name)).toEqual([]);
  },
);

test("a second supervisor is refused, and another machine's is never replaced", { timeout }, async () => {
  expect(await secondSupervisor(cli())).toEqual([]);
});

test(
  "on a full disk the run says so, and goes on when there is room (where a small file system may be mounted)",
  { timeout },
  async () => {
    expect((await fullDisk(cli())) ?? []).toEqual([]);
  },
);
