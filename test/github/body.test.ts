import { describe, expect, test } from "vitest";
import { criteriaIn, dependenciesIn, openBody, shownText } from "../../src/github/body.ts";

const home = { host: "github.com", repository: "octo/shop" };

function dependencies(body: string): string[] {
  const source = openBody(body, "octo/shop#1");
  if (source === null) throw new Error("no text");
  return dependenciesIn(source.markdown.lines, source, home).map(
    ({ issue, direction }) => `${direction === "blocks" ? "blocks " : ""}${issue.repository ?? ""}#${issue.number}`,
  );
}

describe("what a body says about waiting", () => {
  test.each([
    ["Depends on #12", ["#12"]],
    ["**Depends on:** #12, #13 and GH-14", ["#12", "#13", "#14"]],
    ["- blocked by octo/lib#5", ["octo/lib#5"]],
    ["Waits for https://github.com/octo/lib/issues/5 & #6", ["octo/lib#5", "#6"]],
    ["Requires octo/shop#9 (our own)", ["#9"]],
    ["Prerequisites: #3", ["#3"]],
    ["This can start after #3 is merged.", ["#3"]],
    ["## Blocked by\n- [ ] #3\n- octo/lib#4 The parser\n\n## Notes\n- #5\n", ["#3", "octo/lib#4"]],
    ["### Dependencies\n#3, #4\n", ["#3", "#4"]],
    ["Blocks #20", ["blocks #20"]],
    ["## Blocks\n- #20\n- #21", ["blocks #20", "blocks #21"]],
    ["Depends on #12. Blocks #14.", ["#12", "blocks #14"]],
  ])("%j", (body, expected) => expect(dependencies(body)).toEqual(expected));

  test.each([
    "See #12",
    "Does not depend on #12",
    "This is not blocked by #12 any more",
    "No longer depends on #12",
    "~~Depends on #12~~",
    "> Depends on #12",
    "```\nDepends on #12\n```",
    "<!-- Depends on #12 -->",
    "text <!-- depends on #12 --> more",
    "#13 depends on #12",
    "Depends on https://gitlab.com/octo/lib/issues/5",
    "Depends on https://evil.example/octo/lib/issues/5",
    "Depends on the colour #123abc",
    "Depends on C#12x",
  ])("nothing in %j", (body) => expect(dependencies(body)).toEqual([]));

  test("links of another host count where the issue is on that host, and only there", () => {
    const source = openBody("Depends on https://ghe.example.com/octo/lib/issues/5", "x#1");
    const at = { host: "ghe.example.com", repository: "octo/shop" };
    expect(source && dependenciesIn(source.markdown.lines, source, at)).toMatchObject([
      { issue: { repository: "octo/lib", number: "5" } },
    ]);
    expect(source && dependenciesIn(source.markdown.lines, source, home)).toEqual([]);
  });
});

test.each([
  ["## Acceptance Criteria\n- [ ] a\n- [x] b\n- c\n\n## Notes\n- d\n", ["a", "b", "c"]],
  ["### Definition of done\n1. a\n2. b\n", ["a", "b"]],
  ["**Acceptance:** it works\n- Done when: it is fast\n", ["it works", "it is fast"]],
  ["Nothing of the kind", []],
])("criteria in %j", (body, expected) => {
  const source = openBody(body, "x#1");
  expect(source && criteriaIn(source)).toEqual(expected);
});

describe("what is shown of a body", () => {
  test.each([
    ["a <!-- b --> c", "a  c"],
    ["`<!-- kept -->` <!-- gone -->", "`<!-- kept -->` "],
    ["a <!-- open", "a "],
    ["<!-- a --> b", " b"],
    ["<!-- a\nb --> c\nd", "\n c\nd"],
    ["<!--\nlong\n-->\nb", "\n\n\nb"],
    ["```html\n<!-- code -->\n```", "```html\n<!-- code -->\n```"],
    ["---\nverify: [x]\n---\ntext", "***\nverify: [x]\n---\ntext"],
    ["a\0b", "a\ufffdb"],
  ])("%j", (body, expected) => expect(shownText(body, "x#1")).toBe(expected));

  test("a long line of nothing but marks of comments and of code is read", () => {
    const size = 20_000;
    expect(shownText(`a${"<!-- -->`".repeat(size)}`, "x#1") === `a${"`<!-- -->`".repeat(size / 2)}`).toBe(true);
    expect(shownText(`a${"<!--".repeat(size)}`, "x#1")).toBe("a");
  });
});
