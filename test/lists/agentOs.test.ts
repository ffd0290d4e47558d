import { describe, expect, test } from "vitest";
import { edgesOf } from "./edges.ts";
import { listOf } from "./make.ts";

const text = `# Task Breakdown: Export

### Database Layer

#### Task Group 1: Models
**Assigned implementer:** database-engineer
**Dependencies:** None

- [ ] 1.0 Complete the database layer
  - [x] 1.1 Write tests
  - [ ] 1.2 Create the model

**Acceptance Criteria:**
- The tests pass

#### Task Group 2: API
**Assigned implementer:** api-engineer
**Dependencies:** Task Group 1

- [ ] 2.0 Complete the API
  - [ ] 2.1 Add the route
  - [~] 2.2 Add paging

#### Task Group 3: Review
**Dependencies:** Task Group 1, 2

- [ ] 3.0 Review
  - [ ] 3.1 Look at the gaps
`;

describe("an Agent OS list", () => {
  const list = listOf(text);

  test("has the sub-tasks of its groups as tasks, with the group's implementer; `[~]` is deferred", () => {
    expect(list.format).toBe("agent-os");
    expect(list.tasks.map(({ id, status, agent }) => [id, status, agent])).toEqual([
      ["1.1", "done", "database-engineer"],
      ["1.2", "pending", "database-engineer"],
      ["2.1", "pending", "api-engineer"],
      ["2.2", "skipped", "api-engineer"],
      ["3.1", "pending", null],
    ]);
    expect(list.setAside.map(({ reason }) => reason)).toEqual(
      Array(3).fill("groups the boxes under it: done when they are"),
    );
  });

  test("orders groups as they say, and the tasks of one group one after another", () => {
    expect(edgesOf(text)).toEqual([
      "order 1.1→1.2",
      "order 2.1→2.2",
      "section 1.2→2.1",
      "section 1.2→3.1",
      "section 2.2→3.1",
    ]);
  });

  test("groups that need nothing of each other run side by side", () => {
    const apart = text.replace("**Dependencies:** Task Group 1\n", "**Dependencies:** None\n");
    expect(edgesOf(apart)).not.toContain("section 1.2→2.1");
  });

  test("the first version: boxes 1. and 1.1 under Spec Tasks are a sequence", () => {
    const first = "# Spec Tasks\n## Tasks\n- [ ] 1. A\n  - [ ] 1.1 a\n  - [ ] 1.2 b\n- [ ] 2. B\n  - [ ] 2.1 c\n";
    expect(edgesOf(first)).toEqual(["order 1.1→1.2", "order 1.2→2.1"]);
  });

  test("headings alone are tasks; numbers run together in their text are not", () => {
    const prose =
      "# Spec Tasks\n## Tasks\n### 1. A\n1.1. Write this and\nthat 1.2. Do it 1.3.\nVerify\n### 2. B\n2.1. Write\n";
    expect(listOf(prose).tasks.map(({ id, title }) => `${id} ${title}`)).toEqual(["1 A", "2 B"]);
  });
});
