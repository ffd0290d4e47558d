import { expect, test } from "vitest";
import { both } from "../../src/demo/resolve.ts";

const first = 'import { a } from "./a.js";';
const second = 'import { b } from "./b.js";';
const rest = "\nexport function receipt() {}\n";

test("of one conflict over imports and list, both imports stay and the list holds the sections of both sides", () => {
  const marked = `<<<<<<< HEAD\n${first}\n\nconst sections = [items, a];\n=======\n${second}\n\nconst sections = [items, b];\n>>>>>>> 1234\n${rest}`;
  expect(both(marked)).toBe(`${first}\n${second}\n\nconst sections = [items, a, b];\n${rest}`);
});

test("two conflicts with the text of the base in them are resolved each for itself", () => {
  const imports = `<<<<<<< HEAD\n${first}\n||||||| base\n=======\n${second}\n>>>>>>> 1234\n`;
  const list =
    "<<<<<<< HEAD\nconst sections = [items, a];\n||||||| base\nconst sections = [items];\n=======\nconst sections = [items, b];\n>>>>>>> 1234\n";
  expect(both(`${imports}\n${list}${rest}`)).toBe(`${first}\n${second}\n\nconst sections = [items, a, b];\n${rest}`);
});

test("a text without a conflict stays as it is", () => {
  expect(both(`${first}\n${rest}`)).toBe(`${first}\n${rest}`);
});
