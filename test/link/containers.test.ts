import { expect, test } from "vitest";
import { findParts, findTask, taskNames } from "../../src/link/statements/resolve.ts";
import { makeList } from "./make.ts";

const { tasks } = makeList({
  tasks: [
    { id: "1.1", parent: "1" },
    { id: "1.2.1", parent: "1.2" },
    { id: "2", parent: null },
    { id: "2.1", parent: "2" },
  ],
});
const names = taskNames(tasks);

test("a container that is no task is known by its parts, and theirs", () => {
  expect(findTask(names, "1")).toEqual([]);
  expect(findParts(names, "1")).toEqual([0, 1]);
  expect(findParts(names, "Task-1")).toEqual([0, 1]);
  expect(findParts(names, "1.2")).toEqual([1]);
});

test("a container that is a task is called by its own name", () => {
  expect(findTask(names, "2")).toEqual([2]);
  expect(findParts(names, "2")).toEqual([]);
});
