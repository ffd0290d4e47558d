import { execFileSync } from "node:child_process";
import { assert, property, constantFrom, oneof, string, stringMatching, uniqueArray } from "fast-check";
import { expect, test } from "vitest";
import { integrationBranch, integrationWorktree, slugOf, taskRef, taskWorktree } from "../../src/git/names.ts";

const hostile = oneof(
  stringMatching(/^[A-Za-z0-9][A-Za-z0-9._#-]{0,63}$/),
  constantFrom(
    "a.lock",
    "a..b",
    "T1",
    "t1",
    "CON",
    "con",
    "nul",
    "a.",
    "a..",
    "#1",
    "1",
    "__proto__",
    "HEAD",
    "@{u}",
    "-x",
    "_integration",
    "_INTEGRATION",
    "task",
    "T1-ABCDEF01",
  ),
  string({ minLength: 1, unit: "binary" }),
);

test("git accepts the ref of every task, whatever its id", () => {
  const names = new Set<string>();
  assert(
    property(hostile, (task) => {
      names.add(taskRef("r24jx9", task));
    }),
    { numRuns: 400 },
  );
  names.add(`refs/heads/${integrationBranch("r24jx9")}`);
  // One process for all of them: a name that git refuses ends it.
  const script = 'for name; do git check-ref-format "$name" || { echo "$name"; exit 1; }; done';
  expect(execFileSync("sh", ["-c", script, "sh", ...names], { encoding: "utf8" })).toBe("");
});

test("no two tasks share a name, not even where case does not count, nor one with the integration worktree", () => {
  assert(
    property(uniqueArray(hostile, { minLength: 2, maxLength: 12 }), (tasks) => {
      const names = [integrationWorktree("r"), ...tasks.map((task) => taskWorktree("r", task))];
      expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
    }),
    { numRuns: 400 },
  );
  const digested = slugOf("t1");
  expect(slugOf(digested.toUpperCase()).toLowerCase()).not.toBe(digested.toLowerCase());
});

test("an id stays within one folder and is short", () => {
  assert(
    property(hostile, (task) => {
      expect(slugOf(task)).toMatch(/^[A-Za-z0-9_][A-Za-z0-9_-]{0,60}$/);
    }),
  );
  expect(slugOf("T012")).toBe("T012");
});
