import { expect, test } from "vitest";
import { listOf } from "./make.ts";

const titles = (text: string): string[] => listOf(text).tasks.map(({ title }) => title);

test("a phase that is called Verification is a phase; a section that is called so holds checks", () => {
  const text = (name: string): string => `## Work\n- [ ] Build it\n## ${name}\n- [ ] Run it\n`;
  expect(titles(text("Verification Phase: all of it"))).toEqual(["Build it", "Run it"]);
  expect(titles(text("3. Verification"))).toEqual(["Build it", "Run it"]);
  expect(titles(text("Verification"))).toEqual(["Build it"]);
});

test("a box with an id is a task under Summary, and a phase is one under Implementation Strategy", () => {
  expect(titles("## Work\n- [ ] 1.1 Build it\n## Summary\n- [ ] 1.2 Tell it\n- [ ] done\n")).toEqual([
    "Build it",
    "Tell it",
  ]);
  expect(titles("## Implementation Strategy\n### Phase 1: A\n- [ ] Build it\n## Notes\n- [ ] 9.9 Remember\n")).toEqual([
    "Build it",
  ]);
});

test("an indented heading inside an item belongs to the item", () => {
  const text = "- [ ] 1.1 A\n  #### By hand\n  - look\n  - Files: src/a.ts\n- [ ] 1.2 B\n";
  const list = listOf(text);
  expect(list.phases).toEqual([]);
  expect(list.tasks[0]?.files).toEqual([{ path: "src/a.ts", access: "modify" }]);
});

test("an estimate in weeks is five days each, and words may follow an amount", () => {
  const list = listOf("### Task 1: A\n**Duration**: 1 week\n### Task 2: B\n**Estimate**: 2-3 days, in small steps\n");
  expect(list.tasks.map(({ estimate }) => estimate)).toEqual([2400, 960]);
});
