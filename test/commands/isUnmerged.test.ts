import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { isUnmerged } from "../../src/commands/isUnmerged.ts";
import { deliver } from "../../src/git/deliver.ts";
import { before, dispatched, finished, fourTasks, makeRun, merged } from "./headlessRun.ts";

let project: string;
let commits: string[];
let base: string;

function git(...line: string[]): string {
  return execFileSync("git", ["-C", project, "-c", "user.name=A", "-c", "user.email=a@example.org", ...line], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  }).trim();
}

const integration = "orchestrate/r1/integration";

/** A repository in which a run merged the work of two tasks into its integration branch. */
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "orchestrate-unmerged-"));
  git("init", "--quiet", "--initial-branch=main");
  git("commit", "--quiet", "--allow-empty", "-m", "base");
  base = git("rev-parse", "HEAD");
  commits = ["T1", "T2"].map((task) => {
    git("checkout", "--quiet", "-B", `orchestrate/r1/task/${task}`, "main");
    writeFileSync(join(project, task), task);
    git("add", task);
    git("commit", "--quiet", "-m", task);
    git("checkout", "--quiet", ...(task === "T1" ? ["-b", integration, "main"] : [integration]));
    git("merge", "--quiet", "--no-ff", "-m", `merge ${task}`, `orchestrate/r1/task/${task}`);
    return git("rev-parse", "HEAD");
  });
  git("checkout", "--quiet", "main");
  return () => rmSync(project, { recursive: true, force: true });
});

function unmerged(ended = true): boolean {
  const events = ["T1", "T2"].flatMap((task, at) => [
    dispatched(task, before(9)),
    ...merged(task, before(8)).map((event) =>
      event.type === "merged" ? { ...event, commit: commits[at] ?? "" } : event,
    ),
  ]);
  const end = finished(before(1), true, "T3", "T4");
  const { state } = makeRun(fourTasks(), ended ? [...events, ...end] : events).opened();
  return isUnmerged({ project, state: { ...state, run: "r1", base } });
}

function delivered(as: "merge" | "branches" | "stack") {
  const tasks = ["T1", "T2"].map((task, at) => ({ task, commit: commits[at] ?? "", title: task }));
  return deliver(project, "r1", { into: "mine", as, base, head: commits[1] ?? "", tasks });
}

test("what is in the run's own branches alone is not the person's", () => {
  expect(unmerged()).toBe(true);
  git("update-ref", "refs/remotes/origin/orchestrate/r1/integration", integration);
  expect(unmerged()).toBe(true);
});

test("while the run goes on nothing is missing yet", () => {
  expect(unmerged(false)).toBe(false);
});

test.each(["merge", "branches", "stack"] as const)("`merge --into` brings it, with --as %s too", async (as) => {
  expect(await delivered(as)).toMatchObject({ ok: true });
  expect(unmerged()).toBe(false);
});

test("a half of it is not all of it", () => {
  git("branch", "mine", "orchestrate/r1/task/T1");
  expect(unmerged()).toBe(true);
});

test.each([
  ["the person's checkout", () => git("merge", "--quiet", "--no-ff", "-m", "mine", integration)],
  ["a detached checkout", () => git("checkout", "--quiet", "--detach", integration)],
  ["a remote branch", () => git("update-ref", "refs/remotes/origin/feature", integration)],
  ["one commit of all of it", () => git("merge", "--squash", integration) + git("commit", "--quiet", "-m", "squashed")],
])("%s has it", (_, bring) => {
  bring();
  expect(unmerged()).toBe(false);
});

test("of a run whose branches were cleaned nothing is left to bring", () => {
  git("branch", "-D", integration);
  expect(unmerged()).toBe(false);
});
