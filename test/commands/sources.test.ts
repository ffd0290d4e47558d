import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { documentsIn, findLists, readSource } from "../../src/commands/sources.ts";
import { makeProject } from "./world.ts";

function messageOf(file: string, path: string): string {
  const source = readSource(file, path);
  return source.ok ? "read" : source.diagnostics.map((each) => `${each.rule}: ${each.message}`).join();
}

test("a regular file is read as bytes, under the name that was given", () => {
  const { folder } = makeProject({ "tasks.md": "\ufeff- [ ] a\r\n" });
  const source = readSource("./tasks.md", join(folder, "tasks.md"));
  expect(source).toEqual({ ok: true, value: { file: "./tasks.md", bytes: Buffer.from("\ufeff- [ ] a\r\n") } });
});

test("a link is followed, also out of the project", () => {
  const { folder } = makeProject({ "tasks.md": "text" });
  const other = makeProject();
  symlinkSync(join(folder, "tasks.md"), join(other.folder, "link.md"));
  expect(messageOf("link.md", join(other.folder, "link.md"))).toBe("read");
});

test("what is no regular file is refused before it is opened", () => {
  const { folder } = makeProject();
  execFileSync("mkfifo", [join(folder, "pipe.md")]);
  expect(messageOf("pipe.md", join(folder, "pipe.md"))).toBe("not-a-file: `pipe.md` cannot be read: it is a pipe");
  expect(messageOf(".", folder)).toBe("not-a-file: `.` cannot be read: it is a folder");
  expect(messageOf("/dev/null", "/dev/null")).toBe("not-a-file: `/dev/null` cannot be read: it is a device");
});

test("a missing file, a broken link and a circle of links say so", () => {
  const { folder } = makeProject({ "tasks.md": "text" });
  symlinkSync("b.md", join(folder, "a.md"));
  symlinkSync("a.md", join(folder, "b.md"));
  symlinkSync("nowhere.md", join(folder, "broken.md"));
  expect(messageOf("no.md", join(folder, "no.md"))).toBe(
    "unreadable: `no.md` cannot be read: no such file or directory",
  );
  expect(messageOf("broken.md", join(folder, "broken.md"))).toContain("no such file or directory");
  expect(messageOf("a.md", join(folder, "a.md"))).toContain("loop");
  expect(messageOf("tasks.md/x", join(folder, "tasks.md/x"))).toContain("a part of the path is not a folder");
});

test("a file of more than 20 MB is not read", () => {
  const { folder } = makeProject({ "tasks.md": "" });
  truncateSync(join(folder, "tasks.md"), 21 * 1024 * 1024);
  expect(messageOf("tasks.md", join(folder, "tasks.md"))).toBe(
    "too-large: `tasks.md` cannot be read: it is larger than 20 MB",
  );
});

test("lists are found by name, nearest first, not in hidden or foreign folders", () => {
  const { folder } = makeProject({
    "specs/007/tasks.md": "",
    "specs/007/plan.md": "",
    ".specify/specs/1/tasks.md": "",
    ".hidden/tasks.md": "",
    "node_modules/x/tasks.md": "",
    "a/b/c/d/e/tasks.md": "",
    "TODO.md": "",
    "tasks-archive.json": "",
    "my-tasks-notes.md": "",
  });
  expect(findLists(folder)).toEqual([
    "TODO.md",
    "tasks-archive.json",
    "specs/007/tasks.md",
    ".specify/specs/1/tasks.md",
  ]);
  expect(documentsIn(join(folder, "specs/007"))).toEqual(["plan.md", "tasks.md"]);
});

test("a folder that may not be read holds nothing", () => {
  const { folder } = makeProject();
  mkdirSync(join(folder, "closed"));
  writeFileSync(join(folder, "closed/tasks.md"), "");
  chmodSync(join(folder, "closed"), 0o000);
  // Whoever runs as root may read it all the same.
  expect(findLists(folder)).toEqual(process.getuid?.() === 0 ? ["closed/tasks.md"] : []);
  chmodSync(join(folder, "closed"), 0o700);
});
