import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeHome, makeProject } from "./home.ts";
import { startModel } from "./model.ts";
import { done, launchesIn, plugin, write } from "./orchestrator.ts";
import { startTerminal } from "./terminal.ts";
import { withTerminal } from "./withClient.ts";

withTerminal("in the interactive terminal", () => {
  test("a person pastes a list, sees the preview, says go, and the agents run it to the end", async () => {
    await using model = await startModel();
    await using project = await makeProject();
    await using home = await makeHome(project.folder);
    await using terminal = await startTerminal({
      project: project.folder,
      home,
      model,
      pluginDir: plugin,
      args: ["--permission-mode", "acceptEdits"],
    });
    await terminal.waitForScreen(/❯|> /);
    await terminal.paste('/orchestrate these tasks:\n1. Write `a.txt`, it\'s "first"\n2. Write `b.txt` (depends on 1)');
    await terminal.press("Enter");
    const preview = await model.nextMain();
    expect(preview.request.news).toContain("2  Write `b.txt`");
    const line = /^node ".*" start .*$/m.exec(preview.request.news)?.[0] ?? "";
    preview.answer({ text: "Two tasks, one after the other. Shall I go?" });
    await terminal.waitForScreen(/Shall I go\?/);

    await terminal.type("go");
    await terminal.press("Enter");
    (await model.nextMain()).answer({ calls: [{ name: "Bash", input: { command: line, description: "start" } }] });
    const started = await model.nextMain();
    expect(started.request.news).toContain("is started: 2 tasks");
    started.answer({ calls: launchesIn(started.request.news) });
    (await model.nextMain()).answer({ text: "The first agent is at work." });

    for (const [task, file] of [
      ["1", "a.txt"],
      ["2", "b.txt"],
    ] as const) {
      const worker = await model.nextWorker();
      expect(worker.prompt).toMatch(new RegExp(`^\\[orchestrate \\S+ ${task} `));
      await worker.act(write(project.folder, file, "made\n"));
      worker.end(done(task, file));
      const next = await model.nextMain();
      const calls = launchesIn(next.request.news);
      next.answer(calls.length > 0 ? { calls } : { text: "Everything is done." });
      if (calls.length > 0) (await model.nextMain()).answer({ text: "The second agent is at work." });
    }
    const screen = await terminal.waitForScreen(/Everything is done\./);
    if (process.env["SHOW_SCREEN"] === "1") process.stdout.write(screen);
    expect(screen).not.toMatch(/hook error|requires approval/i);
    expect(await readFile(join(project.folder, "b.txt"), "utf8")).toBe("made\n");
  });
});
