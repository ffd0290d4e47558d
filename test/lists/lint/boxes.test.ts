import fc from "fast-check";
import { expect, test } from "vitest";
import { applyEdits } from "../../../src/lists/write/edits.ts";
import { linted, lintOf } from "./make.ts";

function mended(text: string): string {
  return applyEdits(text, linted(text).mends);
}

test.each([
  ["- [ ]T1 Do it", "- [ ] T1 Do it"],
  ["- [x]**T1** Do it", "- [x] **T1** Do it"],
  ["-[ ] T1 Do it", "- [ ] T1 Do it"],
  ["- [] T1 Do it", "- [ ] T1 Do it"],
  ["- [\u00a0] T1 Do it", "- [ ] T1 Do it"],
  ["- [x ] T1 Do it", "- [x] T1 Do it"],
  ["- [ ]*2.3 Do it", "- [ ]* 2.3 Do it"],
  ["- [5] T069 [5] [US2] Do it", "- [ ] T069 [5] [US2] Do it"],
  ["1. [ ]Do it", "1. [ ] Do it"],
])("%s becomes %s", (wrong, right) => {
  expect(mended(wrong)).toBe(right);
});

test.each([
  "- [x](https://example.org) a link",
  "- [](https://example.org) a link without words",
  "- [x]: https://example.org",
  "- [P] T010 and T011 can run in parallel",
  "- [P] tasks = different files, no dependencies",
  "- [Story] label maps a task to its story",
  "- [ ]",
  "- [ ]* 2.3 Optional tests",
  "- [~] T1 Under way",
  "A line with [ ]no item",
])("%s is left alone", (line) => {
  expect(linted(line).mends).toEqual([]);
});

test("what stands in fences, comments and front matter is left alone", () => {
  const text = "---\na: 1\n---\n```\n- [ ]T1 a\n```\n<!--\n- [ ]T2 b\n-->\n- [ ] T3 c\n";
  expect(mended(text)).toBe(text);
});

test("line ends, byte order mark and every other line keep their bytes", () => {
  const text = "\ufeff# Tasks\r\n- [ ]T1 a in src/a.ts\r\n\r\n- [] T2 b in src/b.ts  \r\n\tcode";
  expect(mended(text)).toBe("\ufeff# Tasks\r\n- [ ] T1 a in src/a.ts\r\n\r\n- [ ] T2 b in src/b.ts  \r\n\tcode");
});

test("mending twice changes nothing more, and nothing but blanks, marks and `x` in boxes differs", () => {
  const line = fc.tuple(
    fc.constantFrom("- ", "-", "* ", "1. "),
    fc.constantFrom("[ ]", "[]", "[x]", "[x ]", "[  ]", "[P]", "[~]"),
    fc.constantFrom("", " ", "*"),
    fc.constantFrom("T1 do", "(link)", "**bold** x", "2.1 part", "T002 [P] do it"),
  );
  fc.assert(
    fc.property(
      fc.array(
        line.map((parts) => parts.join("")),
        { maxLength: 6 },
      ),
      fc.constantFrom("\n", "\r\n"),
      (lines, end) => {
        const text = lines.join(end);
        const once = mended(text);
        expect(mended(once)).toBe(once);
        const bare = (all: string): string => all.replaceAll(" ", "").replaceAll(/\[P\](?=T002\[P\])|\[\]/g, "");
        expect(bare(once)).toBe(bare(text));
      },
    ),
  );
});

test("a finding says where, with its column", () => {
  expect(lintOf("- [ ] T1 a in src/a.ts\n  - [ ]T2 b in src/b.ts\n")).toMatchObject([
    { rule: "box-without-blank", place: { file: "tasks.md", line: 2, column: 8 } },
  ]);
});
