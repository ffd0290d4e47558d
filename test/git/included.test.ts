import { existsSync, lstatSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { copyIncluded } from "../../src/git/included.ts";
import { gitIn, handedTree, ledgerOf, makeRepository, taken, workIn, write } from "./makeRepository.ts";

test("ignored files that .worktreeinclude names are copied, and nothing else", async () => {
  const { folder, base } = makeRepository({
    ".gitignore": ".env*\n/local/\nlog\n",
    ".worktreeinclude": ".env*\n/local/*\n!/local/skip\nplain.txt\n",
  });
  write(folder, {
    ".env": "KEY=1\n",
    "sub/.env.test": "KEY=2\n",
    "local/a": "a",
    "local/skip": "s",
    log: "l",
    "plain.txt": "not ignored",
  });
  const ledger = await ledgerOf(folder);
  const tree = await handedTree(ledger, "T1", base);
  const path = tree.root;
  expect(taken(await copyIncluded(ledger, tree)).files.toSorted()).toEqual([".env", "local/a", "sub/.env.test"]);
  expect(readFileSync(join(path, "sub/.env.test"), "utf8")).toBe("KEY=2\n");
  expect(gitIn(path)("status", "--porcelain")).toBe("");
  // The worker's own change of it stays.
  write(path, { ".env": "KEY=worker\n" });
  taken(await copyIncluded(ledger, tree));
  expect(readFileSync(join(path, ".env"), "utf8")).toBe("KEY=worker\n");
});

test("a copy is not committed, not even when the worker no longer ignores it", async () => {
  const { folder, base } = makeRepository({ ".gitignore": ".env\n", ".worktreeinclude": ".env\n" });
  write(folder, { ".env": "SECRET\n" });
  const ledger = await ledgerOf(folder);
  const tree = await handedTree(ledger, "T1", base);
  const path = tree.root;
  write(path, { ".gitignore": "", "work.txt": "work\n" });
  const work = await workIn(ledger, tree, "T1", base);
  expect(work.files).toEqual([".gitignore", "work.txt"]);
  expect(existsSync(join(path, ".env"))).toBe(true);
});

test("no symbolic link leads a copy out of the tree", async () => {
  const { scratch, folder, git } = makeRepository({
    ".gitignore": "*.key\n/conf/\n",
    ".worktreeinclude": "*.key\nconf\n",
  });
  write(scratch, { "outside/secret": "s" });
  mkdirSync(join(folder, "conf"));
  symlinkSync(join(scratch, "outside/secret"), join(folder, "out.key"));
  symlinkSync("../../outside", join(folder, "conf/up"));
  write(folder, { "in.txt": "x", "conf/x.key": "x" });
  symlinkSync("in.txt", join(folder, "in.key"));
  // In the commit the folder is a link out of the tree.
  const other = gitIn(folder);
  write(scratch, { target: join(scratch, "outside") });
  const link = other("hash-object", "-w", join(scratch, "target"));
  other("update-index", "--add", "--cacheinfo", `120000,${link},conf`);
  other("commit", "-q", "-m", "a link");
  const { root: path } = await handedTree(await ledgerOf(folder), "T1", git("rev-parse", "HEAD"));
  expect(lstatSync(join(path, "in.key")).isSymbolicLink()).toBe(true);
  expect(existsSync(join(scratch, "outside/x.key"))).toBe(false);
});
