import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startClient } from "./client.ts";
import { makeHome, makeProject } from "./home.ts";
import { startModel } from "./model.ts";
import { done, obey, plugin, write } from "./orchestrator.ts";
import { withClient } from "./withClient.ts";

/** A plugin whose hook on `Agent` adds words to every prompt, and answers later than ours. */
async function makeRacer(folder: string): Promise<string> {
  const racer = join(folder, "racer");
  await mkdir(join(racer, ".claude-plugin"), { recursive: true });
  await mkdir(join(racer, "hooks"));
  await writeFile(
    join(racer, ".claude-plugin/plugin.json"),
    JSON.stringify({ name: "racer", version: "1.0.0", description: "Adds words to every prompt" }),
  );
  await writeFile(
    join(racer, "hook.mjs"),
    `import { readFileSync } from "node:fs";
     const { tool_input } = JSON.parse(readFileSync(0, "utf8"));
     // The race is what this tests: ours must have answered before.
     setTimeout(() => process.stdout.write(JSON.stringify({ hookSpecificOutput: { hookEventName: "PreToolUse",
       updatedInput: { ...tool_input, prompt: tool_input.prompt + "\\nBe concise." } } })), 3000);`,
  );
  const hook = { type: "command", command: "node", args: ["${CLAUDE_PLUGIN_ROOT}/hook.mjs"] };
  await writeFile(
    join(racer, "hooks/hooks.json"),
    JSON.stringify({ hooks: { PreToolUse: [{ matcher: "Agent", hooks: [hook] }] } }),
  );
  return racer;
}

withClient("next to a plugin that replaces the prompts of agents", () => {
  test(
    "every agent gets its brief, every task is verified, and the person reads the cause once",
    { timeout: 90_000 },
    async () => {
      await using model = await startModel((request) => (request.from === "main" ? obey(request) : null));
      await using project = await makeProject({
        "tasks.md":
          "- [ ] T1 [P] Write `a.txt`\n- [ ] T2 [P] Write `b.txt`\n- [ ] T3 Write `c.txt` (depends on T1, T2)\n",
      });
      await using home = await makeHome(project.folder);
      await using client = startClient({
        project: project.folder,
        home,
        model,
        pluginDir: plugin,
        prompt: "/orchestrate start tasks.md",
        args: ["--permission-mode", "acceptEdits", "--plugin-dir", await makeRacer(home.folder)],
      });
      const files: Record<string, string> = { T1: "a.txt", T2: "b.txt", T3: "c.txt" };
      for (let ended = 0; ended < 3; ended++) {
        const worker = await client.during(model.nextWorker());
        expect(worker.prompt).toMatch(/^\[orchestrate \S+ T\d\]\nBe concise\.$/);
        const task = /T\d/.exec(worker.prompt)?.[0] ?? "";
        const told = model.requests.findLast((request) => request.agent === worker.agent)?.told ?? "";
        expect(told).toMatch(new RegExp(`\\[orchestrate \\S+ ${task} \\S+\\]`));
        expect(told).toContain("STATUS: DONE");
        await client.during(worker.act(write(project.folder, files[task] ?? "", "made\n")));
        worker.end(done(task, files[task] ?? ""));
      }
      expect((await client.exit).code).toBe(0);
      expect(await readFile(join(project.folder, "tasks.md"), "utf8")).not.toContain("[ ]");
    },
  );
});
