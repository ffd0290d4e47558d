import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { unaccounted } from "./edges.ts";
import { mark } from "../../src/lists/write/mark.ts";
import { withCorpus } from "../corpus/withCorpus.ts";
import { listOf } from "./make.ts";

const corpus = "../shared/corpus";
const folders = [
  ["openspec", "openspec"],
  ["kiro", "kiro"],
  ["cc-spec-workflow", "spec-workflow"],
  ["spec-workflow", "spec-workflow"],
  ["superpowers", "superpowers"],
  ["sisyphus", null],
  ["agent-os", "agent-os"],
  ["conductor", "conductor"],
  ["other-tasks-md", null],
  ["speckit", "speckit"],
] as const;
const files = existsSync(corpus)
  ? folders.flatMap(([folder, format]) =>
      readdirSync(`${corpus}/${folder}`).map((name) => [`${folder}/${name}`, format] as const),
    )
  : [];

withCorpus("real lists", () => {
  test.each(files)(
    "%s is read, every box is a task or set aside, and a tick taken back leaves the same bytes",
    (name, format) => {
      const text = readFileSync(`${corpus}/${name}`, "utf8");
      const list = listOf(text, name);
      expect(list.tasks.length).toBeGreaterThan(2);
      expect(unaccounted(text, name)).toBe(0);
      for (const task of list.tasks.filter(({ box }) => box !== null)) {
        const [there, back] = task.status === "done" ? (["pending", "done"] as const) : (["done", "pending"] as const);
        const marked = mark(text, task, there);
        expect(marked).toHaveProperty("text");
        expect("text" in marked && mark(marked.text, task, back)).toEqual({ text });
      }
      if (format !== null) expect(list.format).toBe(format);
    },
  );
});
