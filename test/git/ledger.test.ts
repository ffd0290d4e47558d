import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect, onTestFinished, test, vi } from "vitest";
import { changedPaths } from "../../src/git/changes.ts";
import { git as run_, lookNow, withLedger } from "../../src/git/ledger.ts";
import { mergeWork } from "../../src/git/mergeQueue.ts";
import { commitTree } from "../../src/git/mergeTree.ts";
import { pins } from "../../src/git/names.ts";
import { words } from "../../src/git/run.ts";
import { gitIn, handedTree, ledgerOf, makeRepository, run, taken, workIn, workOf, write } from "./makeRepository.ts";

function environment(values: Record<string, string>): void {
  for (const [name, value] of Object.entries(values)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
}

test("variables that point git at another place lead no command astray", async () => {
  const { folder, base } = makeRepository();
  const other = makeRepository({ "b.txt": "b\n" });
  environment({
    GIT_DIR: join(other.folder, ".git"),
    GIT_WORK_TREE: other.folder,
    GIT_INDEX_FILE: "/nowhere/index",
    GIT_OBJECT_DIRECTORY: "/nowhere/objects",
    GIT_CONFIG_PARAMETERS: "'core.bare=true'",
    GIT_NAMESPACE: "x",
  });
  const ledger = await ledgerOf(folder);
  expect((await run_(ledger, ["rev-parse", "HEAD"])).out.trim()).toBe(base);
  expect(lookNow(folder, ["ls-files"])).toBe("a.txt\n");
  const tree = await handedTree(ledger, "T1", base);
  write(tree.root, { "b.txt": "b\n" });
  expect((await workIn(ledger, tree, "T1", base)).files).toEqual(["b.txt"]);
  vi.unstubAllEnvs();
  expect(other.git("for-each-ref", "--format=%(refname)")).toBe("refs/heads/main");
});

test("commits are the user's own where they have a name, and ours where they have none", async () => {
  const own = makeRepository();
  const tree = own.git("rev-parse", "HEAD^{tree}");
  const made = async (folder: string) =>
    taken(await commitTree(await ledgerOf(folder), { tree, parents: [], message: "x\n" })).commit;
  expect(own.git("log", "-1", "--format=%an <%ae> %cn", await made(own.folder))).toBe(
    "A person <person@example.org> A person",
  );
  environment({ GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" });
  own.git("config", "--remove-section", "user");
  expect(own.git("log", "-1", "--format=%an <%ae> %cn <%ce>", await made(own.folder))).toBe(
    "Orchestrate <orchestrate@localhost> Orchestrate <orchestrate@localhost>",
  );
});

test("a git that is missing and a command that takes too long are told apart, and what that started ends with it", async () => {
  const { folder, scratch } = makeRepository();
  const ledger = await ledgerOf(folder);
  const alive = join(scratch, "alive");
  const endless = `!echo $$ > ${alive}; while :; do sleep 0.05; done`;
  const slow = await run_(ledger, ["-c", `alias.slow=${endless}`, "slow"], { timeout: 400 });
  expect(words(slow)).toMatch(/took longer than 0 s/);
  const pid = Number(readFileSync(alive, "utf8"));
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      break;
    }
    // A killed process is there until its new parent has looked.
    if (/^\S+ \S+ Z/.test(readFileSync(`/proc/${pid}/stat`, "utf8"))) break;
    await wait(10);
  }
  const nowhere = await ledgerOf(folder, { env: { PATH: "/nowhere" } }).catch((error: Error) => error.message);
  expect(nowhere).toContain("git is not installed");
});

test("a command that is told to stop is no answer", async () => {
  const { folder } = makeRepository();
  const stop = new AbortController();
  const ledger = await ledgerOf(folder, { stop: stop.signal });
  const asked = run_(ledger, ["-c", "alias.slow=!sleep 60", "slow"]);
  stop.abort(new Error("told to stop"));
  await expect(asked).rejects.toThrow("told to stop");
  await expect(run_(ledger, ["version"])).rejects.toThrow("told to stop");
});

test("our directory may be deleted at any time: nothing is lost, and work goes on", async () => {
  const { folder, base, git } = makeRepository({ "a.txt": "a\n", ".gitattributes": "* text=auto\n" });
  const ledger = await ledgerOf(folder);
  const drop = (): void => rmSync(join(folder, ".git/orchestrate"), { recursive: true });
  const tree = await handedTree(ledger, "T1", base, { setUp: (root) => write(root, { "lock.yaml": "x\n" }) });
  drop();
  write(tree.root, { "b.txt": "b\n" });
  const work = await workIn(ledger, tree, "T1", base);
  expect(work.files).toEqual(["b.txt"]);
  drop();
  const again = await ledgerOf(folder);
  expect((await workIn(again, tree, "T1", base)).files).toEqual(["b.txt"]);
  drop();
  const merged = taken(
    await mergeWork(again, run, base, [{ task: "T1", title: "t", commit: work.commit }], async () => null),
  );
  drop();
  git("reflog", "expire", "--expire=now", "--all");
  git("gc", "-q", "--prune=now");
  expect(git("ls-tree", "--name-only", merged.head)).toContain("b.txt");
  expect(git("fsck", "--no-dangling", "--no-progress")).toBe("");
});

test("what is pinned outlives the user's own clean-ups, also when their branch is gone", async () => {
  const { folder, git } = makeRepository();
  git("checkout", "-q", "-b", "gone");
  git("commit", "-q", "--allow-empty", "-m", "only there");
  const base = git("rev-parse", "HEAD");
  const ledger = await ledgerOf(folder);
  const { commit, path } = await workOf(ledger, "T1", base, { "b.txt": "b\n" });
  git("checkout", "-q", "main");
  git("branch", "-q", "-D", "gone");
  git("reflog", "expire", "--expire=now", "--all");
  git("gc", "-q", "--prune=now");
  expect(git("cat-file", "-t", commit)).toBe("commit");
  expect(gitIn(path)("log", "-1", "--format=%s")).toBe("only there");
});

test.each<[string, (ledger: string, evil: string) => void]>([
  [
    "its config",
    (ledger, evil) =>
      writeFileSync(join(ledger, "config"), `[core]\n\tfsmonitor = ${evil}\n[filter "x"]\n\tclean = ${evil}\n`),
  ],
  [
    "its attributes",
    (ledger) => (
      mkdirSync(join(ledger, "info"), { recursive: true }),
      writeFileSync(join(ledger, "HEAD"), "ref: refs/heads/other\n")
    ),
  ],
  [
    "where its objects are",
    (ledger, evil) => (rmSync(join(ledger, "objects")), symlinkSync(evil, join(ledger, "objects"))),
  ],
])("somebody else's change of our directory is refused with its path, and not used: %s", async (_, harm) => {
  const { scratch, folder, base } = makeRepository();
  const ledger = await ledgerOf(folder);
  const witness = join(scratch, "witness");
  writeFileSync(join(scratch, "evil.sh"), `#!/bin/sh\ntouch ${witness}\ncat\n`, { mode: 0o755 });
  const tree = await handedTree(ledger, "T1", base);
  write(tree.root, { "b.txt": "b\n", ".gitattributes": "* filter=x\n" });
  harm(ledger.folder, join(scratch, "evil.sh"));
  const asked = await run_(ledger, ["add", "-A"], { tree: tree.root, index: tree.index });
  expect(words(asked)).toContain(`${ledger.folder}/`);
  expect(words(asked)).toMatch(/only Orchestrate writes there/);
  expect(existsSync(witness)).toBe(false);
});

test("nothing that the user's repository names is run by a look at it, and a look leaves nothing", async () => {
  const { scratch, folder, git } = makeRepository({ "a.txt": "a\n" });
  const witness = join(scratch, "witness");
  const evil = join(scratch, "evil.sh");
  writeFileSync(evil, `#!/bin/sh\necho "$0 $*" >> ${witness}\ncat\n`, { mode: 0o755 });
  git("config", "core.fsmonitor", evil);
  git("config", "core.hooksPath", scratch);
  git("config", "filter.evil.clean", evil);
  git("config", "diff.external", evil);
  git("config", "core.sshCommand", evil);
  write(folder, { ".git/info/attributes": "* filter=evil diff=evil\n", "a.txt": "b\n", "new.txt": "n\n" });
  for (const hook of ["post-index-change", "reference-transaction"])
    writeFileSync(join(scratch, hook), `#!/bin/sh\n${evil}\n`, { mode: 0o755 });
  environment({ TMPDIR: join(scratch, "tmp") });
  mkdirSync(join(scratch, "tmp"));
  const before = readFileSync(join(folder, ".git/index"), "hex");
  expect(changedPaths(folder)).toEqual(["a.txt", "new.txt"]);
  expect(lookNow(folder, ["log", "--format=%s", "HEAD"])).toBe("first\n");
  await withLedger(folder, (ledger) => run_(ledger, ["update-ref", "refs/heads/made", "HEAD"]));
  expect(existsSync(witness)).toBe(false);
  expect(git("rev-parse", "made")).toBe(git("rev-parse", "main"));
  expect(readFileSync(join(folder, ".git/index"), "hex")).toBe(before);
  expect(readdirSync(join(scratch, "tmp"))).toEqual([]);
  expect(existsSync(join(folder, ".git/orchestrate"))).toBe(false);
});

test("a filter of the user's own config works, and one of the repository's in its place does not", async () => {
  const { scratch, folder, git, base } = makeRepository();
  write(scratch, { home: '[user]\n\tname = x\n\temail = x@y\n[filter "up"]\n\tclean = tr a-z A-Z\n\tsmudge = cat\n' });
  environment({ GIT_CONFIG_GLOBAL: join(scratch, "home") });
  git("config", "filter.up.clean", `touch ${join(scratch, "witness")}; cat`);
  const ledger = await ledgerOf(folder);
  const tree = await handedTree(ledger, "T1", base);
  write(tree.root, { "up.txt": "loud\n", ".gitattributes": "up.txt filter=up\n" });
  const work = await workIn(ledger, tree, "T1", base);
  expect(git("show", `${work.commit}:up.txt`)).toBe("LOUD");
  expect(existsSync(join(scratch, "witness"))).toBe(false);
});

test("a worker's .lfsconfig does not say where the user's Git LFS asks", async () => {
  const { scratch, folder, base, git } = makeRepository({
    ".lfsconfig": "[lfs]\n\turl = https://lfs.example.org/mine\n",
  });
  // Git LFS asks git for its settings, and takes `.lfsconfig` only for what that does not say.
  const filter = `echo "$(git config lfs.url || git config -f .lfsconfig lfs.url)" >> ${join(scratch, "asked")}; cat`;
  write(scratch, { home: `[filter "lfs"]\n\tclean = cat\n\tsmudge = ${JSON.stringify(filter)}\n` });
  environment({ GIT_CONFIG_GLOBAL: join(scratch, "home") });
  git("config", "remote.origin.url", "https://example.org/x");
  const ledger = await ledgerOf(folder);
  const evil = {
    ".lfsconfig": "[lfs]\n\turl = https://evil.example.org\n",
    ".gitattributes": "*.bin filter=lfs\n",
    "x.bin": "pointer\n",
  };
  const { commit } = await workOf(ledger, "T1", base, evil);
  await handedTree(ledger, "T2", commit);
  expect(readFileSync(join(scratch, "asked"), "utf8")).toBe("https://lfs.example.org/mine\n");
});

test("a worker has the user's history, branches, tags, remotes and hooks in a repository of its own", async () => {
  const { folder, base, git, scratch } = makeRepository();
  git("tag", "v1");
  git("branch", "dev");
  git("config", "remote.origin.url", "https://example.org/x");
  git("config", "alias.st", "status");
  git("config", "http.https://example.org/.extraheader", "AUTHORIZATION: secret");
  git("config", "core.fsmonitor", "/x");
  writeFileSync(join(folder, ".git/hooks/pre-commit"), `#!/bin/sh\ntouch ${join(scratch, "hooked")}\n`, {
    mode: 0o755,
  });
  const tree = await handedTree(await ledgerOf(folder), "T1", base);
  const inside = gitIn(tree.root);
  expect(inside("status", "--porcelain", "--branch")).toBe(`## orchestrate/${run}/task/T1`);
  expect(inside("describe", "--tags")).toBe("v1");
  expect(inside("rev-parse", "dev", "HEAD")).toBe(`${base}\n${base}`);
  expect(inside("remote", "-v")).toContain("https://example.org/x");
  expect(inside("config", "--local", "--list")).not.toMatch(/extraheader|fsmonitor/);
  write(tree.root, { "b.txt": "b\n" });
  inside("add", "-A");
  inside("commit", "-qm", "own");
  inside("config", "core.hooksPath", "elsewhere");
  inside("stash", "list");
  expect(existsSync(join(scratch, "hooked"))).toBe(true);
  expect(inside("fsck", "--no-dangling", "--no-progress")).toBe("");
  expect(git("for-each-ref", "--format=%(refname)", "refs/heads", "refs/stash")).toBe(
    "refs/heads/dev\nrefs/heads/main",
  );
  expect(git("config", "--get", "alias.st")).toBe("status");
  expect(() => git("config", "--get", "core.hooksPath")).toThrow("core.hooksPath");
});

test.each<[string, (at: ReturnType<typeof makeRepository>) => string]>([
  [
    "a linked worktree",
    ({ git, scratch }) => (
      git("worktree", "add", "-q", "-b", "other", join(scratch, "linked")),
      join(scratch, "linked")
    ),
  ],
  [
    "a shallow clone",
    ({ scratch, folder }) => (
      gitIn(scratch)("clone", "-q", "--depth=1", `file://${folder}`, "shallow"),
      join(scratch, "shallow")
    ),
  ],
  [
    "a clone that borrows objects",
    ({ scratch, folder }) => (gitIn(scratch)("clone", "-q", "--shared", folder, "borrow"), join(scratch, "borrow")),
  ],
  [
    "a blobless clone",
    ({ scratch, folder, git }) => (
      git("config", "uploadpack.allowFilter", "true"),
      gitIn(scratch)("clone", "-q", "--filter=blob:none", "--no-checkout", `file://${folder}`, "partial"),
      gitIn(join(scratch, "partial"))("checkout", "-q", "main"),
      join(scratch, "partial")
    ),
  ],
  [
    "packed refs and a split index",
    ({ git, folder }) => (git("pack-refs", "--all"), git("update-index", "--split-index"), folder),
  ],
  [
    "a detached HEAD and a dirty checkout",
    ({ git, folder }) => (git("checkout", "-q", "--detach"), write(folder, { "a.txt": "dirty\n" }), folder),
  ],
])("it does not matter what the user's repository is: %s", async (_, make) => {
  const made = makeRepository();
  made.git("commit", "-q", "--allow-empty", "-m", "second");
  const project = make(made);
  const base = gitIn(project)("rev-parse", "HEAD");
  write(project, { ".orchestrate/.gitignore": "*\n" });
  const before = gitIn(project)("--no-optional-locks", "status", "--porcelain");
  const ledger = await ledgerOf(project);
  const work = await workOf(ledger, "T1", base, { "b.txt": "b\n" });
  const { head } = taken(await mergeWork(ledger, run, base, [work], async () => null));
  expect(gitIn(project)("show", `orchestrate/${run}/integration:b.txt`)).toBe("b");
  expect(gitIn(project)("rev-parse", `${pins(run)}/merged`)).toBe(head);
  expect(gitIn(project)("--no-optional-locks", "status", "--porcelain")).toBe(before);
});

test("a repository of sha256 is no different", async () => {
  const { scratch } = makeRepository();
  gitIn(scratch)("init", "-q", "--object-format=sha256", "-b", "main", "long");
  const project = join(scratch, "long");
  write(project, { "a.txt": "a\n" });
  gitIn(project)("add", "-A");
  gitIn(project)("-c", "user.name=x", "-c", "user.email=x@y", "commit", "-qm", "x");
  const base = gitIn(project)("rev-parse", "HEAD");
  const ledger = await ledgerOf(project);
  const work = await workOf(ledger, "T1", base, { "b.txt": "b\n" });
  taken(await mergeWork(ledger, run, base, [work], async () => null));
  expect(work.git("log", "-1", "--format=%s")).toBe("x");
  expect(gitIn(project)("show", `orchestrate/${run}/integration:b.txt`)).toBe("b");
});

test("a task costs 13 processes from its tree to its merge, 14 where its tree was another's", async () => {
  const { folder, base } = makeRepository();
  const log = join(folder, ".orchestrate/log");
  const real =
    (process.env["PATH"] ?? "")
      .split(":")
      .map((at) => join(at, "git"))
      .find((at) => existsSync(at)) ?? "";
  const path = `${fakeGit(`echo "$*" >> ${log}\nexec ${real} "$@"`)}:${process.env["PATH"]}`;
  const ledger = await ledgerOf(folder, { env: { ...process.env, PATH: path } });
  const cost = async (task: string, onto: string, worktree?: string): Promise<{ head: string; paid: number }> => {
    writeFileSync(log, "");
    const tree = await handedTree(ledger, task, onto, worktree === undefined ? {} : { worktree });
    write(tree.root, { [`${task}.txt`]: "b\n" });
    const { commit } = await workIn(ledger, tree, task, onto);
    const { head } = taken(await mergeWork(ledger, run, onto, [{ commit, task, title: "t" }], async () => null));
    return { head, paid: readFileSync(log, "utf8").trim().split("\n").length };
  };
  const first = await cost("T0", base);
  const fresh = await cost("T1", first.head);
  const over = await cost("T2", fresh.head, `.orchestrate/worktrees/${run}/T1`);
  expect(fresh.paid).toBeGreaterThan(8);
  expect([fresh.paid, over.paid], readFileSync(log, "utf8")).toEqual([13, 14]);
});

function fakeGit(script: string): string {
  const folder = mkdtempSync(join(tmpdir(), "orchestrate-path-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  write(folder, { git: `#!/bin/sh\n${script}\n` });
  chmodSync(join(folder, "git"), 0o755);
  return folder;
}
