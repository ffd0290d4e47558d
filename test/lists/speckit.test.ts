import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { withCorpus } from "../corpus/withCorpus.ts";
import { fixture, listOf } from "./make.ts";

describe("a spec-kit list", () => {
  const list = listOf(fixture("speckit.md"), "specs/003-invoices/tasks.md");
  const task = (id: string) => list.tasks.find((one) => one.id === id);

  test("is recognised by what it says, and the reason is in words", () => {
    expect(list.format).toBe("speckit");
    expect(list.detected).toContain("8 boxes with ids such as T001");
    expect(list.title).toBe("Invoices");
    expect(list.order).toBe("barriers");
  });

  test("has the boxes of its phases as tasks, in order", () => {
    expect(list.tasks.map(({ id }) => id)).toEqual(["T001", "T002", "T003", "T004", "T005", "T006", "T007", "T008"]);
    expect(task("T001")?.status).toBe("done");
    expect(task("T005")).toMatchObject({
      title: "Create Invoice model in src/models/invoice.ts",
      parallel: true,
      story: "US1",
    });
    expect(task("T006")).toMatchObject({ title: "Add the route to src/app.ts", parallel: null });
    expect(task("T007")).toMatchObject({
      parallel: true,
      files: [{ path: "src/app/[id]/page.tsx", access: "modify" }],
    });
  });

  test("sets other boxes aside, each with its line and reason, and counts them", () => {
    const boxes = list.setAside.filter(({ text }) => !text.startsWith("#"));
    expect(boxes.map(({ line, reason }) => `${line} ${reason}`)).toEqual([
      "38 inside an HTML comment",
      "52 inside a code fence",
      '61 under the heading "Validation Checklist"',
    ]);
    expect(list.boxes).toBe(list.tasks.length + boxes.length);
  });

  test("has the kinds of its phases; sub-headings do not divide them", () => {
    expect(list.phases.map(({ number, kind, story, ordered }) => [number, kind, story, ordered])).toEqual([
      ["1", "setup", null, true],
      ["2", "foundational", null, true],
      ["3", "story", "US1", false],
      ["N", "polish", null, true],
    ]);
    expect(task("T005")?.phaseIndex).toBe(2);
  });

  test("keeps dependency sections as prose, with headings and fences", () => {
    expect(list.prose.find(({ text }) => text === "- T006 blocks T008")?.headings).toEqual([
      "Tasks: Invoices",
      "Dependencies & Execution Order",
    ]);
    expect(list.prose.find(({ text }) => text.startsWith("Task: "))?.fence).toBe("bash");
  });

  test("ticks with X where the file does so", () => {
    expect(listOf("- [X] T001 a\n- [ ] T002 b\n").tasks[1]?.box).toMatchObject({
      line: 2,
      column: 4,
      was: " ",
      done: "X",
    });
    expect(task("T003")?.box?.done).toBe("x");
  });

  test("a second T001 is T001#2, with a warning that names both lines", () => {
    const twice = listOf("- [ ] T001 [P] a\n- [ ] T001 [P] b\n");
    expect(twice.tasks.map(({ id, writtenId }) => [id, writtenId])).toEqual([
      ["T001", "T001"],
      ["T001#2", "T001"],
    ]);
    expect(twice.diagnostics[0]).toMatchObject({
      rule: "duplicate-id",
      place: { line: 2 },
      related: [{ place: { line: 1 } }],
    });
  });

  test("a state that is none is set aside, not lost", () => {
    expect(listOf("- [ ] T001 [P] a\n- [5] T069 [5] b\n").setAside[0]?.reason).toBe("`[5]` is no state of a box");
  });

  test("bold ids, letter suffixes and other prefixes are ids", () => {
    const list = listOf("- [ ] **T001** [P] a\n- [ ] T001a [US1] b\n- [X] [SETUP-001] P1 Install\n- [ ] US1-002 c\n");
    expect(list.tasks.map(({ id, title }) => `${id} ${title}`)).toEqual([
      "T001 a",
      "T001a b",
      "SETUP-001 Install",
      "US1-002 c",
    ]);
  });
});

const corpus = "../shared/corpus/speckit";
withCorpus("real spec-kit files", () => {
  test.each(existsSync(corpus) ? readdirSync(corpus) : [])("%s: every box is a task or set aside", (name) => {
    const list = listOf(readFileSync(`${corpus}/${name}`, "utf8"), name);
    expect(list.format).toBe("speckit");
    expect(list.tasks.length).toBeGreaterThan(5);
    expect(list.tasks.length + list.setAside.filter(({ text }) => /^\s*[-*+] \[[ xX]?\]/.test(text)).length).toBe(
      list.boxes,
    );
  });
});
