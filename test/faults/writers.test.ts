import { expect, test } from "vitest";
import { takeOverAgainAndAgain, writeAtOnce } from "./writers.ts";

const timeout = 120_000;

test("a journal keeps every event of 16 processes that write at once", { timeout }, async () => {
  expect(await writeAtOnce(16, 60)).toMatchObject({ kept: 960, torn: 0 });
});

test("of eight that take a run over when its holder was killed one wins, within two seconds", { timeout }, async () => {
  const { doubled, rounds, times } = await takeOverAgainAndAgain(15, 8);
  expect({ doubled, rounds }).toEqual({ doubled: 0, rounds: 15 });
  expect(Math.max(...times)).toBeLessThan(2_000);
});
