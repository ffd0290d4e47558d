import { describe, expect, test } from "vitest";
import { listOf, refusalOf } from "./make.ts";

const json = (value: unknown): string => JSON.stringify(value, null, 2);

describe("a JSON or YAML list", () => {
  test("reads every field", () => {
    const list = listOf(
      json({
        title: "L",
        options: { maxWorkers: 2 },
        tasks: [
          {
            id: "a",
            title: "A",
            body: "text",
            files: ["./src/a.ts", { path: "src/b.ts", access: "create" }],
            estimate: "2h",
            status: "done",
          },
          {
            id: "b",
            title: "B",
            dependsOn: ["a"],
            blocks: ["c"],
            resources: ["db"],
            parallel: true,
            gate: true,
            phase: "P",
            verify: ["npm test"],
          },
        ],
      }),
      "x.json",
    );
    expect(list).toMatchObject({
      format: "list",
      title: "L",
      order: "none",
      options: { maxWorkers: 2 },
      phases: [{ name: "P", ordered: false }],
    });
    expect(list.tasks[0]).toMatchObject({
      files: [
        { path: "src/a.ts", access: "modify" },
        { path: "src/b.ts", access: "create" },
      ],
      estimate: 120,
      status: "done",
    });
    expect(list.tasks[1]).toMatchObject({
      parallel: true,
      gate: true,
      phase: "P",
      resources: ["db"],
      verify: ["npm test"],
    });
    expect(list.tasks[1]?.dependsOn).toEqual([{ text: "a", place: { file: "x.json", line: 25, column: 9 } }]);
  });

  test("ids stay as written", () => {
    const list = listOf(
      "tasks:\n  - {id: 010, title: a}\n  - {id: 1.10, title: b, dependsOn: [010]}\n  - {id: 1e0, title: c}\n",
      "t.yml",
    );
    expect(list.tasks.map(({ id }) => id)).toEqual(["010", "1.10", "1e0"]);
    expect(list.tasks[1]?.dependsOn[0]?.text).toBe("010");
  });

  test("a status on a line of its own can be changed there", () => {
    expect(listOf("tasks:\n  - title: a\n    status: pending\n", "t.yml").tasks[0]?.box).toMatchObject({
      line: 3,
      column: 13,
      was: "pending",
      done: "done",
    });
    expect(listOf(json({ tasks: [{ title: "a", status: "pending" }] }), "t.json").tasks[0]?.box).toMatchObject({
      was: "pending",
    });
    expect(listOf("tasks: [{title: a, status: pending}]", "t.yml").tasks[0]?.box).toBeNull();
  });

  test.each([
    ["unknown key", '{"tasks":[{"title":"a","dependson":[]}]}', "unknown-key", "1:24"],
    ["unknown key at the top", '{"task":[],"tasks":[]}', "unknown-key", "1:2"],
    ["duplicate key", '{"tasks":[],"tasks":[]}', "duplicate-key", "1:13"],
    ["wrong type", '{"tasks":[{"title":1,"parallel":"yes"}]}', "wrong-value", "1:33"],
    ["`__proto__`", '{"tasks":[{"title":"a","__proto__":{"x":1}}]}', "unknown-key", "1:24"],
    ["no title", '{"tasks":[{"id":"a"}]}', "wrong-value", "1:11"],
    ["negative estimate", '{"tasks":[{"title":"a","estimate":-5}]}', "bad-estimate", "1:35"],
    ["estimate beyond numbers", '{"tasks":[{"title":"a","estimate":1e400}]}', "wrong-value", "1:35"],
    ["NaN", '{"tasks":[{"title":"a","estimate":NaN}]}', "bad-estimate", "1:35"],
    ["broken JSON", '{"tasks":[', "yaml", "1:11"],
    ["wrong option", '{"options":{"maxWorkers":99},"tasks":[]}', "wrong-value", "1:26"],
  ])("%s is refused at its place", (_, text, rule, at) => {
    const faults = refusalOf(text, "t.json");
    expect(faults.map((fault) => `${fault.rule} ${fault.place?.line}:${fault.place?.column}`)).toContain(
      `${rule} ${at}`,
    );
    expect({}).not.toHaveProperty("x");
  });

  test("depth that would overflow the stack is refused", () => {
    expect(refusalOf(`{"tasks":${"[".repeat(50_000)}`, "t.json").length).toBeGreaterThan(0);
  });

  test("a title with a line end is one task", () => {
    expect(listOf(json({ tasks: [{ title: "a\n- [ ] T999" }] }), "t.json").tasks).toHaveLength(1);
  });
});
