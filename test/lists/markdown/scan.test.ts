import fc from "fast-check";
import { remark } from "remark";
import remarkGfm from "remark-gfm";
import { describe, expect, test } from "vitest";
import { parseItem } from "../../../src/lists/markdown/item.ts";
import { splitLines } from "../../../src/lists/markdown/lines.ts";
import { scan } from "../../../src/lists/markdown/scan.ts";
import { expectLinear } from "../../growth.ts";

function kinds(text: string): string[] {
  return scan(text, "a.md").lines.map(({ kind }) => kind);
}

describe("the line scanner", () => {
  test("splits at every kind of line end and keeps a byte order mark out of the columns", () => {
    expect(splitLines("\ufeffa\r\nb\rc\nd").map(({ text, offset }) => [text, offset])).toEqual([
      ["a", 1],
      ["b", 4],
      ["c", 6],
      ["d", 8],
    ]);
    expect(splitLines("")).toEqual([]);
  });

  test("names what each line is", () => {
    expect(kinds("# A\n\ntext\n- [ ] b\n> q\n| t |\n---\n```js\n- [ ] c\n```\n<!-- - [ ] d -->\n1. e")).toEqual([
      "heading",
      "blank",
      "text",
      "item",
      "quote",
      "table",
      "rule",
      "fence",
      "code",
      "fence",
      "comment",
      "item",
    ]);
  });

  test("reads states of boxes and where they stand", () => {
    expect(parseItem("  - [ ] a")?.box).toEqual({ state: " ", column: 6, star: false });
    expect(parseItem("- [] a")?.box).toEqual({ state: "", column: 4, star: false });
    expect(parseItem("1. [✓] a")?.box?.state).toBe("✓");
    expect(parseItem("- [ ]* 2.3 a")?.box?.star).toBe(true);
    expect(parseItem("* [\u00a0] a")?.box?.state).toBe("\u00a0");
    expect(parseItem("- [ ]")?.content).toBe("");
  });

  test("takes tags and links for no boxes", () => {
    expect(parseItem("- [P] tasks")?.box).toBeNull();
    expect(parseItem("- [5] T069")?.box).toBeNull();
    expect(parseItem("- [x](a.md)")?.box).toBeNull();
    expect(parseItem("-5 degrees")).toBeNull();
  });

  test("a longer fence holds shorter ones", () => {
    expect(kinds("````md\n```\n- [ ] a\n```\n````\n- [ ] b")).toEqual([
      "fence",
      "code",
      "code",
      "code",
      "fence",
      "item",
    ]);
  });

  test("a fence or comment that never closes hides nothing, and a warning says so", () => {
    for (const opener of ["```js", "~~~", "<!-- sample"]) {
      const document = scan(`${opener}\n- [ ] a\n`, "a.md");
      expect(document.lines[1]?.kind).toBe("item");
      expect(document.diagnostics).toHaveLength(1);
    }
  });

  test("a fence left open inside an item ends at the next box further left", () => {
    const document = scan("- [ ] a\n  ```\n  code\n- [ ] b\n\n```\nx\n```\n", "a.md");
    expect(document.lines[3]?.kind).toBe("item");
    expect(document.diagnostics.map(({ rule }) => rule)).toEqual(["unclosed-fence"]);
  });

  test("headings know the heading they stand under", () => {
    const { headings } = scan("# A\n## B ##\n### C\n## D\nE\n---\n", "a.md");
    expect(headings.map(({ name, level, parent }) => [name, level, parent])).toEqual([
      ["A", 1, -1],
      ["B", 2, 0],
      ["C", 3, 1],
      ["D", 2, 0],
      ["E", 2, 0],
    ]);
  });

  test("agrees with remark on which items are boxes, and where", () => {
    const part = fc.constantFrom(
      "- [ ] a",
      "- [x] b",
      "- c",
      "1. [ ] d",
      "# H",
      "text",
      "```\n- [ ] e\n```",
      "~~~md\n```\n- [ ] f\n~~~",
      "- [ ] g\n  - [x] h\n    - [ ] i\n",
      "* [X] j\n\n  more",
      "<!--\n- [ ] k\n-->",
      "> - [ ] l",
      "[ ] m",
      "- [P] n",
      "---",
    );
    const parser = remark().use(remarkGfm);
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), fc.constantFrom("\n", "\r\n"), (parts, end) => {
        const text = parts.join("\n\n").replaceAll("\n", end);
        const expected: number[] = [];
        const stack: unknown[] = [parser.parse(text)];
        while (stack.length > 0) {
          const node = stack.pop() as {
            type: string;
            checked?: boolean | null;
            children?: unknown[];
            position?: { start: { line: number } };
          };
          if (node.type === "blockquote") continue;
          if (node.type === "listItem" && typeof node.checked === "boolean")
            expected.push(node.position?.start.line ?? 0);
          stack.push(...(node.children ?? []));
        }
        const found = scan(text, "a.md").lines.filter(({ item }) => item?.box);
        expect(found.map(({ place }) => place.line)).toEqual(expected.toSorted((a, b) => a - b));
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ["openers of fences", "```js\n"],
    ["longer and longer indents", "- a\n  - b\n"],
    ["comments that never close", "<!-- a\n"],
    ["brackets", "[".repeat(50)],
    ["backticks", "`".repeat(50)],
    ["rules", "- ".repeat(50)],
  ])("stays linear on %s", async (_, piece) => {
    await expectLinear((times) => scan(piece.repeat(times), "a.md"), 20_000);
  });
});
