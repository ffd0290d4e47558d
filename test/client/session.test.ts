import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFailed, test } from "vitest";
import * as z from "zod";
import { startClient, type Client } from "./client.ts";
import { installPlugin, makeHome, makeProject, type Home, type Project } from "./home.ts";
import { startModel, type Model } from "./model.ts";
import { done, helper, launchesIn, obey, plugin, write } from "./orchestrator.ts";
import type { ModelRequest } from "./request.ts";
import { withClient } from "./withClient.ts";

const accept = ["--permission-mode", "acceptEdits"];
const onlyMain = (request: ModelRequest) => (request.from === "main" ? obey(request) : null);

/** The eight tasks of the rate-limiting guide, with boxes to tick. */
const rateLimiting = `# Add rate limiting

- [ ] 1. Add rate limit middleware in \`src/middleware.ts\` (sequential - foundation)
- [ ] 2. Add Redis connection for rate tracking in \`src/redis.ts\` (sequential - foundation)
- [ ] 3. Add rate limit configuration in \`src/config.ts\` (depends on 1, 2)
- [ ] 4. Update API endpoints in \`src/endpoints.ts\` to use the middleware (depends on 1, 2, 3)
- [ ] 5. Add rate limit tests in \`test/limit.test.ts\` (depends on 1, 2, 3)
- [ ] 6. Update API documentation in \`docs/api.md\` (depends on 3)
- [ ] 7. Add monitoring for rate limits in \`src/monitoring.ts\` (depends on 1, 2, 3)
- [ ] 8. Update changelog in \`CHANGELOG.md\` (depends on 3)
`;
const rateLimitingFiles = [
  "src/middleware.ts",
  "src/redis.ts",
  "src/config.ts",
  "src/endpoints.ts",
  "test/limit.test.ts",
  "docs/api.md",
  "src/monitoring.ts",
  "CHANGELOG.md",
];

/** Three side by side, and a fourth that needs a file of the first. */
const threeAndOne = `- [ ] T1 [P] Write \`a.txt\`
- [ ] T2 [P] Write \`b.txt\`
- [ ] T3 [P] Write \`c.txt\`
- [ ] T4 [P] Also write \`a.txt\`
`;

interface Surroundings {
  readonly model: Model;
  readonly project: Project;
  readonly home: Home;
}

function start(
  { model, project, home }: Surroundings,
  prompt: string,
  args: string[] = [],
  env: Record<string, string> = {},
): Client {
  onTestFailed(async () => {
    const events = await journal(project).catch(() => []);
    const asked = model.requests.map(({ from, agent, news }) => `${from} ${agent ?? ""}: ${news.slice(-300)}`);
    process.stderr.write([...events.map((event) => JSON.stringify(event).slice(0, 300)), ...asked, ""].join("\n"));
  });
  return startClient({
    project: project.folder,
    home,
    model,
    pluginDir: plugin,
    prompt,
    args: [...accept, ...args],
    env,
  });
}

const JournalEvent = z.looseObject({ type: z.string(), task: z.string().nullish(), reason: z.string().optional() });

/** What the journal of the newest run says, in order. */
async function journal(project: Project): Promise<z.infer<typeof JournalEvent>[]> {
  const { run } = z
    .looseObject({ run: z.string() })
    .parse(JSON.parse(await readFile(join(project.folder, ".orchestrate/current.json"), "utf8")));
  const text = await readFile(join(project.folder, ".orchestrate/runs", run, "events.jsonl"), "utf8");
  return text
    .trim()
    .split("\n")
    .map((line) => JournalEvent.parse(JSON.parse(line)));
}

/** How often each task was launched and how often it became done, as `launched/done`. */
async function tally(project: Project): Promise<Record<string, string>> {
  const events = await journal(project);
  const count = (task: string, type: string): number =>
    events.filter((event) => event.task === task && event.type === type).length;
  const tasks = [...new Set(events.flatMap((event) => event.task ?? []))].toSorted();
  return Object.fromEntries(tasks.map((task) => [task, `${count(task, "dispatched")}/${count(task, "done")}`]));
}

/** Everything that the main model was told in this session. */
function told(model: Model): string {
  return model
    .mainRequests()
    .map((request) => request.news)
    .join("\n");
}

/** The task that a worker's brief names. */
function taskOf(worker: { prompt: string }): string {
  return /^\[orchestrate \S+ (\S+) \S+\]/.exec(worker.prompt)?.[1] ?? "";
}

/** Lets workers come as they do and each finish its task by writing `text` to its file. */
async function finish(
  client: Client,
  { model, project }: Surroundings,
  fileOf: (task: string) => string,
  tasks: number,
): Promise<string[]> {
  const order: string[] = [];
  for (let ended = 0; ended < tasks; ended++) {
    const worker = await client.during(model.nextWorker());
    const task = taskOf(worker);
    order.push(task);
    await client.during(worker.act(write(project.folder, fileOf(task), `made by ${task}\n`)));
    worker.end(done(task, fileOf(task)));
  }
  return order;
}

withClient("the session engine", () => {
  test("eight tasks run from launch to last tick, each once, none before what it needs", async () => {
    await using model = await startModel(onlyMain);
    await using project = await makeProject({ "tasks.md": rateLimiting });
    await using home = await makeHome(project.folder);
    await using client = start({ model, project, home }, "/orchestrate start tasks.md");

    const order = await finish(
      client,
      { model, project, home },
      (task) => rateLimitingFiles[Number(task) - 1] ?? "",
      8,
    );
    expect((await client.exit).code).toBe(0);
    expect(order.slice(0, 3)).toEqual(["1", "2", "3"]);
    expect(order.toSorted()).toEqual(["1", "2", "3", "4", "5", "6", "7", "8"]);
    expect(await readFile(join(project.folder, "tasks.md"), "utf8")).toBe(rateLimiting.replaceAll("[ ]", "[x]"));
    expect(told(model)).toContain("8 of 8 tasks done and verified");
    // A worker whose end the client tells in the middle of a turn is not counted: no hook sees that.
    const measured = (await journal(project)).flatMap((event) => (event.type === "measured" ? event.task : []));
    expect(measured.length).toBeGreaterThan(0);
    expect(new Set(measured).size).toBe(measured.length);
    expect(await project.git("status", "--porcelain")).not.toContain(".orchestrate");
  });

  test.each([
    "/orchestrate",
    "/orchestrate:orchestrate",
    "/parallel-orchestrate --engine session",
    "/orchestrate:parallel-orchestrate --engine session",
  ])("%s previews, and starts only when told to go", async (command) => {
    await using model = await startModel();
    await using project = await makeProject({ "tasks.md": "- [ ] T1 Write `a.txt`\n" });
    await using home = await makeHome(project.folder);
    const world = { model, project, home };
    await using preview = start(world, `${command} tasks.md`);
    const { request, answer } = await preview.during(model.nextMain());
    expect(request.told).toContain("T1");
    expect(request.told).toContain("Launch nothing before they say so");
    expect(await project.git("status", "--porcelain", "--ignored")).toBe("");
    answer({ text: "Shall I go?" });
    expect((await preview.exit).code).toBe(0);

    await using go = start(world, "go", ["--resume", request.session ?? ""]);
    const asked = await go.during(model.nextMain());
    const line = /^node ".*" start .*$/m.exec(asked.request.told)?.[0] ?? "";
    asked.answer({ calls: [{ name: "Bash", input: { command: line, description: "start" } }] });
    const started = await go.during(model.nextMain());
    expect(started.request.news).toContain("is started: 1 task");
    started.answer({ calls: launchesIn(started.request.news) });
    (await go.during(model.nextMain())).answer({ text: "Waiting." });
    await finish(go, world, () => "a.txt", 1);
    (await go.during(model.nextMain())).answer({ text: "Done." });
    expect((await go.exit).code).toBe(0);
    expect(await readFile(join(project.folder, "tasks.md"), "utf8")).toBe("- [x] T1 Write `a.txt`\n");
  });

  test("a list typed over several lines arrives exactly, and runs nothing that stands in it", async () => {
    const typed = [
      "start these tasks:",
      '1. Say "it\'s" in `a.txt` and cost $(touch pwned) nothing',
      "2. Write `b.txt` with `touch pwned`; touch pwned && ${HOME} !important \\ end",
      "3. Write `c.txt` like",
      "   ```",
      '   echo {"a": 1}',
      "   ```",
    ].join("\n");
    await using model = await startModel(onlyMain);
    await using project = await makeProject();
    await using home = await makeHome(project.folder);
    const world = { model, project, home };
    await using client = start(world, `/orchestrate ${typed}`);
    const briefs: string[] = [];
    for (let ended = 0; ended < 3; ended++) {
      const worker = await client.during(model.nextWorker());
      briefs.push(worker.prompt);
      const file = { 1: "a.txt", 2: "b.txt", 3: "c.txt" }[taskOf(worker)] ?? "?";
      await client.during(worker.act(write(project.folder, file, "made\n")));
      worker.end(done(taskOf(worker), file));
    }
    expect((await client.exit).code).toBe(0);
    const all = briefs.join("\n");
    for (const words of [
      'Say "it\'s" in `a.txt` and cost $(touch pwned) nothing',
      "with `touch pwned`; touch pwned && ${HOME} !important \\ end",
      'echo {"a": 1}',
    ])
      expect(all).toContain(words);
    await expect(readFile(join(project.folder, "pwned"))).rejects.toThrow("ENOENT");
  });

  test("three agents run at once, and a fourth waits for the file that the first one holds", async () => {
    await using model = await startModel(onlyMain);
    await using project = await makeProject({ "tasks.md": threeAndOne });
    await using home = await makeHome(project.folder);
    const world = { model, project, home };
    await using client = start(world, "/orchestrate start tasks.md");
    const workers = [
      await client.during(model.nextWorker()),
      await client.during(model.nextWorker()),
      await client.during(model.nextWorker()),
    ];
    expect(workers.map(taskOf).toSorted()).toEqual(["T1", "T2", "T3"]);
    const first = workers.find((worker) => taskOf(worker) === "T1");
    if (first === undefined) return expect.fail("T1 did not run");
    // All three are at work at this moment; only the end of T1 frees `a.txt`.
    await client.during(first.act(write(project.folder, "a.txt", "one\n")));
    first.end(done("T1", "a.txt"));
    const fourth = await client.during(model.nextWorker());
    expect(taskOf(fourth)).toBe("T4");
    await client.during(fourth.act({ name: "Bash", input: { command: "echo two >> a.txt", description: "append" } }));
    fourth.end(done("T4", "a.txt"));
    for (const worker of workers.filter((each) => each !== first)) {
      const file = taskOf(worker) === "T2" ? "b.txt" : "c.txt";
      await client.during(worker.act(write(project.folder, file, "made\n")));
      worker.end(done(taskOf(worker), file));
    }
    expect((await client.exit).code).toBe(0);
    expect(await tally(project)).toEqual({ T1: "1/1", T2: "1/1", T3: "1/1", T4: "1/1" });
  });

  test("a worker that claims DONE and did nothing is sent back until it did, or fails", async () => {
    await using model = await startModel(onlyMain);
    await using project = await makeProject({
      "tasks.md": "- [ ] T1 Write `a.txt`\n- [ ] T2 Write `b.txt` (depends on T1)\n",
    });
    await using home = await makeHome(project.folder);
    const world = { model, project, home };
    await using client = start(world, "/orchestrate start tasks.md");
    const liar = await client.during(model.nextWorker());
    liar.end(done("T1", "a.txt"));
    expect((await client.during(liar.next())).news).toContain("Not accepted. Text between");
    expect(model.requests.at(-1)?.news).toMatch(/^<data-[0-9a-f]{16}>\nyou used no tool at all/m);
    liar.end("It is really done now.");
    expect((await client.during(liar.next())).news).toContain("no line that begins with `STATUS:`");
    await client.during(liar.act(write(project.folder, "a.txt", "made\n")));
    liar.end(done("T1", "a.txt"));

    const second = await client.during(model.nextWorker());
    expect(second.prompt).toContain("Did T1.");
    for (let time = 0; time < 3; time++) {
      second.end(done("T2", "b.txt"));
      if (time < 2) await client.during(second.next());
    }
    expect((await client.exit).code).toBe(0);
    expect(await readFile(join(project.folder, "tasks.md"), "utf8")).toBe(
      "- [x] T1 Write `a.txt`\n- [ ] T2 Write `b.txt` (depends on T1)\n",
    );
    expect(told(model)).toContain('T2 failed: "sent back 2 times, and still: you used no tool at all');
  });

  test("a worker that is blocked fails its task, holds back what needs it, and `retry` runs it with the evidence", async () => {
    await using model = await startModel(onlyMain);
    await using project = await makeProject({
      "tasks.md": "- [ ] T1 Write `a.txt`\n- [ ] T2 Write `b.txt` (depends on T1)\n",
    });
    await using home = await makeHome(project.folder);
    const world = { model, project, home };
    await using client = start(world, "/orchestrate start tasks.md");
    (await client.during(model.nextWorker())).end(
      "STATUS: BLOCKED\nTASK: T1\nFILES: none\nSUMMARY: The disk is made of cheese.",
    );
    expect((await client.exit).code).toBe(0);
    expect(await tally(project)).toEqual({ T1: "1/0" });
    const session = model.mainRequests().at(-1)?.session ?? "";

    await using again = start(world, "/orchestrate retry T1", ["--resume", session]);
    const worker = await again.during(model.nextWorker());
    expect(worker.prompt).toContain("This was tried before");
    expect(worker.prompt).toContain("The disk is made of cheese.");
    await again.during(worker.act(write(project.folder, "a.txt", "made\n")));
    worker.end(done("T1", "a.txt"));
    await finish(again, world, () => "b.txt", 1);
    expect((await again.exit).code).toBe(0);
    expect(await tally(project)).toEqual({ T1: "2/1", T2: "1/1" });
  });

  test("a question goes to the person, and the answer goes to the next worker", async () => {
    await using model = await startModel(onlyMain);
    await using project = await makeProject({ "tasks.md": "- [ ] T1 Write `a.txt`\n" });
    await using home = await makeHome(project.folder);
    const world = { model, project, home };
    await using client = start(world, "/orchestrate start tasks.md");
    (await client.during(model.nextWorker())).end(
      "STATUS: NEEDS_CONTEXT\nTASK: T1\nFILES: none\nSUMMARY: Tabs or blanks?",
    );
    expect((await client.exit).code).toBe(0);
    expect(told(model)).toContain('T1 needs an answer: "Tabs or blanks?"');
    const session = model.mainRequests().at(-1)?.session ?? "";

    await using again = start(world, '/orchestrate answer T1 Blanks, as it\'s "always" been.', ["--resume", session]);
    const worker = await again.during(model.nextWorker());
    expect(worker.prompt).toContain('Blanks, as it\'s "always" been.');
    await again.during(worker.act(write(project.folder, "a.txt", "made\n")));
    worker.end(done("T1", "a.txt"));
    expect((await again.exit).code).toBe(0);
  });

  test("an Agent call out of order, or for a task that runs already, is refused with the reason; the person's own agents are left alone", async () => {
    await using model = await startModel();
    await using project = await makeProject({
      "tasks.md": "- [ ] T1 Write `a.txt`\n- [ ] T2 Write `b.txt` (depends on T1)\n",
    });
    await using home = await makeHome(project.folder);
    const world = { model, project, home };
    await using client = start(world, "/orchestrate start tasks.md");
    const first = await client.during(model.nextMain());
    const [launch] = launchesIn(first.request.told);
    if (launch === undefined) return expect.fail("nothing to launch");
    const early = {
      name: "Agent",
      input: { description: "T2", prompt: String(launch.input["prompt"]).replace("T1", "T2") },
    };
    const own = { name: "Agent", input: { description: "look", prompt: "Look around in the repository" } };
    first.answer({ calls: [launch, early, own] });
    const stranger = await client.during(model.nextWorker((prompt) => prompt.includes("Look around")));
    expect(stranger.prompt).toBe("Look around in the repository");
    const worker = await client.during(model.nextWorker((prompt) => prompt.includes("T1")));
    const second = await client.during(model.nextMain());
    const refused = second.request.results.filter((result) => result.isError);
    expect(refused).toHaveLength(1);
    expect(refused[0]?.text).toContain("Not launched: waits for T1");
    second.answer({ calls: [launch] });
    const third = await client.during(model.nextMain());
    expect(third.request.results[0]?.text).toContain("T1 is running already");
    third.answer({ text: "Waiting." });
    stranger.end("Nothing to see.");
    (await client.during(model.nextMain())).answer({ text: "Fine." });
    await client.during(worker.act(write(project.folder, "a.txt", "made\n")));
    worker.end(done("T1", "a.txt"));
    const next = await client.during(model.nextMain((request) => launchesIn(request.news).length > 0));
    next.answer({ calls: launchesIn(next.request.news) });
    (await client.during(model.nextMain())).answer({ text: "Waiting." });
    await finish(client, world, () => "b.txt", 1);
    (await client.during(model.nextMain())).answer({ text: "Done." });
    expect((await client.exit).code).toBe(0);
    expect(await tally(project)).toEqual({ T1: "1/1", T2: "1/1" });
  });

  test("killed in the middle and resumed in a new session, nothing is done twice", async () => {
    await using model = await startModel(onlyMain);
    await using project = await makeProject({ "tasks.md": threeAndOne });
    await using home = await makeHome(project.folder);
    const world = { model, project, home };
    const fileOf = (task: string): string => ({ T1: "a.txt", T2: "b.txt", T3: "c.txt", T4: "a.txt" })[task] ?? "";
    {
      await using client = start(world, "/orchestrate start tasks.md");
      const workers = [
        await client.during(model.nextWorker()),
        await client.during(model.nextWorker()),
        await client.during(model.nextWorker()),
      ];
      const one = workers.find((worker) => taskOf(worker) === "T2");
      if (one === undefined) return expect.fail("T2 did not run");
      await client.during(one.act(write(project.folder, "b.txt", "made\n")));
      one.end(done("T2", "b.txt"));
      await client.during(client.event((event) => event.type === "system" && event.subtype === "task_notification"));
      client.kill("SIGKILL");
      await client.exit;
    }
    await using client = start(world, "/orchestrate resume");
    const order: string[] = [];
    for (let ended = 0; ended < 3; ended++) {
      const worker = await client.during(model.nextWorker());
      order.push(taskOf(worker));
      await client.during(
        worker.act({
          name: "Bash",
          input: { command: `echo made >> ${fileOf(taskOf(worker))}`, description: "write" },
        }),
      );
      worker.end(done(taskOf(worker), fileOf(taskOf(worker))));
    }
    expect((await client.exit).code).toBe(0);
    expect(order.toSorted()).toEqual(["T1", "T3", "T4"]);
    expect(await tally(project)).toEqual({ T1: "2/1", T2: "1/1", T3: "2/1", T4: "1/1" });
    expect(await readFile(join(project.folder, "tasks.md"), "utf8")).toBe(threeAndOne.replaceAll("[ ]", "[x]"));
  });

  test("a file edited in the meantime keeps every byte of the edit", async () => {
    const list = "\uFEFF- [ ] T1 Write `a.txt`\r\n- [ ] T2 Write `b.txt` (depends on T1)\r\n";
    await using model = await startModel(onlyMain);
    await using project = await makeProject({ "tasks.md": list });
    await using home = await makeHome(project.folder);
    const world = { model, project, home };
    await using client = start(world, "/orchestrate start tasks.md");
    const worker = await client.during(model.nextWorker());
    const edited = `\uFEFFA note of mine.\r\n\r\n${list.slice(1)}* more *`;
    await writeFile(join(project.folder, "tasks.md"), edited);
    await client.during(worker.act(write(project.folder, "a.txt", "made\n")));
    worker.end(done("T1", "a.txt"));
    await finish(client, world, () => "b.txt", 1);
    expect((await client.exit).code).toBe(0);
    expect(await readFile(join(project.folder, "tasks.md"), "utf8")).toBe(edited.replaceAll("[ ]", "[x]"));
  });

  test("checks of the whole tree run when it falls quiet; red ones go back to the worker, red ones of before to nobody", async () => {
    await using model = await startModel(onlyMain);
    await using project = await makeProject({
      "tasks.md": "- [ ] T1 Write `a.txt`\n",
      ".orchestrate.yml": 'verify:\n  - grep -q good a.txt || test ! -e a.txt\n  - "false"\n',
    });
    await using home = await makeHome(project.folder);
    const world = { model, project, home };
    await using client = start(world, "/orchestrate start tasks.md");
    const worker = await client.during(model.nextWorker());
    await client.during(worker.act(write(project.folder, "a.txt", "bad\n")));
    worker.end(done("T1", "a.txt"));
    const back = await client.during(worker.next());
    expect(back.news).toContain("the check `grep -q good a.txt || test ! -e a.txt` failed");
    await client.during(worker.act({ name: "Bash", input: { command: "echo good > a.txt", description: "mend" } }));
    worker.end(done("T1", "a.txt"));
    expect((await client.exit).code).toBe(0);
    expect(await tally(project)).toMatchObject({ T1: "1/2" });
    expect(told(model)).toContain("Checks that were red before it began and still are:\n- `false` failed");
  });

  test("with TodoWrite, the list is the ledger's: before, during and after", async () => {
    await using model = await startModel();
    await using project = await makeProject({ "tasks.md": "- [ ] T1 Write `a.txt`\n" });
    await using home = await makeHome(project.folder);
    const world = { model, project, home };
    await using client = start(world, "/orchestrate start tasks.md", [], {
      CLAUDE_CODE_ENABLE_TODO_TOOLS: "1",
      CLAUDE_CODE_ENABLE_TASKS: "0",
    });
    const first = await client.during(model.nextMain());
    const launches = launchesIn(first.request.told);
    first.answer({
      calls: [{ name: "Bash", input: { command: `node "${helper}" todo TodoWrite`, description: "todo" } }],
    });
    const told = await client.during(model.nextMain());
    const run = /\[orchestrate (r\w+)\]/.exec(told.request.news)?.[1] ?? "";
    const mirror = {
      name: "TodoWrite",
      input: { todos: [{ content: `[orchestrate ${run}]`, status: "pending", activeForm: "Orchestrating" }] },
    };
    told.answer({ calls: [mirror, ...launches] });
    const worker = await client.during(model.nextWorker());
    (await client.during(model.nextMain())).answer({ calls: [mirror] });
    (await client.during(model.nextMain())).answer({ text: "Waiting." });
    await client.during(worker.act(write(project.folder, "a.txt", "made\n")));
    worker.end(done("T1", "a.txt"));
    const end = await client.during(model.nextMain());
    expect(end.request.news).toContain(`TodoWrite({todos: [{content: "[orchestrate ${run}]"`);
    end.answer({ calls: [mirror] });
    (await client.during(model.nextMain())).answer({ text: "Done." });
    expect((await client.exit).code).toBe(0);
    const Written = z.looseObject({
      tool_use_result: z.looseObject({ newTodos: z.array(z.looseObject({ content: z.string(), status: z.string() })) }),
    });
    const lists = client.events
      .flatMap((event) => Written.safeParse(event).data?.tool_use_result.newTodos ?? [])
      .map((item) => [item]);
    expect(lists.map((list) => list.map((item) => `${item.content}: ${item.status}`))).toEqual([
      ["T1: Write `a.txt`: pending"],
      ["T1: Write `a.txt`: in_progress"],
      ["T1: Write `a.txt`: completed"],
    ]);
  });

  test("with TaskCreate, entries are made, joined as the plan joins them, and kept in step", async () => {
    await using model = await startModel();
    await using project = await makeProject({
      "tasks.md": "- [ ] T1 Write `a.txt`\n- [ ] T2 Write `b.txt` (depends on T1)\n",
    });
    await using home = await makeHome(project.folder);
    await using client = start({ model, project, home }, "/orchestrate start tasks.md", [], {
      CLAUDE_CODE_ENABLE_TODO_TOOLS: "1",
    });
    const first = await client.during(model.nextMain());
    const run = /\[orchestrate (r\w+) T1\]/.exec(first.request.told)?.[1] ?? "";
    first.answer({
      calls: [{ name: "ToolSearch", input: { query: "select:TaskCreate,TaskUpdate,TaskList", max_results: 3 } }],
    });
    (await client.during(model.nextMain())).answer({
      calls: ["T1", "T2"].map((task) => ({
        name: "TaskCreate",
        input: { subject: `[orchestrate ${run} ${task}]`, description: task },
      })),
    });
    (await client.during(model.nextMain())).answer({
      calls: [{ name: "Bash", input: { command: `node "${helper}" todo`, description: "todo" } }],
    });
    const links = await client.during(model.nextMain());
    expect(links.request.news).toContain('TaskUpdate({taskId: "2", addBlockedBy: ["1"]})');
    links.answer({ calls: [{ name: "TaskUpdate", input: { taskId: "2", addBlockedBy: ["1"] } }] });
    (await client.during(model.nextMain())).answer({ calls: [{ name: "TaskList", input: {} }] });
    const listed = await client.during(model.nextMain());
    expect(listed.request.news).toContain("T1: Write `a.txt`");
    expect(listed.request.news).toMatch(/T2: Write `b.txt`.*blocked by #1/);
    listed.answer({ text: "Later." });
    const held = await client.during(model.nextMain());
    expect(held.request.news).toContain(`[orchestrate ${run} T1]`);
    held.answer({ text: "Not now." });
    for (let time = 0; time < 2; time++) (await client.during(model.nextMain())).answer({ text: "Not now." });
    expect((await client.exit).code).toBe(0);
  });

  test("where no run is open, hooks say nothing, and no process starts for a command that is not ours", async () => {
    await using model = await startModel();
    await using project = await makeProject();
    await using home = await makeHome(project.folder);
    await using client = start({ model, project, home }, "go", ["--include-hook-events"]);
    for (const command of ["ls", `node "${helper}" status`, "node --version"])
      (await client.during(model.nextMain())).answer({
        calls: [{ name: "Bash", input: { command, description: "look" } }],
      });
    (await client.during(model.nextMain())).answer({ text: "Done." });
    await client.exit;
    const Hook = z.looseObject({ subtype: z.literal("hook_response"), hook_name: z.string(), output: z.string() });
    const hooks = client.events.flatMap((event) => Hook.safeParse(event).data ?? []);
    expect(hooks.filter((hook) => hook.hook_name === "PreToolUse:Bash")).toHaveLength(1);
    expect(hooks.filter((hook) => hook.output !== "").map((hook) => hook.hook_name)).toEqual(["PreToolUse:Bash"]);
    expect(await project.git("status", "--porcelain", "--ignored")).toBe("");
  });

  test("with --engine workflow the client's own engine runs the plan; what fails there is left to the session", async () => {
    const list =
      "- [ ] T1 [P] Write `a.txt`\n- [ ] T2 [P] Write `b.txt`\n- [ ] T3 [P] Also write `a.txt`\n- [ ] T4 Write `d.txt` (depends on T2)\n";
    await using model = await startModel();
    await using project = await makeProject({ "tasks.md": list });
    await using home = await makeHome(project.folder);
    await using client = start({ model, project, home }, "/orchestrate start tasks.md --engine workflow", [
      "--allowedTools",
      "Workflow",
    ]);
    const first = await client.during(model.nextMain());
    const scriptPath = /^Workflow\(\{scriptPath: (".*")\}\)$/m.exec(first.request.told)?.[1] ?? '""';
    first.answer({ calls: [{ name: "Workflow", input: { scriptPath: JSON.parse(scriptPath) as string } }] });
    (await client.during(model.nextMain())).answer({ text: "The workflow runs." });

    const files: Record<string, string> = { T1: "a.txt", T2: "b.txt", T3: "a.txt", T4: "d.txt" };
    /** A worker as the workflow starts it: it fetches its brief, works, and is checked. */
    const work = async (): Promise<string> => {
      const worker = await client.during(model.nextWorker());
      const command = /node ".*" brief (\S+) --claim \S+$/m.exec(worker.prompt);
      const brief = await client.during(
        worker.act({ name: "Bash", input: { command: command?.[0] ?? "false", description: "brief" } }),
      );
      const task = command?.[1] ?? "";
      expect(brief.news).toMatch(new RegExp(`\\[orchestrate \\S+ ${task} `));
      if (task === "T2") {
        worker.end("STATUS: BLOCKED\nTASK: T2\nFILES: none\nSUMMARY: No ink.");
        return task;
      }
      worker.end(done(task, files[task] ?? ""));
      expect((await client.during(worker.next())).news).toContain("Not accepted");
      await client.during(
        worker.act({
          name: "Bash",
          input: { command: `echo ${task} >> ${files[task] ?? ""}`, description: "write" },
        }),
      );
      worker.end(done(task, files[task] ?? ""));
      return task;
    };
    const together = await Promise.all([work(), work()]);
    expect(together.toSorted()).toEqual(["T1", "T2"]);
    expect(await work()).toBe("T3");

    const end = await client.during(model.nextMain());
    expect(end.request.news).toContain('T2 failed: "blocked: No ink."');
    end.answer({ text: "T2 failed." });
    expect((await client.exit).code).toBe(0);
    expect(await tally(project)).toEqual({ T1: "1/1", T2: "1/0", T3: "1/1" });
    expect((await journal(project)).map((event) => event.type)).toContain("handed-back");
  });

  test("a plugin installed from a marketplace folder runs the same", async () => {
    await using model = await startModel(onlyMain);
    await using project = await makeProject({ "tasks.md": "- [ ] T1 Write `a.txt`\n" });
    await using home = await makeHome(project.folder);
    await installPlugin(home, plugin, "orchestrate@orchestrate");
    await using client = startClient({
      project: project.folder,
      home,
      model,
      prompt: "/orchestrate start tasks.md",
      args: accept,
    });
    await finish(client, { model, project, home }, () => "a.txt", 1);
    expect((await client.exit).code).toBe(0);
    expect(await tally(project)).toEqual({ T1: "1/1" });
  });
});
