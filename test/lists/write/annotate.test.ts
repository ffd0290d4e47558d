import fc from "fast-check";
import { expect, test } from "vitest";
import { annotate } from "../../../src/lists/write/annotate.ts";
import { link } from "../../../src/link/link.ts";
import { defaultConfig } from "../../../src/model/config.ts";
import { readFiles } from "../../../src/lists/readList.ts";

type Texts = Record<string, string>;

function listIn(texts: Texts) {
  const files = Object.entries(texts).map(([file, text]) => ({ file, bytes: Buffer.from(text) }));
  const made = readFiles(files);
  if (!made.ok) throw new Error(JSON.stringify(made.diagnostics));
  return made.value;
}

/** The texts with the waits written in, or the reason why not. */
function written(texts: Texts, task: string, after: readonly string[]): Texts | string {
  const made = annotate(new Map(Object.entries(texts)), listIn(texts), [{ task, after }]);
  if (!made.ok) return made.diagnostics.map(({ rule, message }) => `${rule}: ${message}`).join("\n");
  return { ...texts, ...Object.fromEntries(made.value.texts) };
}

function statedIn(texts: Texts): string[] {
  const graph = link(listIn(texts), defaultConfig);
  if (!graph.ok) throw new Error(JSON.stringify(graph.diagnostics));
  return graph.value.edges
    .filter(({ kind }) => kind === "stated" || kind === "graph" || kind === "section")
    .map(({ from, to }) => `${from}→${to}`)
    .toSorted();
}

const speckit =
  "## Phase 1: Setup\n\n- [ ] T001 Make a in src/a.ts\n- [ ] T002 [P] Make b in src/b.ts\n- [x] T003 Make c in src/c.ts  \n";

test("in Markdown the words stand at the end of the task's line, before blanks that end it", () => {
  expect(written({ "tasks.md": speckit }, "T003", ["T001", "T002"])).toEqual({
    "tasks.md": speckit.replace("src/c.ts  ", "src/c.ts (depends on T001, T002)  "),
  });
});

test("ids are added to words that stand there", () => {
  const text = speckit.replace("src/c.ts  ", "src/c.ts (depends on T001)");
  expect(written({ "tasks.md": text }, "T003", ["T001", "T002"])).toEqual({
    "tasks.md": text.replace("(depends on T001)", "(depends on T001, T002)"),
  });
});

test("Kiro gets a note below the task, in the line ends of the file", () => {
  const text =
    "# Implementation Plan\r\n\r\n- [ ] 1. Make a\r\n  - the first part\r\n  - _Requirements: 1.1_\r\n- [ ] 2. Make b\r\n  - _Requirements: 1.2_\r\n- [ ] 3. Make c\r\n  - _Requirements: 1.3_\r\n";
  expect(written({ "tasks.md": text }, "2", ["1"])).toEqual({
    "tasks.md": text.replace("1.2_\r\n", "1.2_\r\n  - _Depends: 1_\r\n"),
  });
});

test.each([
  [
    "a key that is there",
    '{"tasks": [{"id": "a", "title": "A"}, {"id": "b", "title": "B", "dependsOn": []}]}',
    '"dependsOn": ["a"]',
  ],
  [
    "no such key",
    '{"tasks": [{"id": "a", "title": "A"}, {"id": "b", "title": "B"}]}',
    '"title": "B", "dependsOn": ["a"]}',
  ],
  [
    "YAML",
    "tasks:\n  - id: a\n    title: A\n  - id: b\n    title: B\n    body: |\n      x\n",
    "  - id: b\n    dependsOn: [a]\n    title: B\n",
  ],
  [
    "a YAML list",
    "tasks:\n  - id: a\n    title: A\n  - id: c\n    title: C\n  - id: b\n    title: B\n    dependsOn:\n      - c # said\n",
    "      - c # said\n      - a\n",
  ],
])("our own list is written with %s", (_, text, part) => {
  const file = text.startsWith("{") ? "tasks.json" : "tasks.yaml";
  const made = written({ [file]: text }, "b", ["a"]);
  expect(made).toEqual({ [file]: expect.stringContaining(part) });
});

test("Task Master keeps its numbers and its layout", () => {
  const tasks = [1, 2, 3].map((id) => ({
    id,
    title: `t${id}`,
    status: "pending",
    dependencies: id === 3 ? [1] : [],
    details: "d",
  }));
  const text = JSON.stringify({ master: { tasks } }, null, 2);
  expect(written({ "tasks.json": text }, "3", ["2"])).toEqual({
    "tasks.json": text.replace("[\n          1\n        ]", "[\n          1,\n          2\n        ]"),
  });
  expect(written({ "tasks.json": text }, "2", ["1"])).toEqual({
    "tasks.json": text
      .replace('"dependencies": []', '"dependencies": [1]')
      .replace("[1]", "[]")
      .replace(/("id": 2,[^]*?)\[\]/, "$1[1]"),
  });
});

test("front matter gets `depends_on`, and only the file of the task changes", () => {
  const epic = {
    "epics/x/001.md": "---\nname: A\nstatus: open\ndepends_on: []\nparallel: true\n---\n# A\n",
    "epics/x/002.md": "---\r\nname: B\r\nstatus: open\r\nparallel: true\r\n---\r\n# B\r\n",
  };
  expect(written(epic, "002", ["001"])).toEqual({
    ...epic,
    "epics/x/002.md": epic["epics/x/002.md"].replace("name: B\r\n", 'name: B\r\ndepends_on: ["001"]\r\n'),
  });
  expect(written(epic, "001", ["002"])).toMatchObject({
    "epics/x/001.md": expect.stringContaining('depends_on: ["002"]'),
  });
});

test("what would make a cycle is refused, and the cycle is shown", () => {
  const text = "- [ ] T1 a (depends on T2)\n- [ ] T2 b\n";
  expect(written({ "tasks.md": text }, "T2", ["T1"])).toMatch(/^cycle: /);
});

test("a task that waits for itself is refused", () => {
  expect(written({ "tasks.md": speckit }, "T001", ["T001"])).toMatch(/itself/);
});

test("a format that has no words for it says so", () => {
  const stream = (id: string) => ({
    title: id,
    metadata: { streamId: id, streamName: id, streamPhase: "parallel", files: [`src/${id}.ts`] },
  });
  const text = JSON.stringify({ tasks: [stream("Stream-A"), stream("Stream-B")] });
  const list = listIn({ "tasks.json": text });
  expect(list.format).toBe("task-copilot");
  const [a, b] = list.tasks.map(({ id }) => id);
  expect(written({ "tasks.json": text }, b ?? "", [a ?? ""])).toMatch(/^not-annotated: .*between streams only/);
});

test("what the list says already is not written twice", () => {
  const text = "- [ ] T1 a\n- [ ] T2 b (depends on T1)\n";
  expect(written({ "tasks.md": text }, "T2", ["T1"])).toEqual({ "tasks.md": text });
});

const id = (index: number): string => `T${String(index + 1).padStart(3, "0")}`;
const size = 6;
const layouts: Record<string, { file: string; text: (end: string) => string }> = {
  markdown: {
    file: "tasks.md",
    text: (end) =>
      Array.from(
        { length: size },
        (_, at) => `- [ ] ${id(at)} Make part ${at} in src/p${at}.ts${end}  with care${end}`,
      ).join(""),
  },
  json: {
    file: "tasks.json",
    text: (end) =>
      JSON.stringify(
        { tasks: Array.from({ length: size }, (_, at) => ({ id: id(at), title: `part ${at}` })) },
        null,
        2,
      ).replaceAll("\n", end),
  },
  yaml: {
    file: "tasks.yaml",
    text: (end) =>
      ["tasks:", ...Array.from({ length: size }, (_, at) => `  - title: part ${at}${end}    id: ${id(at)}`), ""].join(
        end,
      ),
  },
};

test.each(Object.keys(layouts))("%s: reading back gives exactly the new edges, whichever they are", (name) => {
  const layout = layouts[name];
  if (!layout) throw new Error(name);
  const pair = fc.tuple(fc.nat(size - 1), fc.nat(size - 1)).filter(([from, to]) => from < to);
  fc.assert(
    fc.property(
      fc.array(pair, { minLength: 1, maxLength: 8 }),
      fc.constantFrom("\n", "\r\n"),
      fc.constantFrom("", "\ufeff"),
      (pairs, end, bom) => {
        let texts: Texts = { [layout.file]: (layout.file.endsWith("md") ? bom : "") + layout.text(end) };
        for (const [from, to] of pairs) {
          const next = written(texts, id(to), [id(from)]);
          if (typeof next === "string") throw new Error(next);
          texts = next;
        }
        expect(statedIn(texts)).toEqual([...new Set(pairs.map(([from, to]) => `${id(from)}→${id(to)}`))].toSorted());
      },
    ),
    { numRuns: 60 },
  );
});
