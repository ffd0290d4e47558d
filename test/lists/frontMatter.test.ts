import { describe, expect, test } from "vitest";
import { readFrontMatter } from "../../src/lists/frontMatter.ts";
import { listOf, refusalOf } from "./make.ts";

const tasks = "- [ ] a\n- [ ] b\n";

describe("front matter", () => {
  test.each(["---js", "--- js", "---JS", "---javascript", "---json", "---coffee", "--- yaml"])(
    "%s is refused, and nothing runs",
    (first) => {
      const text = `${first}\n(globalThis.ran = true)\n---\n${tasks}`;
      expect(refusalOf(text)[0]).toMatchObject({ rule: "front-matter-language", place: { line: 1, column: 1 } });
      expect(globalThis).not.toHaveProperty("ran");
    },
  );

  test("sets options under `orchestrate:`, or at top level where the key is ours", () => {
    const list = listOf(`---\nname: x\nmaxWorkers: 3\norchestrate:\n  parallel: true\n---\n${tasks}`);
    expect(list.options).toEqual({ maxWorkers: 3, parallel: true });
    expect(list.tasks[0]?.source.line).toBe(7);
  });

  test("is the same with CRLF and a byte order mark", () => {
    const text = `\ufeff---\nmodel: opus\nmaxWorkers: 4\n---\n${tasks}`.replaceAll("\n", "\r\n");
    expect(listOf(text).options).toEqual({ model: "opus", maxWorkers: 4 });
  });

  test("names the place of an unknown key under `orchestrate:` and the nearest known one", () => {
    const [fault] = refusalOf(`---\norchestrate:\n  maxWorker: 3\n---\n${tasks}`);
    expect(fault).toMatchObject({ rule: "unknown-key", expected: "`maxWorkers`", place: { line: 3, column: 3 } });
  });

  test("names the place of a wrong value", () => {
    expect(refusalOf(`---\nmaxWorkers: 0\n---\n${tasks}`)[0]).toMatchObject({
      rule: "wrong-value",
      place: { line: 2, column: 13 },
    });
  });

  test("warns of near misses, and ignores other tools' keys and their use of our words", () => {
    const list = listOf(`---\nmaxworkers: 3\ndescription: x\nestimate: soon\n---\n${tasks}`);
    expect(list.options).toEqual({});
    expect(list.diagnostics.map(({ severity, rule }) => `${severity} ${rule}`)).toEqual([
      "info wrong-value",
      "warning unknown-key",
    ]);
  });

  test("a rule on the first line is Markdown; an open block of keys is refused", () => {
    expect(listOf(`---\n\nSome prose\n\n${tasks}`).tasks).toHaveLength(2);
    expect(listOf(`---\n# Title\n\ntext\n\n---\n${tasks}`).tasks).toHaveLength(2);
    expect(listOf(`---\n${tasks}`).tasks).toHaveLength(2);
    expect(refusalOf(`---\nname: x\n${tasks}`)[0]?.rule).toBe("front-matter-open");
  });

  test("must be a mapping", () => {
    expect(refusalOf(`---\n- a\n- b\n---\n${tasks}`)[0]?.rule).toBe("front-matter");
    expect(listOf(`---\n---\n${tasks}`).tasks).toHaveLength(2);
  });

  test.each([
    ["a key twice", "a: 1\na: 2", "duplicate-key", 3],
    ["a tag", "a: !!js/function 'x'", "yaml", 2],
    ["an alias", "a: &x 1\nb: *x", "yaml-alias", 2],
    ["broken YAML", "a: [1", "yaml", 2],
  ])("refuses %s", (_, yaml, rule, line) => {
    expect(refusalOf(`---\n${yaml}\n---\n${tasks}`)[0]).toMatchObject({ rule, place: { line } });
  });

  test("a failure does not turn into an answer the second time", () => {
    for (let time = 0; time < 2; time += 1) expect(readFrontMatter("---\na: [1\n---\n", "a.md").ok).toBe(false);
  });
});
