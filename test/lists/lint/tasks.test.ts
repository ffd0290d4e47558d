import { expect, test } from "vitest";
import { lintOf } from "./make.ts";

function rules(text: string): string[] {
  return lintOf(text).map(({ rule }) => rule);
}

test.each(["Auth stuff", "Backend", "Misc fixes", "TODO", "Various things"])("“%s” is vague", (title) => {
  expect(rules(`- [ ] T1 ${title}\n- [ ] T2 Do it in src/a.ts\n`)).toEqual(["vague-title"]);
});

test.each(["Add a login form", "实现登录", "Rename src/todo.ts"])("“%s” is not", (title) => {
  expect(rules(`- [ ] T1 ${title}\n`)).not.toContain("vague-title");
});

test("a short title with words below it is not vague", () => {
  expect(rules("- [ ] T1 Backend\n  - Write the routes in src/routes.ts\n")).toEqual([]);
});

test("what is done, and checkpoints, need no files", () => {
  expect(rules("- [x] T1 Write the parser\n- [ ] T2 Test it in test/a.test.ts\n- [ ] Checkpoint: all green\n")).toEqual(
    [],
  );
});

test("a list in which no task names a file gets one line", () => {
  expect(rules("- [ ] T1 Write the parser\n- [ ] T2 Write the printer\n- [ ] T3 Write the docs\n")).toEqual([
    "no-files",
  ]);
});

test("findings come in the order of the file", () => {
  const lines = lintOf("- [ ] T1 Stuff\n- [ ]T2 Do it in src/a.ts\n- [ ] T1 Go on in src/b.ts\n").map(
    ({ place }) => place?.line,
  );
  expect(lines).toEqual([1, 2, 3]);
});
