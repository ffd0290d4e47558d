// How long the helper's starts take beside bare node, as whole processes, run in turn so that a slow moment slows all alike.
// Prints the median and the minimum in milliseconds; `--check` fails when a minimum is far over its limit.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "orchestrate-startup-"));
const list = join(folder, "specs", "001-feature", "tasks.md");
const empty = join(folder, "empty.mjs");
mkdirSync(join(folder, "specs", "001-feature"), { recursive: true });
writeFileSync(empty, "");
/** Ten phases of ten tasks, as GitHub spec-kit writes them: setup, foundation, seven stories, polish. */
const phase = (number) => {
  const story = number > 1 && number < 9 ? ` [US${number - 1}]` : "";
  const title =
    ["Setup", "Foundational"][number] ??
    (story === "" ? "Polish" : `User Story ${number - 1} - Part ${number} (Priority: P${number - 1})`);
  const tasks = Array.from({ length: 10 }, (_, index) => {
    const id = `T${String(number * 10 + index + 1).padStart(3, "0")}`;
    return `- [ ] ${id}${index < 5 ? " [P]" : ""}${story} Create part ${index} in src/part${number}/file${index}.ts`;
  });
  return [`## Phase ${number + 1}: ${title}`, "", ...tasks, ""].join("\n");
};
const rules =
  "## Dependencies & Execution Order\n\n### Phase Dependencies\n\n- **Foundational (Phase 2)**: Depends on Setup completion - BLOCKS all user stories\n";
writeFileSync(
  list,
  `# Tasks: A feature\n\n## Format: \`[ID] [P?] [Story] Description\`\n\n${Array.from({ length: 10 }, (_, number) => phase(number)).join("\n")}\n${rules}`,
);

const prompt = JSON.stringify({ hook_event_name: "UserPromptSubmit", session_id: "s", cwd: folder, prompt: "hi" });
const cases = {
  "bare node": { args: [empty], input: "", limit: 0 },
  "hook, no run": { args: [join(root, "dist/hook.mjs")], input: prompt, limit: 10 },
  "plan, 100 tasks": { args: [join(root, "dist/cli.mjs"), "plan", list], input: "", limit: 100 },
};
const times = new Map(Object.keys(cases).map((name) => [name, []]));
const rounds = Number(process.argv.find((word) => /^\d+$/.test(word)) ?? 30);
for (let round = 0; round < rounds; round++) {
  for (const [name, { args, input }] of Object.entries(cases)) {
    const from = performance.now();
    const { status, stderr } = spawnSync(process.execPath, args, {
      input,
      cwd: folder,
      encoding: "utf8",
      env: { ...process.env, CLAUDE_PROJECT_DIR: folder },
    });
    if (status !== 0) throw new Error(`${name}: ${stderr}`);
    times.get(name).push(performance.now() - from);
  }
}
rmSync(folder, { recursive: true });
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const bare = times.get("bare node");
let failed = false;
for (const [name, { limit }] of Object.entries(cases)) {
  const own = times.get(name);
  const [over, least] = [median(own) - median(bare), Math.min(...own) - Math.min(...bare)];
  process.stdout.write(
    `${name.padEnd(16)} median ${median(own).toFixed(1)} ms (+${over.toFixed(1)}), minimum ${Math.min(...own).toFixed(1)} ms (+${least.toFixed(1)})${limit > 0 ? `, at most +${limit}` : ""}\n`,
  );
  // As a guard in the tests half as much again is let pass: machines that test are busy, and a real step back is larger.
  if (limit > 0 && least > 1.5 * limit) failed = true;
}
if (process.argv.includes("--check") && failed) process.exitCode = 1;
