import fc from "fast-check";
import { expect, test } from "vitest";
import { shellWord, visible, visibleLines } from "../../src/text/escape.ts";

test.each([
  ["an escape sequence", "a\u001b[31mred", "a\\u{1B}[31mred"],
  ["a carriage return that would overwrite the line", "safe\rgone", "safe\\u{D}gone"],
  ["an override of the writing direction", "abc\u202egnp.exe", "abc\\u{202E}gnp.exe"],
  ["a zero-width space", "pass\u200bword", "pass\\u{200B}word"],
  ["a tag character", "a\u{e0041}b", "a\\u{E0041}b"],
  ["half a surrogate pair", "a\ud800b", "a\\u{D800}b"],
  ["a line separator", "a\u2028b", "a\\u{2028}b"],
])("%s is shown, not obeyed", (_, text, shown) => {
  expect(visible(text)).toBe(shown);
});

test.each(["plain", "Grüße, 日本語, emoji 👍🏽 ✔️", "— “quotes” …"])("what can be seen stays as it is: %s", (text) => {
  expect(visible(text)).toBe(text);
});

const unseen = /[\p{Cc}\p{Cs}\p{Bidi_Control}]/u;

test("no control character survives, whatever the text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(visible(text)).not.toMatch(unseen);
    }),
  );
});

test("lines stay lines", () => {
  expect(visibleLines("a\r\nb\u001b\nc")).toBe("a\nb\\u{1B}\nc");
});

test.each([
  ["specs/007/tasks.md", "specs/007/tasks.md"],
  ["my specs/tasks.md", "'my specs/tasks.md'"],
  ["it's.md", `'it'\\''s.md'`],
  ["$(id).md", "'$(id).md'"],
  ["--expect", "'--expect'"],
  ["", "''"],
])("a shell reads %j as one word", (text, word) => {
  expect(shellWord(text)).toBe(word);
});
