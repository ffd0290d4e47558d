import { describe, expect, test } from "vitest";
import { edgesOf } from "./edges.ts";
import { listOf, itemsAside } from "./make.ts";

const text = `# Track Plan: Export

## Phase 1: Model [checkpoint: 4c57b04]

- [x] Task: Create the model abc1234 <!-- id: 0 -->
    - [x] write a test
- [~] Task: Create the store <!-- id: 7 -->
- [ ] Task: Conductor - User Manual Verification 'Phase 1: Model' (Protocol in workflow.md) <!-- id: 2 -->

## Phase 2: Route

- [ ] Task: Add the route
- [ ] Task: Document it
`;

describe("a Conductor plan", () => {
  const list = listOf(text);

  test("takes ids from comments and numbers the rest above them; commits leave the titles", () => {
    expect(list.format).toBe("conductor");
    expect(list.tasks.map(({ id, title, status }) => [id, title, status])).toEqual([
      ["0", "Create the model", "done"],
      ["7", "Create the store", "running"],
      ["2", "Conductor - User Manual Verification 'Phase 1: Model' (Protocol in workflow.md)", "pending"],
      ["8", "Add the route", "pending"],
      ["9", "Document it", "pending"],
    ]);
  });

  test("deeper boxes are steps", () => {
    expect(list.setAside).toMatchObject([{ line: 6, reason: "a step of the task on line 5" }]);
  });

  test("manual verification is a checkpoint, the rest a sequence", () => {
    expect(edgesOf(text)).toEqual(["gate 2→8", "gate 7→2", "order 0→7", "order 7→8", "order 8→9"]);
  });

  test("bold ids, checks of a checkpoint and of a verification are no tasks", () => {
    const other = `# Plan
**Track ID:** x
## Phase 1: A
- [ ] **1.1 Build it** [2da2fe3]
  - [ ] a step
### Verification
- [ ] it works
**Phase Checkpoint:** [2da2fe3]
- [ ] all green
## Phase 2: B
**Dependencies:** Phase 1 complete
- [ ] **2.1 Ship it**
## Phase 3: C
**Dependencies:** Phase 1 complete
- [ ] **3.1 Tell it**
`;
    expect(listOf(other).tasks.map(({ id, title }) => `${id} ${title}`)).toEqual([
      "1.1 Build it",
      "2.1 Ship it",
      "3.1 Tell it",
    ]);
    expect(itemsAside(listOf(other))).toHaveLength(3);
    expect(edgesOf(other)).toEqual(["section 1.1→2.1", "section 1.1→3.1"]);
  });
});
