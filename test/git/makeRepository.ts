import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { integrationWorktree, taskBranch, taskWorktree } from "../../src/git/names.ts";
import type { Refused } from "../../src/git/run.ts";
import { addWorktree, type Receipt } from "../../src/git/worktree.ts";

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

/** A task's place, as the engine names it. */
export function placeOf(task: string, base: string): { path: string; branch: string; base: string } {
  return { path: taskWorktree(run, task), branch: taskBranch(run, task), base };
}

/** A new worktree of a task. Throws where it is refused. */
export async function worktreeOf(project: string, task: string, base: string): Promise<Receipt> {
  return taken(await addWorktree(project, placeOf(task, base)));
}

/** A task's worktree with one commit of these files. */
export async function workOf(project: string, task: string, base: string, files: Readonly<Record<string, string>>) {
  const { folder, path } = await worktreeOf(project, task, base);
  write(folder, files);
  const git = gitIn(path);
  git("add", "-A");
  git("commit", "-q", "-m", `work of ${task}`);
  return { task, title: `Do ${task}`, commit: git("rev-parse", "HEAD"), path, git };
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
