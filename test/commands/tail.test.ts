import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { followText, tailOf } from "../../src/commands/tail.ts";

function makeFile(text?: string): string {
  const folder = mkdtempSync(join(tmpdir(), "orchestrate-tail-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "output.log");
  if (text !== undefined) writeFileSync(path, text);
  return path;
}

test("the tail has the last whole lines, the half one behind them, and where it begins", () => {
  expect(tailOf(makeFile("a\nb\nc\nhalf"), 2)).toEqual({ lines: ["b", "c"], rest: "half", end: 6 });
  expect(tailOf(makeFile(), 2)).toEqual({ lines: [], rest: "", end: 0 });
});

test("of a large file only its end is read, from a whole line on", () => {
  const path = makeFile(Array.from({ length: 100_000 }, (_, index) => `line ${index}\n`).join(""));
  const { lines } = tailOf(path, 1_000_000);
  expect(lines.length).toBeLessThan(10_000);
  expect(lines[0]).toMatch(/^line \d{5}$/);
  expect(lines.at(-1)).toBe("line 99999");
});

test("what is appended comes line by line, each whole and once, characters of several bytes too", () => {
  const path = makeFile("old\n");
  const next = followText(path, 4);
  expect(next()).toEqual([]);
  const bytes = Buffer.from("größer\nnext");
  appendFileSync(path, bytes.subarray(0, 3));
  expect(next()).toEqual([]);
  appendFileSync(path, bytes.subarray(3));
  expect(next()).toEqual(["größer"]);
  appendFileSync(path, "\n");
  expect([next(), next()]).toEqual([["next"], []]);
});

test("a file that comes later is followed from its start, and one that was replaced by a smaller one anew", () => {
  const path = makeFile();
  const next = followText(path, 0);
  expect(next()).toEqual([]);
  writeFileSync(path, "first line of all\n");
  expect(next()).toEqual(["first line of all"]);
  renameSync(path, `${path}.1`);
  writeFileSync(path, "new\n");
  expect(next()).toEqual(["new"]);
});
