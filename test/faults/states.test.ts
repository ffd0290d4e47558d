import { expect, test } from "vitest";
import { builtHelper } from "../builtHelper.ts";
import { fullDisk, secondSupervisor, stateNames, tryState } from "./states.ts";

const cli = builtHelper();

test.each(stateNames)("%s: nothing of anybody's is lost, and the run ends or says why not", async (name) => {
  expect(await tryState(cli(), name)).toEqual([]);
});

test("a second supervisor is refused, and another machine's is never replaced", async () => {
  expect(await secondSupervisor(cli())).toEqual([]);
});

test("on a full disk the run says so, and goes on when there is room", async ({ skip }) => {
  const faults = await fullDisk(cli());
  skip(faults === null, "no small file system may be mounted here");
  expect(faults).toEqual([]);
});
