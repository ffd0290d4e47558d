import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { integrationBranch, slugOf, taskRef } from "../../src/git/names.ts";
import { makeProject } from "../commands/world.ts";
import { buildHelper, planned, plannedOf, previewOf, refusal } from "./help.ts";

let helper: Awaited<ReturnType<typeof buildHelper>>;
beforeAll(async () => {
  helper = await buildHelper();
});
afterAll(() => rmSync(helper.folder, { recursive: true }));

test.each(["/etc/passwd", "../x", "~/.ssh/id", "src/../../x", "C:/Windows/x", "..\\x"])(
  "case 26: a task that claims to change %s is refused",
  async (path) => {
    for (const access of ["create", "modify", "delete"])
      expect(await previewOf([{ id: "T1", title: "a", files: [{ path, access }] }])).toMatchObject(
        refusal("outside-project", "tasks.json:1"),
      );
  },
);

test("case 26: to read outside the project is allowed; prose that speaks of such a path is warned of with its line", async () => {
  const read = await previewOf([{ id: "T1", title: "a", files: [{ path: "/etc/hosts", access: "read" }] }]);
  expect(read.code).toBe(0);
  const plan = await planned("- [ ] T1 Change /etc/passwd\n");
  expect(plan.diagnostics).toContainEqual(
    expect.objectContaining({
      rule: "outside-project",
      severity: "warning",
      place: expect.objectContaining({ line: 1 }),
    }),
  );
});

test("case 27: spellings of one path are one lock", async () => {
  const paths = ["src/A.ts", "./src/A.ts", "src//A.ts", "src/x/../A.ts", "src\\A.ts"];
  const plan = await plannedOf(paths.map((path, at) => ({ id: `T${at}`, title: "a", files: [path] })));
  expect(plan.locks.map(({ on, holders }) => [on, holders.length])).toEqual([["src/A.ts", paths.length]]);
});

test("case 28: a claim that leads out of the project by a symbolic link is refused, also where nothing stands there yet", async () => {
  for (const [target, path] of [
    ["/etc", "link/passwd"],
    [tmpdir(), "link/deep/new.ts"],
    ["/etc/no-such-file", "link"],
  ] as const) {
    const { folder, ask } = makeProject();
    symlinkSync(target, join(folder, "link"));
    writeFileSync(join(folder, "tasks.json"), JSON.stringify({ tasks: [{ id: "T1", title: "a", files: [path] }] }));
    expect(await ask(["plan", "tasks.json"])).toMatchObject(refusal("link-out", "tasks.json:1"));
  }
});

test("case 28: a link that stays in the project is none of it, nor is a link that is only read", async () => {
  const { folder, ask } = makeProject();
  mkdirSync(join(folder, "src"));
  symlinkSync("src", join(folder, "same"));
  symlinkSync("/etc", join(folder, "out"));
  const files = ["same/a.ts", { path: "out/hosts", access: "read" }];
  writeFileSync(join(folder, "tasks.json"), JSON.stringify({ tasks: [{ id: "T1", title: "a", files }] }));
  expect((await ask(["plan", "tasks.json"])).code).toBe(0);
});

test("case 28: a state folder that is a symbolic link is refused, and nothing is written through it", async () => {
  const elsewhere = makeProject().folder;
  const { folder, ask } = makeProject({ "tasks.md": "- [ ] T1 a\n" });
  symlinkSync(elsewhere, join(folder, ".orchestrate"));
  for (const line of [
    ["plan", "tasks.md"],
    ["start", "tasks.md", "--session", "s"],
  ])
    expect((await ask(line)).err).toContain("[state-link]");
  expect(execFileSync("ls", ["-A", elsewhere], { encoding: "utf8" })).toBe(".git\n");
});

test("case 29: a pattern for every file runs beside nothing", async () => {
  const plan = await plannedOf([
    { id: "T1", title: "a", files: ["**/*"] },
    { id: "T2", title: "b", files: ["src/a.ts"] },
    { id: "T3", title: "c", files: ["docs/b.md"] },
  ]);
  expect(plan.conflicts.map(({ tasks }) => tasks)).toEqual([
    ["T1", "T2"],
    ["T1", "T3"],
  ]);
});

test("case 29: braces that stand for a million paths are refused before they are written out", async () => {
  const files = [`src/${"{a,b}".repeat(20)}.ts`];
  expect(await previewOf([{ id: "T1", title: "a", files }])).toMatchObject(
    refusal("too-many-alternatives", "tasks.json:1"),
  );
});

test("case 30: a pipe, a folder, an endless device and a file of 10 GB are refused without being read", () => {
  const { folder } = makeProject({ "empty/notes.txt": "" });
  execFileSync("mkfifo", [join(folder, "pipe.md")]);
  writeFileSync(join(folder, "huge.md"), "");
  truncateSync(join(folder, "huge.md"), 10 * 1024 ** 3);
  for (const [source, rule] of [
    ["pipe.md", "not-a-file"],
    ["/dev/zero", "not-a-file"],
    ["huge.md", "too-large"],
    ["empty", "no-list"],
  ] as const) {
    const { stderr, status } = helper.run(folder, ["plan", source]);
    expect([status, stderr]).toEqual([1, expect.stringContaining(`[${rule}]`)]);
  }
});

test("case 31: whatever an id is, git takes the branch that is made of it, and no two ids share one", () => {
  const ids = [
    "x.lock",
    "@{",
    "..",
    "a b",
    "a~b",
    "-x",
    "T1",
    "t1",
    "CON",
    "nul",
    "_integration",
    "__proto__",
    "é",
    "a/b",
  ];
  const names = [...ids.map((id) => taskRef("r1", id)), `refs/heads/${integrationBranch("r1")}`];
  for (const name of names) execFileSync("git", ["check-ref-format", name]);
  expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
  for (const id of ids) expect(slugOf(id)).toMatch(/^\w[\w-]{0,63}$/);
});

test("case 31: a name from a title never reaches a ref: titles are not used for names", async () => {
  const [task] = (await planned("- [ ] T1 @{ .. x.lock `$(id)`\n")).tasks;
  expect(taskRef("r1", task?.id ?? "")).toBe("refs/orchestrate/r1/task/T1");
});
