import { expect, test } from "vitest";
import { defaultConfig } from "../../src/model/config.ts";
import { cost, overheadTokens, tokensPerMinute } from "../../src/plan/cost.ts";
import { noPastRuns } from "../../src/plan/pastRuns.ts";
import { plannedTask } from "../makeTask.ts";

const tasks = [
  plannedTask({ id: "A", estimate: 10 }),
  plannedTask({ id: "B", estimate: 20 }),
  plannedTask({ id: "C", status: "done" }),
];

test("without past runs the tokens are a guess from the minutes of the open tasks, and dollars are unknown", () => {
  expect(cost(tasks, defaultConfig, noPastRuns)).toEqual({
    tokens: { work: 30 * tokensPerMinute, overhead: 2 * overheadTokens, from: "default" },
    dollars: null,
  });
});

test("past runs give the tokens of a minute, and the options a price", () => {
  const config = { ...defaultConfig, dollarsPerMillionTokens: 10 };
  const made = cost(tasks, config, { ...noPastRuns, tokensPerMinute: 100_000 });
  expect(made.tokens).toEqual({ work: 3_000_000, overhead: 2 * overheadTokens, from: "past-runs" });
  expect(made.dollars).toBeCloseTo(30.01);
});
