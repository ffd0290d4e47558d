import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ask, type Answered } from "../../src/link/ask.ts";
import { cyclicArcs } from "../../src/link/cycles.ts";
import { explain } from "../../src/link/explain.ts";
import { linked, repository } from "./help.ts";
import type { ListSketch } from "./make.ts";

function asked(sketch: ListSketch, answers: Record<string, "yes" | "no"> = {}, known = repository()): Answered {
  const outcome = ask(linked(sketch, known), new Map(Object.entries(answers)));
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.diagnostics));
  return outcome.value;
}

const nameless = { tasks: [{ id: "4" }, { id: "5" }] };
const imports = repository({ imports: new Map([["b.ts", ["a.ts"]]]) });
const importing = {
  tasks: [
    { id: "A", files: ["a.ts"] },
    { id: "B", files: ["b.ts"] },
  ],
};
const sometimes = repository({ coChanges: [{ files: ["a.ts", "b.ts"], together: 3, of: 4 }] });

describe("questions", () => {
  test("are asked of tasks that name no files and stand side by side, in one", () => {
    const { questions } = asked(nameless);
    expect(questions).toMatchObject([
      {
        id: "q1",
        effect: "beside",
        tasks: ["4", "5"],
        text: "May 4 and 5 run at once, and beside other tasks? Neither names a file.",
        answer: null,
      },
    ]);
  });

  test("are not asked where nothing would run beside them, nor of checkpoints and finished tasks", () => {
    expect(asked({ tasks: [{ id: "4" }, { id: "5", dependsOn: ["4"] }] }).questions).toEqual([]);
    expect(
      asked({
        tasks: [
          { id: "4", gate: true },
          { id: "5", status: "done" },
          { id: "6", files: ["a.ts"] },
        ],
      }).questions,
    ).toEqual([]);
  });

  test("come of weak evidence between tasks that nothing orders", () => {
    expect(asked(importing, {}, imports).questions).toMatchObject([
      { effect: "before", tasks: ["A", "B"], ifYes: "B waits for A" },
    ]);
    const ordered = { tasks: importing.tasks.map((task) => (task.id === "A" ? { ...task, dependsOn: ["B"] } : task)) };
    expect(asked(ordered, {}, imports).questions).toEqual([]);
  });

  test("are seven at most, those that free most tasks first", () => {
    const chains = Array.from({ length: 10 }, (_, level) =>
      ["x", "y", "z"].slice(0, level === 5 ? 3 : 2).map((name) => ({
        id: `${name}${level}`,
        dependsOn: level === 0 ? [] : [`x${level - 1}`, `y${level - 1}`],
      })),
    );
    const { questions } = asked({ tasks: chains.flat() });
    expect(questions).toHaveLength(7);
    expect(questions[0]?.tasks).toEqual(["x5", "y5", "z5"]);
  });
});

describe("an answer", () => {
  test("yes lets tasks run beside others, and explaining says so", () => {
    const { graph, questions } = asked(nameless, { q1: "yes" });
    expect(graph.alone).toEqual([]);
    expect(explain({ ...graph, questions }, "4", "5").join("\n")).toContain(
      "Answered yes: q1, May 4 and 5 run at once",
    );
  });

  test("yes makes an edge, with the question as its evidence", () => {
    const { graph } = asked(importing, { q1: "yes" }, imports);
    expect(graph.edges).toMatchObject([
      { from: "A", to: "B", kind: "inferred", evidence: expect.stringContaining("the answer yes to q1") as string },
    ]);
  });

  test("yes keeps tasks apart", () => {
    const { graph } = asked(importing, { q1: "yes" }, sometimes);
    expect(graph.locks).toMatchObject([{ kind: "answer", capacity: 1, holders: [{ task: "A" }, { task: "B" }] }]);
    expect(explain(graph, "A", "B").join("\n")).toContain("the answer yes to q1");
  });

  test("no changes nothing but that it is kept", () => {
    const { graph, questions } = asked(importing, { q1: "no" }, sometimes);
    expect([graph.locks, questions[0]?.answer]).toEqual([[], "no"]);
  });

  test("is found again by the words of its question", () => {
    const text = asked(nameless).questions[0]?.text ?? "";
    expect(asked(nameless, { [text]: "yes" }).graph.alone).toEqual([]);
  });

  test("to nothing that is asked is an error by id, a warning by words", () => {
    const outcome = ask(linked(nameless), new Map([["q9", "yes"]]));
    expect(outcome.ok || outcome.diagnostics.map(({ rule, severity }) => [rule, severity])).toEqual([
      ["unknown-question", "error"],
    ]);
    expect(asked(nameless, { "May they?": "yes" }).graph.diagnostics.map(({ severity }) => severity)).toEqual([
      "warning",
    ]);
  });
});

test("any answers leave the questions the same, take no edge or lock away, and close no cycle", () => {
  const cross = repository({
    imports: new Map([
      ["a.ts", ["b.ts"]],
      ["b.ts", ["c.ts"]],
      ["c.ts", ["a.ts"]],
    ]),
  });
  const tasks = ["a", "b", "c"].map((name) => ({ id: name, files: [`${name}.ts`] }));
  const plain = asked({ tasks: [...tasks, { id: "d" }] }, {}, cross);
  const answer = fc.constantFrom("yes" as const, "no" as const);
  fc.assert(
    fc.property(fc.array(answer, { minLength: plain.questions.length, maxLength: plain.questions.length }), (given) => {
      const answers = Object.fromEntries(plain.questions.map(({ id }, index) => [id, given[index] ?? "no"]));
      const { graph, questions } = asked({ tasks: [...tasks, { id: "d" }] }, answers, cross);
      expect(questions.map(({ text }) => text)).toEqual(plain.questions.map(({ text }) => text));
      expect(graph.edges).toEqual(expect.arrayContaining([...plain.graph.edges]));
      const number = (id: string): number => id.charCodeAt(0) - 97;
      expect(
        cyclicArcs(
          4,
          graph.edges.map(({ from, to }) => ({ from: number(from), to: number(to) })),
        ),
      ).toEqual([]);
    }),
  );
  expect(plain.questions.length).toBeGreaterThan(2);
});
