import { expect, test } from "vitest";
import { takeOverAgainAndAgain, writeAtOnce } from "./writers.ts";

test("a journal keeps every event of 16 processes that write at once", async () => {
  expect(await writeAtOnce(16, 60)).toMatchObject({ kept: 960, torn: 0 });
});

test("of eight that take a run over when its holder was killed one wins", async () => {
  const { doubled, rounds } = await takeOverAgainAndAgain(15, 8);
  expect({ doubled, rounds }).toEqual({ doubled: 0, rounds: 15 });
});
