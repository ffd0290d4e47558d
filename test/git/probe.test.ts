import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { collisions } from "../../src/git/probe.ts";
import { gitIn, makeRepository, worktreeOf, workOf, write } from "./makeRepository.ts";

const lines = (...changed: string[]): string => Array.from({ length: 20 }, (_, n) => `${changed[n] ?? n}\n`).join("");

test("work under way that changed the same lines is found before it is committed, with its files", async () => {
  const { folder, base } = makeRepository({ "a.txt": lines(), "b.txt": lines() });
  const one = await worktreeOf(folder, "T1", base);
  const two = await worktreeOf(folder, "T2", base);
  const three = await workOf(folder, "T3", base, { "b.txt": lines("third"), "new.txt": "3\n" });
  write(one.path, { "a.txt": lines("first"), "new.txt": "1\n" });
  write(two.path, { "a.txt": lines("second"), "b.txt": lines().replace("19", "far away") });
  const underway = [
    { task: "T1", base, worktree: one.path },
    { task: "T2", base, worktree: two.path },
    { task: "T3", base, commit: three.commit },
  ];
  expect(await collisions(folder, underway)).toEqual([
    { tasks: ["T1", "T2"], files: ["a.txt"] },
    { tasks: ["T1", "T3"], files: ["new.txt"] },
  ]);
});

test("a change of the same size in the second of the checkout is seen", async () => {
  const { folder, base, git } = makeRepository({ "a.txt": "a\n" });
  git("config", "core.trustctime", "false");
  const then = new Date("2026-01-01T00:00:00Z");
  const heads = [];
  for (const task of ["T1", "T2"]) {
    const { path, admin } = await worktreeOf(folder, task, base);
    utimesSync(join(path, "a.txt"), then, then);
    gitIn(path)("update-index", "--refresh");
    write(path, { "a.txt": `${task.at(-1)}\n` });
    utimesSync(join(path, "a.txt"), then, then);
    utimesSync(join(admin, "index"), then, then);
    heads.push({ task, base, worktree: path });
  }
  expect(await collisions(folder, heads)).toEqual([{ tasks: ["T1", "T2"], files: ["a.txt"] }]);
});

test("worktrees, their indexes and all refs stay as they are", async () => {
  const { folder, base, git } = makeRepository({ "a.txt": "a\n" });
  const one = await worktreeOf(folder, "T1", base);
  const two = await worktreeOf(folder, "T2", base);
  for (const { path } of [one, two]) {
    write(path, { "a.txt": `${path}\n`, "staged.txt": "s\n", "new.txt": "n\n" });
    gitIn(path)("add", "staged.txt");
  }
  const look = () => [
    git("for-each-ref"),
    ...[one, two].map(
      ({ path, admin }) => readFileSync(join(admin, "index"), "hex") + gitIn(path)("status", "--porcelain"),
    ),
  ];
  const before = look();
  expect(
    await collisions(
      folder,
      [one, two].map(({ path }, n) => ({ task: `T${n}`, base, worktree: path })),
    ),
  ).toHaveLength(1);
  expect(look()).toEqual(before);
});

test("neither the repository's objects nor the folder for temporary files grow", async () => {
  const { scratch, folder, base, git } = makeRepository({ "a.txt": "a\n" }, 'one:two "three"');
  vi.stubEnv("TMPDIR", join(scratch, "tmp"));
  onTestFinished(() => void vi.unstubAllEnvs());
  mkdirSync(join(scratch, "tmp"));
  const underway = [];
  for (const task of ["T1", "T2"]) {
    const { path } = await worktreeOf(folder, task, base);
    write(path, { "a.txt": `${task}\n`, "new.txt": randomBytes(100_000).toString("hex") });
    underway.push({ task, base, worktree: path });
  }
  const before = git("count-objects", "-v");
  expect(await collisions(folder, underway)).toEqual([{ tasks: ["T1", "T2"], files: ["a.txt", "new.txt"] }]);
  expect(git("count-objects", "-v")).toBe(before);
  expect(readdirSync(join(scratch, "tmp"))).toEqual([]);
});

test("work that cannot be read is left out, and outside a repository there is no answer", async () => {
  const { scratch, folder, base } = makeRepository();
  expect(
    await collisions(folder, [
      { task: "T1", base, worktree: "nowhere" },
      { task: "T2", base, commit: "nothing" },
    ]),
  ).toEqual([]);
  expect(await collisions(scratch, [])).toBeNull();
});
