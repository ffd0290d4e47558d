import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { repositoryProblem } from "../../src/git/repository.ts";
import { runGit, words } from "../../src/git/run.ts";
import { bringUpToDate } from "../../src/git/integrate.ts";
import { mergeWork } from "../../src/git/mergeQueue.ts";
import { collisions } from "../../src/git/probe.ts";
import { collectWork } from "../../src/git/work.ts";
import { removeWorktree, reuseWorktree } from "../../src/git/worktree.ts";
import { gitIn, makeRepository, placeOf, reason, run, taken, worktreeOf, workOf, write } from "./makeRepository.ts";

function environment(values: Record<string, string>): void {
  for (const [name, value] of Object.entries(values)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
}

test("variables that point git at another place do not lead it astray", async () => {
  const { folder, base } = makeRepository();
  const other = makeRepository({ "b.txt": "b\n" });
  environment({ GIT_DIR: join(other.folder, ".git"), GIT_WORK_TREE: other.folder, GIT_INDEX_FILE: "/nowhere/index" });
  expect((await runGit(folder, ["rev-parse", "HEAD"])).out.trim()).toBe(base);
  expect((await runGit(folder, ["ls-files"])).out).toContain("a.txt");
});

test("commits are the user's own where they have a name, and ours where they have none", async () => {
  const own = makeRepository();
  await runGit(own.folder, ["commit", "-q", "--allow-empty", "-m", "x"]);
  expect(own.git("log", "-1", "--format=%an <%ae> %cn")).toBe("A person <person@example.org> A person");
  environment({ GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" });
  const nameless = makeRepository();
  nameless.git("config", "--remove-section", "user");
  await runGit(nameless.folder, ["commit", "-q", "--allow-empty", "-m", "x"]);
  expect(nameless.git("log", "-1", "--format=%an <%ae> %cn <%ce>")).toBe(
    "Orchestrate <orchestrate@localhost> Orchestrate <orchestrate@localhost>",
  );
});

test("a folder that is gone, a git that is missing and a command that takes too long are told apart", async () => {
  const { folder } = makeRepository();
  expect(words(await runGit(join(folder, "none"), ["status"]))).toContain("does not exist");
  const slow = await runGit(folder, ["-c", "alias.slow=!sleep 5", "slow"], { timeout: 50 });
  expect(words(slow)).toMatch(/took longer/);
  environment({ PATH: "/nowhere" });
  expect(words(await runGit(folder, ["status"]))).toContain("git is not installed");
});

test("a project that cannot have worktrees is told why", async () => {
  const { scratch, folder } = makeRepository();
  expect(await repositoryProblem(folder)).toBeNull();
  expect(await repositoryProblem(scratch)).toContain("not in a git repository");
  mkdirSync(join(scratch, "new"));
  gitIn(join(scratch, "new"))("init", "-q");
  expect(await repositoryProblem(join(scratch, "new"))).toContain("no commit yet");
  gitIn(scratch)("clone", "-q", "--bare", folder, "bare.git");
  expect(await repositoryProblem(join(scratch, "bare.git"))).toContain("bare");
  environment({ PATH: fakeGit('echo "git version 2.30.1"') });
  expect(await repositoryProblem(folder)).toContain("git 2.30 is too old");
  environment({ PATH: "/nowhere" });
  expect(await repositoryProblem(folder)).toContain("not installed");
});

test("nothing that a worker put into config, attributes or hooks is run by any call of ours", async () => {
  const { scratch, folder, git, base } = makeRepository({ "a.txt": "a\n", "b.bin": "b\n" });
  const witness = join(scratch, "witness");
  const evil = join(scratch, "evil.sh");
  writeFileSync(evil, `#!/bin/sh\necho "$0 $*" >> ${witness}\ncat\n`);
  chmodSync(evil, 0o755);
  const one = await workOf(folder, "T1", base, {
    "a.txt": "one\n",
    ".gitattributes": "* filter=evil merge=evil diff=evil\n",
  });
  const two = await workOf(folder, "T2", base, {
    "a.txt": "two\n",
    ".gitattributes": "* filter=evil merge=evil diff=evil\n",
  });
  // Written by a worker when we have looked already.
  const hooks = join(scratch, "hooks");
  for (const hook of [
    "post-checkout",
    "pre-commit",
    "commit-msg",
    "post-merge",
    "reference-transaction",
    "post-commit",
    "pre-merge-commit",
    "post-index-change",
  ])
    for (const place of [hooks, join(folder, ".git/hooks")]) {
      write(place, { [hook]: `#!/bin/sh\necho ${hook} >> ${witness}\n` });
      chmodSync(join(place, hook), 0o755);
    }
  git("config", "core.hooksPath", hooks);
  git("config", "core.fsmonitor", evil);
  for (const part of ["clean", "smudge", "process"]) git("config", `filter.evil.${part}`, evil);
  git("config", "filter.evil.required", "true");
  git("config", "merge.evil.driver", `${evil} %A`);
  git("config", "diff.evil.textconv", evil);
  git("config", "diff.evil.command", evil);
  git("config", "diff.external", evil);
  git("config", "merge.default", "union");
  appendFileSync(join(folder, ".git/config"), `[include]\n\tpath = ${join(scratch, "more")}\n`);
  writeFileSync(join(scratch, "more"), `[filter "e=\\"v il"]\n\tclean = ${evil}\n\tsmudge = ${evil}\n`);
  write(folder, { ".git/info/attributes": '*.bin filter=e="v\n' });

  const third = await worktreeOf(folder, "T3", base);
  write(third.path, { "a.txt": "three\n", "c.bin": "c\n" });
  taken(await collectWork(folder, { ...placeOf("T3", base), message: "three" }));
  await collisions(folder, [
    { task: "T1", base, worktree: one.path },
    { task: "T2", base, worktree: two.path },
  ]);
  const merged = taken(await mergeWork(folder, run, base, [one, two], async () => null));
  expect(merged.conflicts.map(({ task }) => task)).toEqual(["T2"]);
  taken(await bringUpToDate(folder, two.path, merged.head));
  taken(await reuseWorktree(folder, { ...placeOf("T4", merged.head), path: one.path }));
  taken(await removeWorktree(folder, one.path, merged.head));
  expect(existsSync(witness)).toBe(false);
  // The same work by a person's git does run them: the trap is live.
  spawnSync("git", ["status"], { cwd: two.path, stdio: "ignore" });
  expect(existsSync(witness)).toBe(true);
});

test("a worktree that a worker pointed at the user's checkout is refused, and the checkout stays as it is", async () => {
  const { folder, base, git } = makeRepository();
  const { path } = await worktreeOf(folder, "T1", base);
  write(folder, { "mine.txt": "mine\n", "a.txt": "dirty\n" });
  git("config", "extensions.worktreeConfig", "true");
  gitIn(path)("config", "--worktree", "core.worktree", folder);
  expect(reason(await collectWork(folder, { ...placeOf("T1", base), message: "m" }))).toContain("core.worktree");
  expect(reason(await reuseWorktree(folder, { ...placeOf("T2", base), path }))).toContain("core.worktree");
  expect(git("status", "--porcelain")).toBe(" M a.txt\n?? mine.txt");
});

test("a filter that appears in a file that the config includes is not run either", async () => {
  const { scratch, folder, git, base } = makeRepository();
  git("config", "include.path", join(scratch, "more"));
  const { path } = await worktreeOf(folder, "T1", base);
  write(scratch, { more: `[filter "evil"]\n\tclean = touch ${join(scratch, "witness")}; cat\n` });
  write(path, { "x.txt": "x\n", ".gitattributes": "* filter=evil\n" });
  taken(await collectWork(folder, { ...placeOf("T1", base), message: "m" }));
  expect(existsSync(join(scratch, "witness"))).toBe(false);
});

test("a filter of the user's own config works, and a worker's in its place does not", async () => {
  const { scratch, folder, git, base } = makeRepository();
  write(scratch, { home: '[user]\n\tname = x\n\temail = x@y\n[filter "up"]\n\tclean = tr a-z A-Z\n\tsmudge = cat\n' });
  environment({ GIT_CONFIG_GLOBAL: join(scratch, "home") });
  git("config", "filter.up.clean", `touch ${join(scratch, "witness")}; cat`);
  const { path } = await worktreeOf(folder, "T1", base);
  write(path, { "up.txt": "loud\n", ".gitattributes": "up.txt filter=up\n" });
  const work = taken(await collectWork(folder, { ...placeOf("T1", base), message: "m" }));
  expect(git("show", `${work.commit}:up.txt`)).toBe("LOUD");
  expect(existsSync(join(scratch, "witness"))).toBe(false);
});

test("a task whose worker commits costs at most 15 processes from its worktree to its end", async () => {
  const { folder, base } = makeRepository();
  const log = join(folder, ".orchestrate/log");
  const real =
    (process.env["PATH"] ?? "")
      .split(":")
      .map((at) => join(at, "git"))
      .find((at) => existsSync(at)) ?? "";
  environment({ PATH: `${fakeGit(`echo "$*" >> ${log}\nexec ${real} "$@"`)}:${process.env["PATH"]}` });
  const runs = (): string[] => readFileSync(log, "utf8").trim().split("\n");
  const first = await workOf(folder, "T0", base, { "a.txt": "b\n" });
  const onto = taken(await mergeWork(folder, run, base, [first], async () => null)).head;
  writeFileSync(log, "");
  const { path } = await worktreeOf(folder, "T1", base);
  write(path, { "b.txt": "b\n" });
  const paid = runs().length;
  gitIn(path)("add", "-A");
  gitIn(path)("commit", "-q", "-m", "work");
  const free = runs().length - paid;
  const work = taken(await collectWork(folder, { ...placeOf("T1", base), message: "m" }));
  const merged = taken(await mergeWork(folder, run, onto, [{ ...work, task: "T1", title: "t" }], async () => null));
  taken(await removeWorktree(folder, path, merged.head));
  expect(runs().length - free).toBeGreaterThan(8);
  expect(runs().length - free, runs().join("\n")).toBeLessThanOrEqual(15);
});

function fakeGit(script: string): string {
  const folder = mkdtempSync(join(tmpdir(), "orchestrate-path-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  write(folder, { git: `#!/bin/sh\n${script}\n` });
  chmodSync(join(folder, "git"), 0o755);
  return folder;
}
