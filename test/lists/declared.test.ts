import { describe, expect, test } from "vitest";
import { parseCsv } from "../../src/lists/csv.ts";
import { findLists, readFiles } from "../../src/lists/readList.ts";
import { mark } from "../../src/lists/write/mark.ts";
import { itemsOf, textOf, textsOf, valueOf } from "../../src/lists/values.ts";
import { link } from "../../src/link/link.ts";
import { defaultConfig } from "../../src/model/config.ts";
import type { TaskList } from "../../src/model/list.ts";
import { filesOf, fixtureFiles, listOf, rulesOf, setOf, waitsOf } from "./make.ts";

function statusesOf(list: TaskList): string[] {
  return list.tasks.map(({ id, status }) => `${id} ${status}`);
}

function edgesOf(list: TaskList): string[] {
  const graph = link(list, defaultConfig);
  if (!graph.ok) throw new Error(JSON.stringify(graph.diagnostics));
  return graph.value.edges.map(({ from, to }) => `${from} → ${to}`).toSorted();
}

describe("feature_list.json", () => {
  const list = setOf(fixtureFiles("featureList"));

  test("features with a status wait for what any of their fields names; the template is none", () => {
    expect(waitsOf(list)).toEqual(["F-001 ← ", "F-002 ← F-001", "F-003 ← F-001, F-002", "1 ← "]);
    expect(list.title).toBe("shop");
  });

  test("passing is done; a dependency on no feature is reported and holds its task back", () => {
    expect(statusesOf(list)).toEqual(["F-001 done", "F-002 running", "F-003 pending", "1 needs-input"]);
    expect(rulesOf(list.diagnostics)).toEqual(["unknown-dependency"]);
  });

  test("an entry with neither an id nor a title is set aside", () => {
    expect(list.setAside).toMatchObject([{ line: 15, reason: "it has neither an id nor a title" }]);
  });

  test("a done feature gets the word that the list itself uses", () => {
    expect(list.tasks[2]?.box).toMatchObject({ was: "not_started", done: "passing" });
    expect(list.tasks[0]?.box).toMatchObject({ done: "passing", open: "not_started" });
  });

  test("features that pass or not are numbered and ticked with true", () => {
    const flags = setOf(fixtureFiles("featureFlags"));
    expect(statusesOf(flags)).toEqual(["1 done", "2 pending"]);
    expect(flags.tasks[1]?.box).toMatchObject({ was: "false", done: "true" });
    expect(flags.tasks[1]).toMatchObject({ title: "Close a page", acceptance: ["click"] });
  });

  test("other lists of entries with a status are none", () => {
    const texts = ['[{"id":"a","status":"open"}]', '{"features":["a","b"]}', '{"features":{"a":1}}'];
    for (const text of texts) expect(findLists(filesOf({ "feature_list.json": text }))).toEqual([]);
  });
});

describe("tk tickets", () => {
  const list = setOf(fixtureFiles("ticket"));

  test("the title is the first heading, links order nothing, parts stand behind their whole", () => {
    expect(waitsOf(list)).toEqual(["nw-5c46 ← ", "nw-abcd ← nw-7a10", "nw-7a10 ← nw-5c46"]);
    expect(list.tasks[2]).toMatchObject({ title: "Add the heartbeat", parent: "nw-abcd", acceptance: ["it beats"] });
    expect(list.tasks[2]?.files).toEqual([{ path: "src/beat.ts", access: "modify" }]);
  });

  test("closed is done; a ticket that is not there is reported", () => {
    expect(statusesOf(list)).toEqual(["nw-5c46 done", "nw-abcd running", "nw-7a10 pending"]);
    expect(rulesOf(list.diagnostics)).toEqual(["read-as", "unknown-dependency"]);
  });

  test("outside `.tickets` the files are known by their names", () => {
    const text = "---\nid: ab-12cd\nstatus: open\ndeps: []\nlinks: []\n---\n# A\n";
    expect(findLists(filesOf({ "x/ab-12cd.md": text, "x/notes.md": text }))).toMatchObject([
      { files: ["x/ab-12cd.md"] },
    ]);
  });
});

describe("Auto-Claude plans", () => {
  const list = setOf(fixtureFiles("autoClaude"));

  test("subtasks wait for those of the phases that their phase waits for", () => {
    expect(edgesOf(list)).toEqual([
      // It follows the pattern of a file that the other one makes.
      "subtask-1-1 → subtask-1-2",
      "subtask-1-1 → subtask-2-1",
      "subtask-1-1 → subtask-2-2",
      "subtask-1-2 → subtask-2-1",
      "subtask-1-2 → subtask-2-2",
      // It changes a file that the other one makes.
      "subtask-2-1 → subtask-3-2",
      // Their phase says that it is not safe to run them at once.
      "subtask-3-1 → subtask-3-2",
    ]);
  });

  test("a phase that waits for no phase of the plan is reported and not started", () => {
    expect(statusesOf(list).filter((text) => text.endsWith("needs-input"))).toEqual([
      "subtask-3-1 needs-input",
      "subtask-3-2 needs-input",
    ]);
    expect(rulesOf(list.diagnostics)).toEqual(["unknown-dependency"]);
  });

  test("files, patterns and checks are read", () => {
    expect(list.tasks[1]).toMatchObject({
      files: [
        { path: "b.py", access: "modify" },
        { path: "a.py", access: "read" },
      ],
      verify: ["pytest tests/store"],
      phase: "Backend",
    });
  });

  test("phases are also named by number; phases that wait for each other are a cycle", () => {
    const plan = (waits: string): string =>
      `{"phases":[{"phase":1,"depends_on":${waits},"subtasks":[{"id":"a","description":"A","status":"pending"}]},` +
      '{"phase":2,"depends_on":[1],"subtasks":[{"id":"b","description":"B","status":"pending"}]}]}';
    expect(edgesOf(listOf(plan("[]"), "implementation_plan.json"))).toEqual(["a → b"]);
    const cyclic = link(listOf(plan("[2]"), "implementation_plan.json"), defaultConfig);
    expect(!cyclic.ok && rulesOf(cyclic.diagnostics)).toContain("cycle");
  });

  test("a plan with a product of dependencies beyond any real one is refused", () => {
    const subtasks = (name: string): string =>
      Array.from({ length: 400 }, (_, at) => `{"id":"${name}${at}","description":"x","status":"pending"}`).join(",");
    const text = `{"phases":[{"id":"1","subtasks":[${subtasks("a")}]},{"id":"2","depends_on":["1"],"subtasks":[${subtasks("b")}]}]}`;
    const made = readFiles(filesOf({ "implementation_plan.json": text }));
    expect(!made.ok && rulesOf(made.diagnostics)).toEqual(["too-large"]);
  });
});

describe("Taskwarrior exports", () => {
  const array = setOf(fixtureFiles("taskwarrior"));

  test("tasks are known by their short id and found by the whole one", () => {
    expect(waitsOf(array)).toEqual(["a1b2c3d4 ← ", "b1b2c3d4 ← a1b2c3d4", "c1b2c3d4 ← "]);
    expect(statusesOf(array)).toEqual(["a1b2c3d4 pending", "b1b2c3d4 pending", "c1b2c3d4 done"]);
    expect(rulesOf(array.diagnostics)).toEqual(["external-dependency"]);
  });

  test("a task a line is the same list", () => {
    const [file] = fixtureFiles("taskwarrior");
    const lines = Buffer.from(file?.bytes ?? [])
      .toString()
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line) => line.replace(/,$/, ""));
    expect(waitsOf(setOf(filesOf({ "x.json": lines.join("\n") })))).toEqual(waitsOf(array));
  });

  test("dependencies written as one text are read; deleted and recurring tasks are not started", () => {
    const entry = (uuid: string, more: string): string =>
      `{"uuid":"${uuid}","description":"T","entry":"20260101T000000Z"${more}}`;
    const list = listOf(
      `[${entry("aaaaaaaa-1", ',"status":"deleted"')},${entry("bbbbbbbb-1", ',"status":"recurring"')},${entry("cccccccc-1", ',"status":"pending","depends":"aaaaaaaa-1,bbbbbbbb-1"')}]`,
      "tasks.json",
    );
    expect(waitsOf(list)[2]).toBe("cccccccc ← aaaaaaaa, bbbbbbbb");
    expect(statusesOf(list)).toEqual(["aaaaaaaa cancelled", "bbbbbbbb skipped", "cccccccc pending"]);
  });
});

describe("GitHub issues as JSON", () => {
  const list = setOf(fixtureFiles("githubIssues"));

  test("what their texts state orders them; other mentions do not; pull requests are none", () => {
    expect(edgesOf(list)).toEqual(["12 → 14", "14 → 15"]);
    expect(statusesOf(list)).toEqual(["12 pending", "14 pending", "15 pending", "16 cancelled"]);
  });

  test("an issue that is not in the file is told of", () => {
    expect(list.diagnostics).toMatchObject([{ rule: "external-dependency", message: expect.stringContaining("`99`") }]);
  });

  test("the file is a copy: nothing in it is ticked", () => {
    expect(list.tasks.every(({ box }) => box === null)).toBe(true);
  });
});

describe("CSV exports", () => {
  test("Linear: rows with commas, quotes and line ends, `Blocked by` and statuses", () => {
    const list = setOf(fixtureFiles("linear"));
    expect(waitsOf(list)).toEqual(["ENG-1 ← ", "ENG-2 ← ENG-1", "ENG-3 ← ENG-1, ENG-2", "ENG-4 ← "]);
    expect(statusesOf(list)).toEqual(["ENG-1 pending", "ENG-2 running", "ENG-3 pending", "ENG-4 done"]);
    expect(list.tasks[0]?.body).toBe('Text with "quotes"\nand a line');
    expect(list.tasks[1]).toMatchObject({ title: "Add, the route", source: { line: 4 } });
  });

  test("Jira: columns of one name, links both ways, parents by key or number", () => {
    const list = setOf(fixtureFiles("jira"));
    expect(edgesOf(list)).toEqual(expect.arrayContaining(["SHOP-2 → SHOP-3", "SHOP-2 → SHOP-4", "SHOP-3 → SHOP-4"]));
    expect(list.tasks.map(({ parent }) => parent)).toEqual([null, "SHOP-1", "SHOP-1", "SHOP-1"]);
    expect(list.tasks[1]).toMatchObject({ status: "done", estimate: 60 });
  });

  test("a table of something else is no list", () => {
    expect(findLists(filesOf({ "issues.csv": "name,price\nTea,3\n", "linear.csv": "", "jira.csv": '"' }))).toEqual([]);
  });

  test.each([
    ["commas", "a,b\n1,2\n"],
    ["semicolons", "a;b\r\n1;2\r\n"],
    ["a mark at the beginning and no end of line", "\ufeffa,b\n1,2"],
    ["quotes", '"a","b"\n"1","2"\n'],
  ])("cells between %s are read", (_, text) => {
    const [row] = itemsOf(parseCsv(text, "x.csv").root);
    expect([textOf(valueOf(row, "a")), textOf(valueOf(row, "b"))]).toEqual(["1", "2"]);
  });

  test("quotes that never end, rows too long or too short, and names twice lose nothing else", () => {
    const [row, short] = itemsOf(parseCsv('a,b,b\n1,2,3,4\n5\n"6', "x.csv").root);
    expect([textOf(valueOf(row, "a")), textsOf(valueOf(row, "b"))]).toEqual(["1", ["2", "3"]]);
    expect(textOf(valueOf(short, "a"))).toBe("5");
  });
});

describe("any declared format", () => {
  const feature = (fields: string): string => `[{"id":"a","name":"A","passes":false},{${fields}}]`;

  test("numbers entries without an id past the ids that are taken", () => {
    const list = listOf('[{"id":"1","name":"A","passes":false},{"name":"B","passes":false}]', "feature_list.json");
    expect(list.tasks.map(({ id }) => id)).toEqual(["1", "2"]);
  });

  test.each([
    [
      "a number that is an id",
      '[{"id":7,"name":"A","passes":false},{"id":8,"name":"B","passes":false,"depends_on":[7]}]',
      "8 ← 7",
    ],
    ["a text with commas", feature('"id":"b","name":"B","passes":false,"depends_on":"a, none"'), "b ← a"],
    ["a mapping with an id", feature('"id":"b","name":"B","passes":false,"depends_on":[{"id":"a"}]'), "b ← a"],
    ["null", feature('"id":"b","name":"B","passes":false,"depends_on":null'), "b ← "],
    ["words for nothing", feature('"id":"b","name":"B","passes":false,"depends_on":["None","-"]'), "b ← "],
  ])("reads a dependency written as %s", (_, text, waits) => {
    expect(waitsOf(listOf(text, "feature_list.json")).at(-1)).toBe(waits);
  });

  test.each([["{}"], ["[[]]"], ['[{"x":1}]'], ['"zz"'], ["12"]])(
    "reports %s, which names no task, and does not start the task that waits for it",
    (value) => {
      const list = listOf(feature(`"id":"b","name":"B","passes":false,"depends_on":${value}`), "feature_list.json");
      expect(list.tasks.at(-1)?.status).toBe("needs-input");
      expect(rulesOf(list.diagnostics)).toContain("unknown-dependency");
    },
  );

  test.each([['"../x"'], ['"a b"'], ['"con"'], ['"x\\u001b[2J"']])("refuses the id %s", (id) => {
    const made = readFiles(filesOf({ "feature_list.json": feature(`"id":${id},"name":"B","passes":false`) }));
    expect(!made.ok && rulesOf(made.diagnostics)).toEqual(["bad-id"]);
  });

  test("a second task with an id gets one of its own", () => {
    const list = listOf(feature('"id":"a","name":"B","passes":false'), "feature_list.json");
    expect(list.tasks.map(({ id }) => id)).toEqual(["a", "a#2"]);
  });

  test("ticks only its own characters", () => {
    const text = feature('"id":"b","name":"B","passes":false');
    const box = listOf(text, "feature_list.json").tasks[1]?.box ?? null;
    expect(mark(text, { box }, "done")).toEqual({ text: feature('"id":"b","name":"B","passes":true') });
  });
});
