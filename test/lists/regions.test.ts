import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readText } from "../../src/lists/readList.ts";
import { filesOf, listOf, refusalOf, rulesOf, setOf, waitsOf } from "./make.ts";

const ids = (text: string, file = "tasks.md"): string[] => listOf(text, file).tasks.map(({ id }) => id);
const titles = (text: string): string[] => listOf(text).tasks.map(({ title }) => title);

describe("prose is no list", () => {
  test.each([
    ["principles", "# Architecture principles\n\n## 1. Keep it small\n\nText.\n\n## 2. Test it\n\nText.\n"],
    [
      "a decision",
      "# ADR-0007: Storage\n\n## Context\n\n1. Cost\n2. Privacy\n\n## Decision\n\n1. Use a file\n\nBecause.\n",
    ],
    [
      "findings",
      "# Findings of the audit\n\nWhat was seen.\n\n### Details\n\n1. The cache is cold\n2. The pool is small\n",
    ],
    ["flows", "# User flows\n\n## 1. Sign in\n\nThe user signs in.\n\n## 2. Sign out\n\nThe user signs out.\n"],
    ["a retrospective", "Release retrospective\n\nKey changes\n1) Scaffold\n2) Network\n"],
    ["a Chinese decision", "# 决策记录\n\n## 背景\n\n1. 成本\n2. 隐私\n\n## 决定\n\n用文件。\n"],
  ])("%s", (_, text) => {
    expect(rulesOf(refusalOf(text, "docs/page.md"))).toEqual(["empty-list"]);
  });

  test.each([
    ["1. Delivery principles", "2. Milestones"],
    ["1. Alternatives considered", "2. Tasks"],
    ["1. 原则", "2. 任务列表"],
    ["1. Principios", "2. Tareas"],
  ])("what stands under `%s` is none when `%s` holds the tasks", (prose, list) => {
    const text = `# Plan\n\n## ${prose}\n\n1. Keep it small.\n2. Test each part.\n\n## ${list}\n\n### M0: Build\n\nIn \`build/a.ts\`.\n\n### M1: Engine\n\nIn \`src/e.ts\`.\n`;
    expect(ids(text)).toEqual(["M0", "M1"]);
  });

  test("a text without a clear list names what it may mean, and the person's word settles it", () => {
    const text =
      "# Handbook\n\nLong text about the thing.\nMore of it.\nAnd more.\n\n## The parser\n\n1. Tokens\n2. Trees\n\nMore text.\n";
    const [fault] = refusalOf(text, "docs/page.md");
    expect(fault).toMatchObject({ rule: "empty-list", place: { line: 9 } });
    expect(fault?.fix).toContain("--format markdown:9");
    const made = readText(text, "docs/page.md", { format: "markdown:9" });
    expect(made.ok && made.value.tasks.map(({ title }) => title)).toEqual(["Tokens", "Trees"]);
  });

  test("of two parts that are as good, one must be named, and both lines are said", () => {
    const text =
      "# Work\n\n| ID | Task | Depends on |\n|---|---|---|\n| A1 | Write `a.ts` | |\n| A2 | Write `b.ts` | A1 |\n\n## To do\n\n- [ ] Update `c.md`\n- [ ] Update `d.md`\n";
    const [fault] = refusalOf(text);
    expect(fault?.rule).toBe("which-list");
    expect(fault?.message).toMatch(/line 5\).*line 10\)|line 10\).*line 5\)/);
    const rows = readText(text, "tasks.md", { format: "markdown:5" });
    expect(rows.ok && rows.value.tasks.map(({ id }) => id)).toEqual(["A1", "A2"]);
    const boxes = readText(text, "tasks.md", { format: "markdown:10" });
    expect(boxes.ok && boxes.value.tasks).toHaveLength(2);
  });
});

describe("headings that are tasks", () => {
  test.each([
    ["## 1. Add the table", "## 2. Add the route", ["1", "2"]],
    ["### T001 Create the enum", "### T002 [P] Create the model", ["T001", "T002"]],
    ["### A-1: Title", "### A-2: Other", ["A-1", "A-2"]],
    ["### Step 1: Write it", "### Step 2: Test it", ["1", "2"]],
    ["#### [x] T-001: Make it", "#### [ ] T-002: Use it", ["T-001", "T-002"]],
    ["## TP-165 Fix the login", "## TP-170 Fix the logout", ["TP-165", "TP-170"]],
    ["## [TASK-017] Photos", "## [TASK-018] Posts", ["TASK-017", "TASK-018"]],
    ["### T-INF-01: Skeleton", "### T-INF-02: Models", ["T-INF-01", "T-INF-02"]],
    ["### A01 — 建立", "### A02 — 定义", ["A01", "A02"]],
    ["### 任务 1：建立", "### 任务 2：定义", ["1", "2"]],
    ["### Tarea 1: Crear", "### Tarea 2: Probar", ["1", "2"]],
    ["### Story S1.1 — Shell", "### Story S1.2 — Panels", ["S1.1", "S1.2"]],
  ])("%s", (one, two, expected) => {
    const text = `# Implementation plan\n\n${one}\n\n**Files**: \`src/a.ts\`\n\n${two}\n\n**Files**: \`src/b.ts\`\n`;
    expect(ids(text, "plan.md")).toEqual(expected);
  });

  test.each([
    ["### T1: Old ✅ (done: 2026-02-22)", "Old"],
    ["### ~~T1: Old~~ — DONE", "Old"],
    ["### ✅ T1: Old", "Old"],
    ["### T1: Old (completed)", "Old"],
    ["### T1: Old — 已完成", "Old"],
    ["### [x] T1: Old", "Old"],
  ])("%s is done, and its mark is no part of its title", (heading, title) => {
    const [one, two] = listOf(`# Tasks\n\n${heading}\n\ntext\n\n### T2: Done button\n\ntext\n`).tasks;
    expect(one).toMatchObject({ id: "T1", title, status: "done" });
    expect(two).toMatchObject({ id: "T2", title: "Done button", status: "pending" });
  });

  test("boxes below headings that say something of themselves are steps; below bare numbers they are the tasks", () => {
    const steps =
      "# Tasks\n\n### A1: One\n\n**Depends on**: none\n\n- [ ] step\n\n### A2: Two\n\n**Depends on**: A1\n\n- [ ] step\n";
    expect(ids(steps)).toEqual(["A1", "A2"]);
    const groups =
      "# Tasks\n\n### 1) Core\n\n- [x] Add the table\n- [ ] Add the writer\n\n### 2) Page\n\n- [ ] Show it\n";
    expect(titles(groups)).toEqual(["Add the table", "Add the writer", "Show it"]);
  });

  test("a task of one heading keeps its id, and a field may name it", () => {
    expect(ids("# Work\n\n## TASK-018: Photos\n\nText.\n")).toEqual(["TASK-018"]);
    expect(ids("# Tasks\n\n- [ ] Fix it\n  - **ID**: auth-fix\n- [ ] Log it\n  - **ID**: audit\n")).toEqual([
      "auth-fix",
      "audit",
    ]);
    expect(
      ids(
        "# Tasks\n\n### 1. Contracts\n\n- **Task ID**: create-contracts\n\n### 2. Models\n\n- **Task ID**: build-models\n",
      ),
    ).toEqual(["create-contracts", "build-models"]);
  });

  test("numbered parts of a plan are done in order; those of a list of tasks in any", () => {
    const text = (title: string): string =>
      `# ${title}\n\n## 1. Add the table\n\nIn \`a.sql\`.\n\n## 2. Add the route\n\nIn \`r.ts\`.\n`;
    expect(listOf(text("Plan"), "plan.md").order).toBe("sequence");
    expect(listOf(text("Tasks"), "list.md").order).toBe("none");
  });
});

describe("tables that are the list", () => {
  test.each([
    ["ID | Task | Depends on | Status", "—", "✅ Done", "⬜"],
    ["编号 | 任务 | 依赖 | 状态", "无", "已完成", "待开发"],
    ["ID | タスク | 依存 | 状態", "なし", "完了", "未着手"],
    ["ID | Tarea | Dependencias | Estado", "ninguna", "Completado", "Pendiente"],
    ["ID | Aufgabe | Abhängigkeiten | Status", "keine", "erledigt", "offen"],
  ])("%s", (head, none, done, open) => {
    const list = listOf(
      `# X\n\n| ${head} |\n|---|---|---|---|\n| A1 | First thing | ${none} | ${done} |\n| A2 | Other thing | A1 | ${open} |\n`,
    );
    expect(list.tasks.map(({ id, title, status }) => [id, title, status])).toEqual([
      ["A1", "First thing", "done"],
      ["A2", "Other thing", "pending"],
    ]);
    expect(waitsOf(list)).toEqual(["A1 ← ", "A2 ← A1"]);
    expect(list.tasks[1]?.box).toMatchObject({ was: open, done });
  });

  test("tables of measures, of columns or of other tasks are none", () => {
    const boxes = "## Tasks\n- [ ] T001 Write it\n\n";
    for (const table of [
      "| Metric | Target |\n|---|---|\n| Speed | 5 |\n",
      "| Day | Task | Hours |\n|---|---|---|\n| 1 | T001, T002 | 5 |\n",
      "| # | Risk | Status |\n|---|---|---|\n| R1 | It rains | open |\n",
    ])
      expect(ids(boxes + table)).toEqual(["T001"]);
  });

  test("a table of attributes below a heading says what the task waits for", () => {
    const list = listOf(
      "# Tasks\n\n### T-A-01: One\n\n| 属性 | 值 |\n|---|---|\n| 依赖 | 无 |\n\n### T-A-02: Two\n\n| 属性 | 值 |\n|---|---|\n| 依赖 | T-A-01 |\n",
    );
    expect(waitsOf(list)).toEqual(["T-A-01 ← ", "T-A-02 ← T-A-01"]);
  });
});

test.each([
  ["T1: [depends_on: []] Create it\nT2: [depends_on: [T1]] Use it\n"],
  ["Intro.\n\nT1: [depends_on: []] Create it\n\nT2: [depends_on: [T1]] Use it\n"],
  ["- T1: [depends_on: []] Create it\n- T2: [depends_on: [T1]] Use it\n"],
])("lines of a swarm plan", (text) => {
  const list = listOf(`# Plan\n\n${text}`, "plan.md");
  expect(list.tasks.map(({ id, title }) => `${id} ${title}`)).toEqual(["T1 Create it", "T2 Use it"]);
  expect(waitsOf(list)).toEqual(["T1 ← ", "T2 ← T1"]);
});

describe("criteria are no tasks in any language", () => {
  test.each([
    "验收标准",
    "验证清单",
    "受け入れ条件",
    "완료 기준",
    "Criterios de aceptación",
    "Critérios de aceitação",
    "Critères d'acceptation",
    "Akzeptanzkriterien",
    "Критерии приёмки",
    "Definition of Done",
  ])("%s", (heading) => {
    const list = listOf(
      `# L\n\n## 1. Work\n- [ ] 1.1 Add \`src/a.ts\`\n- [ ] 1.2 Add \`src/b.ts\`\n\n## ${heading}\n- [ ] it works\n`,
    );
    expect(list.tasks.map(({ id }) => id)).toEqual(["1.1", "1.2"]);
    expect(list.setAside.some(({ text }) => text.includes("it works"))).toBe(true);
  });

  test("an id under Validation is a task", () => {
    expect(ids("# Tasks\n\n## Phase 1: Work\n- [ ] T001 Build\n\n## Validation (T002)\n- [ ] T002 Validate\n")).toEqual(
      ["T001", "T002"],
    );
  });

  test("boxes under Checklist are tasks where there are no others", () => {
    expect(titles("# State\n\n## Checklist (expanded)\n\n- [ ] One\n- [ ] Two\n")).toEqual(["One", "Two"]);
    expect(titles("# State\n\n## Work\n\n- [ ] One\n\n## Checklist\n\n- [ ] Two\n")).toEqual(["One"]);
  });
});

describe("companions are never the list", () => {
  const task = (id: string, waits: string): string =>
    `---\nname: ${id}\nstatus: open\ndepends_on: [${waits}]\n---\n# ${id}\n`;

  test("an analysis beside its task, and a verification beside its plan", () => {
    const list = setOf(
      filesOf({
        "e/113.md": task("a", ""),
        "e/114.md": task("b", "113"),
        "e/113-analysis.md": "---\nissue: 113\ntitle: a\n---\n### Stream A\n**Dependencies**: none\n",
      }),
    );
    expect(waitsOf(list)).toEqual(["113 ← ", "114 ← 113"]);
  });

  test("files by number, by id and by title are tasks, with sections for fields", () => {
    const numbered = (id: string, waits: string): string =>
      `---\nid: ${id}\ntitle: Task ${id}\nstatus: open\ndepends_on: [${waits}]\n---\nDo it.\n`;
    expect(waitsOf(setOf(filesOf({ "t/001.md": numbered("001", ""), "t/002.md": numbered("002", "'001'") })))).toEqual([
      "001 ← ",
      "002 ← 001",
    ]);
    const sections = (state: string, waits: string): string =>
      `# X\n\n## Estado\n- ${state}\n\n## Dependencias\n- ${waits}\n`;
    const list = setOf(
      filesOf({ "t/T001-a.md": sections("done", "ninguna"), "t/T002-b.md": sections("todo", "T001") }),
    );
    expect(waitsOf(list)).toEqual(["T001 ← ", "T002 ← T001"]);
    expect(list.tasks.map(({ status }) => status)).toEqual(["done", "pending"]);
  });
});

test.each(["depends_on", "dependencies", "blocked_by"])("YAML says %s as JSON does", (key) => {
  const list = listOf(`tasks:\n  - id: a\n    title: Add\n  - id: b\n    title: Use\n    ${key}: [a]\n`, "tasks.yaml");
  expect(waitsOf(list)).toEqual(["a ← ", "b ← a"]);
});

describe("merge conflicts", () => {
  const conflict = (one: string, other: string): string => `<<<<<<< HEAD\n${one}\n=======\n${other}\n>>>>>>> other\n`;
  test.each([
    ["tasks.md", `- [ ] T001 One\n${conflict("- [ ] T002 Two", "- [ ] T003 Three")}`],
    ["tasks.yaml", `tasks:\n${conflict("  - title: a", "  - title: b")}`],
    ["openspec/changes/y/tasks.md", `## 1. Work\n\n- [x] 1.1 One\n${conflict("- [ ] 1.2 Two", "- [x] 1.2 Two")}`],
    ["plan.md", `### Task 1: One\n\n${conflict("Depends on: none", "Depends on: Task 2")}\n### Task 2: Two\n`],
  ])("in %s are refused with their lines", (file, text) => {
    expect(rulesOf(refusalOf(text, file))).toContain("merge-conflict");
  });

  test("shown in a code fence are none", () => {
    expect(ids(`- [ ] T001 One\n\n\`\`\`\n${conflict("a", "b")}\`\`\`\n`)).toEqual(["T001"]);
  });
});

const piece = fc.constantFrom(
  "# Plan",
  "## Tasks",
  "## Notes",
  "## 1. Part",
  "### T001 One",
  "### A-2: Two",
  "#### [ ] T-003 Three",
  "- [ ] T004 Four",
  "- [x] five",
  "  - [ ] nested",
  "1. six",
  "- seven",
  "T8: [depends_on: []] eight",
  "| ID | Task | Status |\n|---|---|---|\n| B1 | Nine | ⬜ |\n| B2 | Ten | ✅ |",
  "| Metric | Target |\n|---|---|\n| Speed | 5 |",
  "**Acceptance Criteria:**\n- [ ] works",
  "Text.",
  "",
  "```\n- [ ] code\n```",
);

test("tasks, parts and what is set aside account for every box, heading and row", () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
      const text = `${pieces.join("\n")}\n`;
      const made = readText(text, "tasks.md");
      if (!made.ok) return;
      const { tasks, setAside, phases, title } = made.value;
      const said = new Set([
        ...tasks.flatMap(({ source, lines }) => [source.line, ...lines.map(({ place }) => place.line)]),
        ...setAside.map(({ line }) => line),
        ...phases.map(({ place }) => place.line),
      ]);
      // What is set aside as a whole answers for the lines in it.
      let above: { level: number; aside: boolean }[] = [];
      let fence = false;
      let table: number | null = null;
      for (const [index, line] of text.split("\n").entries()) {
        const at = index + 1;
        if (line.startsWith("```")) fence = !fence;
        const heading = !fence && /^#{1,6}\s/.test(line);
        if (heading) {
          const level = line.indexOf(" ");
          above = above.filter((one) => one.level < level);
          above.push({ level, aside: setAside.some((one) => one.line === at) });
        }
        const within = above.some(({ aside }) => aside);
        table = line.startsWith("|") ? (table ?? at) : null;
        const counts = heading || /^\s*- \[[ x]\]/.test(line) || line.startsWith("|");
        if (!counts || said.has(at) || (heading && line === `# ${title ?? ""}`)) continue;
        if (within && !/^\s*- \[/.test(line)) continue;
        if (table !== null && (setAside.some((one) => one.line === table) || said.has(table + 2))) continue;
        expect({ text, line, at }).toBe("accounted for");
      }
    }),
    { numRuns: 300 },
  );
});
