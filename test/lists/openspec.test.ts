import { describe, expect, test } from "vitest";
import { edgesOf } from "./edges.ts";
import { listOf } from "./make.ts";

const text = `## 1. Setup
- [x] 1.1 Add the table
- [ ] 1.2 Add the store
  - [ ] keep it small
  - [ ] cover it

## 2. Verification
- [ ] 2.1 Run the tests
- [-] 2.2 Not a box for OpenSpec
`;

describe("an OpenSpec list", () => {
  const list = listOf(text, "openspec/changes/add-store/tasks.md");

  test("is known by boxes that continue the number of their heading", () => {
    expect(list.format).toBe("openspec");
    expect(list.detected).toContain("boxes such as 1.1 under headings");
  });

  test("has every box as a task, whatever its heading is called; a box that only groups is set aside", () => {
    expect(list.tasks.map(({ id, parent }) => [id, parent])).toEqual([
      ["1.1", null],
      ["3", "1.2"],
      ["4", "1.2"],
      ["2.1", null],
    ]);
    expect(list.setAside.map(({ line, reason }) => [line, reason])).toEqual([
      [3, "groups the boxes under it: done when they are"],
      [9, "`[-]` is no state of an OpenSpec box"],
    ]);
  });

  test("is a sequence across its groups", () => {
    expect(edgesOf(text, "openspec/changes/add-store/tasks.md")).toEqual(["order 1.1→3", "order 3→4", "order 4→2.1"]);
  });

  test("without numbers is known by its folder, and boxes in it", () => {
    expect(listOf("# Tasks\n- [ ] One\n- [ ] Two\n", "openspec/changes/x/tasks.md").format).toBe("openspec");
    expect(listOf("# Tasks\n- [ ] One\n- [ ] Two\n", "tasks.md").format).toBe("markdown");
  });

  test("with headings as tasks takes their dependencies instead of an order", () => {
    const headings = `### Task 1: A\n**Dependencies:** None\n### Task 2: B\n**Dependencies:** None\n### Task 3: C\n**Dependencies:** Task 1 (needs new types)\n`;
    expect(edgesOf(headings, "openspec/changes/x/tasks.md")).toEqual(["stated 1→3"]);
  });
});
