import { describe, expect, test } from "vitest";
import { edgesOf } from "./edges.ts";
import { listOf, rulesOf } from "./make.ts";
import { link } from "../../src/link/link.ts";
import { defaultConfig } from "../../src/model/config.ts";

const text = `## Tasks
- [x] #12
- [ ] #13 Add the route, depends on #12
- [ ] owner/repo#5 (blocked by #13)
- [ ] https://github.com/owner/repo/issues/6 waits on owner/repo#5 and #99
`;

describe("a GitHub task list", () => {
  test("has issues as tasks, called by their numbers", () => {
    const list = listOf(text);
    expect(list.format).toBe("github");
    expect(list.tasks.map(({ id, status }) => [id, status])).toEqual([
      ["12", "done"],
      ["13", "pending"],
      ["owner.repo-5", "pending"],
      ["owner.repo-6", "pending"],
    ]);
  });

  test("waits for what it says and nothing else; an issue elsewhere is shown", () => {
    expect(edgesOf(text)).toEqual(["stated 12→13", "stated 13→owner.repo-5", "stated owner.repo-5→owner.repo-6"]);
    const graph = link(listOf(text), defaultConfig);
    expect(rulesOf(graph.ok ? graph.value.diagnostics : [])).toContain("not-a-task");
  });

  test("a master issue: bullets that are sub-issues", () => {
    const master =
      "# Master\n\n- Sub-issue #101: Parser\n- Sub-issue #102: Writer (depends on #101)\n- Related: #90 - other\n";
    expect(listOf(master).tasks.map(({ id, title }) => `${id} ${title}`)).toEqual([
      "101 Parser",
      "102 Writer (depends on #101)",
    ]);
    expect(edgesOf(master)).toEqual(["stated 101→102"]);
  });

  test("headings under Sub-Tasks", () => {
    const list = listOf("# Master\n## Sub-Tasks\n### Parser\nRead it.\n### Writer\nWrite it.\n## Notes\n### Nothing\n");
    expect(list.tasks.map(({ id, title, body }) => [id, title, body])).toEqual([
      ["1", "Parser", "Read it."],
      ["2", "Writer", "Write it."],
    ]);
  });

  test("a list that only mentions an issue is none of these", () => {
    expect(listOf("- [ ] Fix #12\n- [ ] Write docs\n").format).toBe("markdown");
  });
});
