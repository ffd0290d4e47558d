import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseItem } from "../../src/lists/markdown/item.ts";
import { readText } from "../../src/lists/readList.ts";
import { listOf, refusalOf, rulesOf } from "./make.ts";
import { expectLinear } from "../growth.ts";

const ids = (text: string): string[] => listOf(text).tasks.map(({ id, title }) => `${id} ${title}`);

describe("what is a task", () => {
  test("boxes, with ids as written or numbered by position", () => {
    expect(
      ids("- [ ] Write docs\n- [x] TASK-3: Fix it\n- [ ] 1.2 Third\n- [ ] `WP02` Fourth\n- [ ] **Task 7**: Fifth\n"),
    ).toEqual(["1 Write docs", "TASK-3 Fix it", "1.2 Third", "WP02 Fourth", "7 Fifth"]);
  });

  test("words in the shape of an id are none", () => {
    expect(ids("- [ ] 3 new endpoints\n- [ ] UTF-8 support\n- [ ] S3 upload\n- [ ] 50% faster\n")).toEqual([
      "1 3 new endpoints",
      "2 UTF-8 support",
      "3 S3 upload",
      "4 50% faster",
    ]);
  });

  test("numbered items where there are no boxes; sub-bullets belong to the item", () => {
    const list = listOf("Tasks:\n\n1. One\n   - in `src/a.ts`\n2. Two\n   continued\n\nAfterwards.\n");
    expect(list.tasks.map(({ id, title, body }) => [id, title, body])).toEqual([
      ["1", "One", "   - in `src/a.ts`"],
      ["2", "Two", "   continued"],
    ]);
    expect(list.tasks[0]?.files).toEqual([{ path: "src/a.ts", access: "modify" }]);
    expect(list.prose.map(({ text }) => text)).toEqual(["Tasks:", "Afterwards."]);
  });

  test("headings such as `### Task 1: …`, whose boxes are steps; done when each step is", () => {
    const list = listOf(
      "# Plan\n### Task 1: One\n**Files:**\n- Create: `src/a.ts`\n- [x] **Step 1**\n#### Acceptance Criteria\n- [x] works\n### Task 2: Two\n- [ ] step\n",
    );
    expect(list.tasks.map(({ id, title, status }) => [id, title, status])).toEqual([
      ["1", "One", "done"],
      ["2", "Two", "pending"],
    ]);
    expect(list.tasks[0]).toMatchObject({ files: [{ path: "src/a.ts", access: "create" }], acceptance: ["works"] });
    expect(list.setAside).toHaveLength(3);
  });

  test("a text without tasks is refused with what was looked for", () => {
    const [fault] = refusalOf("# Notes\n\nNothing here.\n");
    expect(fault).toMatchObject({ rule: "empty-list", place: { line: 1 } });
    expect(fault?.expected).toContain("- [ ]");
    expect(refusalOf("```\n- [ ] a\n```\n")[0]?.message).toContain("1 box stands in code fences");
    expect(refusalOf("")[0]?.rule).toBe("empty-list");
  });
});

describe("nested boxes", () => {
  test("a box that only groups others is no task, and they keep its id", () => {
    const list = listOf("- [ ] 1. Group\n  - [ ] 1.1 One\n  - [ ] 1.2 Two\n");
    expect(list.tasks.map(({ id, parent }) => [id, parent])).toEqual([
      ["1.1", "1"],
      ["1.2", "1"],
    ]);
    expect(list.setAside[0]).toMatchObject({ line: 1, reason: "groups the boxes under it: done when they are" });
  });

  test("one with words of its own stays a task", () => {
    expect(ids("- [ ] 1. Group\n  Wire all of it together.\n  - [ ] 1.1 One\n")).toEqual(["1 Group", "1.1 One"]);
  });

  test("acceptance criteria are no tasks", () => {
    const list = listOf(
      "- [ ] One\n  **Acceptance Criteria:**\n  - [ ] works\n  - [ ] is fast\n- [ ] Two\n  - Acceptance criteria\n    - [ ] ok\n",
    );
    expect(list.tasks.map(({ title, acceptance }) => [title, acceptance])).toEqual([
      ["One", ["works", "is fast"]],
      ["Two", ["ok"]],
    ]);
    expect(list.boxes).toBe(5);
  });
});

describe("notations", () => {
  test("sequential, foundation and parallel ready", () => {
    const list = listOf(
      "1. Create schema (sequential - foundation)\n2. Models (sequential - depends on 1)\n3. Validators (parallel ready)\n4. Tests\n",
    );
    expect(list.tasks.map(({ title, parallel, foundation }) => [title, parallel, foundation])).toEqual([
      ["Create schema", false, true],
      ["Models", false, false],
      ["Validators", true, false],
      ["Tests", null, false],
    ]);
    expect(list.order).toBe("barriers");
    expect(list.tasks[1]?.lines[0]?.text).toContain("depends on 1");
  });

  test("headings say whether their tasks run side by side", () => {
    const list = listOf(
      "## Independent Tasks (Parallel)\n- [ ] a\n## Sequential Tasks (After merge)\n- [ ] b\n## Phase 2: C (Can run in parallel with Phase 3)\n- [ ] c\n",
    );
    expect(list.phases.map(({ parallel, ordered, number }) => [parallel, ordered, number])).toEqual([
      [true, false, null],
      [false, true, null],
      [null, true, "2"],
    ]);
  });

  test("without markers nothing is said about order", () => {
    expect(listOf("## Backend\n- [ ] a\n## Frontend\n- [ ] b\n").order).toBe("none");
  });

  test("bold titles with a description", () => {
    expect(listOf("- [ ] **Add auth**: Create `auth/login.py` with tests.\n").tasks[0]).toMatchObject({
      title: "Add auth",
      body: "Create `auth/login.py` with tests.",
      files: [{ path: "auth/login.py", access: "create" }],
    });
  });

  test("a dependency analysis stays prose, with its fence", () => {
    const list = listOf("1. a\n2. b\n\n### Dependency Analysis\n```\nTask 2 (b) → Depends on 1\n```\n");
    expect(list.tasks).toHaveLength(2);
    expect(list.prose).toMatchObject([
      { text: "Task 2 (b) → Depends on 1", fence: "", headings: ["Dependency Analysis"] },
    ]);
  });

  test("fields of a task", () => {
    const list = listOf(
      "- [ ] One (2h)\n  - Files: `src/a.ts`, src/b.ts (new)\n  - Leverage: lib/c.ts\n  - Verify: `npm test`\n  - _Requirements: 1.1, 2.3_\n  - **Assigned implementer:** api-engineer\n  - Model: opus\n  - Effort: high\n- [ ] Two\n  Effort: S\n- [ ] Three ~8m\n- [ ]* Four\n",
    );
    expect(list.tasks[0]).toMatchObject({
      title: "One",
      estimate: 120,
      files: [
        { path: "src/a.ts", access: "modify" },
        { path: "src/b.ts", access: "create" },
        { path: "lib/c.ts", access: "read" },
      ],
      verify: ["npm test"],
      requirements: ["1.1", "2.3"],
      agent: "api-engineer",
      model: "opus",
      effort: "high",
    });
    expect(list.tasks.map(({ estimate, optional }) => [estimate, optional])).toEqual([
      [120, false],
      [10, false],
      [8, false],
      [null, true],
    ]);
  });

  test.each(["-5m", "0m", "5 fortnights", "1e309", "NaN"])("an estimate of %s is refused with its line", (estimate) => {
    expect(refusalOf(`- [ ] One\n  Estimate: ${estimate}\n`)).toMatchObject([
      { rule: "bad-estimate", place: { line: 2, column: 13 } },
    ]);
  });

  test("marks that mean different things are not started, and said to be unclear", () => {
    const list = listOf("- [~] a\n- [-] b\n- [!] c\n- [✓] d\n- [ ] ~~e~~\n");
    expect(list.tasks.map(({ status }) => status)).toEqual([
      "needs-input",
      "needs-input",
      "needs-input",
      "done",
      "cancelled",
    ]);
    expect(rulesOf(list.diagnostics)).toEqual(["unclear-state", "unclear-state", "unclear-state"]);
  });
});

describe("ids", () => {
  test.each(["a/b", "..", "CON", "-x"])("`[T1]` is fine, a list id %s is refused", (id) => {
    expect(rulesOf(refusalOf(JSON.stringify({ tasks: [{ id, title: "x" }] }), "tasks.json"))).toEqual(["bad-id"]);
  });

  test("`__proto__`-like ids are plain ids", () => {
    expect(listOf(JSON.stringify({ tasks: [{ id: "constructor", title: "x" }] }), "tasks.json").tasks[0]?.id).toBe(
      "constructor",
    );
  });
});

test("every box seen is a task or set aside", () => {
  const line = fc.constantFrom(
    "- [ ] a",
    "  - [ ] b",
    "    - [x] c",
    "- d",
    "",
    "text",
    "  text",
    "## Notes",
    "## Phase 1",
    "### Task 1: x",
    "### Task 2: y",
    "```",
    "  ```",
    "> - [ ] q",
    "<!--",
    "-->",
    "**Acceptance Criteria**:",
    "  - Acceptance Criteria:",
    "1. [ ] n",
    "2. m",
    "- [P] T001 x",
    "- [ ] T001 [P] t",
    "- [ ] T002 u",
    "---",
    "| a |",
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 25 }), fc.constantFrom("speckit", "markdown"), (lines, format) => {
      const made = readText(lines.join("\n"), "a.md", { format });
      if (!made.ok) return;
      const { tasks, setAside, boxes } = made.value;
      const boxed = setAside.filter(({ text }) => parseItem(text.replace(/^[>\s]*|<!--/, ""))?.box);
      expect(tasks.filter(({ box }) => box).length + boxed.length).toBe(boxes);
      for (const task of tasks) if (task.box) expect(lines[task.box.line - 1]).toBe(task.box.lineText);
    }),
    { numRuns: 2000 },
  );
});

test("10,000 tasks with sub-bullets cost no more than their number", async () => {
  await expectLinear((length) => {
    const text = Array.from(
      { length },
      (_, index) => `- [ ] T${10000 + index} [P] Create src/m${index}.ts\n  - with tests\n  - and docs\n`,
    ).join("");
    expect(listOf(text).tasks).toHaveLength(length);
  }, 10_000);
});

test.each(["(depends on ", "- [ ] a (", "`", "**", "Files: ", "- [ ] **", "[", "1. "])(
  "50,000 times %j stays linear",
  async (piece) => {
    await expectLinear((times) => readText(`- [ ] a\n- [ ] ${piece.repeat(times)}\n`, "a.md"), 50_000);
  },
);

test("a list nested 1,000 deep is read", () => {
  const text = Array.from({ length: 1000 }, (_, depth) => `${" ".repeat(depth)}- [ ] ${depth} x\n`).join("");
  expect(readText(text, "a.md").ok).toBe(true);
});

test("letters with numbers are ids when two items or more begin with them, and a name when one does", () => {
  const made = (text: string) => {
    const read = readText(text, "tasks.md");
    return read.ok ? read.value.tasks.map((task) => `${task.id}: ${task.title}`) : [];
  };
  expect(made("- [ ] A1 First\n- [ ] A2 Second (depends on A1)\n")).toEqual(["A1: First", "A2: Second"]);
  expect(made("- [ ] S3 upload\n- [ ] Then a cache\n")).toEqual(["1: S3 upload", "2: Then a cache"]);
});

test("headings such as `TASK-001: …` are tasks with the dependencies that their fields state", () => {
  const list = listOf(
    "## Phase 1\n\n#### TASK-001: Make the model\n**Acceptance Criteria**:\n- [ ] AC1: works\n\n**Blocks**: TASK-002\n\n#### TASK-002: Make the store\n**Dependencies**: TASK-001\n",
  );
  expect(list.tasks.map(({ id, title }) => `${id} ${title}`)).toEqual([
    "TASK-001 Make the model",
    "TASK-002 Make the store",
  ]);
});

test("boxes under completion criteria are no tasks", () => {
  const list = listOf(
    "## Phase 1\n- [ ] T001 Build\n- [ ] T002 Test\n\n## Completion Criteria\n- [ ] All tasks marked\n",
  );
  expect(list.tasks.map(({ id }) => id)).toEqual(["T001", "T002"]);
  expect(list.setAside.map(({ text }) => text)).toEqual(["## Completion Criteria", "- [ ] All tasks marked"]);
});
