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

describe("a plan by another name than a task list", () => {
  const boxes = "# Plan\n\n- [ ] Add src/a.ts\n- [ ] Add src/b.ts\n";

  test.each([
    ["IMPLEMENTATION_PLAN.md"],
    ["PLAN.md"],
    ["docs/ROADMAP.md"],
    ["docs/refactor-plan.md"],
    ["TASKS.md"],
    ["TAREFAS.md"],
    ["UMSETZUNGSPLAN.md"],
    ["開発計画.md"],
    ["task-breakdown.md"],
  ])("%s is found in its folder", (name) => {
    expect(located({ [name]: boxes, "README.md": "# Read me\n", "notes.md": "- [ ] no\n" }, ".")).toEqual([name]);
  });

  test("is not the list where one is named as such", () => {
    expect(located({ "specs/plan.md": boxes, "specs/tasks.md": kiro }, "specs")).toEqual(["specs/tasks.md"]);
    expect(located({ "ROADMAP.md": boxes, "specs/1/tasks.md": kiro }, ".")).toEqual(["specs/1/tasks.md"]);
  });

  test("is named where there are several", () => {
    expect(located({ "PLAN.md": boxes, "ROADMAP.md": boxes }, ".")[0]).toContain("holds 2 files that may be meant");
  });

  test.each([
    [".tickets/ab-12cd.md", "---\nid: ab-12cd\nstatus: open\ndeps: []\nlinks: []\n---\n# A\n"],
    [
      ".auto-claude/specs/1/implementation_plan.json",
      '{"phases":[{"subtasks":[{"id":"a","description":"A","status":"pending"}]}]}',
    ],
    ["feature_list.json", '[{"description":"A","passes":false}]'],
    ["todo.txt", "(A) One +p\n(B) Two +p\n"],
    ["TODO.org", "* TODO One\n* TODO Two\n"],
    ["linear-issues.csv", "ID,Title,Status\nA-1,One,Todo\n"],
    ["issues.json", '[{"number":1,"title":"A","state":"OPEN"}]'],
  ])("%s is found from the root of the repository", (name, text) => {
    expect(located({ [name]: text, "src/data.csv": "a,b\n" }, ".")).toEqual([name]);
  });
});
