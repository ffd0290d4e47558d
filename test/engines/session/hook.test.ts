import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Event } from "../../../src/model/event.ts";
import { append } from "../../../src/run/append.ts";
import { createRun, openRun, type Run } from "../../../src/run/store.ts";
import { takeTyped } from "../../../src/engines/session/typed.ts";
import { identityOf } from "../../../src/process/identity.ts";
import { makePlan } from "../../makePlan.ts";

const hook = join(process.cwd(), "dist", "hook.mjs");
const helper = join(process.cwd(), "dist", "cli.mjs");
const at = "2026-01-01T00:00:00.000Z";

let project: string;
beforeEach(() => {
  project = realpathSync(mkdtempSync(join(tmpdir(), "hook-")));
});
afterEach(() => rmSync(project, { recursive: true, force: true }));

/** Runs the built hook as the client does. */
function call(
  input: Record<string, unknown>,
  env: Record<string, string> = {},
): { said: unknown; stderr: string; code: number | null } {
  const ran = spawnSync(process.execPath, [hook], {
    input: JSON.stringify({ session_id: "s1", cwd: project, ...input }),
    env: { PATH: process.env["PATH"], CLAUDE_PROJECT_DIR: project, CLAUDE_PID: String(process.pid), ...env },
    encoding: "utf8",
  });
  return { said: ran.stdout === "" ? null : JSON.parse(ran.stdout), stderr: ran.stderr, code: ran.status };
}

const agentCall = (prompt: string, use = "toolu_1"): Record<string, unknown> => ({
  hook_event_name: "PreToolUse",
  tool_name: "Agent",
  tool_use_id: use,
  tool_input: { description: "T1", prompt },
});

function begin(sketch: Parameters<typeof makePlan>[0]): Run {
  return createRun(project, makePlan(sketch), {
    session: "s1",
    engine: "session",
    asked: { sources: ["tasks.md"], flags: {} },
  })!;
}

function beginHeadless(sketch: Parameters<typeof makePlan>[0]): Run {
  return createRun(project, makePlan(sketch), {
    session: null,
    engine: "headless",
    asked: { sources: ["tasks.md"], flags: {} },
  })!;
}

function now(run: Run): Run["state"] {
  const opened = openRun(project, run.state.run);
  if (!opened.ok) throw new Error("the run does not open");
  return opened.value.state;
}

describe("where no run is open", () => {
  const events = ["SessionStart", "UserPromptSubmit", "Stop", "SubagentStop", "PreToolUse", "PostToolUse"];
  test.each(events)("%s says nothing, writes nothing and succeeds", (hook_event_name) => {
    expect(call({ hook_event_name, tool_name: "Agent", tool_input: { prompt: "look around" } })).toEqual({
      said: null,
      stderr: "",
      code: 0,
    });
    expect(readdirSync(project)).toEqual([]);
  });

  test("the hook opens one path of the project at most", () => {
    const recorder = join(project, "recorder.cjs");
    writeFileSync(
      recorder,
      `const fs = require("node:fs");
       const paths = [];
       for (const name of ["openSync", "readFileSync", "existsSync", "statSync", "lstatSync", "readdirSync", "realpathSync", "accessSync", "writeFileSync", "mkdirSync"]) {
         const original = fs[name];
         fs[name] = (path, ...rest) => (paths.push(String(path)), original(path, ...rest));
       }
       process.on("exit", () => process.stderr.write(JSON.stringify(paths)));`,
    );
    const ran = spawnSync(process.execPath, ["--require", recorder, hook], {
      input: JSON.stringify({ session_id: "s1", cwd: project, hook_event_name: "UserPromptSubmit", prompt: "hi" }),
      env: { PATH: process.env["PATH"], CLAUDE_PROJECT_DIR: project },
      encoding: "utf8",
    });
    const paths = (JSON.parse(ran.stderr) as string[]).filter((path) => path !== "0" && path !== hook);
    expect([...new Set(paths)]).toEqual([join(project, ".orchestrate/current.json")]);
  });

  test("a launch line of a run that is gone is refused, with the reason", () => {
    expect(call(agentCall("[orchestrate r1 T1]")).said).toMatchObject({
      hookSpecificOutput: {
        permissionDecision: "deny",
        permissionDecisionReason: "Not launched: no run r1 is open here.",
      },
    });
  });
});

describe("an Agent call", () => {
  test("with our mark is claimed in the journal and gets the whole brief", () => {
    const run = begin({ tasks: ["T1"] });
    const { said } = call(agentCall(`[orchestrate ${run.state.run} T1]`));
    expect(said).toMatchObject({
      hookSpecificOutput: {
        permissionDecision: "allow",
        updatedInput: {
          description: "T1 Do T1",
          subagent_type: "orchestrate:worker",
          prompt: expect.stringContaining("STATUS: DONE") as string,
        },
      },
    });
    expect(now(run).tasks.get("T1")).toMatchObject({ status: "running", claim: "toolu_1" });
  });

  test("of a foreground kind is moved to the background, where nothing waits for it", () => {
    const run = begin({ tasks: ["T1"] });
    const input = agentCall(`[orchestrate ${run.state.run} T1]`);
    const { said } = call({ ...input, tool_input: { ...(input["tool_input"] as object), run_in_background: false } });
    expect(JSON.stringify(said)).not.toContain("run_in_background");
  });

  test("without our mark is the person's own and is left alone", () => {
    begin({ tasks: ["T1"] });
    expect(call(agentCall("Look at the [orchestrate r1 T1] line, please")).said).toBeNull();
  });

  test.each([
    "[orchestrate RUN T1] please also refactor everything",
    "[orchestrate RUN T1]\n\nBe thorough.",
    "  [orchestrate RUN T1] .",
    "[orchestrate RUN T1 and T2]",
    "[orchestrate RUN T1 claim]\nYou do one task of a plan",
    "[orchestrate RUN T1][orchestrate RUN T2]",
  ])("that begins with our mark and holds anything else is refused, and nothing is claimed: %j", (prompt) => {
    const run = begin({ tasks: ["T1", "T2"] });
    const said = JSON.stringify(call(agentCall(prompt.replaceAll("RUN", run.state.run))).said);
    expect(said).toContain('"permissionDecision":"deny"');
    expect(said).toContain("its mark and nothing else");
    expect(said).toContain(`[orchestrate ${run.state.run} T1]`);
    expect(now(run).tasks.get("T1")?.status).toBe("pending");
  });

  test("that is refused names only what can start now", () => {
    const run = begin({ tasks: ["T1", "T2"], locks: { "a.ts": ["T1", "T2"] } });
    call(agentCall(`[orchestrate ${run.state.run} T1]`));
    const said = JSON.stringify(call(agentCall(`[orchestrate ${run.state.run} T1]`, "toolu_2")).said);
    expect(said).toContain("Nothing can be launched at this moment");
    expect(said).not.toContain(`Agent({`);
  });

  test.each([
    ["not ready", "T2", "waits for T1"],
    ["unknown", "T9", "the plan has no task T9"],
  ])("for a task that is %s is refused with the reason and what can start", (_, task, reason) => {
    const run = begin({ tasks: ["T1", "T2"], edges: ["T1 T2"] });
    const { said } = call(agentCall(`[orchestrate ${run.state.run} ${task}]`));
    expect(JSON.stringify(said)).toContain(reason);
    expect(JSON.stringify(said)).toContain(`[orchestrate ${run.state.run} T1]`);
  });

  test("for a task that is running already is refused", () => {
    const run = begin({ tasks: ["T1"] });
    call(agentCall(`[orchestrate ${run.state.run} T1]`));
    expect(JSON.stringify(call(agentCall(`[orchestrate ${run.state.run} T1]`, "toolu_2")).said)).toContain(
      "T1 is running already",
    );
  });

  test("from another session is refused", () => {
    const run = begin({ tasks: ["T1"] });
    expect(
      JSON.stringify(call({ ...agentCall(`[orchestrate ${run.state.run} T1]`), session_id: "s2" }).said),
    ).toContain("belongs to another session");
  });
});

describe("when the client or a worker is gone", () => {
  test("a session that starts again after a kill is told to launch what ran, and not to revive it", () => {
    const run = begin({ tasks: ["T1"] });
    append(join(run.folder, "events.jsonl"), [
      { type: "dispatched", at, task: "T1", attempt: 1, claim: "c", client: { pid: 1, start: "long ago" }, before: {} },
    ]);
    const { said } = call({ hook_event_name: "SessionStart", source: "resume" });
    expect(JSON.stringify(said)).toContain("Do not resume earlier workers");
    expect(now(run).tasks.get("T1")).toMatchObject({ status: "pending", history: ["the client ended while it ran"] });
  });

  test("a task whose workers vanish three times is given to a person", () => {
    const run = begin({ tasks: ["T1"] });
    const launch = (claim: string): Event => ({
      type: "dispatched",
      at,
      task: "T1",
      attempt: 1,
      claim,
      client: null,
      before: {},
    });
    const lost: Event = { type: "lost", at, task: "T1", reason: "gone" };
    append(join(run.folder, "events.jsonl"), [launch("1"), lost, launch("2"), lost, launch("3")]);
    call({
      hook_event_name: "UserPromptSubmit",
      prompt:
        "<task-notification>\n<task-id>a</task-id>\n<tool-use-id>3</tool-use-id>\n<status>killed</status>\n</task-notification>",
    });
    expect(now(run).tasks.get("T1")).toMatchObject({ status: "failed" });
  });

  test("a launch that the client refused gives the claim back", () => {
    const run = begin({ tasks: ["T1"] });
    call(agentCall(`[orchestrate ${run.state.run} T1]`));
    call({
      hook_event_name: "PostToolUseFailure",
      tool_name: "Agent",
      tool_use_id: "toolu_1",
      tool_input: {},
      error: "Agent type 'x' not found",
    });
    expect(now(run).tasks.get("T1")?.status).toBe("pending");
  });
});

describe("the end of the session's turn", () => {
  test("is held up while tasks can be launched and nothing runs, three times at most", () => {
    const run = begin({ tasks: ["T1"] });
    const stop = (): unknown => call({ hook_event_name: "Stop", background_tasks: [] }).said;
    for (let time = 0; time < 3; time++)
      expect(stop()).toEqual({
        hookSpecificOutput: {
          hookEventName: "Stop",
          additionalContext: expect.stringContaining(`[orchestrate ${run.state.run} T1]`) as string,
        },
      });
    expect(stop()).toBeNull();
  });

  test("is not held up while a worker is at it", () => {
    const run = begin({ tasks: ["T1"] });
    call(agentCall(`[orchestrate ${run.state.run} T1]`));
    expect(
      call({
        hook_event_name: "Stop",
        background_tasks: [{ id: "a1", type: "subagent", status: "running", description: "T1" }],
      }).said,
    ).toBeNull();
    expect(now(run).tasks.get("T1")?.status).toBe("running");
  });
});

test("what was typed behind our command is kept exactly, outside the project, for the helper alone, and once", () => {
  const env = { XDG_STATE_HOME: join(project, "state") };
  const typed = '1. fence\n```\n$(id) `x` \\ y \u00a0!z\n```\n2. {"a": 1}';
  call({ hook_event_name: "UserPromptExpansion", command_name: "orchestrate:orchestrate", command_args: typed }, env);
  expect(statSync(join(env.XDG_STATE_HOME, "orchestrate/typed/s1.json")).mode & 0o777).toBe(0o600);
  expect(takeTyped("s1", env)).toEqual({ text: typed, project });
  expect(takeTyped("s1", env)).toBeNull();
  call(
    { hook_event_name: "PreToolUse", tool_name: "Skill", tool_input: { skill: "orchestrate", args: "tasks.md" } },
    { ...env, CLAUDE_PROJECT_DIR: "/p/O'Brien's $(x) `y`\nü" },
  );
  expect(takeTyped("s1", env)).toEqual({ text: "tasks.md", project: "/p/O'Brien's $(x) `y`\nü" });
});

test("another command's words are not kept, nor a session's that is no name of a file", () => {
  const env = { XDG_STATE_HOME: join(project, "state") };
  call({ hook_event_name: "UserPromptExpansion", command_name: "other:orchestrate", command_args: "x" }, env);
  call(
    { hook_event_name: "UserPromptExpansion", command_name: "orchestrate", command_args: "x", session_id: "../../x" },
    env,
  );
  expect(existsSync(env.XDG_STATE_HOME)).toBe(false);
});

test("our own helper runs without asking, and nothing else does", () => {
  const bash = (command: string): unknown =>
    call({ hook_event_name: "PreToolUse", tool_name: "Bash", tool_input: { command } }).said;
  expect(bash(`node "${helper}" status`)).toEqual({
    hookSpecificOutput: { hookEventName: "PreToolUse", permissionDecision: "allow" },
  });
  expect(bash(`node "${helper}" status && touch x`)).toBeNull();
});

test("a damaged journal launches nothing and says where it is damaged", () => {
  const run = begin({ tasks: ["T1"] });
  const path = join(run.folder, "events.jsonl");
  writeFileSync(path, `rubbish\n${readFileSync(path, "utf8")}`);
  expect(JSON.stringify(call(agentCall(`[orchestrate ${run.state.run} T1]`)).said)).toContain("deny");
  const prompt = call({ hook_event_name: "UserPromptSubmit", prompt: "hi" });
  expect(prompt).toMatchObject({ said: null, code: 1 });
  expect(prompt.stderr).toContain("events.jsonl");
});

test("a plan that was changed after it was made launches nothing", () => {
  const run = begin({ tasks: ["T1", "T2"], edges: ["T1 T2"] });
  const [name = ""] = readdirSync(run.folder).filter((file) => file.startsWith("plan-"));
  const path = join(run.folder, name);
  writeFileSync(path, readFileSync(path, "utf8").replace('"to": "T2"', '"to": "T1"'));
  const { said } = call(agentCall(`[orchestrate ${run.state.run} T2]`));
  expect(JSON.stringify(said)).toContain("the plan of the run was changed after it was made");
});

test("input that is no JSON ends without a stack trace", () => {
  const ran = spawnSync(process.execPath, [hook], { input: "{", encoding: "utf8", env: { PATH: process.env["PATH"] } });
  expect(ran.stderr).not.toContain("    at ");
  expect(ran.status).toBe(1);
});

describe("an agent whose prompt another plugin replaced", () => {
  const launched = (run: Run, prompt: string): unknown =>
    call({
      hook_event_name: "PostToolUse",
      tool_name: "Agent",
      tool_use_id: "toolu_1",
      tool_input: { description: "T1", prompt },
      tool_response: { status: "async_launched", agentId: "a1" },
    }).said;
  /** What the client keeps of an agent when it starts. */
  const files = (opening: string, meta: object | null): string => {
    const folder = join(project, "s1", "subagents");
    mkdirSync(folder, { recursive: true });
    const line = { type: "user", message: { role: "user", content: opening } };
    writeFileSync(join(folder, "agent-a1.jsonl"), `${JSON.stringify(line)}\n`);
    if (meta !== null) writeFileSync(join(folder, "agent-a1.meta.json"), JSON.stringify(meta));
    return join(project, "s1.jsonl");
  };
  const start = (transcript_path: string): unknown =>
    call({ hook_event_name: "SubagentStart", agent_id: "a1", agent_type: "general-purpose", transcript_path }).said;

  test("is told of to the person, with the cause, once", () => {
    const run = begin({ tasks: ["T1"] });
    call(agentCall(`[orchestrate ${run.state.run} T1]`));
    expect(launched(run, `[orchestrate ${run.state.run} T1]`)).toEqual({
      systemMessage: expect.stringContaining("a PreToolUse hook of another plugin") as string,
    });
    expect(launched(run, `[orchestrate ${run.state.run} T1]`)).toBeNull();
  });

  test("is not told of when the brief was left as it was, whatever was added behind it", () => {
    const run = begin({ tasks: ["T1"] });
    call(agentCall(`[orchestrate ${run.state.run} T1]`));
    expect(launched(run, `[orchestrate ${run.state.run} T1 toolu_1]\n…\nBe concise.`)).toBeNull();
  });

  test.each([
    ["the bare mark", "[orchestrate RUN T1]"],
    ["more words", "[orchestrate RUN T1]\nBe concise."],
    ["other words", "Do something else."],
  ])("gets its brief at its start, having %s", (_, opening) => {
    const run = begin({ tasks: ["T1"] });
    call(agentCall(`[orchestrate ${run.state.run} T1]`));
    const said = JSON.stringify(start(files(opening.replace("RUN", run.state.run), { toolUseId: "toolu_1" })));
    expect(said).toContain('"hookEventName":"SubagentStart"');
    expect(said).toContain(`[orchestrate ${run.state.run} T1 toolu_1]`);
    expect(said).toContain("STATUS: DONE");
  });

  test("gets the path of its brief where that is longer than the client lets through", () => {
    const run = begin({ tasks: [{ id: "T1", body: "long ".repeat(4_000) }] });
    call(agentCall(`[orchestrate ${run.state.run} T1]`));
    const said = JSON.stringify(start(files("[orchestrate r T1]", { toolUseId: "toolu_1" })));
    const path = join(run.folder, "briefs", "T1.md");
    expect(said).toContain(path);
    expect(readFileSync(path, "utf8")).toContain("STATUS: DONE");
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test("nothing is said to one that has its brief, nor to the person's own", () => {
    const run = begin({ tasks: ["T1"] });
    call(agentCall(`[orchestrate ${run.state.run} T1]`));
    expect(start(files(`[orchestrate ${run.state.run} T1 toolu_1]\nYou do …`, { toolUseId: "toolu_1" }))).toBeNull();
    expect(start(files("Look around", { toolUseId: "toolu_9" }))).toBeNull();
  });

  test("is judged when it stops, by the call that launched it", () => {
    const run = begin({ tasks: ["T1"] });
    call(agentCall(`[orchestrate ${run.state.run} T1]`));
    files("[orchestrate r T1]", { toolUseId: "toolu_1" });
    const said = call({
      hook_event_name: "SubagentStop",
      agent_id: "a1",
      agent_transcript_path: join(project, "s1", "subagents", "agent-a1.jsonl"),
      last_assistant_message: "",
    }).said;
    expect(JSON.stringify(said)).toContain("Not accepted");
    expect(now(run).tasks.get("T1")?.sendBacks).toBe(1);
  });
});

describe("a new session", () => {
  test.each(["startup", "resume", "clear"])("tells the person of another session's unfinished run (%s)", (source) => {
    begin({ tasks: ["T1"] });
    expect(call({ hook_event_name: "SessionStart", source, session_id: "s2" }).said).toMatchObject({
      systemMessage: expect.stringContaining("/orchestrate resume") as string,
      hookSpecificOutput: { additionalContext: expect.stringContaining("unfinished") as string },
    });
  });

  test("a compaction of another session is not told", () => {
    begin({ tasks: ["T1"] });
    expect(call({ hook_event_name: "SessionStart", source: "compact", session_id: "s2" }).said).toBeNull();
  });
});

describe("a headless run of the project", () => {
  const events = (run: Run, ...more: Event[]): void => append(join(run.folder, "events.jsonl"), more);
  const supervised: Event = {
    type: "supervised",
    at,
    token: "t",
    by: identityOf(process.pid) ?? { pid: process.pid, start: "" },
    host: hostname(),
    after: null,
  };
  const tell = (hook_event_name: string, session_id = "s1"): unknown =>
    call({ hook_event_name, source: "startup", prompt: "hi", session_id }, env()).said;
  const env = (): Record<string, string> => ({ XDG_STATE_HOME: join(project, "state") });
  const headless = (): Run => beginHeadless({ tasks: ["T1", "T2"] });

  test("is told at a session's start, and not at every turn", () => {
    events(headless(), supervised);
    expect(tell("SessionStart")).toMatchObject({ systemMessage: expect.stringContaining("is at work") as string });
    expect(tell("UserPromptSubmit")).toBeNull();
    expect(tell("Stop")).toBeNull();
  });

  test.each(["UserPromptSubmit", "Stop"])(
    "its end is told once, with the next words or at the end of a turn (%s)",
    (event) => {
      const run = headless();
      const ended = ["T1", "T2"].map((task): Event => ({ type: "cancelled", at, task }));
      events(run, supervised, ...ended, { type: "finished", at, ok: true });
      const said = tell(event);
      expect(said).toMatchObject({ systemMessage: expect.stringContaining("is finished") as string });
      // Words for the model at the end of a turn would begin another.
      expect(JSON.stringify(said).includes("additionalContext")).toBe(event === "UserPromptSubmit");
      for (const again of ["UserPromptSubmit", "Stop", "SessionStart"]) expect(tell(again)).toBeNull();
    },
  );

  test("a stop, a lost supervisor and questions are told once in each session", () => {
    const run = headless();
    expect(tell("UserPromptSubmit")).toMatchObject({
      systemMessage: expect.stringContaining("no supervisor") as string,
    });
    expect(tell("UserPromptSubmit")).toBeNull();
    expect(tell("UserPromptSubmit", "s2")).not.toBeNull();
    events(run, supervised, { type: "stopped", at, reason: "the budget\nis spent" });
    expect(tell("UserPromptSubmit")).toMatchObject({
      systemMessage: expect.stringContaining("is stopped (the budget is spent)") as string,
    });
    expect(tell("UserPromptSubmit")).toBeNull();
  });
});
