import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import type { Event } from "../../../src/model/event.ts";
import { decodeLine, encodeLine } from "../../../src/run/line.ts";

const fixture = "test/fixtures/version-0.1.0";

/** The run in the fixture: T001 merged, T002 at work in T001's worktree when everything was killed, T003 not begun. */
export const run = "razm2b";
/** What it had merged. */
export const head = "a99065ce6daa4de008593674d817f205189a22fc";
export const worktree = `.orchestrate/worktrees/${run}/T001`;

/**
 * Puts a run of version 0.1.0 in the place of a project's repository: commits and branches as that version made them, its run's
 * folder, its worktrees. `edit` may say what else stands in its journal; where it ends before the merge, the branch does too.
 */
export function unpackRun(project: string, edit: (events: Event[]) => Event[] = (events) => events): void {
  const config = readFileSync(join(project, ".orchestrate.yml"));
  rmSync(join(project, ".git"), { recursive: true });
  const git = (args: string[], cwd = project, input: string | Buffer = ""): void =>
    void execFileSync("git", args, { cwd, input, stdio: ["pipe", "ignore", "pipe"] });
  git(["init", "-q", "-b", "main"]);
  git(["config", "user.name", "A person"]);
  git(["config", "user.email", "person@example.org"]);
  git(["fast-import", "--quiet"], project, readFileSync(join(fixture, "repository.fast-export")));
  git(["reset", "-q", "--hard", "main"]);
  git(["worktree", "add", "-q", join(project, worktree), `orchestrate/${run}/task/T002`]);
  git(["worktree", "add", "-q", "--detach", join(project, `.orchestrate/worktrees/${run}/_integration`), head]);
  writeFileSync(join(project, worktree, "out/T002.txt"), "half of T002\n");
  writeFileSync(join(project, ".orchestrate.yml"), config);
  writeFileSync(join(project, ".orchestrate/.gitignore"), "*\n");
  cpSync(join(fixture, "state"), join(project, ".orchestrate"), { recursive: true });
  for (const attempt of ["T001", "T002"])
    for (const folder of ["tmp", "cache"])
      mkdirSync(join(project, `.orchestrate/runs/${run}/tasks/${attempt}/1`, folder), { recursive: true });
  const journal = join(project, `.orchestrate/runs/${run}/events.jsonl`);
  const lines = readFileSync(journal, "utf8").trimEnd().split("\n");
  const events = edit(lines.flatMap((line) => decodeLine(line) ?? []));
  // Every line of that version counts, and its machine is this one.
  if (lines.length !== 14) throw new Error(`the fixture's journal has ${lines.length} lines`);
  const here = events.map((event) => (event.type === "supervised" ? { ...event, host: hostname() } : event));
  writeFileSync(journal, here.map((event) => `${encodeLine(event)}\n`).join(""));
}
