import { describe, expect, test } from "vitest";
import { link } from "../../src/link/link.ts";
import { findLists } from "../../src/lists/readList.ts";
import { mark } from "../../src/lists/write/mark.ts";
import { defaultConfig } from "../../src/model/config.ts";
import type { TaskList } from "../../src/model/list.ts";
import { filesOf, fixtureFiles, listOf, rulesOf, setOf, waitsOf, itemsAside } from "./make.ts";

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

describe("Mermaid charts that are the list", () => {
  const chart = (...lines: string[]): string => ["# Plan", "", "```mermaid", ...lines, "```", ""].join("\n");

  test("nodes are tasks by their ids, arrows of any kind order them, subgraphs group them", () => {
    const list = listOf(
      chart(
        "graph LR",
        "  subgraph one [Base]",
        '    A["Add the model -- with a [list]"] --> B(Add the route) & C([Write the docs])',
        "  end",
        "  B -.-> D{{Add the page}}",
        "  C ==> D",
        "  D --> E",
        "  E[Publish it]",
        "  class A done",
      ),
      "plan.md",
    );
    expect(list.format).toBe("mermaid");
    expect(list.tasks.map(({ id, title, status, phase }) => [id, title, status, phase])).toEqual([
      ["A", "Add the model -- with a [list]", "done", "Base"],
      ["B", "Add the route", "pending", "Base"],
      ["C", "Write the docs", "pending", "Base"],
      ["D", "Add the page", "pending", null],
      ["E", "Publish it", "pending", null],
    ]);
    expect(waitsOf(list)).toEqual(["A ← ", "B ← A", "C ← A", "D ← B, C", "E ← D"]);
  });

  test("of a Gantt chart `after` orders, tags and lengths are read, and a name that is none is reported", () => {
    const list = listOf(
      chart(
        "gantt",
        "  title Shop",
        "  dateFormat YYYY-MM-DD",
        "  section Base",
        "  Add the model :done, m, 2026-01-01, 3d",
        "  Add the route :crit, r, after m, 2d",
        "  Follow it :1d",
        "  section Page",
        "  Add the page :p, after r m, 1d",
        "  Ship it :milestone, after q, 0d",
      ),
      "roadmap.md",
    );
    expect(waitsOf(list)).toEqual(["m ← ", "r ← m", "3 ← r", "p ← r, m", "5 ← "]);
    expect(list.tasks.map(({ status, estimate, phase, gate }) => [status, estimate, phase, gate])).toEqual([
      ["done", 1440, "Base", false],
      ["pending", 960, "Base", false],
      ["pending", 480, "Base", false],
      ["pending", 480, "Page", false],
      ["needs-input", null, "Page", true],
    ]);
    expect(rulesOf(list.diagnostics)).toEqual(["unknown-dependency"]);
  });

  test("a file that is nothing but a chart is read too", () => {
    const list = listOf("flowchart TD\n  A[Add it] --> B[Test it]\n", "tasks.mmd");
    expect(waitsOf(list)).toEqual(["A ← ", "B ← A"]);
  });

  test.each([
    ["goes round", ["flowchart TD", "A[Add it] --> B[Test it]", "B --> A"]],
    ["decides", ["flowchart TD", "A[Add it] --> B{Test it}", "B --> C[Ship it]"]],
    ["names its arrows", ["flowchart TD", "A[Add it] -->|yes| B[Test it]"]],
    ["names things", ["flowchart TD", "A[Browser] --> B[Server]", "B --> C[Database]"]],
    ["has one step", ["flowchart TD", "A[Add it]"]],
    ["is a sequence diagram", ["sequenceDiagram", "A->>B: Add it"]],
  ])("a chart that %s is no list", (_, lines) => {
    expect(findLists(filesOf({ "tasks.md": chart(...lines) }))).toEqual([]);
  });

  test("beside a list a chart is no list of its own", () => {
    const list = listOf(`- [ ] T001 A\n- [ ] T002 B\n\n${chart("flowchart TD", "A[Add it] --> B[Test it]")}`);
    expect(list.tasks.map(({ id }) => id)).toEqual(["T001", "T002"]);
  });

  test("a second chart and a line beyond any chart are set aside", () => {
    const long = `C[Add ${"x".repeat(2100)}]`;
    const list = listOf(
      chart("flowchart TD", "A[Add it] --> B[Test it]", long) + chart("flowchart TD", "X[Add it] --> Y[Test it]"),
      "plan.md",
    );
    expect(list.tasks.map(({ id }) => id)).toEqual(["A", "B"]);
    expect(list.setAside.map(({ reason }) => reason)).toEqual([
      "longer than any line of a chart",
      "a second chart: the first one is the list",
    ]);
  });
});

describe("ExecPlans", () => {
  const sections = ["Decision Log", "Surprises & Discoveries", "Context and Orientation", "Concrete Steps"];
  const rest = sections.map((name) => `## ${name}\n\n1. Do this\n2. Do that\n`).join("\n");
  const plan = (progress: string, more = ""): string => `# Login\n\n## Progress\n\n${progress}\n${rest}\n${more}`;

  test("the boxes of Progress are the tasks, without their times; other boxes and numbers are not", () => {
    const text = plan(
      "- [x] (2026-02-13 00:10Z) Add the form in `src/form.ts`\n- [x] 2026-02-13T03:10Z - Add the route\n- [ ] Test it",
      "## Validation and Acceptance\n\n- [ ] It works\n",
    );
    const list = listOf(text, "plans/login.md");
    expect(list.format).toBe("exec-plan");
    expect(list.tasks.map(({ title, status }) => [title, status])).toEqual([
      ["Add the form in `src/form.ts`", "done"],
      ["Add the route", "done"],
      ["Test it", "pending"],
    ]);
    expect(list.order).toBe("sequence");
    expect(itemsAside(list)).toMatchObject([{ text: "- [ ] It works" }]);
    expect(marked(text, list, 2)).toBe(text.replace("- [ ] Test it", "- [x] Test it"));
  });

  const milestones =
    "### Milestone 1: The form\n\nEdit `src/form.ts`.\n\n### Milestone 2: The route\n\nEdit `src/route.ts`.\n\n### Milestone 3: The page\n\nEdit `src/page.ts`.\n";

  test("milestones are joined to the boxes that name them, and those not named yet are tasks", () => {
    const list = listOf(plan("- [x] Milestone 1: the form\n- [ ] Milestone 2: the route", milestones), "x.md");
    expect(list.tasks.map(({ status, files }) => [status, files.map(({ path }) => path)])).toEqual([
      ["done", ["src/form.ts"]],
      ["pending", ["src/route.ts"]],
      ["pending", ["src/page.ts"]],
    ]);
    expect(list.tasks[1]?.body).toContain("Edit `src/route.ts`.");
  });

  test("milestones alone are the tasks; where Progress has smaller steps they are set aside", () => {
    expect(listOf(plan("Nothing yet.", milestones), "x.md").tasks).toHaveLength(3);
    const list = listOf(plan("- [ ] Add the form\n- [ ] Add the route", milestones), "x.md");
    expect(list.tasks).toHaveLength(2);
    expect(itemsAside(list).map(({ text }) => text)).toEqual([
      "Milestone 1: The form",
      "Milestone 2: The route",
      "Milestone 3: The page",
    ]);
  });

  test("a heading Progress alone makes no ExecPlan", () => {
    expect(listOf("# Login\n\n## Progress\n\n- [ ] One\n- [ ] Two\n", "x.md").format).not.toBe("exec-plan");
  });
});
