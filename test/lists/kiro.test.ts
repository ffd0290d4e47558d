import { describe, expect, test } from "vitest";
import { edgesOf } from "./edges.ts";
import { listOf, rulesOf } from "./make.ts";

const text = `# Implementation Plan: Export

## Tasks

- [x] 1. Set up
  - [x] 1.1 Create the model
    - _Requirements: 1.1_
  - [-] 1.2 Create the store
  - [ ]* 1.3 Write property tests
- [ ] 2. Checkpoint - Ensure all tests pass
- [ ] 3. API
  - [~] 3.1 Add the route
  - [ ] 3.2* Test the route
  - [ ] 3.3 Document the route *
`;
const waves = (json: string): string => `${text}\n## Task Dependency Graph\n\n\`\`\`json\n${json}\n\`\`\`\n`;

describe("a Kiro list", () => {
  const list = listOf(text, "tasks.md");

  test("has leaves as tasks; a box with parts is done when they are", () => {
    expect(list.format).toBe("kiro");
    expect(list.tasks.map(({ id, parent }) => [id, parent])).toEqual([
      ["1.1", "1"],
      ["1.2", "1"],
      ["1.3", "1"],
      ["2", null],
      ["3.1", "3"],
      ["3.2", "3"],
      ["3.3", "3"],
    ]);
    expect(list.setAside.map(({ line }) => line)).toEqual([5, 11]);
  });

  test("knows in progress, queued, optional in three spellings, and checkpoints", () => {
    expect(list.tasks.map(({ status }) => status)).toEqual([
      "done",
      "running",
      "pending",
      "pending",
      "pending",
      "pending",
      "pending",
    ]);
    expect(list.tasks.filter(({ optional }) => optional).map(({ id, title }) => `${id} ${title}`)).toEqual([
      "1.3 Write property tests",
      "3.2 Test the route",
      "3.3 Document the route",
    ]);
    expect(list.tasks.filter(({ gate }) => gate).map(({ id }) => id)).toEqual(["2"]);
  });

  test("goes from top to bottom, checkpoints hold", () => {
    expect(edgesOf(text)).toEqual([
      "gate 1.3→2",
      "gate 2→3.1",
      "order 1.1→1.2",
      "order 1.2→1.3",
      "order 1.3→3.1",
      "order 3.1→3.2",
      "order 3.2→3.3",
    ]);
  });

  test("flat boxes have the parents that their ids name", () => {
    const flat =
      "# Implementation Plan\n- [ ] 1. Major\n  - _Requirements: 1_\n- [ ] 1.1 Minor\n- [ ] 1.2 Minor\n- [ ] 2. Leaf\n";
    expect(listOf(flat).tasks.map(({ id, parent }) => [id, parent])).toEqual([
      ["1.1", "1"],
      ["1.2", "1"],
      ["2", null],
    ]);
  });
});

describe("cc-sdd", () => {
  const sdd = `# Implementation Plan
## 1. Foundation
- [ ] 1.1 Model
  - _Requirements: 1_
- [ ] 1.2 (P) Store
  - _Boundary: StoreService, Cache_
- [ ] 1.3 (P) Cache
## 2. Service
- [ ] 2.1 (P) Worker
- [ ] 2.2 (P) Queue
  - _Depends: 1.2_
`;

  test("(P) needs none of the peers right before it, and reaches no further than its group", () => {
    expect(edgesOf(sdd)).toEqual([
      "order 1.1→1.2",
      "order 1.1→1.3",
      "order 1.2→2.1",
      "order 1.3→2.1",
      "order 1.3→2.2",
      "stated 1.2→2.2",
    ]);
  });

  test("_Boundary_ names components that only one task at a time may touch", () => {
    expect(listOf(sdd).tasks[1]?.resources).toEqual(["StoreService", "Cache"]);
  });

  test("a dependency on a container is one on its parts, and one of a container is one of its parts", () => {
    const nested =
      "# Implementation Plan\n- [ ] 1. A\n  - [ ] 1.1 (P) a\n  - [ ] 1.2 (P) b\n- [ ] 2. B\n  - _Depends: 3_\n  - [ ] 2.1 c\n- [ ] 3. C\n  - [ ] 3.1 (P) d\n    - _Depends: 1_\n";
    const stated = edgesOf(nested, "tasks.md", "stated");
    expect(stated).toEqual(["1.1→3.1", "1.2→3.1", "3.1→2.1"]);
  });
});

describe("the graph of waves", () => {
  const graph = (json: string): string[] => edgesOf(waves(json), "tasks.md", "graph");
  const expected = ["1.1→1.2", "1.1→1.3", "1.2→3.1", "1.3→3.1"];

  test.each([
    [
      "objects with ids",
      `{"waves": [{"id": 0, "tasks": ["1.1"]}, {"id": 1, "tasks": ["1.2", "1.3"]}, {"id": 2, "tasks": ["3.1"]}]}`,
    ],
    [
      "objects with wave and description",
      `{"waves": [{"wave": 1, "description": "a", "tasks": ["1.1"]}, {"wave": 2, "tasks": ["1.2", "1.3"]}, {"wave": 3, "tasks": ["3.1"]}]}`,
    ],
    ["bare arrays", `[[1.1], ["1.2", "1.3"], ["3.1"]]`],
    ["bare arrays under waves", `{"waves": [["1.1"], ["1.2", "1.3"], ["3.1"]]}`],
    [
      "dependencies on tasks",
      `{"waves": [{"name": "a", "tasks": ["1.1"], "dependencies": []}, {"name": "b", "tasks": ["1.2", "1.3"], "dependencies": ["1.1"]}, {"name": "c", "tasks": ["3.1"], "dependencies": ["1.2", "1.3"]}]}`,
    ],
    [
      "depends_on other waves",
      `{"waves": [{"id": 1, "tasks": ["1.1"], "depends_on": []}, {"id": 2, "tasks": ["1.2", "1.3"], "depends_on": [1]}, {"id": 3, "tasks": ["3.1"], "depends_on": [2]}]}`,
    ],
    ["a drawing", `T1.1 --> T1.2, T1.3 --> T3.1`],
  ])("%s", (_, json) => {
    expect(graph(json)).toEqual(expected);
  });

  test("lines such as Wave 1: …", () => {
    const lines = `${text}\n## Task Dependency Graph\n\n- Wave 1: 1.1\n- **Wave 2** (parallel): Tasks 1.2, 1.3\n- Wave 3: 3.1\n`;
    expect(edgesOf(lines, "tasks.md", "graph")).toEqual(expected);
  });

  test("a container in a wave stands for its parts", () => {
    expect(graph(`{"waves": [{"id": 0, "tasks": [1]}, {"id": 1, "tasks": [3]}]}`)).toHaveLength(9);
  });

  test("takes the place of the order; what it leaves out stays behind the task before it; checkpoints hold", () => {
    const json = `{"waves": [{"id": 0, "tasks": ["1.1", "1.2"]}, {"id": 1, "tasks": ["3.1"]}]}`;
    expect(edgesOf(waves(json)).filter((edge) => !edge.startsWith("gate"))).toEqual([
      "graph 1.1→3.1",
      "graph 1.2→3.1",
      "order 1.2→1.3",
      "order 3.1→3.2",
      "order 3.2→3.3",
    ]);
    expect(edgesOf(waves(json), "tasks.md", "gate")).toContain("2→3.1");
    expect(listOf(waves(json)).tasks.map(({ parallel }) => parallel)).toEqual([
      true,
      true,
      null,
      null,
      null,
      null,
      null,
    ]);
  });

  test("passes over ids that are no tasks any more, and says so", () => {
    const list = listOf(waves(`{"waves": [["1.1", "7.1"], ["1.2"]]}`));
    expect(rulesOf(list.diagnostics)).toEqual(["unknown-dependency"]);
    expect(list.diagnostics[0]?.message).toContain("`7.1`");
  });

  test("that is no JSON leaves the order as it is", () => {
    expect(edgesOf(waves("{ waves: [ oops"), "tasks.md", "order")).toHaveLength(5);
  });
});
