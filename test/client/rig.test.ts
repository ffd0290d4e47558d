import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startClient } from "./client.ts";
import { installPlugin, makeHome, makeProject } from "./home.ts";
import { startModel } from "./model.ts";
import { startTerminal } from "./terminal.ts";
import { withClient, withTerminal } from "./withClient.ts";

const launch = (name: string) => ({ name: "Agent", input: { description: name, prompt: `do ${name}` } });

withClient("the rig", () => {
  test("a prompt reaches the model, and its answer ends the run", async () => {
    await using model = await startModel(({ from }) => (from === "main" ? { text: "Good day." } : null));
    await using project = await makeProject();
    await using home = await makeHome(project.folder);
    await using client = startClient({ project: project.folder, home, model, prompt: "- say `good day`" });

    expect(await client.exit).toEqual({ code: 0, signal: null, stderr: "" });
    expect(client.events.findLast((event) => event.type === "result")?.result).toBe("Good day.");
    expect(model.mainRequests().map((request) => request.prompt)).toEqual(["- say `good day`"]);
  });

  test("two subagents work side by side and the test decides what each does and when", async () => {
    await using model = await startModel();
    await using project = await makeProject({ "notes.txt": "old\n" });
    await using home = await makeHome(project.folder);
    await using client = startClient({
      project: project.folder,
      home,
      model,
      prompt: "go",
      args: ["--permission-mode", "acceptEdits"],
    });

    (await client.during(model.nextMain())).answer({ text: "Both now.", calls: [launch("T001"), launch("T002")] });
    const second = await client.during(model.nextWorker((prompt) => prompt.includes("T002")));
    const first = await client.during(model.nextWorker((prompt) => prompt.includes("T001")));
    (await model.nextMain()).answer({ text: "Waiting." });

    const file = join(project.folder, "made.txt");
    const { results } = await second.act({ name: "Write", input: { file_path: file, content: "made\n" } });
    expect(results.map((result) => result.isError)).toEqual([false]);
    expect(await readFile(file, "utf8")).toBe("made\n");

    second.end("T002 is done");
    const notified = await client.during(model.nextMain());
    expect(notified.request.news).toContain(`<task-id>${second.agent}</task-id>`);
    expect(notified.request.news).toContain("<result>T002 is done</result>");
    notified.answer({ text: "One to go." });

    first.end("T001 is done");
    (await client.during(model.nextMain())).answer({ text: "All done." });
    expect((await client.exit).code).toBe(0);
    expect(first.prompt).toBe("do T001");
    expect(new Set(model.requests.flatMap(({ agent }) => agent ?? []))).toEqual(new Set([first.agent, second.agent]));
  });

  test("a client killed in the middle leaves a session that can be resumed, and none of its requests behind", async () => {
    await using model = await startModel();
    await using project = await makeProject();
    await using home = await makeHome(project.folder);
    const options = { project: project.folder, home, model };
    await using killed = startClient({ ...options, prompt: "go" });

    (await killed.during(model.nextMain())).answer({ calls: [launch("T001")] });
    const worker = await killed.during(model.nextWorker());
    const { session } = (await killed.during(model.nextMain())).request;
    killed.kill("SIGKILL");
    expect(await killed.exit).toMatchObject({ code: null, signal: "SIGKILL" });
    worker.end("nobody hears this");

    await using resumed = startClient({ ...options, prompt: "and now?", args: ["--resume", session ?? ""] });
    const { request, answer } = await resumed.during(model.nextMain());
    expect(request.session).toBe(session);
    // Whether the client tells of the worker, and in which words, depends on how far it had written its own records.
    expect(request.news).toContain("and now?");
    answer({ text: "I see." });
    expect((await resumed.exit).code).toBe(0);
  });

  test("a plugin can be installed into the home from a marketplace, and its command then reaches the model", async () => {
    await using model = await startModel(({ from }) => (from === "main" ? { text: "Good day." } : null));
    await using marketplace = await makeProject({
      ".claude-plugin/marketplace.json": JSON.stringify({
        name: "shop",
        owner: { name: "Somebody" },
        plugins: [{ name: "greeter", source: "./", description: "Greets" }],
      }),
      ".claude-plugin/plugin.json": JSON.stringify({ name: "greeter", version: "1.0.0", description: "Greets" }),
      "commands/greet.md": "---\nname: greet\ndescription: Greets\n---\nGreet from ${CLAUDE_PLUGIN_ROOT}: $ARGUMENTS\n",
    });
    await using project = await makeProject();
    await using home = await makeHome(project.folder);
    await installPlugin(home, marketplace.folder, "greeter@shop");
    await using client = startClient({ project: project.folder, home, model, prompt: "/greet Ada" });

    expect((await client.exit).code).toBe(0);
    expect(model.mainRequests().at(-1)?.prompt).toMatch(/Greet from .+: Ada/);
  });

  test("a home and a project are gone when the test is", async () => {
    let folders: string[];
    {
      await using project = await makeProject();
      await using home = await makeHome(project.folder);
      folders = [project.folder, home.folder];
    }
    for (const folder of folders) await expect(access(folder)).rejects.toThrow("ENOENT");
  });
});

withTerminal("the rig in a terminal", () => {
  test("the interactive client answers in its terminal", async () => {
    await using model = await startModel(({ from }) => (from === "main" ? { text: "Good day." } : null));
    await using project = await makeProject();
    await using home = await makeHome(project.folder);
    await using terminal = await startTerminal({ project: project.folder, home, model });

    await terminal.waitForScreen(/❯|> /);
    await terminal.type("say good day");
    await terminal.press("Enter");
    expect(await terminal.waitForScreen(/Good day\./)).toContain("say good day");
  });
});
