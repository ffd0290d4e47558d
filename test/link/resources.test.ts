import { expect, test } from "vitest";
import { resourceLocks } from "../../src/link/locks/resources.ts";
import { makeList, type TaskSketch } from "./make.ts";

const tasks: TaskSketch[] = [
  { id: "A", title: "Seed the staging database", files: ["db/seed.ts"] },
  { id: "B", title: "Check the form in a Browser", files: ["src/form.ts"] },
  { id: "C", title: "Draw the table", files: ["e2e/table.spec.ts"], resources: ["browser"] },
  { id: "D", title: "Sort browsers", files: ["e2e/sort.spec.ts"] },
];

function uses(resourceRules: Record<string, string>, resources: Record<string, number> = {}): string[] {
  return resourceLocks(makeList({ tasks }).tasks, { resourceRules, resources }).map(
    ({ on, capacity, holders }) => `${on} ${capacity}: ${holders.map(({ task }) => task).join(" ")}`,
  );
}

test("a rule gives a resource to tasks by a word of their title, or by a glob of their files", () => {
  expect(uses({})).toEqual([]);
  expect(uses({ browser: "browser" })).toEqual(["browser 1: C B"]);
  expect(uses({ "e2e/**": "browser" })).toEqual(["browser 1: C D"]);
  expect(uses({ browser: "browser", "e2e/**": "browser" }, { browser: 2 })).toEqual(["browser 2: C B D"]);
});

test("a name such as `constructor` is a resource like any other", () => {
  expect(uses({ browser: "constructor", "e2e/**": "constructor" })).toEqual(["constructor 1: B C D"]);
});
