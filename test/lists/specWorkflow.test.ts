import { describe, expect, test } from "vitest";
import { edgesOf } from "./edges.ts";
import { listOf } from "./make.ts";

const text = `# Tasks Document

- [X] 1. Create types
  - File: src/types.ts
  - Purpose: a base to build on
  - _Leverage: src/old_types.ts_
  - _Requirements: 1.1, FR-2_
  - _Prompt: Role: Engineer | Task: create the types, after reading the design | Restrictions: none | Success: compiles_

- [-] 2\\. Store

- [~] 3. Group
- [~] 3.1 Mail
  - _Blocked: needs an account_
- [ ] 3.2 Cache
  - Files: src/cache.ts (new), src/store.ts (modify existing)
  - [ ] warm it
`;

describe("a spec-workflow list", () => {
  const list = listOf(text);

  test("is known by its notes", () => {
    expect(list.format).toBe("spec-workflow");
    expect(list.detected).toContain("lines such as _Leverage");
  });

  test("has numbered boxes as tasks; `[-]` is in progress and `[~]` blocked", () => {
    expect(list.tasks.map(({ id, title, status }) => [id, title, status])).toEqual([
      ["1", "Create types", "done"],
      ["2", "Store", "running"],
      ["3.1", "Mail", "needs-input"],
      ["3.2", "Cache", "pending"],
    ]);
    expect(list.setAside.map(({ line, reason }) => [line, reason])).toEqual([
      [12, "groups the boxes under it: done when they are"],
      [17, "a step of the task on line 15"],
    ]);
  });

  test("takes files from its own lines, and what is leveraged as read", () => {
    expect(list.tasks[0]?.files).toEqual([
      { path: "src/types.ts", access: "modify" },
      { path: "src/old_types.ts", access: "read" },
    ]);
    expect(list.tasks[3]?.files.map(({ path }) => path)).toEqual(["src/cache.ts", "src/store.ts"]);
  });

  test("ticks with the x that its parser knows", () => {
    expect(list.tasks.map(({ box }) => box?.done)).toEqual(["X", "x", "x", "x"]);
  });

  test("is a sequence, until most of its tasks say what they wait for", () => {
    expect(edgesOf(text)).toEqual(["order 1→2", "order 2→3.1", "order 3.1→3.2"]);
    const stated =
      "- [ ] 1.1 A\n  - _Leverage: a_\n  - Dependencies: None\n- [ ] 1.2 B\n  - Dependencies: 1.1\n- [ ] 1.3 C\n  - Dependencies: 1.1（after it）\n";
    expect(edgesOf(stated)).toEqual(["stated 1.1→1.2", "stated 1.1→1.3"]);
  });

  test("a fenced graph with CAN START AFTER takes the place of the order", () => {
    const graph = `- [ ] 1.1 A
  - _Leverage: a_
- [ ] 1.2 B
- [ ] 2.1 C
- [ ] 3.1 D

## Task Dependencies
\`\`\`
1.1 (types) - CAN START ANYTIME
1.2 (parser) - CAN START AFTER 1.1
2.1 - CAN START AFTER 1.1
3.1 - DEPENDS ON ALL ABOVE
\`\`\`
`;
    expect(edgesOf(graph)).toEqual(["section 1.1→1.2", "section 1.1→2.1", "section 1.2→3.1", "section 2.1→3.1"]);
  });
});
