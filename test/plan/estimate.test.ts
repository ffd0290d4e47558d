import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { estimateOf, estimateRule } from "../../src/plan/estimate.ts";
import { noPastRuns } from "../../src/plan/pastRuns.ts";
import { task } from "./make.ts";

const minutes = (fields: Parameters<typeof task>[1]): number =>
  estimateOf(task("A", { title: "Build the parser", estimate: null, ...fields }), 20, noPastRuns).estimate;

const files = (count: number): { path: string; access: "modify" }[] =>
  Array.from({ length: count }, (_, k) => ({ path: `src/${k}.ts`, access: "modify" }));

test("stated minutes stand as they are", () => {
  expect(estimateOf(task("A", { estimate: 7.5, title: "Write docs" }), 20, noPastRuns)).toEqual({
    estimate: 7.5,
    estimateFrom: "stated",
    estimateRange: null,
    corrected: null,
  });
});

test("a plain task counts as the option says, and may take half or double", () => {
  expect(estimateOf(task("A", { estimate: null }), 20, noPastRuns)).toEqual({
    estimate: 20,
    estimateFrom: "default",
    estimateRange: [10, 40],
    corrected: null,
  });
});

test("documentation and checkpoints count half, tests three quarters", () => {
  expect(minutes({ title: "Update README and changelog" })).toBe(10);
  expect(minutes({ files: [{ path: "docs/guide.md", access: "modify" }] })).toBe(10);
  expect(minutes({ gate: true })).toBe(10);
  expect(minutes({ title: "Contract test for POST /users" })).toBe(15);
  expect(minutes({ title: "Latest protest handler" })).toBe(20);
});

test("more than two files and more than four points add a quarter each, at most double", () => {
  expect(minutes({ files: files(2) })).toBe(20);
  expect(minutes({ files: files(3) })).toBe(25);
  expect(minutes({ body: "- a\n- b\n* c\n1. d\n" })).toBe(20);
  expect(minutes({ body: "- a\n".repeat(8) })).toBe(25);
  expect(minutes({ files: files(30) })).toBe(40);
  expect(minutes({ files: [...files(2), { path: "src/read.ts", access: "read" }] })).toBe(20);
});

test("past runs correct what was stated and what was guessed, each by its own factor", () => {
  const past = {
    stated: { by: 0.5, least: 0.5, most: 1 },
    default: { by: 2, least: 1, most: 3 },
    tokensPerMinute: null,
  };
  expect(estimateOf(task("A", { estimate: 60 }), 20, past)).toEqual({
    estimate: 30,
    estimateFrom: "past-runs",
    estimateRange: [30, 60],
    corrected: { from: "stated", by: 0.5 },
  });
  expect(estimateOf(task("A", { estimate: null }), 20, past)).toMatchObject({ estimate: 40, estimateRange: [20, 60] });
});

test("the rule is documented in the words that are printed", () => {
  const page = readFileSync(new URL("../../docs/scheduling.md", import.meta.url), "utf8");
  expect(page).toContain(estimateRule);
});
