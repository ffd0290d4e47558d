import { existsSync, rmSync, unlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { bringUpToDate } from "../../src/git/integrate.ts";
import { collectWork } from "../../src/git/work.ts";
import { gitIn, makeRepository, placeOf, reason, taken, worktreeOf, workOf, write } from "./makeRepository.ts";

/** A task's worktree, and a way to collect what stands in it. */
async function begin(files?: Readonly<Record<string, string>>) {
  const { folder, base, git } = makeRepository(files);
  const { path, branch, admin } = await worktreeOf(folder, "T1", base);
  const collect = async (from = base) =>
    taken(await collectWork(folder, { ...placeOf("T1", from), message: "T1: the rest\n" }));
  return { folder, base, git, path, admin, branch: branch ?? "", inside: gitIn(path), collect };
}

test("what the worker committed and what it left make one piece of work, and asking again changes nothing", async () => {
  const { path, base, branch, git, inside, collect } = await begin({ "a.txt": "a\n", "gone.txt": "x\n" });
  write(path, { "b.txt": "b\n" });
  inside("add", "b.txt");
  inside("commit", "-q", "-m", "own");
  write(path, { "a.txt": "changed\n", "new/ü c.txt": "c\n" });
  unlinkSync(join(path, "gone.txt"));
  const work = await collect();
  expect(work).toMatchObject({ empty: false, unmerged: [], moved: null, mended: null, nested: [] });
  expect(work.files.toSorted()).toEqual(["a.txt", "b.txt", "gone.txt", "new/ü c.txt"]);
  expect(git("rev-parse", branch)).toBe(work.commit);
  expect(git("log", "--format=%s", `${base}..${work.commit}`)).toBe("T1: the rest\nown");
  expect(inside("status", "--porcelain")).toBe("");
  expect(await collect()).toEqual(work);
});

test("no work is empty work", async () => {
  const { base, collect } = await begin();
  expect(await collect()).toEqual({
    ok: true,
    commit: base,
    files: [],
    empty: true,
    unmerged: [],
    moved: null,
    mended: null,
    nested: [],
  });
});

test("paths are from the project, those outside it with ../", async () => {
  const { folder, base } = makeRepository({ "packages/a/x.txt": "x\n", "packages/b/y.txt": "y\n" });
  const project = join(folder, "packages/a");
  const { path } = await worktreeOf(project, "T1", base);
  write(path, { "packages/a/x.txt": "1\n", "packages/b/y.txt": "2\n" });
  const work = taken(await collectWork(project, { ...placeOf("T1", base), message: "m" }));
  expect(work.files.toSorted()).toEqual(["../b/y.txt", "x.txt"]);
});

test("work on a detached HEAD, on another branch or on a renamed one is brought back to the task's branch", async () => {
  for (const leave of [
    ["checkout", "-q", "--detach"],
    ["checkout", "-q", "-b", "my-feature"],
    ["branch", "-m", "renamed"],
  ]) {
    const { path, branch, git, inside, collect } = await begin();
    inside(...leave);
    write(path, { "b.txt": "b\n" });
    const work = await collect();
    expect(work).toMatchObject({ files: ["b.txt"], moved: null });
    expect(work.mended).toContain(branch);
    expect(git("rev-parse", branch)).toBe(work.commit);
    expect(inside("symbolic-ref", "--short", "HEAD")).toBe(branch);
    expect(await collect()).toMatchObject({ commit: work.commit, mended: null });
  }
});

test("a branch of the user's that the worker switched to gets nothing from us", async () => {
  const { path, base, git, inside, collect } = await begin();
  git("branch", "dev");
  inside("checkout", "-q", "dev");
  write(path, { "b.txt": "b\n" });
  await collect();
  expect(git("rev-parse", "dev")).toBe(base);
});

test("work in two places is kept in both and reported", async () => {
  const { path, branch, git, inside, collect } = await begin();
  write(path, { "b.txt": "b\n" });
  inside("add", ".");
  inside("commit", "-q", "-m", "on the branch");
  const first = inside("rev-parse", "HEAD");
  inside("checkout", "-q", "--detach", "HEAD~");
  write(path, { "c.txt": "c\n" });
  const work = await collect();
  expect(work.moved).toContain(`other work, at ${first}`);
  expect(git("rev-parse", branch)).toBe(first);
  expect(inside("rev-parse", "HEAD")).toBe(work.commit);
  expect(git("show", "--name-only", "--format=", work.commit)).toBe("c.txt");
});

test("work that does not build on its base is reported", async () => {
  const { path, base, inside, collect } = await begin();
  write(path, { "b.txt": "b\n" });
  inside("add", ".");
  inside("commit", "-q", "--amend", "-m", "rewritten");
  expect((await collect()).moved).toContain(`does not build on its base ${base}`);
});

test("work on a branch without a past is committed there and reported", async () => {
  const { path, inside, collect } = await begin();
  inside("checkout", "-q", "--orphan", "fresh");
  write(path, { "b.txt": "b\n" });
  const work = await collect();
  expect(work.moved).toContain("does not build on its base");
  expect(inside("rev-parse", "fresh")).toBe(work.commit);
});

test("a submodule that the worker changed inside makes no empty commits", async () => {
  const { scratch, folder, git } = makeRepository();
  gitIn(scratch)("clone", "-q", folder, "module");
  git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", join(scratch, "module"), "module");
  git("commit", "-q", "-m", "module");
  const base = git("rev-parse", "HEAD");
  const { path } = await worktreeOf(folder, "T1", base);
  gitIn(path)("-c", "protocol.file.allow=always", "submodule", "--quiet", "update", "--init");
  write(path, { "module/new.txt": "n\n" });
  expect(taken(await collectWork(folder, { ...placeOf("T1", base), message: "m" }))).toMatchObject({
    commit: base,
    empty: true,
  });
});

/** A task's worktree in a repository with a submodule `module`, whose remote is the folder `upstream`. */
async function withModule() {
  const { scratch, folder, git } = makeRepository();
  gitIn(scratch)("clone", "-q", folder, "upstream");
  git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", join(scratch, "upstream"), "module");
  git("commit", "-q", "-m", "module");
  const base = git("rev-parse", "HEAD");
  const { path } = await worktreeOf(folder, "T1", base);
  const inside = gitIn(path);
  return {
    path,
    inside,
    module: gitIn(join(path, "module")),
    upstream: gitIn(join(scratch, "upstream")),
    fill: () => inside("-c", "protocol.file.allow=always", "submodule", "--quiet", "update", "--init"),
    collect: async () => taken(await collectWork(folder, { ...placeOf("T1", base), message: "m" })),
  };
}

test("a submodule is named when it holds what no commit that can be delivered holds", async () => {
  const { path, module, fill, collect } = await withModule();
  expect(await collect()).toMatchObject({ nested: [] });
  write(path, { "module/new.txt": "n\n", "b.txt": "b\n" });
  expect(await collect()).toMatchObject({ files: ["b.txt"], nested: ["module"] });
  rmSync(join(path, "module/new.txt"));
  fill();
  expect(await collect()).toMatchObject({ nested: [] });
  write(path, { "module/new.txt": "n\n" });
  expect(await collect()).toMatchObject({ files: ["b.txt"], nested: ["module"] });
  module("add", ".");
  module("-c", "user.name=x", "-c", "user.email=x", "commit", "-q", "-m", "x");
  expect(await collect()).toMatchObject({ files: ["b.txt", "module"], nested: ["module"] });
});

test("a submodule that points to a commit of its remote is work like any other", async () => {
  const { module, upstream, fill, collect } = await withModule();
  fill();
  upstream("-c", "user.name=x", "-c", "user.email=x", "commit", "-q", "--allow-empty", "-m", "next");
  module("-c", "protocol.file.allow=always", "fetch", "-q");
  module("checkout", "-q", "origin/main");
  expect(await collect()).toMatchObject({ files: ["module"], nested: [] });
});

test("in a sparse checkout all of the work is committed, and what lies outside of it stays", async () => {
  const { folder, git } = makeRepository({ "in/a.txt": "a\n", "out/b.txt": "b\n" });
  git("sparse-checkout", "set", "in");
  const base = git("rev-parse", "HEAD");
  const { path } = await worktreeOf(folder, "T1", base);
  expect(existsSync(join(path, "out"))).toBe(false);
  write(path, { "in/a.txt": "changed\n", "out/new.txt": "n\n", "other/c.txt": "c\n" });
  const work = taken(await collectWork(folder, { ...placeOf("T1", base), message: "m" }));
  expect(work.files.toSorted()).toEqual(["in/a.txt", "other/c.txt", "out/new.txt"]);
  expect(git("ls-tree", "-r", "--name-only", work.commit, "--", "out")).toBe("out/b.txt\nout/new.txt");
});

test("a rebase in the middle is reported, and stays as it is", async () => {
  const { path, base, inside, collect } = await begin();
  write(path, { "a.txt": "one\n" });
  inside("commit", "-q", "-a", "-m", "one");
  inside("checkout", "-q", "-b", "x", base);
  write(path, { "a.txt": "two\n" });
  inside("commit", "-q", "-a", "-m", "two");
  expect(() => inside("rebase", "-q", "orchestrate/r24jx9/task/T1")).toThrow("could not apply");
  expect((await collect()).moved).toContain("rebase");
  expect(inside("status")).toContain("rebase in progress");
});

async function conflict() {
  const begun = await begin({ "a.txt": "a\n", "b.txt": "b\n" });
  write(begun.path, { "a.txt": "worker\n" });
  unlinkSync(join(begun.path, "b.txt"));
  await begun.collect();
  const other = await workOf(begun.folder, "T2", begun.base, {
    "a.txt": "other\n",
    "b.txt": "changed\n",
    "c.txt": "c\n",
  });
  expect(await bringUpToDate(begun.folder, begun.path, other.commit)).toEqual({
    ok: true,
    state: "conflict",
    files: ["a.txt", "b.txt"],
  });
  return { ...begun, onto: other.commit };
}

test("a conflict that nobody resolved is said, and nothing is committed", async () => {
  const { path, onto, inside, collect } = await conflict();
  const head = inside("rev-parse", "HEAD");
  expect((await collect(onto)).unmerged.toSorted()).toEqual(["a.txt", "b.txt"]);
  write(path, { "a.txt": "both\n" });
  expect((await collect(onto)).unmerged).toEqual(["b.txt"]);
  expect(inside("rev-parse", "HEAD")).toBe(head);
});

test("a conflict that was resolved is committed as the merge it is", async () => {
  const { path, onto, inside, collect } = await conflict();
  write(path, { "a.txt": "both\n" });
  inside("rm", "-q", "b.txt");
  const work = await collect(onto);
  expect(work).toMatchObject({ unmerged: [], moved: null });
  expect(work.files.toSorted()).toEqual(["a.txt", "b.txt"]);
  expect(inside("rev-parse", "HEAD^2")).toBe(onto);
});

test("conflict markers that were staged or committed are found", async () => {
  const { path, onto, inside, collect } = await conflict();
  write(path, { "b.txt": "kept\n" });
  inside("add", "-A");
  expect((await collect(onto)).unmerged).toEqual(["a.txt"]);
  inside("commit", "-q", "-m", "as it was");
  expect((await collect(onto)).unmerged).toEqual(["a.txt"]);
  write(path, { "a.txt": "both\n" });
  expect((await collect(onto)).unmerged).toEqual([]);
});

test("a file that always had such lines is no conflict", async () => {
  const { path, collect } = await begin();
  write(path, { "fixture.txt": "<<<<<<< ours\na\n=======\nb\n>>>>>>> theirs\n" });
  expect(await collect()).toMatchObject({ unmerged: [], files: ["fixture.txt"] });
});

test("a repository that the worker made inside is named, never added as a bare link", async () => {
  const { path, inside, collect } = await begin();
  write(path, { "inner/x.txt": "x\n", "b.txt": "b\n" });
  const inner = gitIn(join(path, "inner"));
  inner("init", "-q");
  expect(await collect()).toMatchObject({ files: ["b.txt"], nested: ["inner"] });
  inner("add", ".");
  inner("-c", "user.name=x", "-c", "user.email=x", "commit", "-q", "-m", "x");
  expect(await collect()).toMatchObject({ files: ["b.txt"], nested: ["inner"] });
  inside("add", "inner");
  expect(await collect()).toMatchObject({ nested: ["inner"] });
});

test("a worktree that lost its folder, its link to git, or was locked by a killed git is told or mended", async () => {
  const { folder, base, path, admin, branch, collect } = await begin();
  write(path, { "b.txt": "b\n" });
  rmSync(join(path, ".git"));
  writeFileSync(join(admin, "index.lock"), "");
  utimesSync(join(admin, "index.lock"), new Date(0), new Date(0));
  const work = await collect();
  expect(work.files).toEqual(["b.txt"]);
  rmSync(path, { recursive: true });
  expect(reason(await collectWork(folder, { ...placeOf("T1", base), message: "m" }))).toContain(
    `committed is on ${branch}`,
  );
  expect(gitIn(folder)("rev-parse", branch)).toBe(work.commit);
});

test("a worktree that became a repository of its own is refused", async () => {
  const { folder, base, path } = await begin();
  rmSync(join(path, ".git"));
  gitIn(path)("init", "-q");
  expect(reason(await collectWork(folder, { ...placeOf("T1", base), message: "m" }))).toContain(
    "repository of its own",
  );
  expect(existsSync(join(path, ".git/HEAD"))).toBe(true);
});
