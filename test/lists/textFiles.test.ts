import { describe, expect, test } from "vitest";
import { link } from "../../src/link/link.ts";
import { findLists } from "../../src/lists/readList.ts";
import { mark } from "../../src/lists/write/mark.ts";
import { defaultConfig } from "../../src/model/config.ts";
import type { TaskList } from "../../src/model/list.ts";
import { filesOf, fixtureFiles, listOf, rulesOf, setOf, waitsOf } from "./make.ts";

function marked(text: string, list: TaskList, at: number, status: "done" | "pending" = "done"): string {
  const made = mark(text, { box: list.tasks[at]?.box ?? null }, status);
  return "text" in made ? made.text : made.reason;
}

describe("Org files", () => {
  const list = setOf(fixtureFiles("org"));

  test("headings with a keyword of the file are tasks, others group them or are notes", () => {
    expect(list.tasks.map(({ id, title, status, parent, phase }) => [id, title, status, parent, phase])).toEqual([
      ["cache", "Add the cache", "pending", null, "Server"],
      ["2", "Choose the library", "done", "cache", "Server"],
      ["3", "Write the tests", "running", "cache", "Server"],
      ["4", "Publish", "pending", null, "Rest"],
      ["5", "Announce", "needs-input", null, "Rest"],
      ["6", "Celebrate", "needs-input", null, "Rest"],
      ["7", "Print it", "cancelled", null, "Rest"],
    ]);
    expect(list.title).toBe("Shop");
  });

  test("blockers are found by id, by title and by place; `:ORDERED:` children follow each other", () => {
    expect(waitsOf(list)).toEqual(["cache ← ", "2 ← ", "3 ← 2", "4 ← cache", "5 ← 4", "6 ← ", "7 ← "]);
  });

  test("a blocker that names nothing is reported, and its task is not started", () => {
    expect(list.diagnostics).toMatchObject([{ rule: "unknown-dependency", place: { line: 27 } }]);
  });

  test("effort and files are read; boxes are steps", () => {
    expect(list.tasks[0]).toMatchObject({ estimate: 90, files: [{ path: "src/cache.ts" }] });
    expect(list.setAside).toMatchObject([{ line: 15 }]);
  });

  test("the keyword is what is ticked, with the file's own words", () => {
    const text = "#+TODO: OPEN | SHIPPED\n* OPEN One\n* SHIPPED Two\n";
    const own = listOf(text, "x.org");
    expect(marked(text, own, 0)).toBe("#+TODO: OPEN | SHIPPED\n* SHIPPED One\n* SHIPPED Two\n");
    expect(marked(text, own, 1, "pending")).toBe("#+TODO: OPEN | SHIPPED\n* OPEN One\n* OPEN Two\n");
  });

  test.each([
    ["a word that one title has", "* TODO Add the cache\n* TODO B\n:PROPERTIES:\n:BLOCKER: cache\n:END:\n", "2 ← 1"],
    ["a whole title", "* TODO Add it\n* TODO Add it all\n* TODO B\n:PROPERTIES:\n:BLOCKER: Add it\n:END:\n", "3 ← 1"],
    [
      "several ids",
      '* TODO A\n:PROPERTIES:\n:ID: a\n:END:\n* TODO B\n:PROPERTIES:\n:ID: b\n:END:\n* TODO C\n:PROPERTIES:\n:BLOCKER: ids("a" b)\n:END:\n',
      "3 ← 1, 2",
    ],
    ["its number", "* TODO A\n* TODO B\n:PROPERTIES:\n:DEPENDS: 1\n:END:\n", "2 ← 1"],
  ])("a blocker by %s", (_, text, waits) => {
    expect(waitsOf(listOf(text, "x.org")).at(-1)).toBe(waits);
  });

  test("a word that several titles have is no answer", () => {
    const text = "* TODO Add cache\n* TODO Test cache\n* TODO B\n:PROPERTIES:\n:BLOCKER: cache\n:END:\n";
    expect(rulesOf(listOf(text, "x.org").diagnostics)).toEqual(["unknown-dependency"]);
  });

  test("blockers in a circle are a cycle", () => {
    const graph = link(
      listOf("* TODO A\n:PROPERTIES:\n:BLOCKER: b\n:END:\n* TODO B\n:PROPERTIES:\n:BLOCKER: a\n:END:\n", "x.org"),
      defaultConfig,
    );
    expect(!graph.ok && rulesOf(graph.diagnostics)).toContain("cycle");
  });

  test("bullets of Markdown with such a word are none", () => {
    expect(listOf("* TODO One\n* TODO Two\n", "inline").format).not.toBe("org");
    expect(findLists(filesOf({ "TODO.org": "* Notes\nText\n" }))).toEqual([]);
  });
});

describe("todo.txt", () => {
  const list = setOf(fixtureFiles("todoTxt"));

  test("a task a line, by its `id:` or its line; marks are no part of the title", () => {
    expect(list.tasks.map(({ id, title, status, phase }) => [id, title, status, phase])).toEqual([
      ["1", "Add the model in src/model.ts +shop @code", "pending", "shop"],
      ["2", "Add the route +shop", "pending", "shop"],
      ["4", "Read the docs +shop", "done", "shop"],
      ["5", "Write the test", "pending", null],
      ["6", "Publish see http://example.org/x:y", "needs-input", null],
    ]);
    expect(list.tasks[3]?.estimate).toBe(120);
  });

  test("`dep:` waits, what `p:` names waits for its part, and what is not there is reported", () => {
    const graph = link(list, defaultConfig);
    expect(graph.ok && graph.value.edges.map(({ from, to }) => `${from} → ${to}`).toSorted()).toEqual([
      "1 → 2",
      "1 → 6",
      "5 → 2",
    ]);
    expect(list.diagnostics).toMatchObject([{ rule: "unknown-dependency", place: { line: 6, column: 13 } }]);
  });

  test("an `x` is put before what is done, and taken away again", () => {
    const text = "(A) One +p\nTwo @c\nx 2026-01-02 Three +p\n";
    const own = listOf(text, "todo.txt");
    expect(marked(text, own, 1)).toBe("(A) One +p\nx Two @c\nx 2026-01-02 Three +p\n");
    expect(marked(text, own, 2, "pending")).toBe("(A) One +p\nTwo @c\n2026-01-02 Three +p\n");
  });

  test("an id that is the number of another line does not take its task away", () => {
    expect(listOf("One +a\nTwo +a id:1\n", "todo.txt").tasks.map(({ id }) => id)).toEqual(["line-1", "1"]);
  });

  test.each([
    ["lines without marks in a file of that name", "Buy milk\nCall home\n", "todo.txt", "todo-txt"],
    ["boxes in a file of that name", "- [ ] Buy milk\n- [ ] Call home\n", "todo.txt", "markdown"],
    ["lines with marks anywhere", "(A) Buy milk +home\n(B) Call home +home\n", "inline", "todo-txt"],
  ])("%s are read", (_, text, file, format) => {
    expect(listOf(text, file).format).toBe(format);
  });

  test("prose is none", () => {
    expect(findLists(filesOf({ "a.txt": "Dear all,\nsee you +1 soon\nat ten: bye\n" }))).toEqual([]);
  });
});
