import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { treeOf } from "../../src/git/bringUpToDate.ts";
import { copyIncluded } from "../../src/git/included.ts";
import { openLedger, type Ledger } from "../../src/git/ledger.ts";
import { integrationWorktree, taskRef, taskWorktree } from "../../src/git/names.ts";
import type { Refused } from "../../src/git/run.ts";
import { snapshot } from "../../src/git/snapshot.ts";
import { giveGit, handOver, layOut, treeAt, type Tree } from "../../src/git/tree.ts";

export const run = "r24jx9";

/** A real repository on branch `main` with one commit of these files. It is gone after the test. */
export function makeRepository(files: Readonly<Record<string, string>> = { "a.txt": "a\n" }, name = "repository") {
  const scratch = realpathSync(mkdtempSync(join(tmpdir(), "orchestrate-git-")));
  onTestFinished(() => rmSync(scratch, { recursive: true, force: true }));
  const folder = join(scratch, name);
  mkdirSync(folder);
  const git = gitIn(folder);
  git("init", "-q", "-b", "main");
  git("config", "user.name", "A person");
  git("config", "user.email", "person@example.org");
  write(folder, { ...files, ".orchestrate/.gitignore": "*\n" });
  git("add", ".");
  git("commit", "-q", "-m", "first");
  return { scratch, folder, git, base: git("rev-parse", "HEAD") };
}

/** Git as a person would run it in a folder: what it prints, without the space at its end. Throws where it fails. */
export function gitIn(folder: string) {
  return (...args: string[]): string =>
    execFileSync("git", args, { cwd: folder, encoding: "utf8", stdio: "pipe" }).trimEnd();
}

export function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

/** Our own repository of the run, as a supervisor opens it. */
export async function ledgerOf(project: string, options: Parameters<typeof openLedger>[2] = {}): Promise<Ledger> {
  return taken(await openLedger(project, run, options)).ledger;
}

/** A task's tree at a commit, as its worker gets it; `setUp` is what the person's own commands do in it. */
export async function handedTree(
  ledger: Ledger,
  task: string,
  base: string,
  { setUp, worktree = taskWorktree(run, task) }: { setUp?: (folder: string) => void; worktree?: string } = {},
): Promise<Tree> {
  const tree = taken(treeAt(ledger, join(ledger.repository.project, worktree)));
  taken(await layOut(ledger, tree, base));
  const branch = `orchestrate/${run}/task/${task}`;
  taken(await giveGit(ledger, tree, { branch, head: base, merging: null, clashes: [] }));
  const included = taken(await copyIncluded(ledger, tree)).files;
  setUp?.(tree.folder);
  const { tree: startTree } = taken(await treeOf(ledger, base));
  const ref = taskRef(run, task);
  taken(await handOver(ledger, tree, { ref, start: base, startTree, included, setUp: setUp !== undefined }));
  return tree;
}

/** The look at what a worker left. */
export function lookAt(ledger: Ledger, tree: Tree, task: string, base: string, told: readonly string[] = []) {
  return snapshot(ledger, tree, { ref: taskRef(run, task), base, message: `work of ${task}\n`, told });
}

/** The same, when it is work that can be merged. */
export async function workIn(ledger: Ledger, tree: Tree, task: string, base: string, told: readonly string[] = []) {
  const found = taken(await lookAt(ledger, tree, task, base, told));
  if (found.kind !== "work") throw new Error(JSON.stringify(found));
  return found;
}

/** A task's tree with these files in it, as one piece of work. */
export async function workOf(ledger: Ledger, task: string, base: string, files: Readonly<Record<string, string>>) {
  const tree = await handedTree(ledger, task, base);
  write(tree.root, files);
  const { commit } = await workIn(ledger, tree, task, base);
  return { task, title: `Do ${task}`, commit, path: tree.root, tree, git: gitIn(tree.root) };
}

/** The result, if it is one. */
export function taken<T extends { readonly ok: boolean }>(result: T): Exclude<T, Refused> {
  if (!result.ok) throw new Error(JSON.stringify(result));
  return result as Exclude<T, Refused>;
}

/** Why something was refused. */
export function reason(result: { readonly ok: boolean }): string {
  if (result.ok) throw new Error(`not refused: ${JSON.stringify(result)}`);
  return (result as Refused).reason;
}

export const integrationFolder = integrationWorktree(run);
