import { describe, expect, test } from "vitest";
import { edgesOf } from "./edges.ts";
import { listOf } from "./make.ts";

const fence = "```";
const text = `# Export Implementation Plan

> **For Claude:** REQUIRED SUB-SKILL: use superpowers:executing-plans

### Task 1: Model

**Files:**
- Create: \`src/model.ts\`
- Modify: \`src/index.ts:12-20\`
- Test: \`test/model.test.ts\`

- [x] **Step 1: Write the failing test**

${fence}${fence.slice(1)}markdown
### Task 9: a sample
- [ ] sample
${fence}bash
npm test
${fence}
${fence}${fence.slice(1)}

- [x] **Step 2: Make it pass**

### Task 2a — Store

- [ ] **Step 1: Write it**

## Task 3: Route
`;

describe("a superpowers plan", () => {
  const list = listOf(text);

  test("has its task headings as tasks, done when each step is", () => {
    expect(list.format).toBe("superpowers");
    expect(list.tasks.map(({ id, title, status }) => [id, title, status])).toEqual([
      ["1", "Model", "done"],
      ["2a", "Store", "pending"],
      ["3", "Route", "pending"],
    ]);
  });

  test("has steps and samples set aside", () => {
    expect(list.setAside.map(({ line, reason }) => [line, reason])).toEqual([
      [12, "a step of the task on line 5"],
      [16, "inside a code fence"],
      [22, "a step of the task on line 5"],
      [26, "a step of the task on line 24"],
    ]);
  });

  test("takes files with their access, without line numbers", () => {
    expect(list.tasks[0]?.files).toEqual([
      { path: "src/model.ts", access: "create" },
      { path: "src/index.ts", access: "modify" },
      { path: "test/model.test.ts", access: "modify" },
    ]);
  });

  test("is a sequence", () => {
    expect(edgesOf(text)).toEqual(["order 1→2a", "order 2a→3"]);
  });

  test("a fence that does not close swallows no task that is missing elsewhere", () => {
    const open = `### Task 1: A\n- Create: \`a.ts\`\n${fence}md\n${fence}\nx\n${fence}\n## Task 2: B\n${fence}\n### Task 3: C\n`;
    const tasks = listOf(open, "docs/plans/x.md").tasks;
    expect(tasks.map(({ id }) => id)).toEqual(["1", "2", "3"]);
  });
});
