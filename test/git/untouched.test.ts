import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, test } from "vitest";
import { cleanRun } from "../../src/git/clean.ts";
import { deliver } from "../../src/git/deliver.ts";
import { mergeWork } from "../../src/git/mergeQueue.ts";
import { collisions } from "../../src/git/probe.ts";
import { gateTree } from "../../src/git/mergeQueue.ts";
import { taskRef } from "../../src/git/names.ts";
import { handedTree, ledgerOf, makeRepository, run, taken, workIn, write } from "./makeRepository.ts";

/** Every file of a checkout and of git's folder that is a user's: bytes, mode and time of change. */
function picture(folder: string): Map<string, string> {
  const seen = new Map<string, string>();
  const walk = (at: string): void => {
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      const path = join(at, entry.name);
      const name = relative(folder, path);
      if (/^\.git\/(?:objects|orchestrate|refs\/(?:heads\/)?orchestrate|logs\/refs\/heads\/orchestrate)$/.test(name))
        continue;
      if (name === ".orchestrate") continue;
      if (entry.isDirectory()) walk(path);
      else {
        const { mode, mtimeMs } = statSync(path);
        seen.set(name, `${mode} ${mtimeMs} ${createHash("sha256").update(readFileSync(path)).digest("hex")}`);
      }
    }
  };
  walk(folder);
  return seen;
}

test("through a whole run no byte of the user's changes: files, index, HEAD, reflogs, stash, config, other refs", async () => {
  const { folder, git, base } = makeRepository({
    ".gitignore": ".env\n",
    ".worktreeinclude": ".env\n",
    "a.txt": "a\n",
    "b.txt": "b\n",
  });
  write(folder, { "a.txt": "stashed\n" });
  git("stash");
  write(folder, { "a.txt": "staged\n", ".env": "KEY\n", "untracked.txt": "mine\n", "b.txt": "dirty\n" });
  git("add", "a.txt");
  git("tag", "v1");
  git("branch", "dev");
  const before = picture(folder);
  const status = git("--no-optional-locks", "status", "--porcelain");

  const ledger = await ledgerOf(folder);
  const [one, two] = [await handedTree(ledger, "T1", base), await handedTree(ledger, "T2", base)];
  write(one.root, { "a.txt": "1\n" });
  write(two.root, { "a.txt": "2\n", "c.txt": "c\n" });
  const underway = [one, two].map(({ root }, n) => ({
    task: `T${n + 1}`,
    ref: taskRef(run, `T${n + 1}`),
    worktree: root,
  }));
  expect(await collisions(ledger, underway)).toHaveLength(1);
  const candidates = [];
  for (const [n, tree] of [one, two].entries())
    candidates.push({ task: `T${n + 1}`, title: "t", commit: (await workIn(ledger, tree, `T${n + 1}`, base)).commit });
  const merged = taken(await mergeWork(ledger, run, base, candidates, async () => null));
  expect(merged.conflicts).toHaveLength(1);
  const last = taken(
    await mergeWork(ledger, run, merged.head, candidates.slice(0, 1), async (commit) => {
      write(taken(await gateTree(ledger, run, commit)).folder, { "left.txt": "x" });
      return { reason: "red" };
    }),
  );
  expect(last.head).toBe(merged.head);
  await handedTree(ledger, "T3", merged.head, { worktree: `.orchestrate/worktrees/${run}/T1` });
  // What `deliver` makes is meant to be there; until then nothing was.
  expect(picture(folder)).toEqual(before);
  for (const as of ["branches", "stack", "merge"] as const)
    taken(await deliver(folder, run, { into: "given", as, base, head: merged.head, tasks: merged.merged }));
  expect(
    await deliver(folder, run, { into: "main", as: "merge", base, head: merged.head, tasks: merged.merged }),
  ).toMatchObject({ ok: false });
  taken(await cleanRun(folder, run, { dry: false, merged: null, places: [] }));
  const after = picture(folder);
  for (const name of after.keys()) if (/^\.git\/(?:logs\/)?refs\/heads\/given/.test(name)) after.delete(name);
  expect(after).toEqual(before);
  expect(git("--no-optional-locks", "status", "--porcelain")).toBe(status);
});
