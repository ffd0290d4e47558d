import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseRequest, words } from "../../src/commands/requestGrammar.ts";
import { expectLinear } from "../growth.ts";

describe("a path", () => {
  test.each([
    ["specs/007/tasks.md", ["specs/007/tasks.md"], {}],
    ["my specs/task list.md", ["my", "specs/task", "list.md"], {}],
    ['"my specs/tasks.md"', ["my specs/tasks.md"], {}],
    ["a.md b.md", ["a.md", "b.md"], {}],
    ["@specs/tasks.md --dry-run", ["@specs/tasks.md"], { "dry-run": true }],
    ["--max-workers 3 tasks.md", ["tasks.md"], { "max-workers": "3" }],
    ["tasks.md --tasks=1,2,5-8 --parallel", ["tasks.md"], { tasks: "1,2,5-8", parallel: true }],
  ])("%s", (typed, expected, options) => {
    expect(parseRequest(typed)).toMatchObject({ kind: "source", words: expected, options });
  });

  test("keeps the whole text, for names with blanks", () => {
    expect(parseRequest("my specs/task list.md --dry-run")).toMatchObject({ rest: "my specs/task list.md" });
  });
});

describe("nothing", () => {
  test.each(["", "   ", "\n", "\r\n"])("%j", (typed) => {
    expect(parseRequest(typed)).toEqual({ kind: "nothing", options: {} });
  });
});

describe("a verb", () => {
  test.each([
    ["status", "status", []],
    ["Stop", "stop", []],
    ["--retry", "retry", []],
    ["--retry T4", "retry", ["T4"]],
    ["tasks.md --retry --timeout 60", "retry", ["tasks.md"]],
    ["run tasks.md", "run", ["tasks.md"]],
    ["inbox", "inbox", []],
    ["merge --into main", "merge", []],
    ["clean r4k2xw", "clean", ["r4k2xw"]],
    ["stop T4", "stop", ["T4"]],
    ["resume", "resume", []],
    ["retry T012 T013", "retry", ["T012", "T013"]],
    ["explain T003 T007", "explain", ["T003", "T007"]],
    ["logs T4", "logs", ["T4"]],
    ["start specs/007", "start", ["specs/007"]],
    ["plan", "plan", []],
    ["dry-run tasks.md", "dry-run", ["tasks.md"]],
  ])("%s", (typed, verb, expected) => {
    expect(parseRequest(typed)).toMatchObject({ kind: "verb", verb, words: expected });
  });

  test("an answer keeps every character behind the task's id", () => {
    const text = `use Redis's TTL --dry-run "and"  $(id)\n1. yes\n2. no`;
    expect(parseRequest(`answer T012 ${text}`)).toMatchObject({ verb: "answer", words: ["T012"], rest: text });
  });

  test.each(["clean up the code in src/a.ts", "merge src/a.ts and src/b.ts", "watch the build"])(
    "an everyday word that prose begins with is none: %s",
    (typed) => {
      expect(parseRequest(typed)).toMatchObject({ kind: "source" });
    },
  );

  test.each(["Clean up:\n- src/a.ts\n- src/b.ts", "run these: 1. a 2. b", "merge these:\n1. a\n2. b"])(
    "nor one that a list begins with: %j",
    (typed) => {
      expect(parseRequest(typed)).toMatchObject({ kind: "inline", go: false, text: typed });
    },
  );

  test("an option in an answer stays in it", () => {
    expect(parseRequest("answer T1 with --retry, please")).toMatchObject({
      verb: "answer",
      rest: "with --retry, please",
    });
  });

  test.each(["status of the moon please", "stop using tabs everywhere", "next thing to do"])(
    "prose is not taken for one: %s",
    (typed) => {
      expect(parseRequest(typed)).toMatchObject({ kind: "misunderstood" });
    },
  );
});

describe("some tasks of a list", () => {
  test.each([
    ["tasks 3-8", { tasks: "3-8" }],
    ["tasks 3-8 in parallel", { tasks: "3-8", parallel: true }],
    ["tasks 3-8 in parallel:", { tasks: "3-8", parallel: true }],
    ["task T004", { tasks: "T004" }],
    ["tasks 1, 2 and 5", { tasks: "1,2,5" }],
    ["Tasks T004 – T007", { tasks: "T004–T007" }],
    ["tasks 3 to 6", { tasks: "3-6" }],
    ["tasks US1", { tasks: "US1" }],
    ["tasks 3-8 --dry-run", { tasks: "3-8", "dry-run": true }],
  ])("%s", (typed, options) => {
    expect(parseRequest(typed)).toMatchObject({ kind: "tasks", rest: "", options });
  });

  test("of a list that is named", () => {
    expect(parseRequest("tasks 3-8 of specs/007")).toMatchObject({
      kind: "tasks",
      words: ["specs/007"],
      options: { tasks: "3-8" },
    });
  });

  test("a file that begins with the word is a path", () => {
    expect(parseRequest("tasks.md")).toMatchObject({ kind: "source" });
    expect(parseRequest("tasks/2.md")).toMatchObject({ kind: "source" });
  });
});

describe("a list typed by hand", () => {
  test.each([
    "these tasks: 1. Update docs 2. Add tests 3. Update the changelog",
    "these tasks:\n1. Update docs\n2. Add tests",
    "- Add validators\n- Add endpoints",
    "# Plan\n\n- [ ] T001 Add a schema",
    "refactoring:\n1) Rename in auth.py\n2) Rename in api.py",
    "tasks 3-8 in parallel:\n- Add API validators\n- Add API endpoints",
    "1. GET /users/{id} 2. POST /users",
  ])("%j", (typed) => {
    expect(parseRequest(typed)).toEqual({ kind: "inline", text: typed, go: false, options: {} });
  });

  test("quotes, backticks and substitutions stay as they are", () => {
    const typed = 'do:\n1. Say "it\'s" `now`\n2. Run $(id) --force; echo \\ done';
    expect(parseRequest(typed)).toMatchObject({ kind: "inline", text: typed });
  });

  test("options are taken before it and at its very end, never out of a task", () => {
    expect(parseRequest("--max-workers 2 these: 1. Add --json 2. Document --json in README")).toEqual({
      kind: "inline",
      text: "these: 1. Add --json 2. Document --json in README",
      go: false,
      options: { "max-workers": "2" },
    });
    expect(parseRequest("these:\n- a\n- b\n--dry-run --max-workers 3")).toEqual({
      kind: "inline",
      text: "these:\n- a\n- b",
      go: false,
      options: { "dry-run": true, "max-workers": "3" },
    });
  });

  test("behind `start` it is a go, behind `plan` a dry run", () => {
    expect(parseRequest("start these: 1. a 2. b")).toMatchObject({
      kind: "inline",
      go: true,
      text: "these: 1. a 2. b",
      options: {},
    });
    expect(parseRequest("plan:\n- a\n- b")).toMatchObject({ kind: "inline" });
    expect(parseRequest("plan\n- a\n- b")).toMatchObject({
      kind: "inline",
      go: false,
      text: "- a\n- b",
      options: { "dry-run": true },
    });
  });

  test("behind another verb it is asked about", () => {
    expect(parseRequest("status\n- a\n- b")).toMatchObject({ kind: "misunderstood" });
  });
});

describe("a number alone is an issue", () => {
  const link = "https://github.com/some/where/issues/1234";
  test.each(["1234", "#1234", "some/where#1234", link, "https://ghe.example.com/some/where/issues/1234"])(
    "%s",
    (typed) => {
      expect(parseRequest(`${typed} --dry-run`)).toMatchObject({ kind: "issue", issue: typed });
    },
  );

  test.each([
    "0",
    "007",
    "some/where",
    "some/where/1234",
    "https://github.com/some/where/pull/1234",
    "-1234",
    "../x#1",
  ])("%s is none", (typed) => expect(parseRequest(typed)).not.toMatchObject({ kind: "issue" }));
});

describe("options", () => {
  test("an unknown one names the known ones", () => {
    expect(parseRequest("tasks.md --fast")).toMatchObject({
      kind: "misunderstood",
      what: "the option `--fast`",
      instead: expect.stringContaining("--dry-run"),
    });
  });

  test.each(["tasks.md --max-workers", "tasks.md --tasks --parallel", "--only= tasks.md"])(
    "one without its value says so: %s",
    (typed) => {
      expect(parseRequest(typed)).toMatchObject({ kind: "misunderstood", instead: expect.stringContaining("VALUE") });
    },
  );

  test("names that every object has are no options", () => {
    expect(parseRequest("--constructor x")).toMatchObject({ kind: "misunderstood" });
  });
});

test("words: a quote holds one together only where it closes at a word's end", () => {
  expect(words(`it's 'a b' "c d" e\\ f 'open`)).toEqual(["it's", "a b", "c d", "e f", "'open"]);
});

test("whatever is typed gets an answer, and a path without options is kept as it is", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (typed) => {
      const request = parseRequest(typed);
      expect(request).toHaveProperty("kind");
      if (request.kind === "source" && !typed.includes("--"))
        expect(request.rest).toBe(typed.replaceAll("\r\n", "\n").trim());
    }),
  );
});

test.each([" --a", "1. ", "- ", " in parallel", "tasks 1 ", "  ", '"', "\\ ", " --tasks 1"])(
  "20,000 times %j cost no more than their length",
  async (unit) => {
    await expectLinear((times) => parseRequest(unit.repeat(times)), 20_000);
  },
);
