import { describe, expect, test } from "vitest";
import { readText } from "../../src/lists/readList.ts";
import { link } from "../../src/link/link.ts";
import type { TaskGraph } from "../../src/model/graph.ts";
import { defaultConfig } from "../../src/model/config.ts";
import { plan } from "../../src/plan/plan.ts";

function graphOf(text: string): TaskGraph {
  const list = readText(text, "list.md");
  const graph = list.ok ? link(list.value, { ...defaultConfig, parallel: true }) : list;
  if (!graph.ok) throw new Error(JSON.stringify(graph.diagnostics));
  return graph.value;
}

/** Pairs that a lock by the list's own word keeps apart. */
function apartIn(text: string): string[] {
  return graphOf(text)
    .locks.filter(({ kind }) => kind === "stated")
    .flatMap(({ holders }) =>
      holders.flatMap(({ task }, at) => holders.slice(at + 1).map((other) => `${task} ${other.task}`)),
    )
    .toSorted();
}

const boxes = "# Plan\n\n- [ ] T001 Add the reader\n- [ ] T002 Add the writer\n- [ ] T003 Add the page\n\n";

describe("a conflict that the list states keeps tasks apart", () => {
  test.each([
    ["All modify `utils/__init__.py` (CONFLICT!)", ["T001 T002", "T001 T003", "T002 T003"]],
    ["All modify: utils/__init__.py (CONFLICT!)", ["T001 T002", "T001 T003", "T002 T003"]],
    ["All tasks touch `package.json`.", ["T001 T002", "T001 T003", "T002 T003"]],
    ["T001, T002: both modify `utils/__init__.py` (CONFLICT!)", ["T001 T002"]],
    ["- T001 and T003 both edit `src/app.ts`", ["T001 T003"]],
    ["T001 and T002 conflict on `src/app.ts`", ["T001 T002"]],
    ["T001 conflicts with T002 and T003", ["T001 T002", "T001 T003"]],
    ["T002 and T003 must not run at the same time", ["T002 T003"]],
    ["T002 cannot run in parallel with T003: same table", ["T002 T003"]],
  ])("in a sentence: %s", (sentence, apart) => {
    expect(apartIn(boxes + sentence)).toEqual(apart);
  });

  test.each([
    ["- [ ] T001 Add the reader (conflicts with T002)\n- [ ] T002 Add the writer\n- [ ] T003 Add the page\n"],
    ["- [ ] T001 Add the reader\n  - Conflicts with: T002\n- [ ] T002 Add the writer\n- [ ] T003 Add the page\n"],
    ["### T001: Add the reader\n\n**Conflicts:** T002\n\n### T002: Add the writer\n\n### T003: Add the page\n"],
    ["| ID | Task | Conflicts |\n|---|---|---|\n| T001 | Add the reader | T002 |\n| T002 | Add the writer | - |\n"],
    [
      "| ID | Task | Status | Conflicts with |\n|---|---|---|---|\n| T001 | Add the reader | open | T002 |\n| T002 | Add the writer | open | T001 |\n",
    ],
  ])("by the task itself: %j", (list) => {
    expect(apartIn(`# Tasks\n\n${list}`)).toEqual(["T001 T002"]);
  });

  test("with the words and the line as evidence", () => {
    const [lock] = graphOf(`${boxes}T001, T002: both modify \`a/b.py\` (CONFLICT!)`).locks;
    expect(lock).toMatchObject({ on: "a/b.py", capacity: 1 });
    expect(lock?.holders[0]).toMatchObject({
      evidence: "T001, T002: both modify `a/b.py` (CONFLICT!)",
      source: { line: 7 },
    });
  });
});

test.each([
  ["T001 does not conflict with T002"],
  ["No conflicts with T002"],
  ["T001, T002: different files, no conflict"],
  ["All tests pass"],
  ["Both reviewers edit the text"],
  ["Resolve merge conflicts before T003"],
])("no conflict follows from: %s", (sentence) => {
  expect(apartIn(boxes + sentence)).toEqual([]);
});

test("a guide's poor case, tasks that all change one file, is no GO", () => {
  const graph = graphOf(
    "Sub-Tasks (CONFLICTING):\n1. Refactor string utils (utils/string.py)\n2. Refactor date utils (utils/date.py)\n3. Refactor validation utils (utils/validate.py)\n\nAll modify: utils/__init__.py (CONFLICT!)\n",
  );
  const made = plan(graph, defaultConfig, null);
  expect(made.batches).toEqual([["1"], ["2"], ["3"]]);
  expect(made.verdict.answer).not.toBe("go");
});
