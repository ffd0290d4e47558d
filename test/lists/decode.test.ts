import { describe, expect, test } from "vitest";
import { decode } from "../../src/lists/decode.ts";
import { readFiles } from "../../src/lists/readList.ts";

describe("bytes to text", () => {
  test("UTF-8 with and without a byte order mark, exactly", () => {
    expect(decode(Buffer.from("\ufeffä\r\n"), "a")).toEqual({ ok: true, value: "\ufeffä\r\n" });
  });

  test.each([
    ["UTF-16 with a mark", Buffer.from("\ufeff- [ ] a", "utf16le"), "UTF-16 (little-endian)", 1],
    ["UTF-16 without one", Buffer.from("- [ ] a", "utf16le"), "UTF-16 (little-endian, no", 1],
    ["Latin-1", Buffer.from("a\nb\n\xe4\n", "latin1"), "not UTF-8", 3],
    ["a NUL byte", Buffer.from("a\nb\0c"), "NUL", 2],
  ])("%s is refused by name, with its line", (_, bytes, words, line) => {
    const made = decode(bytes, "a.md");
    expect(made).toMatchObject({
      ok: false,
      diagnostics: [{ message: expect.stringContaining(words), place: { file: "a.md", line } }],
    });
  });
});

describe("several sources", () => {
  test("are one list with unique ids", () => {
    const made = readFiles([
      { file: "a.md", bytes: Buffer.from("## A\n- [ ] T1: a\n- [ ] b\n") },
      { file: "b.md", bytes: Buffer.from("## B\n- [ ] T1: c\n- [ ] d\n") },
    ]);
    if (!made.ok) throw new Error("not read");
    expect(made.value.tasks.map(({ id, phase, phaseIndex }) => [id, phase, phaseIndex])).toEqual([
      ["T1", "A", 0],
      ["2", "A", 0],
      ["T1#2", "B", 1],
      ["4", "B", 1],
    ]);
    expect(made.value.sources).toEqual(["a.md", "b.md"]);
  });

  test("name each one that cannot be read", () => {
    const made = readFiles([
      { file: "a.md", bytes: Buffer.from("nothing") },
      { file: "b.md", bytes: Buffer.from([0xff, 0xfe]) },
    ]);
    expect(made).toMatchObject({ ok: false, diagnostics: [{ place: { file: "a.md" } }, { place: { file: "b.md" } }] });
  });
});
