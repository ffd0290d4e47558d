import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import type { Ledger } from "../../src/git/ledger.ts";
import { taskRef } from "../../src/git/names.ts";
import { collisions } from "../../src/git/probe.ts";
import { gitIn, handedTree, ledgerOf, makeRepository, run, write } from "./makeRepository.ts";

const lines = (...changed: string[]): string => Array.from({ length: 20 }, (_, n) => `${changed[n] ?? n}\n`).join("");

/** Trees of tasks, each with these files written in it. */
async function atWork(ledger: Ledger, base: string, files: Readonly<Record<string, Readonly<Record<string, string>>>>) {
  const underway = [];
  for (const [task, own] of Object.entries(files)) {
    const { root, index } = await handedTree(ledger, task, base);
    write(root, own);
    underway.push({ task, ref: taskRef(run, task), worktree: root, index });
  }
  return underway;
}

test("work under way that changed the same lines is found before it is committed, with its files", async () => {
  const { folder, base } = makeRepository({ "a.txt": lines(), "b.txt": lines() });
  const ledger = await ledgerOf(folder);
  const underway = await atWork(ledger, base, {
    T1: { "a.txt": lines("first"), "new.txt": "1\n" },
    T2: { "a.txt": lines("second"), "b.txt": lines().replace("19", "far away") },
    T3: { "b.txt": lines("third"), "new.txt": "3\n" },
  });
  expect(await collisions(ledger, underway)).toEqual([
    { tasks: ["T1", "T2"], files: ["a.txt"] },
    { tasks: ["T1", "T3"], files: ["new.txt"] },
  ]);
});

test("a change of the same size in the second of the checkout is seen", async () => {
  const { folder, base, git } = makeRepository({ "a.txt": "a\n" });
  git("config", "core.trustctime", "false");
  const ledger = await ledgerOf(folder);
  const then = new Date("2026-01-01T00:00:00Z");
  const underway = await atWork(ledger, base, { T1: { "a.txt": "1\n" }, T2: { "a.txt": "2\n" } });
  for (const { worktree, index } of underway) {
    utimesSync(join(worktree, "a.txt"), then, then);
    utimesSync(index, then, then);
  }
  expect(await collisions(ledger, underway)).toEqual([{ tasks: ["T1", "T2"], files: ["a.txt"] }]);
});

test("trees, our indexes of them, their own repositories and all refs stay as they are", async () => {
  const { folder, base, git } = makeRepository({ "a.txt": "a\n" });
  const ledger = await ledgerOf(folder);
  const underway = await atWork(ledger, base, {
    T1: { "a.txt": "1\n", "s.txt": "s" },
    T2: { "a.txt": "2\n", "s.txt": "s" },
  });
  for (const { worktree } of underway) gitIn(worktree)("add", "s.txt");
  const look = () => [
    git("for-each-ref"),
    ...underway.flatMap(({ index, worktree }) => [
      readFileSync(index, "hex"),
      gitIn(worktree)("--no-optional-locks", "status", "--porcelain"),
    ]),
  ];
  const before = look();
  expect(await collisions(ledger, underway)).toHaveLength(1);
  expect(look()).toEqual(before);
});

test("neither the repository's objects nor the folder for temporary files grow", async () => {
  const { scratch, folder, base, git } = makeRepository({ "a.txt": "a\n" }, 'one:two "three"');
  vi.stubEnv("TMPDIR", join(scratch, "tmp"));
  onTestFinished(() => void vi.unstubAllEnvs());
  mkdirSync(join(scratch, "tmp"));
  const ledger = await ledgerOf(folder);
  const more = (): string => randomBytes(100_000).toString("hex");
  const underway = await atWork(ledger, base, {
    T1: { "a.txt": "1\n", "new.txt": more() },
    T2: { "a.txt": "2\n", "new.txt": more() },
  });
  const before = git("count-objects", "-v");
  expect(await collisions(ledger, underway)).toEqual([{ tasks: ["T1", "T2"], files: ["a.txt", "new.txt"] }]);
  expect(git("count-objects", "-v")).toBe(before);
  expect(readdirSync(join(scratch, "tmp"))).toEqual([]);
});

test("work that cannot be read is left out", async () => {
  const { folder, base } = makeRepository();
  const ledger = await ledgerOf(folder);
  const [one] = await atWork(ledger, base, { T1: { "a.txt": "1\n" } });
  process.getBuiltinModule("node:child_process").execFileSync("mkfifo", [join(one?.worktree ?? "", ".gitignore")]);
  const nowhere = { task: "T2", ref: taskRef(run, "T2"), worktree: join(folder, ".orchestrate/worktrees/nowhere") };
  expect(await collisions(ledger, [...(one === undefined ? [] : [one]), nowhere])).toEqual([]);
});
