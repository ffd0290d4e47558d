import { expect, test } from "vitest";
import { explain } from "../../src/link/explain.ts";
import { linked } from "./help.ts";

const graph = linked({
  tasks: [
    { id: "A", files: ["a.ts"] },
    { id: "B", dependsOn: ["A"], files: ["b.ts"] },
    { id: "C", dependsOn: ["B"], files: ["c.ts"] },
    { id: "D", files: ["a.ts"] },
    { id: "E" },
  ],
  prose: [{ text: "B blocks A" }],
});

test("a wait is explained by its path, each step with its words and place", () => {
  expect(explain(graph, "A", "C")).toEqual([
    "C waits for A, through B:",
    "  B waits for A (stated): depends on A (tasks.md:111)",
    "  C waits for B (stated): depends on B (tasks.md:121)",
  ]);
});

test("a shared file, a task that runs alone and freedom are explained", () => {
  expect(explain(graph, "A", "D")).toEqual([
    "A and D may run in either order, but not together:",
    "  both use a.ts (file):",
    "    A: modifies a.ts (tasks.md:101)",
    "    D: modifies a.ts (tasks.md:131)",
  ]);
  expect(explain(graph, "A", "E")[1]).toBe(
    "  E runs beside no other task: it names no files, and nothing says that it may run beside others",
  );
  expect(explain(graph, "C", "D")).toEqual([
    "C and D may run together: neither waits for the other, and they share nothing known.",
  ]);
});

test("a statement that was not obeyed is told, and so is an id that is none", () => {
  expect(explain(graph, "B", "A").at(-1)).toBe(
    'Not obeyed: "B blocks A" (tasks.md:1001) would put B before A; stronger is "depends on A" (tasks.md:111).',
  );
  expect(explain(graph, "A", "Z")).toEqual(["There is no task Z."]);
});
