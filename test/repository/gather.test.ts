import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { coChanges } from "../../src/git/history.ts";
import { gatherRepository } from "../../src/repository/gather.ts";
import { makeList } from "../link/make.ts";

function project(): { folder: string; commit: (files: Record<string, string>) => void } {
  const folder = mkdtempSync(join(tmpdir(), "orchestrate-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=x", "-c", "user.email=x@example.org", ...args], {
      cwd: folder,
      stdio: "ignore",
    });
  git("init", "-q");
  const commit = (files: Record<string, string>): void => {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    git("add", ".");
    git("commit", "-q", "-m", "more");
  };
  return { folder, commit };
}

const { tasks } = makeList({
  tasks: [
    { id: "A", files: ["src/a.ts", "+src/new.ts"] },
    { id: "B", files: ["src/[id]/b.ts"] },
  ],
});

test("files, imports, index files and what changes together come from the repository", () => {
  const { folder, commit } = project();
  commit({
    "src/index.ts": 'export * from "./a.ts";\n',
    "src/a.ts": "1\n",
    "src/[id]/b.ts": 'import "../a.ts";\n',
    "other.ts": "",
  });
  for (const time of ["2", "3", "4"])
    commit({ "src/a.ts": `${time}\n`, "src/[id]/b.ts": `import "../a.ts"; // ${time}\n`, "other.ts": time });
  commit({ "other.ts": "alone" });
  const known = gatherRepository(folder, tasks);
  expect(known.files).toEqual(["other.ts", "src/[id]/b.ts", "src/a.ts", "src/index.ts"]);
  expect(known.barrels).toEqual(["src/index.ts"]);
  expect([...known.imports]).toEqual([
    ["src/a.ts", []],
    ["src/[id]/b.ts", ["src/a.ts"]],
  ]);
  expect(known.coChanges).toEqual([{ files: ["src/[id]/b.ts", "src/a.ts"], together: 4, of: 4 }]);
});

test("outside a repository, or where one task names files, there is nothing to know", () => {
  const { folder, commit } = project();
  commit({ "src/a.ts": "1\n" });
  expect(gatherRepository(folder, tasks.slice(0, 1))).toMatchObject({ root: folder, files: [], coChanges: [] });
  rmSync(join(folder, ".git"), { recursive: true });
  expect(gatherRepository(folder, tasks).files).toEqual([]);
});

test("a sweep over many files, and what changes together only now and then, is no evidence", () => {
  const many = Array.from({ length: 21 }, (_, index) => `${index}.ts`);
  expect(coChanges([many, many, many, many])).toEqual([]);
  expect(
    coChanges([
      ["a", "b"],
      ["a", "b"],
    ]),
  ).toEqual([]);
  expect(coChanges([["a", "b"], ["a", "b"], ["a", "b"], ["a"], ["a"], ["a"], ["b"], ["b"], ["b"]])).toEqual([]);
  expect(coChanges([["a", "b"], ["b", "a"], ["a", "b"], ["a"]])).toEqual([{ files: ["a", "b"], together: 3, of: 3 }]);
});

test.each(["/dev/zero", "/dev/tty", "/dev/urandom", "PIPE", "a.ts", ".", "/proc/kcore"])(
  "a tracked link to %s says nothing, and is not opened",
  (target) => {
    const { folder, commit } = project();
    execFileSync("mkfifo", [join(folder, "pipe")]);
    mkdirSync(join(folder, "src"));
    symlinkSync(target === "PIPE" ? join(folder, "pipe") : target, join(folder, "src/a.ts"));
    symlinkSync(target === "PIPE" ? join(folder, "pipe") : target, join(folder, "src/index.ts"));
    commit({ "src/b.ts": 'import "./a.ts";\n' });
    const { tasks: named } = makeList({
      tasks: [
        { id: "A", files: ["src/a.ts", "+src/new.ts"] },
        { id: "B", files: ["src/b.ts"] },
      ],
    });
    const found = gatherRepository(folder, named);
    expect(found.imports.get("src/a.ts")).toEqual([]);
    expect(found.imports.get("src/b.ts")).toEqual(["src/a.ts"]);
    expect(found.barrels).toEqual([]);
  },
);
