import { describe, expect, test } from "vitest";
import { link } from "../../src/link/link.ts";
import { defaultConfig } from "../../src/model/config.ts";
import { findLists } from "../../src/lists/readList.ts";
import { filesOf, fixtureFiles, rulesOf, setOf, waitsOf } from "./make.ts";

const expectedFormats = [
  ["taskMaster", "task-master"],
  ["ccpm", "ccpm"],
  ["beads", "beads"],
  ["backlogMd", "backlog-md"],
  ["gsd", "gsd"],
  ["gsdRoadmap", "gsd-roadmap"],
  ["specKitty", "spec-kitty"],
  ["compozy", "compozy"],
  ["bmad", "bmad"],
  ["bmadStory", "bmad"],
  ["cursor", "cursor"],
  ["ralph", "ralph"],
  ["claudeTasks", "claude-tasks"],
  ["taskCopilot", "task-copilot"],
  ["featureList", "feature-list"],
  ["featureFlags", "feature-list"],
  ["ticket", "ticket"],
  ["autoClaude", "auto-claude"],
  ["taskwarrior", "taskwarrior"],
  ["githubIssues", "github-issues"],
  ["linear", "linear"],
  ["jira", "jira"],
  ["org", "org"],
  ["todoTxt", "todo-txt"],
] as const;

test.each(expectedFormats)("the files of %s are one list of the format %s, by what they say", (folder, format) => {
  const files = fixtureFiles(folder);
  const list = setOf(files);
  expect(list.format).toBe(format);
  expect(list.sources.toSorted()).toEqual(files.map(({ file }) => file).toSorted());
  expect(link(list, defaultConfig)).toMatchObject({ ok: true });
  expect(list.setAside.length + list.tasks.filter(({ box }) => box !== null).length).toBeGreaterThanOrEqual(list.boxes);
});

test("a name alone is no evidence: numbered files of prose are no list", () => {
  expect(
    findLists(filesOf({ "epics/a/001.md": "# A\n\nText\n", "x/task_01.md": "Text\n", "05-01-PLAN.md": "Text\n" })),
  ).toEqual([]);
});

test("lists of several formats side by side are told apart", () => {
  const files = [...fixtureFiles("ccpm"), ...fixtureFiles("compozy"), ...fixtureFiles("taskMaster")];
  expect(findLists(files).map(({ format, files: own }) => `${format} ${own.length}`)).toEqual([
    "ccpm 6",
    "compozy 3",
    "task-master 2",
  ]);
});

describe("Task Master", () => {
  const list = setOf(fixtureFiles("taskMaster"));

  test("reads the tag in use, parts under their whole, numbers as parts before tasks", () => {
    expect(list.title).toBe("shop");
    expect(waitsOf(list)).toEqual([
      "1 ← ",
      "2 ← 1",
      "2.1 ← ",
      "2.2 ← 2.1, 2.1, 3",
      "2.4 ← 2.2",
      "3 ← 1",
      "4 ← 2, 3",
      "5 ← ",
    ]);
    expect(list.tasks.find(({ id }) => id === "2.4")?.parent).toBe("2");
  });

  test("only finished work satisfies: what waits for deferred or unknown tasks is not started", () => {
    expect(list.tasks.map(({ status }) => status)).toEqual([
      "done",
      "pending",
      "done",
      "needs-input",
      "pending",
      "skipped",
      "needs-input",
      "needs-input",
    ]);
    expect(rulesOf(list.diagnostics)).toEqual(
      expect.arrayContaining(["needs-cancelled", "unknown-dependency", "other-tags"]),
    );
  });

  test("another tag is named behind the format", () => {
    expect(setOf(fixtureFiles("taskMaster"), "task-master:master").tasks.map(({ title }) => title)).toEqual(["Old"]);
  });

  test("the edges come from the machine", () => {
    const graph = link(list, defaultConfig);
    expect(graph.ok && graph.value.edges.find(({ from, to }) => from === "1" && to === "2")?.kind).toBe("graph");
  });

  test.each([
    ["before tags", '{"tasks":[{"id":1,"title":"A","dependencies":[]}]}'],
    ["a bare array", '[{"id":1,"title":"A","dependencies":[]}]'],
  ])("%s is read too", (_, text) => {
    expect(setOf(filesOf({ "tasks.json": text })).tasks).toHaveLength(1);
  });
});

describe("ccpm", () => {
  const list = setOf(fixtureFiles("ccpm"));

  test("follows the mapping from the numbers before the files were renamed", () => {
    expect(waitsOf(list)).toEqual(["171 ← ", "172 ← 171", "173 ← 171, 172", "174 ← "]);
  });

  test("an old number that no mapping explains is shown, not guessed, and holds its task back", () => {
    expect(list.tasks.find(({ id }) => id === "174")?.status).toBe("needs-input");
    expect(list.diagnostics.find(({ rule }) => rule === "unknown-dependency")?.place).toMatchObject({
      line: 4,
      column: 14,
    });
  });

  test("`conflicts_with` keeps two tasks apart in either order", () => {
    expect(list.tasks.map(({ resources }) => resources)).toEqual([[], ["conflict 172-173"], ["conflict 172-173"], []]);
  });

  test("parallel marks, hours, criteria and files are read", () => {
    expect(list.tasks[1]).toMatchObject({ parallel: true, estimate: 240, files: [{ path: "src/session.ts" }] });
    expect(list.tasks[0]).toMatchObject({ status: "done", acceptance: ["it submits"] });
  });

  test("conflicts with each other by number give no false edge", () => {
    const files = filesOf({ "e/8.md": "---\nname: A\nstatus: open\ndepends_on: [008]\nparallel: true\n---\n" });
    expect(waitsOf(setOf(files))).toEqual(["8 ← "]);
  });
});

describe("beads", () => {
  const list = setOf(fixtureFiles("beads"));

  test("only blocking types order issues, and parts stand behind their epic", () => {
    expect(waitsOf(list)).toEqual(["bd-a1 ← ", "bd-a1.1 ← ", "bd-a1.2 ← bd-a1.1", "bd-b2 ← bd-a1.1"]);
    expect(list.tasks[2]).toMatchObject({ parent: "bd-a1", status: "running" });
    expect(list.tasks[3]).toMatchObject({ estimate: 45 });
  });

  test("what is not kept here is external and counts as met; deleted issues are set aside", () => {
    expect(rulesOf(list.diagnostics)).toEqual(["external-dependency"]);
    expect(list.setAside).toMatchObject([{ line: 5, reason: "a deleted issue" }]);
  });
});

describe("Backlog.md", () => {
  const list = setOf(fixtureFiles("backlogMd"));

  test("ids compare without case, padding and older prefixes; invalid YAML of the tool is tolerated", () => {
    expect(waitsOf(list)).toEqual(["BACK-1 ← ", "BACK-2 ← BACK-1", "BACK-2.1 ← ", "BACK-10 ← BACK-2"]);
    expect(list.tasks[1]).toMatchObject({ title: "Basket: the whole", acceptance: ["#1 holds three things"] });
    expect(list.tasks[2]?.parent).toBe("BACK-2");
    expect(rulesOf(list.diagnostics)).toEqual(["read-as", "external-dependency"]);
  });

  test("boxes are criteria, and each is set aside", () => {
    expect(list).toMatchObject({ boxes: 1, setAside: [{ line: 13 }] });
  });
});

describe("GSD", () => {
  const list = setOf(fixtureFiles("gsd"));

  test("plans are the tasks, done when they have a summary; stems, numbers and file names name them", () => {
    expect(waitsOf(list)).toEqual(["05-01 ← ", "05-02 ← 05-01", "05-03 ← 05-02, 05-01"]);
    expect(list.tasks.map(({ status }) => status)).toEqual(["done", "pending", "needs-input"]);
  });

  test("another phase is external, a missing plan of this one is not; a wrong wave is shown", () => {
    expect(rulesOf(list.diagnostics)).toEqual([
      "read-as",
      "external-dependency",
      "unknown-dependency",
      "wave-mismatch",
    ]);
  });

  test("a plan that stops for a person runs alone", () => {
    expect(list.tasks.map(({ parallel }) => parallel)).toEqual([true, false, true]);
  });

  test("the roadmap: phases wait for phases, plans stand in order inside them", () => {
    const roadmap = setOf(fixtureFiles("gsdRoadmap"));
    expect(waitsOf(roadmap)).toEqual(["1 ← ", "01-01 ← ", "2 ← 1", "02-01 ← ", "02-02 ← ", "2.1 ← 2"]);
    expect(roadmap.tasks.map(({ status }) => status)).toEqual([
      "done",
      "done",
      "pending",
      "pending",
      "pending",
      "pending",
    ]);
    expect(rulesOf(roadmap.diagnostics)).toEqual(["external-dependency"]);
    const graph = link(roadmap, defaultConfig);
    expect(graph.ok && graph.value.edges.map(({ from, to }) => `${from} ${to}`)).toContain("02-01 02-02");
    expect(roadmap.setAside).toMatchObject([{ line: 8 }]);
  });
});

test("Spec Kitty: lanes are a graph of the machine, and a lane's packages share a worktree", () => {
  const list = setOf(fixtureFiles("specKitty"));
  expect(waitsOf(list)).toEqual(["WP01 ← ", "WP02 ← WP01", "WP03 ← WP01, WP02"]);
  expect(list.tasks.map(({ resources, status }) => [resources[0], status])).toEqual([
    ["lane-a", "done"],
    ["lane-a", "pending"],
    ["lane-b", "running"],
  ]);
  expect(list.tasks[2]?.dependsOn[0]).toMatchObject({
    kind: "graph",
    place: { file: "kitty-specs/007-login/lanes.json", line: 5 },
  });
});

test("Compozy: files are the tasks, by their names", () => {
  const list = setOf(fixtureFiles("compozy"));
  expect(waitsOf(list)).toEqual(["task_01 ← ", "task_02 ← task_01"]);
  expect(list.tasks[1]).toMatchObject({ status: "needs-input", files: [{ path: "src/session.ts" }] });
});

describe("folders of task files", () => {
  const files = fixtureFiles("frontMatterFolder");

  test("front matter: ids and references in any spelling", () => {
    const list = setOf(files.filter(({ file }) => file.startsWith("plans/")));
    expect(list.format).toBe("front-matter");
    expect(waitsOf(list)).toEqual(["01-form ← ", "02-session ← 01-form"]);
  });

  test("labels: `Blocked by` of ticket files", () => {
    const list = setOf(files.filter(({ file }) => file.startsWith("issues/")));
    expect(waitsOf(list)).toEqual(["01 ← ", "02 ← 01"]);
    expect(list.tasks[1]?.status).toBe("needs-input");
  });

  test.each([
    ["blocked_by: 01", "01"],
    ["blockedBy: ['01']", "01"],
    ["Blocked By: [01]", "01"],
    ["requires:\n  - 01", "01"],
    ["depends_on:\n  [01,\n   3]", "01, 03"],
    ['dependencies: "[]"', ""],
    ["Dependencies: Task 01 (form, page), Task 3", "01, 03"],
    ["depends: 01-form.md", "01"],
    ["depends_on: Stream A foundation milestone", ""],
  ])("`%s`", (field, waits) => {
    const list = setOf(
      filesOf({
        "t/01-form.md": "---\ntitle: A\nstatus: open\n---\n",
        "t/02-b.md": `---\ntitle: B\nstatus: open\n${field}\n---\n`,
        "t/03-c.md": "---\ntitle: C\nstatus: open\n---\n",
      }),
    );
    expect(waitsOf(list)).toEqual(["01 ← ", `02 ← ${waits}`, "03 ← "]);
  });
});

describe("BMAD", () => {
  test("the sprint status gives stories and order, epics give titles and dependencies", () => {
    const list = setOf(fixtureFiles("bmad"));
    expect(waitsOf(list)).toEqual(["1.1 ← ", "1.2 ← 1.1", "2.1 ← 1.2"]);
    expect(list.tasks.map(({ title, status }) => `${title} ${status}`)).toEqual([
      "Form done",
      "Session running",
      "Basket pending",
    ]);
    expect(list.phases.map(({ name }) => name)).toEqual(["Epic 1: Login", "Epic 2: Shop"]);
    expect(list.setAside.map(({ line }) => line)).toEqual([3, 6, 7]);
  });

  test("a story alone is a list of its tasks, one after another", () => {
    const list = setOf(fixtureFiles("bmadStory"));
    expect(list.tasks.map(({ status }) => status)).toEqual(["done", "pending"]);
    expect(list).toMatchObject({ order: "sequence", boxes: 3, setAside: [{ line: 12 }] });
  });
});

test("Cursor: todos of the front matter; boxes below are none", () => {
  const list = setOf(fixtureFiles("cursor"));
  expect(waitsOf(list)).toEqual(["form ← ", "session ← form"]);
  expect(list.tasks[1]).toMatchObject({ files: [{ path: "src/session.ts" }] });
});

test("Ralph: stories by priority, one after another, done when they pass", () => {
  const list = setOf(fixtureFiles("ralph"));
  expect(list.tasks.map(({ id, status }) => `${id} ${status}`)).toEqual(["US-001 done", "US-002 pending"]);
  expect(list.order).toBe("sequence");
});

test("Claude Code tasks: both directions; a deleted task blocks nothing", () => {
  const list = setOf(fixtureFiles("claudeTasks"));
  expect(waitsOf(list)).toEqual(["1 ← ", "2 ← 1", "10 ← "]);
  expect(list.tasks[1]?.blocks).toMatchObject([{ text: "10", kind: "graph" }]);
  expect(rulesOf(list.diagnostics)).toContain("external-dependency");
});

describe("Task Copilot", () => {
  test("streams wait for streams, and each is a sequence", () => {
    const list = setOf(fixtureFiles("taskCopilot"));
    expect(waitsOf(list)).toEqual(["1 ← ", "3 ← ", "2 ← 3"]);
    expect(list).toMatchObject({ title: "Shop", order: "barriers" });
    expect(list.tasks[2]).toMatchObject({ agent: "me", phase: "Stream-B", files: [{ path: "src/api.ts" }] });
  });

  test("a fenced block of an agent's reply is read, with the lines of the reply", () => {
    const text = 'Here is the plan.\n\n```json\n{"tasks": [\n{"title": "A", "metadata": {"streamId": "S"}}\n]}\n```\n';
    expect(setOf(filesOf({ "reply.md": text })).tasks[0]?.source).toMatchObject({ line: 5 });
  });
});

test("finished tasks that wait for each other hold nobody up", () => {
  const done = (id: number, on: number): string =>
    `{"id":${id},"title":"A","status":"done","details":"","dependencies":[${on}]}`;
  const list = setOf(filesOf({ "tasks.json": `[${done(1, 2)},${done(2, 1)}]` }));
  expect(rulesOf(list.diagnostics)).toEqual(["finished-cycle"]);
  expect(link(list, defaultConfig).ok).toBe(true);
});
