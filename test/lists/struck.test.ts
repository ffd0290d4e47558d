import { expect, test } from "vitest";
import { readText } from "../../src/lists/readList.ts";

function tasksOf(text: string): Record<string, { status: string; title: string }> {
  const list = readText(text, "tasks.md");
  if (!list.ok) throw new Error(JSON.stringify(list.diagnostics));
  return Object.fromEntries(list.value.tasks.map(({ id, status, title }) => [id, { status, title }]));
}

test.each([
  ["- ~~T1: Add the model in `a.ts`~~ — DONE"],
  ["- ~~T1: Add the model in `a.ts`~~ ✅"],
  ["- T1: Add the model in `a.ts` ✅"],
  ["- T1: Add the model in `a.ts` — done"],
  ["- **T1**: Add the model in `a.ts` (completed 2025-01-02)"],
  ["- ✅ T1: Add the model in `a.ts`"],
  ["1. ~~Add the model in `a.ts`~~ (done)"],
])("an item that says it is done is done: %s", (first) => {
  const tasks = tasksOf(`# Tasks\n\n${first}\n${first.startsWith("1.") ? "2. " : "- T2: "}Add the view in \`b.ts\`\n`);
  const [done, open] = Object.values(tasks);
  expect(done).toEqual({ status: "done", title: "Add the model in `a.ts`" });
  expect(open?.status).toBe("pending");
  expect(Object.keys(tasks)).toEqual(first.startsWith("1.") ? ["1", "2"] : ["T1", "T2"]);
});

test("an item that is struck out and not called done is called off", () => {
  expect(tasksOf("# Tasks\n\n- ~~T1: Add the model~~\n- T2: Add the view\n")["T1"]?.status).toBe("cancelled");
});

test.each([
  ["- T1: Add the done button\n- T2: Add the view\n"],
  ["- T1: Mark orders as done\n- T2: Add the view\n"],
  ["- ✅ T1: Add the model\n- ✅ T2: Add the view\n"],
  ["- T1: Show ~~old~~ prices struck out\n- T2: Add the view\n"],
])("words and ornaments that say nothing of its state leave it open: %j", (list) => {
  expect(Object.values(tasksOf(`# Tasks\n\n${list}`)).map(({ status }) => status)).toEqual(["pending", "pending"]);
});
