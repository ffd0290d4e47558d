import fc from "fast-check";
import { expect, test } from "vitest";
import { clip, count, displayWidth, pad, several, wrap } from "../../src/text/layout.ts";

test("a text that is too wide ends in an ellipsis and fits", () => {
  expect(clip("abcdef", 6)).toBe("abcdef");
  expect(clip("abcdefg", 6)).toBe("abcde…");
  expect(clip("日本語", 5)).toBe("日本…");
  expect(clip("日本語", 4)).toBe("日…");
});

test("wide characters take two columns, combining ones none", () => {
  expect(displayWidth("日本")).toBe(4);
  expect(displayWidth("e\u0301")).toBe(1);
  expect(pad("日", 4)).toBe("日  ");
});

test("no wrapped line is wider than asked, and no word is lost", () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-z]{1,30}$/)), fc.integer({ min: 20, max: 60 }), (words, width) => {
      const lines = wrap(words.join(" "), width, "  ");
      for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width);
      expect(lines.join("").replaceAll(" ", "")).toBe(words.join(""));
    }),
  );
});

test("a number agrees with its noun", () => {
  expect([count(0, "task"), count(1, "task"), count(2, "task")]).toEqual(["0 tasks", "1 task", "2 tasks"]);
});

test("a long list says how many it leaves out, and never leaves out just one", () => {
  expect(several(["a", "b", "c"], 2)).toBe("a, b, c");
  expect(several(["a", "b", "c", "d"], 2)).toBe("a, b and 2 more");
});
