import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mark } from "../../src/lists/write/mark.ts";
import { listOf } from "./make.ts";

function textOf(made: ReturnType<typeof mark>): string {
  return "text" in made ? made.text : `REASON ${made.reason}`;
}

describe("marking a task in its source", () => {
  test("changes the one character and nothing else, and back", () => {
    const line = fc.constantFrom(
      "- [ ] a",
      "- [ ] b",
      "  - [ ] c",
      "1. [ ] d",
      "text",
      "",
      "## H",
      "* [ ] e [ ]",
      "- [ ] a [x]",
    );
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 12 }),
        fc.constantFrom("\n", "\r\n"),
        fc.boolean(),
        fc.boolean(),
        (lines, end, bom, last) => {
          const text = `${bom ? "\ufeff" : ""}${lines.join(end)}${end}- [ ] z${last ? end : ""}`;
          const list = listOf(text);
          for (const task of list.tasks) {
            const done = textOf(mark(text, task, "done"));
            expect([...done].filter((char, index) => char !== [...text][index])).toEqual(["x"]);
            expect(done).toHaveLength(text.length);
            expect(textOf(mark(done, task, "pending"))).toBe(text);
            expect(textOf(mark(done, task, "done"))).toBe(done);
          }
        },
      ),
    );
  });

  const [task] = listOf("- [ ] T001 a\n- [ ] T002 b\n").tasks;

  test("finds a line that moved, when only one has its text", () => {
    if (!task) throw new Error("no task");
    expect(textOf(mark("# New\n\n- [ ] T001 a\n", task, "done"))).toBe("# New\n\n- [x] T001 a\n");
    expect(textOf(mark("x\n- [ ] T001 a\n- [ ] T001 a\n", task, "done"))).toContain("2 lines have its text");
    expect(textOf(mark("- [ ] T001 changed\n", task, "done"))).toContain("has changed");
  });

  test("leaves what is marked already, whoever did it", () => {
    if (!task) throw new Error("no task");
    expect(textOf(mark("- [X] T001 a\n", task, "done"))).toBe("- [X] T001 a\n");
  });

  test("puts an x into `[]`, and takes it out again", () => {
    const [empty] = listOf("- [] a\n").tasks;
    if (!empty) throw new Error("no task");
    expect(textOf(mark("- [] a\n", empty, "done"))).toBe("- [x] a\n");
    expect(textOf(mark("- [x] a\n", empty, "pending"))).toBe("- [] a\n");
  });

  test("says so where the source has no place for a status", () => {
    expect(mark("1. a\n", { box: null }, "done")).toHaveProperty("reason");
  });

  test("a status in YAML", () => {
    const text = "tasks:\n  - title: a\n    status: pending\n";
    const [one] = listOf(text, "t.yml").tasks;
    if (!one) throw new Error("no task");
    const done = textOf(mark(text, one, "done"));
    expect(done).toBe("tasks:\n  - title: a\n    status: done\n");
    expect(textOf(mark(done, one, "pending"))).toBe(text);
  });
});
