import fc from "fast-check";
import { LineCounter, parseDocument, type Node } from "yaml";
import { expect, test } from "vitest";
import { parseJson } from "../../src/lists/json.ts";
import { toPlain } from "../../src/lists/data.ts";

/** Values with the ranges they stand in, as the YAML reader has them. */
function ranges(node: unknown): unknown {
  if (typeof node !== "object" || node === null) return null;
  const { range, items, key, value } = node as { range?: number[]; items?: unknown[]; key?: unknown; value?: unknown };
  return [range?.slice(0, 2), items?.map(ranges), ranges(key), typeof value === "object" ? ranges(value) : value];
}

test("JSON gives the nodes and the ranges that the YAML reader gives", () => {
  fc.assert(
    fc.property(
      fc.jsonValue({ maxDepth: 4, noUnicodeString: false }),
      fc.constantFrom(undefined, 2, "\t"),
      (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        const yaml = parseDocument(text, { uniqueKeys: true });
        fc.pre(yaml.errors.length === 0);
        const own: Node | null = parseJson(text, 100, new LineCounter());
        expect(ranges(own)).toEqual(ranges(yaml.contents));
        expect(toPlain(own, new Set())).toEqual(toPlain(yaml.contents, new Set()));
      },
    ),
    { numRuns: 300 },
  );
});

test.each(['{"a": 1, "a": 2}', "a: 1", "[1,", "[".repeat(200) + "]".repeat(200), ""])(
  "%s is left to the YAML reader",
  (text) => {
    expect(parseJson(text, 100, new LineCounter())).toBeNull();
  },
);

test("numbers keep the text that was written, and lines are counted", () => {
  const counter = new LineCounter();
  const node = parseJson('{\r\n  "a": 1.10\n}', 100, counter);
  expect(toPlain(node, new Set(["a"]))).toEqual({ a: "1.10" });
  expect(counter.linePos(5)).toEqual({ line: 2, col: 3 });
});
