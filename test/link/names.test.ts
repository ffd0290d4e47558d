import { describe, expect, test } from "vitest";
import { ask } from "../../src/link/ask.ts";
import { edgesOf, linked, rulesOf } from "./help.ts";

const titled = (id: string, title: string, more = ""): { id: string; title: string; text: string } => ({
  id,
  title,
  text: `- [ ] ${id}. ${title}${more}`,
});

const shop = [
  titled("1", "Create the database schema in `db/schema.sql`"),
  titled("2", "Write the user models in `src/models.ts`"),
  titled("3", "Draw the logo in `assets/logo.svg`"),
];

describe("a task called by words of its title", () => {
  test.each([
    ["(depends on schema)", ["1→4"]],
    ["(depends on the database schema)", ["1→4"]],
    ["(needs the models)", ["2→4"]],
    ["(needs user models and schema)", ["1→4", "2→4"]],
    ["(after the schema is done)", ["1→4"]],
    [" after the logo is drawn", []],
    [" after the user models are ready", ["2→4"]],
    ["\n  Depends on: Create the database schema", ["1→4"]],
    ["\n  **Depends on:** Draw the logo, Write the user models", ["2→4", "3→4"]],
    ["\n  - Blocked by: logo", ["3→4"]],
  ])("%s", (words, wanted) => {
    const tasks = [...shop, titled("4", "Add the API in `src/api.ts`", words)];
    expect(edgesOf({ tasks }).filter((edge) => edge.endsWith(" stated"))).toEqual(
      wanted.map((edge) => `${edge} stated`),
    );
  });

  test("says in its evidence how the words were understood, and how surely", () => {
    const [edge] = linked({ tasks: [...shop, titled("4", "Add the API", " (depends on schema)")] }).edges;
    expect(edge?.evidence).toContain("`1` is about this");
    expect(edge?.confidence).toBe(0.8);
  });

  test("is the one that creates a file, where a file is named", () => {
    const tasks = [
      { ...titled("1", "Make types"), files: ["+lib/types.ts"] },
      { ...titled("2", "Use types", "\n  Depends on: `lib/types.ts`"), files: ["lib/use.ts"] },
    ];
    expect(edgesOf({ tasks })).toEqual(["1→2 stated"]);
  });

  test("is never the task that speaks", () => {
    const tasks = [titled("1", "Draw the logo"), titled("2", "Write the models", " (depends on models)")];
    expect(edgesOf({ tasks })).toEqual(["1→2 unresolved"]);
  });

  test("is found for subject and object under a heading about order", () => {
    expect(edgesOf({ tasks: shop, prose: [{ text: "- Write the user models depends on: 1" }] })).toEqual([
      "1→2 section",
    ]);
  });
});

describe("a statement that cannot be resolved", () => {
  test.each([
    "(depends on the ranking service)",
    "(needs ranking)",
    "\n  Depends on: nonsense",
    "\n  **Dependencies:** 1 and the ranking service",
    "\n  Depends on tests passing",
    "\n  Depends on understanding the existing parser",
    "\n  Blocked by: legal",
  ])("%s is reported, and its task runs after everything above it", (words) => {
    const tasks = [...shop, titled("4", "Add the feed", words), titled("5", "Add the footer")];
    expect(rulesOf({ tasks })).toContain("unknown-dependency");
    const graph = linked({ tasks });
    expect(graph.edges.filter(({ to }) => to === "4").map(({ from }) => from)).toEqual(["1", "2", "3"]);
    expect(graph.edges.filter(({ from, to }) => from === "5" || to === "5")).toEqual([]);
  });

  test("never closes a cycle", () => {
    const tasks = [{ ...titled("1", "A"), dependsOn: ["2"] }, titled("2", "B", " (depends on the ranking service)")];
    expect(edgesOf({ tasks })).toEqual(["2→1 stated"]);
  });

  test("of something that is said to exist, or lies elsewhere, holds nothing back", () => {
    const tasks = [...shop, titled("4", "Add the feed", "\n  Depends on: existing session store, owner/repo#12")];
    expect(edgesOf({ tasks })).toEqual([]);
    expect(rulesOf({ tasks })).toEqual(["not-a-task", "not-a-task"]);
  });

  test("is lifted by an answer", () => {
    const graph = linked({ tasks: [...shop, titled("4", "Add the feed", " (depends on the ranking service)")] });
    const asked = ask(graph, new Map());
    const question = asked.ok ? asked.value.questions[0] : undefined;
    expect(question).toMatchObject({ id: "q1", effect: "release", tasks: ["4"] });
    const answered = ask(graph, new Map([["q1", "yes"]]));
    expect(answered.ok && answered.value.graph.edges).toEqual([]);
  });

  test("that may mean several tasks asks which, and an answer makes it that one alone", () => {
    const tasks = [
      titled("1", "Create user model"),
      titled("2", "Create order model"),
      titled("3", "Add the API", " (depends on the model)"),
    ];
    const graph = linked({ tasks });
    expect(rulesOf({ tasks })).toEqual(["ambiguous-dependency"]);
    const asked = ask(graph, new Map());
    expect(asked.ok && asked.value.questions.slice(0, 2).map(({ effect, tasks: named }) => [effect, named])).toEqual([
      ["meant", ["1", "3"]],
      ["meant", ["2", "3"]],
    ]);
    const answered = ask(graph, new Map([["q2", "yes"]]));
    expect(answered.ok && answered.value.graph.edges.map(({ from, to, kind }) => `${from}→${to} ${kind}`)).toEqual([
      "2→3 stated",
    ]);
  });
});

test("suggestions never name the task itself", () => {
  const outcome = linked({ tasks: [titled("T011", "A"), titled("T012", "B", "\n  after T013")] });
  expect(outcome.diagnostics.map(({ expected }) => expected).join()).not.toContain("`T012`");
});
