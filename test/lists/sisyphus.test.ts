import { describe, expect, test } from "vitest";
import { edgesOf } from "./edges.ts";
import { listOf, itemsAside } from "./make.ts";

const text = `# Export

### Definition of Done
- [ ] all of it works

### Must NOT Have
- new dependencies

## TODOs

- [ ] 1. Model
  **Parallelization**:
  - **Can Run In Parallel**: YES
  - **Parallel Group**: Wave 1 (with Task 2)
  - **Blocks**: Task 3
  - **Blocked By**: None
  **Acceptance Criteria**:
  - [ ] has a test
- [ ] 2. Store
  - **Can Run In Parallel**: YES
  - **Blocked By**: None (can start immediately)
- [ ] 3. Route
  - **Can Run In Parallel**: NO
  - **Blocked By**: Tasks 1, 2

## Final Verification Wave

- [ ] F1. Review
  - **Blocked By**: Tasks 1-3

### Dependency Matrix

| Task | Depends On | Blocks | Can Parallelize With |
|------|------------|--------|----------------------|
| 2 | 1 | 3 | None |
| 3 | 1, 2 | F1 | None |

## Success Criteria
- [ ] shipped
`;

describe("a Sisyphus plan", () => {
  const list = listOf(text);

  test("has numbered boxes as tasks, F1 among them; criteria are none", () => {
    expect(list.format).toBe("sisyphus");
    expect(list.tasks.map(({ id, title, parallel }) => [id, title, parallel])).toEqual([
      ["1", "Model", true],
      ["2", "Store", true],
      ["3", "Route", null],
      ["F1", "Review", null],
    ]);
    expect(list.tasks[0]?.acceptance).toEqual(["has a test"]);
    expect(itemsAside(list).map(({ line }) => line)).toEqual([4, 18, 39]);
  });

  test("has the edges of all its statements, the table's beside those of the tasks", () => {
    expect(edgesOf(text)).toEqual([
      "section 1→2",
      "stated 1→3",
      "stated 1→F1",
      "stated 2→3",
      "stated 2→F1",
      "stated 3→F1",
    ]);
  });

  test("older plans: headings TODO n, and Parallelizable: NO (depends on 1, 2)", () => {
    const older =
      "## Detailed TODOs\n### TODO 1: A\n**Parallelizable**: YES\n- [ ] x\n### TODO 2: B\n**Parallelizable**: NO (depends on 1)\n";
    expect(listOf(older).format).toBe("sisyphus");
    expect(listOf(older).tasks.map(({ id, title }) => `${id} ${title}`)).toEqual(["1 A", "2 B"]);
    expect(edgesOf(older, "tasks.md", "stated")).toEqual(["1→2"]);
  });

  test("phases are the tasks where nothing else is", () => {
    const phases = "## Implementation Phases\n### Phase 1: A\n- [ ] works\n### Phase 2: B\n- [ ] works\n";
    expect(listOf(phases, ".sisyphus/plans/x.md").tasks.map(({ id, title }) => `${id} ${title}`)).toEqual([
      "1 A",
      "2 B",
    ]);
  });
});
