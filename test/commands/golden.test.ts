import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { answer } from "../../src/commands/commandLine.ts";
import { displayWidth } from "../../src/text/layout.ts";
import { makeWorld } from "./world.ts";

const folder = join(import.meta.dirname, "../golden");
const lists = readdirSync(folder).filter((file) => file.endsWith(".md"));

/** What is asked beside `plan LIST`. */
const more: Readonly<Record<string, string[]>> = {
  "spec-kit.md": [
    "plan spec-kit.md --why",
    "plan spec-kit.md --mermaid",
    "plan spec-kit.md --tasks T002-T006",
    "plan spec-kit.md --tasks T006",
    "explain spec-kit.md T002 T006",
    "explain spec-kit.md T004 T005",
    "explain spec-kit.md T004 T099",
  ],
  "shared-files.md": ["plan shared-files.md --mermaid", "explain shared-files.md T001 T002"],
  "hostile.md": ["plan hostile.md --why", "plan hostile.md --mermaid", "explain hostile.md T001 T002"],
  "unknown-files.md": ["plan unknown-files.md --parallel", "explain unknown-files.md 1 2"],
  "empty.md": ["plan missing.md", "plan ."],
};

async function said(line: string, columns: number): Promise<string> {
  const { out, err, code } = await answer(line.split(" "), makeWorld({ cwd: folder, columns }));
  return `$ ${line}\n${out}${err}[exit code ${code}]\n`;
}

test.each(lists)("%s: the whole output is as written down", async (list) => {
  const lines = [`plan ${list}`, ...(more[list] ?? [])];
  const all = [];
  for (const line of lines) all.push(await said(line, 80));
  await expect(all.join("\n")).toMatchFileSnapshot(join(folder, list.replace(/md$/, "out")));
});

test.each([40, 60, 80, 120])("no line of a preview is wider than a terminal of %i columns", async (columns) => {
  for (const list of lists) {
    const { out } = await answer(["plan", list, "--why"], makeWorld({ cwd: folder, columns }));
    for (const line of out.split("\n")) expect(displayWidth(line), `${list}: ${line}`).toBeLessThanOrEqual(columns);
  }
});

test("no output holds a character that a terminal obeys", async () => {
  for (const list of lists) {
    for (const line of [`plan ${list}`, `plan ${list} --why`, `plan ${list} --mermaid`]) {
      expect(await said(line, 80), line).not.toMatch(/(?!\n)[\p{Cc}\p{Bidi_Control}]/u);
    }
  }
});
