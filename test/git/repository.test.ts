import { execFileSync } from "node:child_process";
import { appendFileSync, chmodSync, mkdirSync, realpathSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { lookNow } from "../../src/git/ledger.ts";
import { oldestGit, repositoryProblem } from "../../src/git/problem.ts";
import { gitIn, makeRepository, write } from "./makeRepository.ts";

/** Encrypts, as far as a test needs it. */
const attributes = { ".gitattributes": "*.secret filter=crypt\n" };

test("a branch that leaves no room for those of a run is refused, with how to rename it", async () => {
  const { folder, git } = makeRepository();
  git("branch", "orchestrate");
  expect(await repositoryProblem(folder)).toContain("`git branch -m orchestrate OTHER-NAME`");
  git("branch", "-m", "orchestrate", "other");
  expect(await repositoryProblem(folder)).toBeNull();
});

test("a path with a line break is refused, and the refusal is one line", async () => {
  const { folder } = makeRepository({ "a.txt": "a\n" }, "two\nlines");
  const problem = await repositoryProblem(folder);
  expect(problem).toContain("line break");
  expect(problem).not.toContain("\n");
});

test.each(["config", "packed-refs", "shallow", "objects/info/alternates", "config.worktree", "commondir", "index"])(
  "git is not asked where it would wait for ever: %s is a pipe",
  async (name) => {
    const { folder } = makeRepository();
    const path = join(folder, ".git", name);
    rmSync(path, { force: true });
    execFileSync("mkfifo", [path]);
    expect(await repositoryProblem(folder)).toContain(
      `${join(realpathSync(folder), ".git", name)} is not a regular file`,
    );
    expect(lookNow(folder, ["rev-parse", "HEAD"])).toBeNull();
  },
);

test("that there is no repository is said once", async () => {
  const { scratch } = makeRepository();
  mkdirSync(join(scratch, "none"));
  expect((await repositoryProblem(join(scratch, "none")))?.match(/git repository/g)).toHaveLength(1);
});

test("a filter that only the repository names is refused when tracked files pass it, until the person's own config has it", async () => {
  const { scratch, folder, git } = makeRepository({ "a.txt": "a\n", ...attributes });
  write(scratch, { home: "" });
  vi.stubEnv("GIT_CONFIG_GLOBAL", join(scratch, "home"));
  onTestFinished(() => void vi.unstubAllEnvs());
  git("config", "filter.crypt.clean", `"tr" a-z n-za-m`);
  git("config", "filter.crypt.required", "true");
  expect(await repositoryProblem(folder)).toBeNull();
  write(folder, { "deep/my.secret": "word\n" });
  git("add", ".");
  const problem = await repositoryProblem(join(folder, "deep"));
  expect(problem).toContain("the filter `crypt` of my.secret");
  expect(problem).toContain(`git config --global filter.crypt.clean '"tr" a-z n-za-m'`);
  expect(problem).toContain("git config --global filter.crypt.required true");
  appendFileSync(join(scratch, "home"), '[filter "crypt"]\n\tclean = tr a-z n-za-m\n');
  expect(await repositoryProblem(folder)).toBeNull();
});

test("what keeps headless work from a project is said in one sentence", async () => {
  const { scratch, folder } = makeRepository();
  expect(await repositoryProblem(folder)).toBeNull();
  mkdirSync(join(scratch, "new"));
  gitIn(join(scratch, "new"))("init", "-q");
  expect(await repositoryProblem(join(scratch, "new"))).toContain("no commit yet");
  gitIn(scratch)("clone", "-q", "--bare", folder, "bare.git");
  expect(await repositoryProblem(join(scratch, "bare.git"))).toContain("bare");
  expect(await repositoryProblem(join(folder, ".git/objects"))).toContain("git's own folder");
  expect(await repositoryProblem(folder, "win32")).toMatch(/^[^.]*WSL 2[^.]*$/);
});

test("the oldest git that works is named, and an older one is refused", async () => {
  const { scratch, folder } = makeRepository();
  onTestFinished(() => void vi.unstubAllEnvs());
  const path = process.env["PATH"] ?? "";
  const [major, minor] = oldestGit;
  for (const [version, fits] of [
    [`${major}.${minor - 1}.9`, false],
    ["1.9", false],
    [`${major}.${minor}.0`, true],
    [`${major + 1}.0.0`, true],
  ] as const) {
    const script = `#!/bin/sh\ncase "$*" in *version) echo "git version ${version}"; exit;; esac\nPATH='${path}' exec git "$@"\n`;
    write(scratch, { "bin/git": script });
    chmodSync(join(scratch, "bin/git"), 0o755);
    vi.stubEnv("PATH", `${join(scratch, "bin")}:${path}`);
    const problem = await repositoryProblem(folder);
    if (fits) expect(problem).toBeNull();
    else expect(problem).toMatch(new RegExp(`too old: headless runs need git ${major}\\.${minor} or newer`));
  }
  vi.stubEnv("PATH", "/nowhere");
  expect(await repositoryProblem(folder)).toContain("not installed");
});
