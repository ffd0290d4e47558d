import fc from "fast-check";
import { expect, test } from "vitest";
import { type Line, splitLines } from "../../src/process/lines.ts";

function split(limit: number, chunks: readonly Buffer[]): Line[] {
  const lines: Line[] = [];
  const splitter = splitLines(limit, (line) => lines.push(line));
  for (const chunk of chunks) splitter.push(chunk);
  splitter.end();
  return lines;
}

test("however a stream is cut into chunks, its lines are the same", () => {
  const texts = fc.array(fc.string({ unit: "binary", maxLength: 8 }).map((text) => text.replaceAll(/[\r\n]/g, "")));
  fc.assert(
    fc.property(texts, fc.array(fc.nat(64)), (lines, cuts) => {
      const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(""));
      const edges = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).toSorted((a, b) => a - b), bytes.length];
      const chunks = edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge));
      const expected = bytes.toString("utf8").split("\n").slice(0, -1);
      expect(split(1_000, chunks).map(({ text }) => text)).toEqual(expected);
    }),
  );
});

test("a line longer than the limit keeps its beginning and counts the rest, and the next line is whole", () => {
  expect(split(4, [Buffer.from("12"), Buffer.from("34567"), Buffer.from("89\nnext\n")])).toEqual([
    { text: "1234", dropped: 5 },
    { text: "next", dropped: 0 },
  ]);
});

test("an end without a line end is a line, and a `\\r` before the line end is not part of it", () => {
  expect(split(100, [Buffer.from("a\r\n\nb\rc")]).map(({ text }) => text)).toEqual(["a", "", "b\rc"]);
});

test("bytes that are no UTF-8 become U+FFFD", () => {
  expect(split(100, [Buffer.from([0x61, 0xff, 0x62])])).toEqual([{ text: "a\uFFFDb", dropped: 0 }]);
});
