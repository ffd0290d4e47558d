import { describe, expect, test } from "vitest";
import { parseAnswer } from "../../src/github/api.ts";
import { parseJson } from "../../src/github/bigJson.ts";
import { labelOf, parseIssueReference } from "../../src/github/reference.ts";
import { idOfIssue } from "../../src/lists/issueMention.ts";
import { uniqueIds } from "../../src/lists/ids.ts";
import { listed } from "../../src/lists/listed.ts";

describe("what names an issue", () => {
  test.each([
    ["1234", null, null, 1234],
    ["#7", null, null, 7],
    ["octo/shop#12", null, "octo/shop", 12],
    ["octo/.github#1", null, "octo/.github", 1],
    ["ghe.example.com/octo/shop#12", "ghe.example.com", "octo/shop", 12],
    ["https://github.com/octo/shop/issues/12", "github.com", "octo/shop", 12],
    ["https://GitHub.com/octo/shop/issues/12/", "github.com", "octo/shop", 12],
    ["https://github.com/octo/shop/issues/12#issuecomment-1", "github.com", "octo/shop", 12],
    ["https://ghe.example.com:8443/octo/shop/issues/12?x=1", "ghe.example.com:8443", "octo/shop", 12],
  ])("%s", (text, host, repository, number) => {
    expect(parseIssueReference(text)).toEqual({ host, repository, number });
  });

  test.each([
    "0",
    "01",
    "-1",
    "1.5",
    "12345678901",
    "tasks.md",
    "octo/shop",
    "octo/shop12",
    "octo#12",
    "octo/..#12",
    "../shop#12",
    "octo/shop/x#12",
    "octo/shop#12;id",
    "octo/shop#12 --help",
    "--octo/shop#12",
    "-o/shop#1",
    "http://github.com/octo/shop/issues/12",
    "https://github.com/octo/shop/pull/12",
    "https://github.com/octo/../issues/12",
    "https://github.com/octo/shop/issues/12/../13",
    "https://user:pw@github.com/octo/shop/issues/12",
    "https://localhost/octo/shop/issues/12",
    "https://-evil.com/octo/shop/issues/12",
    "ftp://github.com/octo/shop/issues/12",
  ])("%s is none", (text) => {
    expect(parseIssueReference(text)).toBeNull();
  });

  test("its label names it again", () => {
    for (const host of ["github.com", "ghe.example.com"]) {
      const place = { host, repository: "octo/shop", number: 12 };
      const again = parseIssueReference(labelOf(place));
      expect({ ...place, ...again, host: again?.host ?? "github.com" }).toEqual(place);
    }
  });
});

test("task ids of issues are good names for files and branches, and differ, however long the names", () => {
  const long = (name: string): string => `${"o".repeat(39)}/${name}${"r".repeat(99)}`;
  const issues = ["octo/shop", "octo/.github", "octo/a..b", long("a"), long("b"), long("c")];
  const tasks = issues.map((repository) => {
    const id = idOfIssue({ repository, number: "123456789" });
    return listed({ id, title: id, source: { file: "x", line: 1, column: 1 } });
  });
  expect(uniqueIds(tasks).diagnostics).toEqual([]);
});

describe("answers of gh", () => {
  test("status, headers and body, with the line ends of any version", () => {
    for (const end of ["\n", "\r\n"]) {
      const text = `HTTP/2.0 403 Forbidden${end}Retry-After: 60${end}X-A: b: c${end}${end}{"a":1}\n\n`;
      const answer = parseAnswer(text);
      expect(answer).toMatchObject({ status: 403, body: '{"a":1}\n\n' });
      expect([...(answer?.headers ?? [])]).toEqual([
        ["retry-after", "60"],
        ["x-a", "b: c"],
      ]);
    }
    expect(parseAnswer("HTTP/1.1 204 No Content\r\n\r\n")).toMatchObject({ status: 204, body: "" });
  });

  test.each(["", "not HTTP", '{"a":1}', "HTTP/1.1 200 OK"])("%j is none", (text) => {
    expect(parseAnswer(text)).toBeNull();
  });

  test("numbers too large for a double keep every digit, and words that look like them stay words", () => {
    const text =
      '{"id":9007199254740993,"n":-12345678901234567890,"f":1.1234567890123456789,"s":"say \\"9007199254740993\\", 9007199254740993","small":900719925474099}';
    expect(parseJson(text)).toEqual({
      id: "9007199254740993",
      n: "-12345678901234567890",
      f: 1.1234567890123457,
      s: 'say "9007199254740993", 9007199254740993',
      small: 900719925474099,
    });
  });

  test("megabytes of one string are read in one go", () => {
    const body = "\\".repeat(2_000_000);
    expect(parseJson(JSON.stringify({ body }))).toEqual({ body });
  });
});
