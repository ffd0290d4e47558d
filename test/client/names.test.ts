import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { startClient } from "./client.ts";
import { makeHome, makeProject } from "./home.ts";
import { startModel } from "./model.ts";
import { done, obey, plugin, write } from "./orchestrator.ts";
import { withClient } from "./withClient.ts";

/** Names that a shell would read as more than a name. */
const names = ["a$(touch X)`touch Y`b", "O'Brien's app", 'say "hi" !x a\\b', "two\nlines; touch X", "日本語 🎉 & é"];

withClient("a project whose folder has a name that a shell would run", () => {
  test.each(names)(
    "previews, starts and runs in that folder, and runs nothing else: %j",
    { timeout: 60_000 },
    async (name) => {
      await using model = await startModel((request) => {
        if (request.from !== "main") return null;
        // The command of this preview may be of several lines.
        const start = /^(node ".*" start [^]*?)\n\nFor another choice/m.exec(request.news)?.[1];
        return start === undefined
          ? obey(request)
          : { calls: [{ name: "Bash", input: { command: start, description: "start" } }] };
      });
      await using project = await makeProject({ "tasks.md": "- [ ] T1 Write `a.txt`\n" }, name);
      await using home = await makeHome(project.folder);
      // Not `acceptEdits` alone: nothing is allowed that the plugin's own hook does not allow.
      await using client = startClient({
        project: project.folder,
        home,
        model,
        pluginDir: plugin,
        prompt: "/orchestrate tasks.md",
        args: ["--permission-mode", "acceptEdits"],
      });
      const worker = await client.during(model.nextWorker());
      expect(worker.prompt).toMatch(/^\[orchestrate \S+ T1 /);
      await client.during(worker.act(write(project.folder, "a.txt", "made\n")));
      worker.end(done("T1", "a.txt"));
      expect((await client.exit).code).toBe(0);
      expect(await readFile(join(project.folder, "tasks.md"), "utf8")).toBe("- [x] T1 Write `a.txt`\n");
      expect((await readdir(project.folder)).toSorted()).toEqual([
        ".git",
        ".orchestrate",
        "README.md",
        "a.txt",
        "tasks.md",
      ]);
      expect(await readdir(dirname(project.folder))).toEqual([name]);
      expect(await readdir(home.folder)).not.toContain("X");
    },
  );
});
