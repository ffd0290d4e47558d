import { describe, expect, test } from "vitest";
import { locate } from "../../src/commands/locate.ts";
import { Plan } from "../../src/model/plan.ts";
import { makeProject, makeWorld } from "./world.ts";

const task = (fields: string): string => `---\nname: A\nstatus: open\n${fields}\n---\n\nChange \`src/a.ts\`.\n`;
const epic = {
  ".claude/epics/login/epic.md": "---\nname: login\n---\n",
  ".claude/epics/login/001.md": task("depends_on: []\nparallel: true"),
  ".claude/epics/login/002.md": task("depends_on: [001]\nparallel: true"),
  ".claude/epics/login/notes.md": "- [ ] nothing\n",
};
const kiro = "- [ ] T001 [P] Read in src/a.ts\n- [ ] T002 [P] Write in src/b.ts\n";

function located(files: Readonly<Record<string, string>>, source: string, format?: string): string[] {
  const { folder } = makeProject(files);
  const found = locate([source], makeWorld({ cwd: folder }), format);
  return found.ok ? found.value.map(({ file }) => file) : found.diagnostics.map(({ message }) => message);
}

describe("a folder", () => {
  test("stands for the list in it, which may be several files", () => {
    const all = ["001.md", "002.md", "epic.md"].map((name) => `.claude/epics/login/${name}`);
    for (const source of [".", ".claude", ".claude/epics/login"]) expect(located(epic, source)).toEqual(all);
  });

  test("with several formats side by side says which, and `--format` chooses", () => {
    const files = { ...epic, "specs/1/tasks.md": kiro };
    expect(located(files, ".")[0]).toMatch(
      /holds 2 lists that may be meant: .*`specs\/1\/tasks\.md` \(\w.*\).*`\.claude\/epics\/login` \(ccpm: 2 numbered files/,
    );
    expect(located(files, ".", "ccpm")).toHaveLength(3);
  });

  test("with names of lists and no list in them has none", () => {
    expect(located({ "a/001.md": "text", "a/002.md": "text" }, "a")[0]).toContain("holds 2 files that may be meant");
    expect(located({ "a/x.txt": "text" }, "a")[0]).toContain("holds no task list");
  });

  test("such as a phase, a mission or a tracker's own is found from the root of the repository", () => {
    expect(
      located({ ".beads/issues.jsonl": '{"id":"a-1","title":"A","status":"open","issue_type":"task"}\n' }, "."),
    ).toEqual([".beads/issues.jsonl"]);
    expect(
      located({ ".planning/phases/01-a/01-01-PLAN.md": "---\nphase: 01-a\nplan: 01\nwave: 1\n---\n" }, "."),
    ).toEqual([".planning/phases/01-a/01-01-PLAN.md"]);
  });
});

test("a file that stands for a folder brings the others of its list", () => {
  expect(located(epic, ".claude/epics/login/epic.md")).toHaveLength(3);
  expect(located(epic, ".claude/epics/login/002.md")).toEqual([".claude/epics/login/002.md"]);
  const tags = {
    ".taskmaster/tasks/tasks.json": '{"a":{"tasks":[{"id":1,"title":"A","details":""}]}}',
    ".taskmaster/state.json": '{"currentTag":"a"}',
  };
  expect(located(tags, ".taskmaster/tasks/tasks.json")).toEqual([
    ".taskmaster/state.json",
    ".taskmaster/tasks/tasks.json",
  ]);
});

test("a folder of files is planned as one list, and says how it was read", async () => {
  const { ask } = makeProject(epic);
  const { out, code } = await ask(["plan", ".", "--json"]);
  expect(code).toBe(0);
  const plan = Plan.parse(JSON.parse(out));
  expect(plan.edges.map(({ from, to }) => `${from} ${to}`)).toEqual(["001 002"]);
  expect(plan.diagnostics.find(({ rule }) => rule === "read-as")?.message).toContain(
    "3 files are read as one list, ccpm epic: 2 numbered files",
  );
});

test("a database is read where Node can open one, and says so where it cannot", () => {
  const { folder, ask } = makeProject({ "tasks.db": "SQLite format 3\0 and no more" });
  expect(folder).not.toBe("");
  return ask(["plan", "tasks.db"]).then(({ err, code }) => {
    expect(code).toBe(1);
    expect(err).toMatch(/is an SQLite database, which Node \d|is no database of Task Copilot/);
  });
});
