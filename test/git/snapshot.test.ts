import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { bringUpToDate } from "../../src/git/bringUpToDate.ts";
import { taskRef } from "../../src/git/names.ts";
import { giveGit, handOver, layOut } from "../../src/git/tree.ts";
import {
  gitIn,
  handedTree,
  ledgerOf,
  lookAt,
  makeRepository,
  run,
  taken,
  workIn,
  workOf,
  write,
} from "./makeRepository.ts";

/** A task's tree, and the look at what stands in it. */
async function begin(
  files?: Readonly<Record<string, string>>,
  {
    setUp,
    prepare,
  }: { setUp?: (folder: string) => void; prepare?: (git: ReturnType<typeof gitIn>, scratch: string) => void } = {},
) {
  const { folder, git, scratch } = makeRepository(files);
  prepare?.(git, scratch);
  const base = git("rev-parse", "HEAD");
  const ledger = await ledgerOf(folder);
  const tree = await handedTree(ledger, "T1", base, setUp === undefined ? {} : { setUp });
  return {
    folder,
    base,
    git,
    ledger,
    tree,
    path: tree.root,
    inside: gitIn(tree.root),
    collect: (from = base, told: readonly string[] = []) => workIn(ledger, tree, "T1", from, told),
    look: async (from = base, told: readonly string[] = []) => taken(await lookAt(ledger, tree, "T1", from, told)),
  };
}

describe("what a worker left in its folder", () => {
  test("is one commit on its base, committed by it or not, and asking again changes nothing", async () => {
    const { path, base, git, inside, collect } = await begin({ "a.txt": "a\n", "gone.txt": "x\n" });
    write(path, { "b.txt": "b\n" });
    inside("add", "b.txt");
    inside("commit", "-q", "-m", "own");
    write(path, { "a.txt": "changed\n", "new/ü c.txt": "c\n" });
    unlinkSync(join(path, "gone.txt"));
    const work = await collect();
    expect(work.files.toSorted()).toEqual(["a.txt", "b.txt", "gone.txt", "new/ü c.txt"]);
    expect(git("rev-parse", taskRef(run, "T1"))).toBe(work.commit);
    expect(git("log", "--format=%s", `${base}..${work.commit}`)).toBe("work of T1");
    expect((await collect()).files).toEqual(work.files);
    expect(git("rev-parse", `${(await collect()).commit}^{tree}`)).toBe(git("rev-parse", `${work.commit}^{tree}`));
  });

  test("is the base itself where nothing was done", async () => {
    const { base, collect } = await begin();
    expect(await collect()).toEqual({ ok: true, kind: "work", commit: base, files: [], leftOut: [] });
  });

  test("has its paths from the project, those outside it with ../", async () => {
    const { folder, base } = makeRepository({ "packages/a/x.txt": "x\n", "packages/b/y.txt": "y\n" });
    const ledger = await ledgerOf(join(folder, "packages/a"));
    const tree = await handedTree(ledger, "T1", base);
    expect(tree.folder).toBe(join(tree.root, "packages/a"));
    write(tree.root, { "packages/a/x.txt": "1\n", "packages/b/y.txt": "2\n" });
    expect((await workIn(ledger, tree, "T1", base)).files.toSorted()).toEqual(["../b/y.txt", "x.txt"]);
  });

  test.each([
    ["detached", [["checkout", "-q", "--detach"]]],
    ["on another branch", [["checkout", "-q", "-b", "my-feature"]]],
    ["without a past", [["checkout", "-q", "--orphan", "zz"]]],
    [
      "amended, on a branch that is renamed",
      [
        ["commit", "-q", "--amend", "-m", "rewritten"],
        ["branch", "-m", "renamed"],
      ],
    ],
    [
      "after a reset and a clean-up of git's",
      [
        ["reset", "-q", "--soft", "HEAD"],
        ["gc", "-q", "--prune=now"],
      ],
    ],
    ["in the middle of a bisection", [["bisect", "start"]]],
  ])("counts whatever its own repository says: %s", async (_, commands) => {
    const { path, base, git, inside, collect } = await begin();
    for (const command of commands) inside(...command);
    write(path, { "b.txt": "b\n" });
    const work = await collect();
    expect(work.files).toEqual(["b.txt"]);
    expect(git("rev-parse", `${work.commit}^`)).toBe(base);
    expect(git("for-each-ref", "--format=%(refname)", "refs/heads")).toBe("refs/heads/main");
  });

  test("counts without any repository, with one of its own making, and with its index or ours gone or broken", async () => {
    for (const harm of [
      ({ path }) => rmSync(join(path, ".git"), { recursive: true }),
      ({ path }) => {
        rmSync(join(path, ".git"), { recursive: true });
        gitIn(path)("init", "-q");
      },
      ({ path }) => write(path, { ".git/index": "junk", ".git/HEAD": "junk", ".git/config": "[junk" }),
      ({ tree }) => rmSync(tree.index),
      ({ ledger }) => rmSync(ledger.folder, { recursive: true }),
      ({ tree }) => write(tree.index, { "../T1.lock": "" }),
    ] as ((at: Awaited<ReturnType<typeof begin>>) => void)[]) {
      const begun = await begin();
      write(begun.path, { "b.txt": "b\n" });
      harm(begun);
      expect((await begun.collect()).files).toEqual(["b.txt"]);
    }
  });

  test("is all committed in a sparse checkout, and what lies outside of that stays", async () => {
    const { path, git, collect } = await begin(
      { "in/a.txt": "a\n", "out/b.txt": "b\n" },
      { prepare: (own) => own("sparse-checkout", "set", "in") },
    );
    expect(existsSync(join(path, "out"))).toBe(false);
    write(path, { "in/a.txt": "changed\n", "out/new.txt": "n\n", "other/c.txt": "c\n" });
    const work = await collect();
    expect(work.files.toSorted()).toEqual(["in/a.txt", "other/c.txt", "out/new.txt"]);
    expect(git("ls-tree", "-r", "--name-only", work.commit, "--", "out")).toBe("out/b.txt\nout/new.txt");
  });

  test("may hold lines that look like a conflict's", async () => {
    const { path, collect } = await begin();
    write(path, { "fixture.txt": "<<<<<<< ours\na\n=======\nb\n>>>>>>> theirs\n" });
    expect((await collect()).files).toEqual(["fixture.txt"]);
  });
});

describe("a worker is sent back, with the path and the reason, for", () => {
  const inFolder =
    (path: string) =>
    (root: string): void => {
      write(root, { [`${path}/x.txt`]: "x\n" });
      gitIn(join(root, path))("init", "-q");
    };
  test.each<[string, (root: string) => void, string]>([
    ["a repository within its folder", inFolder("inner"), "inner/.git makes that folder a repository"],
    ["one far down", inFolder("a/b c/ü"), "a/b c/ü/.git"],
    ["a folder `.git` that is no repository", (root) => write(root, { "fix/.git/HEAD": "x" }), "fix/.git"],
    ["a file `.git`", (root) => write(root, { "fix/.git": "gitdir: ../elsewhere" }), "fix/.git"],
    ["`.GIT`", (root) => write(root, { "fix/.GIT/HEAD": "x" }), "fix/.GIT"],
    ["`.Git` at the top", (root) => write(root, { ".Git/config": "x" }), ".Git"],
    ["`git~1`", (root) => write(root, { "fix/git~1": "x" }), "fix/git~1"],
    ["`.git` with what some file systems leave out", (root) => write(root, { "fix/.g\u200cit": "x" }), "fix/.g"],
    ["`.git` with a dot and a space behind it", (root) => write(root, { "fix/.git. ": "x" }), "fix/.git. "],
    ["a stream of `.git`", (root) => write(root, { "fix/.git::$INDEX_ALLOCATION": "x" }), "fix/.git::"],
    [
      "a link named `.git`",
      (root) => (mkdirSync(join(root, "fix")), symlinkSync("..", join(root, "fix/.git"))),
      "fix/.git",
    ],
    ["a pipe", (root) => mkfifo(join(root, "pipe")), "pipe is a named pipe"],
    ["a pipe as .gitignore", (root) => mkfifo(join(root, ".gitignore")), ".gitignore is a named pipe"],
    [
      "a pipe as .gitattributes below",
      (root) => (mkdirSync(join(root, "d")), mkfifo(join(root, "d/.gitattributes"))),
      "d/.gitattributes is a named pipe",
    ],
    [
      "a link as .gitmodules",
      (root) => symlinkSync("a.txt", join(root, ".gitmodules")),
      ".gitmodules is a symbolic link",
    ],
    ["attributes of 2 MB", (root) => write(root, { ".gitattributes": "#\n".repeat(1 << 20) }), "larger than 1 MB"],
    [
      "an unreadable folder",
      (root) => (write(root, { "d/x.txt": "x" }), chmodSync(join(root, "d"), 0)),
      "d is a folder that cannot be read",
    ],
    [
      "a folder that can be listed and not entered",
      (root) => (write(root, { "d/x.txt": "x" }), chmodSync(join(root, "d"), 0o600)),
      "d is a folder",
    ],
    [
      "a link to an absolute path",
      (root) => symlinkSync("/etc/hosts", join(root, "hosts")),
      "hosts leads out of your worktree",
    ],
    ["a link above the top", (root) => symlinkSync("../../../../x", join(root, "up")), "up leads out"],
    ["a link into git's folder", (root) => symlinkSync(".git/config", join(root, "conf")), "conf leads out"],
  ])("%s", async (_, harm, words) => {
    const { path, look, git } = await begin();
    write(path, { "b.txt": "b\n" });
    harm(path);
    const found = await look();
    expect(found).toMatchObject({ kind: "trouble", reason: expect.stringContaining(words) });
    expect(git("for-each-ref", taskRef(run, "T1"))).toBe("");
    if (existsSync(join(path, "d"))) chmodSync(join(path, "d"), 0o700);
  });

  test("nothing of the kind that git ignores, or that was there before it", async () => {
    const { path, collect } = await begin(
      { ".gitignore": "build/\n*.sock\n" },
      { setUp: (root) => (write(root, { "vendor/a/.git/HEAD": "x" }), mkfifo(join(root, "queue"))) },
    );
    inFolder("build/deps/src")(path);
    mkfifo(join(path, "x.sock"));
    mkdirSync(join(path, "build/locked"), { mode: 0 });
    write(path, { "b.txt": "b\n" });
    expect((await collect()).files).toEqual(["b.txt"]);
    chmodSync(join(path, "build/locked"), 0o700);
  });

  test.runIf(process.platform === "linux")("nothing only because its name is no text", async () => {
    const { path, git, collect, look } = await begin();
    const bytes = (...names: string[]) =>
      Buffer.concat([Buffer.from(`${path}/`), ...names.map((name) => Buffer.from(name, "latin1"))]);
    mkdirSync(bytes("d\xfe"));
    writeFileSync(bytes("d\xfe/f\xff"), "x\n");
    const work = await collect();
    expect(git("-c", "core.quotePath=true", "ls-tree", "-r", "--name-only", work.commit)).toContain('"d\\376/f\\377"');
    mkdirSync(bytes("d\xfe/sub"));
    mkdirSync(bytes("d\xfe/sub/.git"));
    expect(await look()).toMatchObject({ kind: "trouble", paths: ["d\ufffd/sub/.git"] });
  });

  test("a link that it keeps though it was told, which is left out, and that is said", async () => {
    const { path, git, collect, look } = await begin({ ".gitignore": "node_modules/\n" });
    symlinkSync("a.txt", join(path, "fine"));
    symlinkSync(git("rev-parse", "--absolute-git-dir"), join(path, "node_modules"));
    const first = await look();
    if (first.kind !== "trouble") return expect.fail();
    const work = await collect(undefined, [first.reason]);
    expect(work.leftOut).toEqual(["the symbolic link node_modules leads out of the worktree, and was left out"]);
    expect(work.files).toEqual(["fine"]);
    expect(git("ls-tree", "--name-only", work.commit)).not.toContain("node_modules");
    // One that it was not told of is another matter.
    symlinkSync("/elsewhere/data", join(path, "data"));
    expect(await look(undefined, [first.reason])).toMatchObject({ kind: "trouble", paths: ["data", "node_modules"] });
  });
});

/** A repository with a submodule `module`, whose remote is the folder `upstream`. */
const withModule = (git: ReturnType<typeof gitIn>, scratch: string): void => {
  gitIn(scratch)("clone", "-q", join(scratch, "repository"), "upstream");
  git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", join(scratch, "upstream"), "module");
  git("commit", "-q", "-m", "module");
};

describe("a submodule", () => {
  test("is an empty folder, and files in it are said to be in no commit", async () => {
    const { path, collect, look } = await begin(undefined, { prepare: withModule });
    expect(existsSync(join(path, "module/a.txt"))).toBe(false);
    expect((await collect()).files).toEqual([]);
    write(path, { "module/new.txt": "n\n", "b.txt": "b\n" });
    expect(await look()).toMatchObject({
      kind: "trouble",
      reason: expect.stringContaining("module is the folder of a submodule"),
    });
  });

  test.each<[string, (path: string) => void]>([
    ["a file", (path) => writeFileSync(path, "x\n")],
    ["a link", (path) => symlinkSync("a.txt", path)],
    ["a link to nothing", (path) => symlinkSync("nothing", path)],
  ])("in whose place is %s is said, because no commit would hold that", async (_, put) => {
    const { path, look } = await begin(undefined, { prepare: withModule });
    rmSync(join(path, "module"), { recursive: true });
    put(join(path, "module"));
    write(path, { "b.txt": "b\n" });
    expect(await look()).toMatchObject({
      kind: "trouble",
      reason: expect.stringContaining("module is the place of a submodule, and no folder any more"),
    });
  });

  test("that was removed is said to be still there", async () => {
    const { path, collect } = await begin(undefined, { prepare: withModule });
    rmSync(join(path, "module"), { recursive: true });
    write(path, { "b.txt": "b\n" });
    expect(await collect()).toMatchObject({
      files: ["b.txt"],
      leftOut: ["the submodule module was removed, which no commit here says: remove it yourself"],
    });
  });

  test("that its worker filled is not looked at, which is said, and nothing in it runs", async () => {
    const { path, inside, collect, folder } = await begin(undefined, { prepare: withModule });
    inside("-c", "protocol.file.allow=always", "submodule", "--quiet", "update", "--init");
    const module = gitIn(join(path, "module"));
    module("config", "filter.evil.clean", `touch ${join(folder, "../ran")}; cat`);
    module("config", "core.fsmonitor", `touch ${join(folder, "../ran")}; false`);
    write(path, { "module/.gitattributes": "* filter=evil\n", "module/a.txt": "new\n", "b.txt": "b\n" });
    const work = await collect();
    expect(work).toMatchObject({
      files: ["b.txt"],
      leftOut: ["what was done in the submodule module is in no commit here"],
    });
    expect(existsSync(join(folder, "../ran"))).toBe(false);
  });
});

describe("what was there before the worker", () => {
  const lock = (root: string): void => {
    write(root, { "lock.yaml": "lock\n" });
    appendFileSync(join(root, "README.md"), "more\n");
  };

  test("is nobody's work, and stays in the folder", async () => {
    const { path, base, inside, collect } = await begin({ "README.md": "base\n", "a.txt": "a\n" }, { setUp: lock });
    expect(await collect()).toMatchObject({ commit: base, files: [] });
    write(path, { "b.txt": "b\n" });
    inside("add", "-A");
    inside("commit", "-qm", "with everything");
    expect((await collect()).files).toEqual(["b.txt"]);
    expect(readFileSync(join(path, "lock.yaml"), "utf8")).toBe("lock\n");
    expect(readFileSync(join(path, "README.md"), "utf8")).toBe("base\nmore\n");
  });

  test("is its work from its first change on", async () => {
    const { path, git, collect } = await begin({ "README.md": "base\n" }, { setUp: lock });
    appendFileSync(join(path, "README.md"), "and the worker's\n");
    rmSync(join(path, "lock.yaml"));
    const work = await collect();
    expect(work.files).toEqual(["README.md"]);
    expect(git("show", `${work.commit}:README.md`)).toBe("base\nmore\nand the worker's");
  });

  const legacy = { "legacy.txt": "one\r\ntwo\r\n", "other.txt": "three\r\n" };
  test.each<[string, (git: ReturnType<typeof gitIn>, folder: string) => void]>([
    ["attributes that came later", (git, folder) => commit(git, folder, { ".gitattributes": "*.txt text eol=lf\n" })],
    [
      "attributes below",
      (git, folder) => commit(git, folder, { "sub/.gitattributes": "* text=auto\n", "sub/.keep": "" }),
    ],
    ["core.autocrlf", (git) => git("config", "core.autocrlf", "input")],
    ["attributes of the clone alone", (_, folder) => write(folder, { ".git/info/attributes": "*.txt text\n" })],
  ])("files that git would only store otherwise are not its work: %s", async (_, prepare) => {
    const { path, base, git, collect } = await begin(legacy, {
      prepare: (own, scratch) => prepare(own, join(scratch, "repository")),
    });
    // Another time on it, and not another byte in it.
    const text = readFileSync(join(path, "other.txt"));
    renameSync(join(path, "other.txt"), join(path, "x"));
    write(path, { "other.txt": text.toString("utf8") });
    rmSync(join(path, "x"));
    expect(await collect()).toMatchObject({ files: [], commit: git("rev-parse", "HEAD") });
    write(path, { "b.md": "b\n", "legacy.txt": "one\r\nzwei\r\n" });
    expect((await collect(base)).files).toEqual(["b.md", "legacy.txt"]);
  });
});

function commit(git: ReturnType<typeof gitIn>, folder: string, files: Readonly<Record<string, string>>): void {
  write(folder, files);
  git("add", ...Object.keys(files));
  git("commit", "-qm", "more");
}

/** T1 and T2 changed the same; T1's tree was then laid out with both sides. */
async function conflict(
  base: Readonly<Record<string, string>>,
  ours: Readonly<Record<string, string | null>>,
  theirs: Readonly<Record<string, string | null>>,
) {
  const begun = await begin(base);
  const { ledger, tree, folder } = begun;
  change(tree.root, ours);
  const own = await begun.collect();
  const other = await handedTree(ledger, "T2", begun.base);
  change(other.root, theirs);
  const onto = (await workIn(ledger, other, "T2", begun.base)).commit;
  const merged = taken(await bringUpToDate(ledger, own.commit, onto));
  taken(await layOut(ledger, tree, merged.commit));
  const { head, merging, clashes } = merged;
  taken(await giveGit(ledger, tree, { branch: "mine", head, merging, clashes }));
  const handed = { ref: taskRef(run, "T1"), start: merged.commit, startTree: merged.tree, included: [], setUp: false };
  taken(await handOver(ledger, tree, handed));
  return { ...begun, folder, own, onto, merged };
}

function change(root: string, files: Readonly<Record<string, string | null>>): void {
  for (const [path, text] of Object.entries(files))
    if (text === null) rmSync(join(root, path));
    else write(root, { [path]: text });
}

describe("a merge that its worker is to resolve", () => {
  const both = () =>
    conflict(
      { "a.txt": "a\n", "b.txt": "b\n" },
      { "a.txt": "worker\n", "b.txt": null },
      { "a.txt": "other\n", "b.txt": "changed\n", "c.txt": "c\n" },
    );

  test("is laid out as git itself would leave it", async () => {
    const { path, inside, own, onto } = await both();
    expect(readFileSync(join(path, "a.txt"), "utf8")).toContain("<<<<<<<");
    expect(inside("status", "--porcelain", "--untracked-files=no")).toBe("UU a.txt\nDU b.txt\nA  c.txt");
    expect(inside("rev-parse", "HEAD", "MERGE_HEAD")).toBe(`${own.commit}\n${onto}`);
  });

  test("is open while markers are left, staged, committed or not", async () => {
    const { inside, look, onto } = await both();
    const open = { kind: "unmerged", files: ["a.txt"], reason: "conflict markers are left in a.txt: resolve them." };
    expect(await look(onto)).toMatchObject(open);
    inside("add", "-A");
    expect(await look(onto)).toMatchObject(open);
    inside("commit", "-qm", "as it was");
    expect(await look(onto)).toMatchObject(open);
  });

  test("becomes a commit of both sides, whether its worker staged anything or not", async () => {
    const { path, git, own, onto, collect } = await both();
    write(path, { "a.txt": "both\n" });
    rmSync(join(path, "b.txt"));
    const work = await collect(onto);
    expect(work.files.toSorted()).toEqual(["a.txt", "b.txt"]);
    expect(git("log", "-1", "--format=%P", work.commit)).toBe(`${own.commit} ${onto}`);
  });

  test.each<
    [
      string,
      Readonly<Record<string, string | null>>,
      Readonly<Record<string, string | null>>,
      Readonly<Record<string, string | null>>,
    ]
  >([
    ["two binaries", { "b.bin": "\0one" }, { "b.bin": "\0two" }, { "b.bin": "\0both" }],
    ["deleted against changed", { f: null }, { f: "2\n" }, { f: null }],
    ["changed against deleted", { f: "2\n" }, { f: null }, { f: "2\nand more\n" }],
  ])("has a way through without markers: %s", async (_, ours, theirs, resolution) => {
    const { path, look, onto, collect } = await conflict({ f: "1\n" }, ours, theirs);
    const first = await look(onto);
    expect(first).toMatchObject({
      kind: "unmerged",
      reason: expect.stringMatching(/is as it was handed to you \(.*CONFLICT/),
    });
    if (first.kind !== "unmerged") return expect.fail();
    // What it leaves as it is, though it was told, is its answer.
    expect(await look(onto, [first.reason])).toMatchObject({ kind: "work" });
    change(
      path,
      Object.fromEntries(
        Object.entries(resolution).filter(([name, text]) => text !== null || existsSync(join(path, name))),
      ),
    );
    expect((await collect(onto)).kind).toBe("work");
  });

  test("has what git laid beside a path of the same name cleared away by its worker", async () => {
    const { path, look, onto, inside } = await conflict({ f: "1\n" }, { f: "2\n" }, { f: null, "f/x": "x\n" });
    const [beside = ""] = inside("ls-files", "--others", "--cached")
      .split("\n")
      .filter((name) => name.startsWith("f~"));
    expect(beside).not.toBe("");
    write(path, { "f/x": "x and 2\n" });
    const found = await look(onto);
    expect(found).toMatchObject({ kind: "unmerged", files: [beside] });
    if (found.kind !== "unmerged") return expect.fail();
    expect((await look(onto, [found.reason])).kind).toBe("unmerged");
    rmSync(join(path, beside));
    expect((await look(onto)).kind).toBe("work");
  });
});

test("what was integrated meanwhile is merged as objects, and a tree that is laid out with it holds both", async () => {
  const { ledger, tree, base, collect, inside } = await begin();
  write(tree.root, { "b.txt": "b\n" });
  const own = await collect();
  const other = await workOf(ledger, "T2", base, { "c.txt": "c\n" });
  const merged = taken(await bringUpToDate(ledger, own.commit, other.commit));
  taken(await layOut(ledger, tree, merged.commit));
  taken(await giveGit(ledger, tree, { branch: "mine", head: merged.head, merging: null, clashes: [] }));
  expect(inside("status", "--porcelain")).toBe("");
  expect(inside("log", "-1", "--format=%P")).toBe(`${own.commit} ${other.commit}`);
});

function mkfifo(path: string): void {
  const { execFileSync } = process.getBuiltinModule("node:child_process");
  execFileSync("mkfifo", [path]);
}
