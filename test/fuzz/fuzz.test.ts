import fc from "fast-check";
import { expect, test } from "vitest";
import { units } from "../corpus/formats.ts";
import { withCorpus } from "../corpus/withCorpus.ts";
import { faultOf, randomOf, spoil } from "./fuzz.ts";

const line = fc.oneof(
  fc
    .tuple(
      fc.constantFrom("", "  ", "    ", "\t"),
      fc.constantFrom("- ", "* ", "1. ", "12) "),
      fc.constantFrom("[ ] ", "[x] ", "[X] ", "[~] ", "[] ", "[-] ", ""),
      fc.constantFrom("T001 ", "T2 [P] ", "1.2 ", "**T3** ", ""),
      fc.string({ unit: "grapheme", maxLength: 30 }),
      fc.constantFrom("", " (depends on T001)", " (2h)", " `src/a.ts`", "  "),
    )
    .map((parts) => parts.join("")),
  fc.constantFrom(
    "# Tasks",
    "## Phase 1: Setup",
    "### Task 4: Do it",
    "",
    "```",
    "<!--",
    "-->",
    "> - [ ] quoted",
    "| a | b |",
  ),
  fc.string({ maxLength: 40 }),
);
const document = fc
  .tuple(fc.constantFrom("", "\ufeff"), fc.array(line, { maxLength: 30 }), fc.constantFrom("\n", "\r\n"), fc.boolean())
  .map(([mark, lines, end, last]) => mark + lines.join(end) + (last ? end : ""))
  // Half a character is no text that a file can hold.
  .map((text) => Buffer.from(text).toString("utf8"));

test("of generated lists no tick changes another byte or task, and taken back it leaves the same bytes", () => {
  fc.assert(
    fc.property(document, (text) => {
      expect(faultOf(new Map([["tasks.md", text]]))).toBeNull();
    }),
    { numRuns: 300 },
  );
});

const task = fc.record({
  title: fc.string({ minLength: 1, maxLength: 20 }),
  status: fc.constantFrom("pending", "done", "running"),
});

test.each([2, undefined])("of generated JSON too, printed with an indent of %s", (indent) => {
  fc.assert(
    fc.property(fc.array(task, { minLength: 1, maxLength: 8 }), (tasks) => {
      expect(faultOf(new Map([["tasks.json", JSON.stringify({ tasks }, null, indent)]]))).toBeNull();
    }),
    { numRuns: 100 },
  );
});

const real = units().map((unit) => ({
  ...unit,
  texts: new Map(unit.files.map(({ file, bytes }) => [file, Buffer.from(bytes).toString("utf8")])),
}));
const formats = [...new Set(real.map(({ format }) => format))];

withCorpus("real lists", () => {
  test.each(formats)("%s: no tick changes another byte or task, and taken back it leaves the same bytes", (format) => {
    for (const unit of real.filter((one) => one.format === format))
      expect(faultOf(unit.texts), `${unit.format}/${unit.name}`).toBeNull();
  });

  test("nor of real lists with spoilt places", () => {
    for (let seed = 1; seed <= 60; seed += 1) {
      const random = randomOf(seed);
      const unit = real[random(real.length)];
      const files = [...(unit?.texts.keys() ?? [])];
      const file = files[random(files.length)] ?? "";
      const texts = new Map([...(unit?.texts ?? []), [file, spoil(unit?.texts.get(file) ?? "", random)]]);
      expect(faultOf(texts), `seed ${seed}: ${file}`).toBeNull();
    }
  });
});
