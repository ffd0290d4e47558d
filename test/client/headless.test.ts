import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findByToken } from "../../src/process/sweep.ts";
import { startClient } from "./client.ts";
import {
  ask,
  courses,
  journal,
  nextTalk,
  settled,
  stopAtEnd,
  supervise,
  talkOf,
  terminalEnvironment,
  untilEvent,
  type Talk,
} from "./headless.ts";
import { clientPath } from "./find.ts";
import { installPlugin, makeHome, makeProject } from "./home.ts";
import { startModel } from "./model.ts";
import { done, helper, plugin, write } from "./orchestrator.ts";
import { withClient } from "./withClient.ts";

/** Three side by side, and a fourth that builds on two of them. */
const fourTasks = `- [ ] T1 Write \`a.txt\`
- [ ] T2 Write \`b.txt\`
- [ ] T3 Write \`c.txt\`
  - Model: haiku
- [ ] T4 Write \`d.txt\` (depends on T1, T2)
`;

/** The folder that a client says it works in. */
function folderOf({ request }: Talk): string {
  return /Primary working directory: (\S+)/.exec(request.told)?.[1] ?? "";
}

/** Lets a worker write its file and report. */
async function work(talk: Talk, task: string, file: string): Promise<void> {
  await talk.act(write(folderOf(talk), file, `made by ${task}\n`));
  talk.end(done(task, file));
}

withClient("headless runs", () => {
  test("three clients work side by side; what they wrote is verified, merged and ticked", async () => {
    await using model = await startModel();
    await using project = await makeProject({ "tasks.md": fourTasks, ".orchestrate.yml": "budgetPerTask: 2\n" });
    await using home = await makeHome(project.folder);
    const world = { model, project, home };
    await using run = await supervise(world, "run", "tasks.md");
    const talks = await run.during(Promise.all(["T1", "T2", "T3"].map((task) => nextTalk(model, task))));
    for (const [at, talk] of talks.entries()) {
      const { tools } = talk.request;
      expect(tools).toContain("Write");
      expect(tools.filter((tool) => /^(?:Agent|Task|Workflow)$/.test(tool))).toEqual([]);
      expect(await untilEvent(project, "receipt", { task: `T${at + 1}` })).toMatchObject({
        session: talk.session,
        model: expect.stringContaining(at === 2 ? "haiku" : "claude") as string,
        permissionMode: "acceptEdits",
        tools: expect.arrayContaining(["Write", "Bash"]) as string[],
      });
      await run.during(work(talk, `T${at + 1}`, ["a.txt", "b.txt", "c.txt"][at] ?? ""));
    }
    const fourth = await run.during(nextTalk(model, "T4"));
    expect(fourth.request.news).toContain("T1: Did T1. (a.txt)");
    await run.during(work(fourth, "T4", "d.txt"));
    expect(await run.exit).toMatchObject({ code: 0, said: expect.stringContaining("4 tasks merged") as string });
    const course = "dispatched spawned receipt ended reported verified merged ticked";
    expect(await courses(project)).toEqual({ T1: course, T2: course, T3: course, T4: course });
    expect(await readFile(join(project.folder, "tasks.md"), "utf8")).toBe(fourTasks.replaceAll("[ ]", "[x]"));
    expect(await project.git("status", "--porcelain")).toBe(" M tasks.md\n");
    const { run: name } = await untilEvent(project, "started");
    expect(await project.git("show", `orchestrate/${String(name)}/integration:d.txt`)).toBe("made by T4\n");
  });

  test("a worker that did nothing, and one that asked, go on in the sessions that they had", async () => {
    await using model = await startModel();
    await using project = await makeProject({ "tasks.md": "- [ ] T1 Write `a.txt`\n- [ ] T2 Write `b.txt`\n" });
    await using home = await makeHome(project.folder);
    const world = { model, project, home };
    {
      await using run = await supervise(world, "run", "tasks.md");
      const asks = await run.during(nextTalk(model, "T2"));
      asks.end("STATUS: NEEDS_CONTEXT\nTASK: T2\nFILES: none\nSUMMARY: Tabs or blanks?");
      const liar = await run.during(nextTalk(model, "T1"));
      liar.end(done("T1", "a.txt"));
      const again = await run.during(nextTalk(model, "T1"));
      expect(again.session).toBe(liar.session);
      expect(again.request.news).toContain("nothing changed in your worktree (a.txt)");
      expect(again.request.told.length).toBeGreaterThan(again.request.news.length);
      await run.during(work(again, "T1", "a.txt"));
      expect(await run.exit).toMatchObject({
        code: 1,
        said: expect.stringContaining("waits for a person") as string,
      });
      expect((await ask(world, "inbox")).said).toContain("Tabs or blanks?");
      expect((await ask(world, "answer", "T2", 'Blanks, as it\'s "always" been.')).code).toBe(0);
      await using resumed = await supervise(world, "resume");
      const answered = await resumed.during(nextTalk(model, "T2"));
      expect(answered.session).toBe(asks.session);
      expect(answered.request.news).toContain('Blanks, as it\'s "always" been.');
      await resumed.during(work(answered, "T2", "b.txt"));
      expect((await resumed.exit).code).toBe(0);
    }
    expect(await courses(project, "dispatched", "sent-back", "needs-input", "answered", "merged")).toEqual({
      T1: "dispatched sent-back dispatched merged",
      T2: "dispatched needs-input answered dispatched merged",
    });
  });

  test("a session that is gone is no reason to fail: its worker begins a new one, with the answer", async () => {
    await using model = await startModel();
    await using project = await makeProject({ "tasks.md": "- [ ] T1 Write `a.txt`\n" });
    await using home = await makeHome(project.folder);
    const world = { model, project, home };
    await using asking = await supervise(world, "run", "tasks.md");
    const asks = await asking.during(nextTalk(model, "T1"));
    asks.end("STATUS: NEEDS_CONTEXT\nTASK: T1\nFILES: none\nSUMMARY: Tabs or blanks?");
    await asking.exit;
    await rm(join(home.folder, ".claude/projects"), { recursive: true });
    await ask(world, "answer", "T1", "Blanks.");
    await using resumed = await supervise(world, "resume");
    const again = await resumed.during(nextTalk(model, "T1"));
    expect(again.session).not.toBe(asks.session);
    expect(again.request.told).toContain("Blanks.");
    await resumed.during(work(again, "T1", "a.txt"));
    expect((await resumed.exit).code).toBe(0);
  });

  test("a rate limit holds every launch back and costs no attempt; `resume` ends the wait", async () => {
    await using model = await startModel();
    await using project = await makeProject({ "tasks.md": "- [ ] T1 Write `a.txt`\n- [ ] T2 Write `b.txt`\n" });
    await using home = await makeHome(project.folder);
    const world = { model, project, home };
    await using run = await supervise(world, "run", "tasks.md", "--max-workers", "1");
    const limited = await run.during(nextTalk(model, "T1"));
    limited.end({
      refusal: {
        status: 429,
        type: "rate_limit_error",
        message: "This request would exceed your account's rate limit. Please try again later.",
        headers: { "retry-after": "400" },
      },
    });
    expect(await untilEvent(project, "ended", { task: "T1" })).toMatchObject({ outcome: "rate-limit" });
    expect((await ask(world, "status")).said).toContain("Rate limit until");
    expect(await courses(project, "dispatched")).toEqual({ T1: "dispatched" });
    expect((await ask(world, "resume")).said).toContain("goes on");
    await run.during(work(await run.during(nextTalk(model, "T1")), "T1", "a.txt"));
    await run.during(work(await run.during(nextTalk(model, "T2")), "T2", "b.txt"));
    expect((await run.exit).code).toBe(0);
    const attempts = (await journal(project)).flatMap((event) => (event.type === "dispatched" ? event["attempt"] : []));
    expect(attempts).toEqual([1, 1, 1]);
  });

  test("in a project that is a folder of its repository, a worker that may not run a command ends, and the run names the rule that would allow it", async () => {
    await using model = await startModel();
    await using project = await makeProject({ "app/tasks.md": "- [ ] T1 Write `a.txt`\n" });
    await using home = await makeHome(project.folder);
    const world = { model, project, home };
    await using run = await supervise(world, "run", "app/tasks.md", "--project", "app");
    const talk = await run.during(nextTalk(model, "T1"));
    const { results } = await run.during(
      talk.act({ name: "Bash", input: { command: "npm run build", description: "build" } }),
    );
    expect(results[0]).toMatchObject({ isError: true, text: expect.stringContaining("requires approval") as string });
    talk.end("STATUS: BLOCKED\nTASK: T1\nFILES: none\nSUMMARY: The build cannot be run.");
    const { code, said } = await run.exit;
    expect(code).toBe(1);
    expect(said).toContain(
      "not allowed to use `Bash(npm run build)`; such rules stand in allowedTools of .orchestrate.yml",
    );
  });

  test("a killed supervisor leaves its workers alone, the next one adopts them; `stop` ends them, and nothing is done twice", async () => {
    await using model = await startModel();
    await using project = await makeProject({ "tasks.md": "- [ ] T1 Write `a.txt`\n- [ ] T2 Write `b.txt`\n" });
    await using home = await makeHome(project.folder);
    const world = { model, project, home };
    await using killed = await supervise(world, "run", "tasks.md", "--max-workers", "2");
    const [first, second] = await killed.during(Promise.all([nextTalk(model, "T1"), nextTalk(model, "T2")]));
    killed.kill("SIGKILL");
    await killed.exit;
    await work(first, "T1", "a.txt");

    await using adopting = await supervise(world, "resume");
    await adopting.during(untilEvent(project, "merged", { task: "T1" }));
    expect((await ask(world, "stop")).said).toContain("ends T2 now");
    expect((await adopting.exit).code).toBe(1);
    const claims = (await journal(project)).flatMap((event) =>
      event.type === "dispatched" ? String(event["claim"]) : [],
    );
    expect(claims).toHaveLength(2);
    expect(claims.flatMap(findByToken)).toEqual([]);

    await using finishing = await supervise(world, "resume");
    const again = await finishing.during(nextTalk(model, "T2"));
    expect(again.session).toBe(second.session);
    await finishing.during(work(again, "T2", "b.txt"));
    expect((await finishing.exit).code).toBe(0);
    expect(await courses(project, "dispatched", "merged")).toEqual({
      T1: "dispatched merged",
      T2: "dispatched dispatched merged",
    });
    expect(model.mainRequests().filter(({ session }) => session === first.session)).toHaveLength(2);
  });

  test("a reviewer sends the work back once; a worker cannot start a run of its own", async () => {
    await using model = await startModel();
    await using project = await makeProject({
      "tasks.md": "- [ ] T1 Write `a.txt`\n",
      ".orchestrate.yml": 'reviewer: {}\nallowedTools: ["Bash(node *)", Skill]\n',
    });
    await using home = await makeHome(project.folder);
    await installPlugin(home, plugin, "orchestrate@orchestrate");
    const world = { model, project, home };
    await using run = await supervise(world, "run", "tasks.md");
    const talk = await run.during(nextTalk(model, "T1"));
    const nested = await run.during(
      talk.act(
        { name: "Bash", input: { command: `node "${helper}" run tasks.md`, description: "run" } },
        { name: "Skill", input: { skill: "orchestrate:orchestrate", args: "start tasks.md" } },
      ),
    );
    expect(nested.news.match(/a worker of a run cannot start or resume a run/g)).toHaveLength(2);
    await run.during(work(talk, "T1", "a.txt"));
    const isReview = ({ news }: { news: string }) => news.includes("You review the work of another agent");
    const strict = await run.during(talkOf(model, isReview));
    expect(strict.request.tools).not.toContain("Agent");
    strict.end("It lacks a line.\nVERDICT: REJECT: a second line is missing");
    const again = await run.during(nextTalk(model, "T1"));
    expect(again.session).toBe(talk.session);
    expect(again.request.news).toContain("the reviewer says: a second line is missing");
    await run.during(again.act({ name: "Bash", input: { command: "echo two >> a.txt", description: "append" } }));
    again.end(done("T1", "a.txt"));
    (await run.during(talkOf(model, isReview))).end("VERDICT: APPROVE");
    expect((await run.exit).code).toBe(0);
    expect(await courses(project, "sent-back", "verified", "merged")).toEqual({ T1: "sent-back verified merged" });
  });

  test("a client that takes another model is ended, and one that spent its dollars is not restarted", async () => {
    await using model = await startModel();
    await using project = await makeProject({
      "tasks.md": "- [ ] T1 Write `a.txt`\n  - Model: haiku\n- [ ] T2 Write `b.txt`\n",
      ".orchestrate.yml": "budgetPerTask: 0.5\nrestarts: 0\nsuccessThreshold: 0\n",
    });
    await using home = await makeHome(project.folder);
    const world = { model, project, home };
    // A wrapper, as people have them, that leaves the model out.
    const leaveOut = 'for one; do shift; case "$one" in --model=*) ;; *) set -- "$@" "$one" ;; esac; done';
    await mkdir(join(home.folder, "bin"));
    await writeFile(join(home.folder, "bin/claude"), `#!/bin/sh\n${leaveOut}\nexec "${clientPath()}" "$@"\n`, {
      mode: 0o755,
    });
    await using run = await supervise(world, "run", "tasks.md");
    const talk = await run.during(nextTalk(model, "T2"));
    talk.end({ tokens: 5_000_000, calls: [write(folderOf(talk), "b.txt", "dear\n")] });
    expect((await run.exit).code).toBe(1);
    expect(await untilEvent(project, "failed", { task: "T2" })).toMatchObject({
      reason: "it spent the dollars it was given",
    });
    expect(await untilEvent(project, "failed", { task: "T1" })).toMatchObject({
      reason: expect.stringMatching(/^its worker runs on the model \S+, expected haiku/) as string,
    });
  });

  test("`/parallel-orchestrate` previews, starts on go, leaves the run to itself, and `--retry` takes up what failed", async () => {
    await using model = await startModel();
    await using project = await makeProject({ "tasks.md": "- [ ] T1 Write `a.txt`\n- [ ] T2 Write `b.txt`\n" });
    await using home = await makeHome(project.folder);
    const world = { model, project, home };
    await using _end = stopAtEnd(world);
    const env = await terminalEnvironment(world);
    const type = (prompt: string, ...args: string[]) =>
      startClient({
        ...world,
        project: project.folder,
        pluginDir: plugin,
        prompt,
        env,
        args: ["--include-hook-events", ...args],
      });

    const isAnswer = ({ news }: { news: string }) => news.includes("The helper's answer to what the person typed");
    await using client = type("/parallel-orchestrate tasks.md");
    const preview = await client.during(model.nextMain(isAnswer));
    expect(preview.request.told).toContain("Launch nothing before they say so");
    expect(await project.git("status", "--porcelain", "--ignored")).toBe("");
    const command = /^node ".*" run .*$/m.exec(preview.request.told)?.[0] ?? "";
    preview.answer({ text: "Shall I go?" });
    expect((await client.exit).code).toBe(0);

    // What the command's own front matter allows ends with its turn: from here on the plugin's hook allows it.
    await using going = type("go", "--resume", preview.request.session ?? "");
    const asked = await going.during(model.nextMain(({ news }) => news.endsWith("go")));
    asked.answer({ calls: [{ name: "Bash", input: { command, description: "run" } }] });
    const { session } = asked.request;
    const started = await going.during(model.nextMain((request) => request.session === session));
    expect(started.request.news).toContain("is started: 2 tasks");
    started.answer({ text: "It runs." });
    expect((await going.exit).code).toBe(0);

    await work(await nextTalk(model, "T1"), "T1", "a.txt");
    await untilEvent(project, "merged", { task: "T1" });
    await using looking = type("/orchestrate status");
    const status = await looking.during(model.nextMain(isAnswer));
    expect(status.request.told).toContain("1 of 2 merged, 1 running");
    status.answer({ text: "One to go." });
    expect((await looking.exit).code).toBe(0);
    const said = looking.events.flatMap((event) => (event.subtype === "hook_response" ? (event["output"] ?? "") : []));
    expect(said.length).toBeGreaterThan(0);
    // A session that begins is told of the run once; nothing else is said there.
    const spoken = said.flatMap((text) => (typeof text === "string" && text !== "" ? [text] : []));
    expect(spoken).toHaveLength(1);
    expect(JSON.parse(spoken[0] ?? "")).toMatchObject({
      systemMessage: expect.stringContaining("is at work"),
      hookSpecificOutput: { hookEventName: "SessionStart" },
    });

    (await nextTalk(model, "T2")).end("STATUS: BLOCKED\nTASK: T2\nFILES: none\nSUMMARY: The disk is made of cheese.");
    await untilEvent(project, "finished", { ok: false });
    await settled(project);
    await using retrying = type("/parallel-orchestrate --retry");
    const retried = await retrying.during(model.nextMain(isAnswer));
    expect(retried.request.told).toContain("T2 will be tried again");
    expect(retried.request.told).toContain("goes on, headless");
    retried.answer({ text: "Again." });
    expect((await retrying.exit).code).toBe(0);
    const again = await nextTalk(model, "T2");
    expect(again.request.news).toContain("The disk is made of cheese.");
    await work(again, "T2", "b.txt");
    await untilEvent(project, "finished", { ok: true });
    await settled(project);
    expect(await courses(project, "dispatched", "failed", "retried", "merged", "ticked")).toEqual({
      T1: "dispatched merged ticked",
      T2: "dispatched failed retried dispatched merged ticked",
    });
  });
});
