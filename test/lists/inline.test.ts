import { describe, expect, test } from "vitest";
import { listOf, refusalOf } from "./make.ts";

const titles = (text: string): string[] => listOf(text, "inline").tasks.map(({ id, title }) => `${id} ${title}`);

describe("a list typed by hand", () => {
  test("on one line, split at ascending numbers only", () => {
    expect(titles("these tasks: 1. Update docs 2. Add tests 3. Update changelog")).toEqual([
      "1 Update docs",
      "2 Add tests",
      "3 Update changelog",
    ]);
    expect(titles("1) Upgrade to node 20 2) Drop version 4. of it")).toEqual([
      "1 Upgrade to node 20",
      "2 Drop version 4. of it",
    ]);
    expect(listOf("do: 1. a 2. b", "inline").tasks[1]?.source).toEqual({ file: "inline", line: 1, column: 13 });
  });

  test("on many lines, numbered, with bullets, boxes or nothing", () => {
    expect(titles("implementation of:\n1. GET /users/{id} endpoint\n2. POST /users endpoint")).toEqual([
      "1 GET /users/{id} endpoint",
      "2 POST /users endpoint",
    ]);
    expect(titles("these:\n- a\n- b")).toEqual(["1 a", "2 b"]);
    expect(titles("- [ ] a\n- [x] b")).toEqual(["1 a", "2 b"]);
    expect(titles("these:\nAdd docs\nAdd tests")).toEqual(["1 Add docs", "2 Add tests"]);
    expect(titles("these tasks: 1. Update docs\n2. Add tests")).toEqual(["1 Update docs", "2 Add tests"]);
  });

  test("`in parallel` before the list is the person's word", () => {
    expect(listOf("run these in parallel: 1. a 2. b", "inline").options).toEqual({ parallel: true });
    expect(listOf("not in parallel please: 1. a 2. b", "inline").options).toEqual({});
    expect(listOf("1. test in parallel 2. b", "inline").options).toEqual({});
  });

  test("`tasks 3-5` over three bullets numbers them", () => {
    const list = listOf("tasks 3-5 in parallel:\n- Add validators\n- Add endpoints\n- Add tests", "inline");
    expect(list.tasks.map(({ id }) => id)).toEqual(["3", "4", "5"]);
    expect(list.options).toEqual({ parallel: true });
  });

  test("running text is never cut up by guess", () => {
    const [fault] = refusalOf("Implement: login, logout and sessions", "inline");
    expect(fault?.rule).toBe("ask-split");
    expect(fault?.fix).toContain("1. login 2. logout 3. sessions");
    expect(refusalOf("- a - b", "inline")[0]?.rule).toBe("ask-split");
    expect(refusalOf("fix the login", "inline")[0]?.rule).toBe("empty-list");
  });
});
