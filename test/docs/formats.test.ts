import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { formats } from "../../src/lists/readList.ts";

test("docs/formats.md lists every format that can be read, by its name and title, and no other", () => {
  const rows = [...readFileSync("docs/formats.md", "utf8").matchAll(/^\| `([\w-]+)` \| ([^|]+) \|/gm)];
  expect(rows.slice(1).map((row) => [row[1], row[2]])).toEqual(formats.map(({ name, title }) => [name, title]));
});
