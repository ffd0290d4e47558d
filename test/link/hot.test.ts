import { describe, expect, test } from "vitest";
import { hotLocks } from "../../src/link/locks/hot.ts";
import { hotClasses } from "../../src/link/locks/hotClasses.ts";
import { defaultConfig, type Config } from "../../src/model/config.ts";
import type { Repository } from "../../src/model/repository.ts";
import { makeList, type TaskSketch } from "./make.ts";
import { repository, rulesOf } from "./help.ts";

function locks(tasks: readonly TaskSketch[], hot: Config["hot"] = {}, known: Repository | null = null): string[] {
  return hotLocks(makeList({ tasks }).tasks, { ...defaultConfig, hot }, known).map(
    ({ on, capacity, holders }) =>
      `${on} ${capacity}: ${holders.map(({ task, amount }) => `${task}×${amount}`).join(" ")}`,
  );
}

test.each([
  ["manifests", "pnpm-lock.yaml", "Upgrade the zod dependency"],
  ["migrations", "db/migrations/007_users.sql", "Write a migration for users"],
  ["barrels", "src/index.ts", "Re-export it through the index"],
  ["registries", "src/routes.ts", "Register the user routes"],
  ["generated", "src/__generated__/api.ts", "Regenerate the client"],
  ["ci", ".github/workflows/ci.yml", "Add a CI job for the linter"],
  ["fixtures", "tests/conftest.py", "Add shared fixtures for users"],
  ["translations", "src/locales/en.json", "Add translations for the form"],
])("a task that says the words of %s is kept from one that changes a file of the class", (key, file, title) => {
  const tasks = [
    { id: "A", files: [file] },
    { id: "B", title, files: ["src/b/thing.ts"] },
  ];
  expect(locks(tasks)).toHaveLength(1);
  expect(locks(tasks, { [key]: "off" })).toEqual([]);
  expect(hotClasses.some((hot) => hot.key === key)).toBe(true);
});

describe("a class", () => {
  test("that shares a file keeps all its tasks apart, any other only those that do not say which file", () => {
    const manifests = [
      { id: "A", files: ["a/package.json"] },
      { id: "B", files: ["b/package.json"] },
    ];
    const routers = [
      { id: "A", files: ["a/routes.ts"] },
      { id: "B", files: ["b/routes.ts"] },
    ];
    expect(locks(manifests)).toEqual(["package manifest and lock file 1: A×1 B×1"]);
    expect(locks(routers)).toEqual([]);
    expect(locks([...routers, { id: "C", title: "Mount the admin router" }])).toEqual([
      "routers and registries 3: A×1 B×1 C×3",
    ]);
  });

  test("does not hold who denies it", () => {
    const tasks = [
      { id: "A", files: ["package.json"] },
      { id: "B", title: "Parse dates, without adding a dependency; do not add a new package" },
    ];
    expect(locks(tasks)).toEqual([]);
  });

  test("takes more files by globs, and a new name makes a class of its own", () => {
    const tasks = [
      { id: "A", files: ["design/tokens/red.json"] },
      { id: "B", files: ["design/tokens/blue.json"] },
    ];
    expect(locks(tasks)).toEqual([]);
    expect(locks(tasks, { "design tokens": ["design/tokens/**"] })).toEqual(["design tokens 1: A×1 B×1"]);
  });

  test("that nobody knows cannot be switched off", () => {
    expect(rulesOf({ tasks: [{ id: "A" }] }, { ...defaultConfig, hot: { migration: "off" } })).toEqual([
      "unknown-hot-class",
    ]);
  });

  test("of a language that the repository does not have says nothing", () => {
    const tasks = [
      { id: "A", files: ["docs/index.ts"] },
      { id: "B", title: "Re-export it through the index" },
    ];
    expect(locks(tasks, {}, repository({ files: ["main.go"] }))).toEqual([]);
    expect(locks(tasks, {}, repository({ files: ["main.ts"] }))).toHaveLength(1);
  });
});

test("who adds a file beside an index file that hands on its neighbours shares that index file", () => {
  const tasks = [
    { id: "A", files: ["+src/ui/button.ts"] },
    { id: "B", files: ["+src/ui/input.ts"] },
    { id: "C", files: ["+src/core/clock.ts"] },
  ];
  const known = repository({ files: ["src/ui/index.ts"], barrels: ["src/ui/index.ts"] });
  expect(locks(tasks, {}, known)).toEqual(["src/ui/index.ts (index file) 1: A×1 B×1"]);
});
