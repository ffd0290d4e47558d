import { expect, test } from "vitest";
import { bearable, memoryPerWorker, workersNow } from "../../../src/engines/headless/engine/adaptive.ts";
import { defaultConfig } from "../../../src/model/config.ts";

const idle = { running: 0, free: 100 * memoryPerWorker, load: 0, processors: 4, limited: false };

test("an idle machine bears what the plan asks for", () => {
  expect(bearable(8, idle)).toBe(8);
});

test("no more workers run than fit into memory, those that run already counted", () => {
  expect(bearable(8, { ...idle, running: 2, free: 3.5 * memoryPerWorker })).toBe(5);
});

test("a crowded machine, or one that has just met a rate limit, runs half as many", () => {
  expect(bearable(7, { ...idle, load: 9 })).toBe(4);
  expect(bearable(7, { ...idle, limited: true })).toBe(4);
});

test("one worker may always run", () => {
  expect(bearable(1, { ...idle, free: 0, load: 99 })).toBe(1);
});

test("without the option the machine is not looked at", () => {
  expect(workersNow({ ...defaultConfig, maxWorkers: 20 }, 0, new Date().toISOString())).toBe(20);
});
