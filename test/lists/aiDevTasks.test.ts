import { expect, test } from "vitest";
import { edgesOf } from "./edges.ts";
import { listOf } from "./make.ts";

const text = `## Relevant Files

- \`src/a.ts\` - the model

## Tasks

- [ ] 0.0 Create feature branch
- [ ] 1.0 Model
  - [ ] 1.1 Write it
  - [ ] 1.2 Test it
`;

test("an ai-dev-tasks list: 1.0 groups 1.1 and 1.2, which follow each other", () => {
  const list = listOf(text);
  expect(list.format).toBe("ai-dev-tasks");
  expect(list.tasks.map(({ id, parent }) => [id, parent])).toEqual([
    ["0.0", null],
    ["1.1", "1.0"],
    ["1.2", "1.0"],
  ]);
  expect(edgesOf(text)).toEqual(["order 0.0→1.1", "order 1.1→1.2"]);
});
