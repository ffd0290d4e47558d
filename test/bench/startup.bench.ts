import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { expect, test } from "vitest";
import { median, show, table } from "./table.ts";

const rounds = 30;

/** Ten phases of ten tasks, as GitHub spec-kit writes them: setup, foundation, seven stories, polish. */
function speckit(): string {
  const phases = Array.from({ length: 10 }, (_, number) => {
    const story = number > 1 && number < 9 ? ` [US${number - 1}]` : "";
    const title =
      ["Setup", "Foundational"][number] ??
      (story === "" ? "Polish" : `User Story ${number - 1} - Part ${number} (Priority: P${number - 1})`);
    const tasks = Array.from({ length: 10 }, (__, index) => {
      const id = `T${String(number * 10 + index + 1).padStart(3, "0")}`;
      return `- [ ] ${id}${index < 5 ? " [P]" : ""}${story} Create part ${index} in src/part${number}/file${index}.ts`;
    });
    return [`## Phase ${number + 1}: ${title}`, "", ...tasks, ""].join("\n");
  });
  const rules =
    "## Dependencies & Execution Order\n\n### Phase Dependencies\n\n- **Foundational (Phase 2)**: Depends on Setup completion - BLOCKS all user stories\n";
  return `# Tasks: A feature\n\n## Format: \`[ID] [P?] [Story] Description\`\n\n${phases.join("\n")}\n${rules}`;
}

test("whole processes of the helper, in turn with bare node so that a slow moment slows all alike", () => {
  const folder = mkdtempSync(join(tmpdir(), "orchestrate-startup-"));
  const list = join(folder, "specs", "001-feature", "tasks.md");
  const empty = join(folder, "empty.mjs");
  mkdirSync(dirname(list), { recursive: true });
  writeFileSync(empty, "");
  writeFileSync(list, speckit());
  const prompt = JSON.stringify({ hook_event_name: "UserPromptSubmit", session_id: "s", cwd: folder, prompt: "hi" });
  /** `limit`: how often the time of bare node it may take. */
  const cases = [
    { name: "bare node", args: [empty], input: "", limit: 1 },
    { name: "hook, no run", args: [resolve("dist/hook.mjs")], input: prompt, limit: 1.35 },
    { name: "plan, 100 tasks", args: [resolve("dist/cli.mjs"), "plan", list], input: "", limit: 4 },
  ].map((one) => ({ ...one, times: [] as number[] }));
  for (let round = 0; round < rounds; round += 1)
    for (const { args, input, times } of cases) {
      const from = performance.now();
      const { status, stderr } = spawnSync(process.execPath, args, {
        input,
        cwd: folder,
        encoding: "utf8",
        env: { ...process.env, CLAUDE_PROJECT_DIR: folder },
      });
      times.push(performance.now() - from);
      expect({ status, stderr }).toMatchObject({ status: 0 });
    }
  rmSync(folder, { recursive: true });
  const bare = cases[0]?.times ?? [];
  const rows = cases.map(({ name, times, limit }) => {
    const [middle, least] = [median(times), Math.min(...times)];
    const ratio = least / Math.min(...bare);
    const cells = [
      name,
      ...[middle, middle - median(bare), least, least - Math.min(...bare)].map((ms) => ms.toFixed(1)),
    ];
    return { name, limit, ratio, cells: [...cells, ratio.toFixed(2), String(limit)] };
  });
  show(
    table(
      ["ms", "median", "over node", "minimum", "over node", "times node", "at most"],
      rows.map(({ cells }) => cells),
    ),
  );
  for (const { name, ratio, limit } of rows) expect(ratio, name).toBeLessThanOrEqual(limit);
});
