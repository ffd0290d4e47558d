import { readFileSync, readdirSync } from "node:fs";
import { withCorpus } from "../corpus/withCorpus.ts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ListedTask } from "../../src/model/task.ts";
import { findLists, mayBeList, readFiles } from "../../src/lists/readList.ts";
import { mark } from "../../src/lists/write/mark.ts";
import { filesOf, fixtureFiles, setOf } from "./make.ts";

function marked(text: string, task: ListedTask, status: "done" | "pending"): string {
  const made = mark(text, task, status);
  return "text" in made ? made.text : `REASON ${made.reason}`;
}

/** Marks the task done and back, and checks that only the characters of its status ever differ. */
function thereAndBack(text: string, task: ListedTask): void {
  const { box } = task;
  if (!box) return;
  const isDone = box.was === box.done;
  const changed = marked(text, task, isDone ? "pending" : "done");
  const lines = [text.split(/\r\n|\r|\n/), changed.split(/\r\n|\r|\n/)].map((all) =>
    all.filter((_, index) => index !== box.line - 1),
  );
  expect(lines[1]).toEqual(lines[0]);
  expect(changed.length - text.length).toBe(
    isDone ? (box.open ?? " ").length - box.was.length : box.done.length - box.was.length,
  );
  expect(marked(changed, task, isDone ? "done" : "pending")).toBe(text);
}

const folders = [
  "taskMaster",
  "ccpm",
  "beads",
  "backlogMd",
  "gsd",
  "gsdRoadmap",
  "specKitty",
  "compozy",
  "bmad",
  "bmadStory",
  "cursor",
  "ralph",
  "claudeTasks",
  "taskCopilot",
  "featureList",
  "featureFlags",
  "ticket",
  "autoClaude",
  "taskwarrior",
  "org",
  "todoTxt",
];

test.each(folders)("%s: a status is marked in its place, and back again to the same bytes", (folder) => {
  const files = fixtureFiles(folder);
  const texts = new Map(
    files.map(({ file, bytes }) => [file, new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes)]),
  );
  const { tasks } = setOf(files);
  for (const task of tasks) thereAndBack(texts.get(task.box?.file ?? "") ?? "", task);
  const without = ["gsd", "taskCopilot"].includes(folder);
  expect(tasks.some(({ box }) => box !== null)).toBe(!without);
});

test("each tool's own word is written, in the quotes that stand there", () => {
  const word = (files: { file: string; bytes: Uint8Array }[], id: string): string | undefined => {
    const task = setOf(files).tasks.find((one) => one.id === id);
    const text = files.find(({ file }) => file === task?.box?.file)?.bytes.toString() ?? "";
    const done = task ? marked(text, task, "done") : "";
    return done.split("\n")[(task?.box?.line ?? 1) - 1]?.trim();
  };
  expect(word(fixtureFiles("ccpm"), "173")).toBe("status: 'closed'");
  expect(word(fixtureFiles("backlogMd"), "BACK-10")).toBe('status: "Done"');
  expect(word(fixtureFiles("ralph"), "US-002")).toContain('"passes": true }');
  expect(word(fixtureFiles("bmad"), "1.2")).toBe("1-2-session: done # soon");
  expect(word(fixtureFiles("specKitty"), "WP02")).toBe('lane: "done"');
  expect(word(fixtureFiles("claudeTasks"), "2")).toBe('"status": "completed",');
});

describe("several statuses on one line", () => {
  const statuses = fc.array(fc.constantFrom("pending", "done", "in-progress"), { minLength: 1, maxLength: 6 });

  test("are marked one after another, each in its place, and back", () => {
    fc.assert(
      fc.property(
        statuses,
        fc.boolean(),
        fc.constantFrom("\n", "\r\n", ""),
        fc.boolean(),
        (words, spaced, end, bom) => {
          const space = spaced ? " " : "";
          const entries = words.map(
            (word, index) =>
              `{"id":${space}${index + 1},"title":"a \\"status\\": pending","details":"","status":${space}"${word}"}`,
          );
          const text = `${bom ? "\ufeff" : ""}[${entries.join(`,${space}`)}]${end}`;
          const { tasks } = setOf(filesOf({ "tasks.json": text }));
          let all = text;
          for (const task of tasks) all = marked(all, task, "done");
          expect(all).toBe(text.replaceAll(/"status":( ?)"(?:pending|in-progress)"/g, '"status":$1"done"'));
          const open = tasks.filter(({ box }) => box?.was !== "done");
          for (const task of open) all = marked(all, task, "pending");
          expect(all).toBe(text);
        },
      ),
    );
  });

  test("a line that changed elsewhere is left as it is", () => {
    const text =
      '[{"id":1,"title":"a","details":"","status":"pending"},{"id":2,"title":"b","details":"","status":"pending"}]';
    const [, second] = setOf(filesOf({ "tasks.json": text })).tasks;
    if (!second) throw new Error("no task");
    expect(marked(text.replace('"a"', '"c"'), second, "done")).toContain("REASON");
  });
});

test("front matter keeps its comments, quotes, order and line ends", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("open", "'open'", '"open"', "in-progress", "closed"),
      fc.constantFrom("", " ", "   # note"),
      fc.constantFrom("\n", "\r\n"),
      fc.boolean(),
      (value, tail, end, first) => {
        const fields = ["name: A", "depends_on: []", `status: ${value}${tail}`];
        const text = ["---", ...(first ? fields.toReversed() : fields), "---", "status: open", ""].join(end);
        const [task] = setOf(filesOf({ "epics/x/001.md": text })).tasks;
        if (!task?.box) throw new Error("no box");
        thereAndBack(text, task);
        expect(marked(text, task, "done")).toContain("closed");
      },
    ),
  );
});

const corpus = "../shared/corpus";
const kinds = [
  "task-master",
  "ccpm",
  "backlog-md",
  "gsd-roadmap",
  "spec-kitty",
  "compozy",
  "bmad",
  "cursor-plan",
  "ralph-prd-json",
];

withCorpus("real files", () => {
  test.each(kinds)("of %s: marked and back, every task", (kind) => {
    const alone = ["task-master", "gsd-roadmap", "bmad", "cursor-plan", "ralph-prd-json"].includes(kind);
    const names = readdirSync(`${corpus}/${kind}`, { recursive: true }).map((name) => `${kind}/${String(name)}`);
    const files = names
      .filter((name) => /\.(?:md|json|ya?ml)$/.test(name) && (alone || mayBeList(name)))
      .map((file) => ({ file, bytes: readFileSync(`${corpus}/${file}`) }));
    const lists = alone ? files.map(({ file }) => ({ files: [file] })) : findLists(files);
    expect(lists.length).toBeGreaterThan(0);
    for (const { files: own } of lists) {
      const list = readFiles(files.filter(({ file }) => own.includes(file)));
      if (!list.ok) throw new Error(JSON.stringify(list.diagnostics.slice(0, 2)));
      const texts = new Map(
        files.map(({ file, bytes }) => [file, new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes)]),
      );
      // Long files with hundreds of tasks: every seventh is enough.
      const every = list.value.tasks.length > 100 ? 7 : 1;
      for (const [index, task] of list.value.tasks.entries())
        if (index % every === 0) thereAndBack(texts.get(task.box?.file ?? "") ?? "", task);
    }
  });
});
