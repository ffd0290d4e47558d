import { mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { answer } from "../../src/commands/commandLine.ts";
import { commands } from "../../src/commands/table.ts";
import { Plan, PlanFailure } from "../../src/model/plan.ts";
import { makeProject, makeWorld } from "./world.ts";

const list = "- [ ] T001 [P] Read in src/a.ts\n- [ ] T002 [P] Write in src/b.ts\n- [x] T003 Draw src/c.ts\n";

async function planned(files: Readonly<Record<string, string>>, line: readonly string[], stdin = "") {
  const { folder, ask } = makeProject(files);
  const { out, err, code } = await ask(["plan", ...line, "--json"], { stdin: () => stdin });
  return { folder, err, code, plan: code === 0 ? Plan.parse(JSON.parse(out)) : null, out };
}

describe("--json", () => {
  test("is a plan, and nothing but what its schema says", async () => {
    const { plan, out } = await planned({ "tasks.md": list }, ["tasks.md"]);
    expect(plan).toEqual(JSON.parse(out));
    expect(plan).toMatchObject({ schema: 1, source: ["tasks.md"], batches: [["T001", "T002"]] });
    expect(plan?.tasks.map((task) => task.id)).toEqual(["T001", "T002", "T003"]);
  });

  test("without a plan holds the reasons, and the exit code is 1", async () => {
    const { code, out, err } = await planned({ "tasks.md": "nothing here\n" }, ["tasks.md"]);
    expect(code).toBe(1);
    expect(PlanFailure.parse(JSON.parse(out)).diagnostics[0]).toMatchObject({
      rule: "empty-list",
      place: { file: "tasks.md" },
    });
    expect(err).toContain("tasks.md:1:1: error:");
  });
});

describe("a source", () => {
  test("may be a folder with one list in it, or below it", async () => {
    for (const folder of [".", "specs", "specs/007"]) {
      const { plan } = await planned({ "specs/007/tasks.md": list, "specs/007/plan.md": list, "src/a.ts": "" }, [
        folder,
      ]);
      expect(plan?.source).toEqual(["specs/007/tasks.md"]);
    }
  });

  test("may be standard input, and several of them are one list with ids of their own", async () => {
    const { plan } = await planned(
      { "a.md": "- [ ] T001 One in src/a.ts\n" },
      ["a.md", "-"],
      "- [ ] T001 Two in src/b.ts\n",
    );
    expect(plan?.source).toEqual(["a.md", "inline"]);
    expect(plan?.tasks.map((task) => task.id)).toEqual(["T001", "T001#2"]);
  });

  test.each([
    ["nowhere.md", "no such file or directory"],
    ["taks.md", "did you mean `tasks.md`?"],
    ["specs", "holds 2 files that may be meant"],
    ["empty", "holds no task list"],
    ["latin.md", "UTF-8"],
  ])("that cannot be used says why: %s", async (source, why) => {
    const { folder, ask } = makeProject({ "tasks.md": list, "specs/1/tasks.md": list, "specs/2/tasks.md": list });
    mkdirSync(join(folder, "empty"));
    writeFileSync(join(folder, "latin.md"), Buffer.from([0x2d, 0x20, 0xe9, 0xe8]));
    const { err, code } = await ask(["plan", source]);
    expect(code).toBe(1);
    expect(err).toContain(why);
  });

  test("all that are wrong are named at once", async () => {
    const { ask } = makeProject();
    const { err } = await ask(["plan", "a.md", "b.md"]);
    expect(err).toMatch(/a\.md:1:1[^]*b\.md:1:1/);
  });
});

describe("options", () => {
  const tasks = (front: string) => `${front}${list}`;

  test("of the command line win over the list's, and those over the project's", async () => {
    const files = {
      "tasks.md": tasks("---\nmaxWorkers: 3\nsendBacks: 1\n---\n"),
      ".orchestrate.yml": "maxWorkers: 2\nsendBacks: 0\nestimate: 30\n",
    };
    expect((await planned(files, ["tasks.md"])).plan?.config).toMatchObject({
      maxWorkers: 3,
      sendBacks: 1,
      estimate: 30,
    });
    expect((await planned(files, ["tasks.md", "--max-workers", "4"])).plan?.config).toMatchObject({ maxWorkers: 4 });
  });

  test("of the project are found from a folder below it, and read from --project", async () => {
    const { folder, ask } = makeProject({ "src/tasks.md": list, ".orchestrate.yml": "maxWorkers: 2\n" });
    const below = await ask(["plan", "tasks.md", "--json"], { cwd: join(folder, "src") });
    expect(Plan.parse(JSON.parse(below.out)).config.maxWorkers).toBe(2);
    const other = makeProject({ "tasks.md": list });
    const told = await other.ask(["plan", "tasks.md", "--json", "--project", folder]);
    expect(Plan.parse(JSON.parse(told.out)).config.maxWorkers).toBe(2);
  });

  test("of a folder below the project do not count, and it is said which do", async () => {
    const { folder, ask } = makeProject({ "tasks.md": list, "app/.orchestrate.yml": "maxWorkers: 2\n" });
    const { err } = await ask(["plan", "../tasks.md"], { cwd: join(folder, "app") });
    expect(err).toContain(`The project is ${folder}`);
    expect(err).toContain("`--project .`");
    expect((await ask(["plan", "../tasks.md", "--project", "."], { cwd: join(folder, "app") })).err).toBe("");
    expect((await ask(["plan", "tasks.md"])).err).toBe("");
  });

  test("with a mistake are located errors", async () => {
    const { ask } = makeProject({ "tasks.md": list, ".orchestrate.yml": "# ours\nmaxWorker: 2\n" });
    const { err, code } = await ask(["plan", "tasks.md"]);
    expect(code).toBe(1);
    expect(err).toContain(".orchestrate.yml:2:1: error:");
    expect(err).toContain("    maxWorker: 2\n    ~~~~~~~~~");
  });

  test("--parallel is a person's word for tasks without files", async () => {
    const files = { "tasks.md": "1. Look\n2. Listen\n" };
    expect((await planned(files, ["tasks.md"])).plan?.batches).toHaveLength(2);
    expect((await planned(files, ["tasks.md", "--parallel"])).plan?.batches).toHaveLength(1);
  });
});

test("planning writes nothing, not even through links", async () => {
  const { folder, ask } = makeProject({ "tasks.md": list, "specs/tasks.md": list });
  symlinkSync(join(folder, "specs"), join(folder, "linked"));
  const before = readdirSync(folder, { recursive: true }).map((file) => [
    file,
    statSync(join(folder, String(file))).mtimeMs,
  ]);
  for (const line of [
    ["plan", "tasks.md"],
    ["plan", "linked", "--why"],
    ["plan", "-", "--mermaid"],
    ["explain", "tasks.md", "T001", "T002"],
  ]) {
    expect((await ask(line, { stdin: () => list })).code).toBe(0);
  }
  expect(
    readdirSync(folder, { recursive: true }).map((file) => [file, statSync(join(folder, String(file))).mtimeMs]),
  ).toEqual(before);
});

const examples = commands.flatMap((command) => command.examples.map((example) => example.line));

test.each(examples)("the example in the help works: %s", async (line) => {
  const { code, err, out, live } = await answer(line.split(" "), makeWorld({ stdin: () => list }));
  expect({ code, err }).toEqual({ code: 0, err: "" });
  // What goes on while one looks says nothing before it begins.
  expect(out === "" && live === undefined).toBe(false);
});
