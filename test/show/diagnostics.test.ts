import { describe, expect, test, vi } from "vitest";
import type { Diagnostic } from "../../src/model/diagnostic.ts";
import { countDiagnostics, showDiagnostics } from "../../src/show/diagnostics.ts";

/** Characters that were made visible so far. */
const work = vi.hoisted(() => ({ characters: 0 }));
vi.mock("../../src/text/escape.ts", async (original) => {
  const real = await original<typeof import("../../src/text/escape.ts")>();
  return {
    ...real,
    visible: (text: string): string => {
      work.characters += text.length;
      return real.visible(text);
    },
  };
});

const style = { width: 80, colour: false };
const texts = new Map([["tasks.md", "# Tasks\n- [ ] T001 Add (depends on T999)\n- [ ] T002 Test\n"]]);

function show(diagnostic: Partial<Diagnostic>, width = 80): string {
  return showDiagnostics(
    [{ severity: "error", rule: "some-rule", message: "Unexpected `T999`", place: null, ...diagnostic }],
    texts,
    { ...style, width },
  );
}

test("says what, where, what was expected and what to do, and underlines the words", () => {
  const shown = show({
    place: { file: "tasks.md", line: 2, column: 28 },
    length: 4,
    expected: "the id of a task",
    fix: "write `T002`",
  });
  expect(shown).toBe(
    [
      "tasks.md:2:28: error: Unexpected `T999`; expected the id of a task; write `T002`. [some-rule]",
      "    - [ ] T001 Add (depends on T999)",
      "                               ~~~~",
      "",
    ].join("\n"),
  );
});

test("shows the line of every related place, so that each edge of a cycle is pointed at", () => {
  const shown = show({
    place: { file: "tasks.md", line: 2, column: 7 },
    related: [{ message: "`T002` waits for `T001`", place: { file: "tasks.md", line: 3, column: 7 } }],
  });
  expect(shown.split("\n").slice(3)).toEqual(["  tasks.md:3:7: `T002` waits for `T001`", "    - [ ] T002 Test", ""]);
});

test("without a place it is one line", () => {
  expect(show({})).toBe("error: Unexpected `T999`. [some-rule]\n");
});

test("a place beyond the text, as in a file that changed, shows no line", () => {
  expect(show({ place: { file: "tasks.md", line: 99, column: 1 } })).toBe(
    "tasks.md:99:1: error: Unexpected `T999`. [some-rule]\n",
  );
});

test("a long line is cut around the place", () => {
  const long = `${"word ".repeat(60)}T999 ${"word ".repeat(60)}`;
  const shown = showDiagnostics(
    [{ severity: "error", rule: "r", message: "m", place: { file: "a.md", line: 1, column: 301 }, length: 4 }],
    new Map([["a.md", long]]),
    style,
  );
  const [, line = "", squiggle = ""] = shown.split("\n");
  expect(line.length).toBeLessThanOrEqual(80);
  expect(line.slice(squiggle.indexOf("~"), squiggle.lastIndexOf("~") + 1)).toBe("T999");
});

test("a line's own escape sequences do not reach the terminal, and the squiggle still fits", () => {
  const shown = showDiagnostics(
    [{ severity: "error", rule: "r", message: "a\u001b[2Jb", place: { file: "a.md", line: 1, column: 6 }, length: 2 }],
    new Map([["a.md", "\u001b[2J\tT9"]]),
    style,
  );
  expect(shown).toBe("a.md:1:6: error: a\\u{1B}[2Jb. [r]\n    \\u{1B}[2J T9\n              ~~\n");
});

test("errors come first and are counted", () => {
  const base = { rule: "r", message: "m", place: null };
  const all: Diagnostic[] = [
    { ...base, severity: "info" },
    { ...base, severity: "warning" },
    { ...base, severity: "error" },
    { ...base, severity: "error" },
  ];
  expect(
    showDiagnostics(all, texts, style)
      .split("\n")
      .map((line) => line.split(":")[0]),
  ).toEqual(["error", "error", "warning", "note", ""]);
  expect(countDiagnostics(all)).toBe("2 errors, 1 warning, 1 note");
});

describe("many diagnostics in one long line cost what they show, not the line each time:", () => {
  const length = 512 * 1024;
  test.each([
    ["words", "word ".repeat(length / 5)],
    ["one word", "x".repeat(length)],
    ["wide characters", "漢".repeat(length)],
    ["marks that take no column", `a${"\u0301".repeat(length)}`],
    ["blanks", " ".repeat(length)],
  ])("%s", (_, line) => {
    const diagnostics = Array.from({ length: 500 }, (_each, index): Diagnostic => {
      const place = { file: "a.md", line: 1, column: 1 + index * 1_000 };
      const related = [{ message: "there", place: { file: "a.md", line: 1, column: length } }];
      return { severity: "error", rule: "r", message: "m", place, length: index % 2 === 0 ? 4 : length, related };
    });
    work.characters = 0;
    const shown = showDiagnostics(diagnostics, new Map([["a.md", line]]), style);
    expect(work.characters / diagnostics.length).toBeLessThan(2_000);
    expect(shown.length / diagnostics.length).toBeLessThan(2_000);
  });
});
