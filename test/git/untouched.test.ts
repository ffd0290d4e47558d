import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, test } from "vitest";
import { cleanRun } from "../../src/git/clean.ts";
import { deliver } from "../../src/git/deliver.ts";
import { bringUpToDate } from "../../src/git/integrate.ts";
import { mergeWork } from "../../src/git/mergeQueue.ts";
import { collisions } from "../../src/git/probe.ts";
import { collectWork } from "../../src/git/work.ts";
import { removeWorktree, reuseWorktree } from "../../src/git/worktree.ts";
import { gitIn, makeRepository, placeOf, run, taken, worktreeOf, write } from "./makeRepository.ts";

/** Every file of a checkout and of git's folder that is a user's: bytes, mode and time of change. */
function picture(folder: string): Map<string, string> {
  const seen = new Map<string, string>();
  const walk = (at: string): void => {
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      const path = join(at, entry.name);
      const name = relative(folder, path);
      if (/^\.git\/(?:objects|worktrees|refs\/heads\/orchestrate|logs\/refs\/heads\/orchestrate)$/.test(name)) continue;
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

  const [one, two] = [await worktreeOf(folder, "T1", base), await worktreeOf(folder, "T2", base)];
  write(one.path, { "a.txt": "1\n" });
  write(two.path, { "a.txt": "2\n", "c.txt": "c\n" });
  const underway = [one, two].map(({ path }, n) => ({ task: `T${n + 1}`, base, worktree: path }));
  expect(await collisions(folder, underway)).toHaveLength(1);
  const work = taken(await collectWork(folder, { ...placeOf("T1", base), message: "one" }));
  const other = taken(await collectWork(folder, { ...placeOf("T2", base), message: "two" }));
  const candidates = [
    { task: "T1", title: "one", commit: work.commit },
    { task: "T2", title: "two", commit: other.commit },
  ];
  const merged = taken(await mergeWork(folder, run, base, candidates, async () => null));
  expect(merged.conflicts).toHaveLength(1);
  expect(await bringUpToDate(folder, two.path, merged.head)).toMatchObject({ state: "conflict" });
  write(two.path, { "a.txt": "1\n2\n" });
  const resolved = taken(await collectWork(folder, { ...placeOf("T2", merged.head), message: "both" }));
  let asked = 0;
  const red = taken(
    await mergeWork(folder, run, merged.head, [{ task: "T2", title: "two", commit: resolved.commit }], async (at) => {
      asked += 1;
      write(at, { "left.txt": "x" });
      return { reason: "red" };
    }),
  );
  expect([red.head, asked]).toEqual([merged.head, 1]);
  taken(await reuseWorktree(folder, { ...placeOf("T3", merged.head), path: one.path }));
  taken(await removeWorktree(folder, one.path, merged.head));
  // What `deliver` makes is meant to be there; until then nothing was.
  expect(picture(folder)).toEqual(before);
  for (const as of ["branches", "stack", "merge"] as const)
    taken(await deliver(folder, run, { into: "given", as, base, head: merged.head, tasks: merged.merged }));
  expect(
    await deliver(folder, run, { into: "main", as: "merge", base, head: merged.head, tasks: merged.merged }),
  ).toMatchObject({ ok: false });
  taken(await cleanRun(folder, run, { dry: false, merged: null }));
  const after = picture(folder);
  for (const name of after.keys()) if (/^\.git\/(?:logs\/)?refs\/heads\/given/.test(name)) after.delete(name);
  expect(after).toEqual(before);
  expect(git("--no-optional-locks", "status", "--porcelain")).toBe(status);
  expect(gitIn(two.path)("rev-parse", "HEAD")).toBe(resolved.commit);
});
