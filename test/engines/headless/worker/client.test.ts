import { rm } from "node:fs/promises";
import { createServer } from "node:http";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { claudeCommand, type ClaudeOptions } from "../../../../src/engines/headless/keeper/commandLine.ts";
import { clientEnvironment } from "../../../client/client.ts";
import { clientPath } from "../../../client/find.ts";
import { type Home, makeHome, makeProject } from "../../../client/home.ts";
import { startModel } from "../../../client/model.ts";
import { withClient } from "../../../client/withClient.ts";
import { buildKeeper, startKeeper } from "./keep.ts";

let program = "";
beforeAll(async () => {
  program = await buildKeeper();
});
afterAll(() => rm(dirname(program), { recursive: true, force: true }));

function commandOf(options: Partial<ClaudeOptions> = {}): string[] {
  const made = claudeCommand({
    program: clientPath(),
    model: null,
    effort: null,
    agent: null,
    permissionMode: "acceptEdits",
    allowedTools: [],
    resume: null,
    dollars: null,
    ...options,
  });
  if (!made.ok) throw new Error(made.reason);
  return made.command;
}

const limits = { grace: 2, afterResult: 5 };

withClient("a worker under its keeper", () => {
  test("gets the brief by standard input, works, and leaves its end; another attempt resumes its session", async () => {
    await using project = await makeProject();
    await using home = await makeHome(project.folder);
    const file = join(project.folder, "made.txt");
    await using model = await startModel(({ news }) =>
      news.includes("first brief")
        ? {
            text: "Working.",
            calls: [
              { name: "Write", input: { file_path: file, content: "x" } },
              { name: "Bash", input: { command: "touch /outside-of-everything", description: "x" } },
            ],
          }
        : { text: "All done." },
    );
    const env = clientEnvironment({ home, model });
    const brief = "- first brief --model x\n`$(id)`";
    const command = commandOf({ model: "haiku", effort: "low", allowedTools: ["Edit", "Bash(git log *)"], dollars: 5 });
    await using attempt = await startKeeper(program, { command, cwd: project.folder, env, brief, limits });
    const end = await attempt.end();
    expect(end).toMatchObject({
      outcome: "finished",
      text: "All done.",
      ranCommands: true,
      permissionDenials: ["Bash: touch /outside-of-everything"],
    });
    expect(end.tokens).toBeGreaterThan(0);
    expect(end.dollars).toBeGreaterThan(0);
    const first = model.mainRequests()[0];
    expect(first?.prompt).toBe(brief);
    expect(first?.tools).toEqual(expect.arrayContaining(["Bash", "Edit", "Read", "Write"]));
    for (const name of ["Agent", "Task", "Workflow", "ScheduleWakeup"]) expect(first?.tools).not.toContain(name);
    expect(attempt.written()).not.toContain(home.key);

    const again = commandOf({ resume: end.session });
    await using second = await startKeeper(program, {
      command: again,
      cwd: project.folder,
      env,
      brief: "second",
      limits,
    });
    expect(await second.end()).toMatchObject({ outcome: "finished", session: end.session });
    expect(model.mainRequests().at(-1)?.told).toContain("first brief");
  });

  test("that the service refuses until a time says how long to wait", async () => {
    const before = Date.now() / 1_000;
    const reset = Math.floor(before) + 3_600;
    const end = await endWhenRefused({ CLAUDE_CODE_OAUTH_TOKEN: "sk-ant-oat01-stand-in" }, 429, "rate_limit_error", {
      "anthropic-ratelimit-unified-status": "rejected",
      "anthropic-ratelimit-unified-reset": String(reset),
      "anthropic-ratelimit-unified-representative-claim": "five_hour",
      "retry-after": "3600",
    });
    expect(end.outcome).toBe("rate-limit");
    expect(end.waitSeconds).toBeGreaterThanOrEqual(Math.floor(reset - Date.now() / 1_000));
    expect(end.waitSeconds).toBeLessThanOrEqual(Math.ceil(reset - before));
  });

  test("whose key is refused needs a person", async () => {
    const key = { ANTHROPIC_API_KEY: "sk-ant-stand-in-for-a-real-key-0000", CLAUDE_CODE_MAX_RETRIES: "0" };
    expect((await endWhenRefused(key, 401, "authentication_error", {})).outcome).toBe("permission");
  });

  test("that goes wrong at its start says what the client said", async () => {
    await using project = await makeProject();
    await using home = await makeHome(project.folder);
    const command = commandOf({ agent: "no-such-agent" });
    await using attempt = await startKeeper(program, { command, cwd: project.folder, env: home.env, limits });
    expect(await attempt.end()).toMatchObject({
      outcome: "crash",
      reason: expect.stringContaining("--agent 'no-such-agent' not found"),
    });
  });
});

/** Runs the client against a service that refuses every request in this way. */
async function endWhenRefused(
  account: Readonly<Record<string, string>>,
  status: number,
  type: string,
  headers: Readonly<Record<string, string>>,
) {
  const server = createServer((request, response) => {
    request.resume().once("end", () => {
      response.writeHead(status, { "content-type": "application/json", ...headers });
      response.end(JSON.stringify({ type: "error", error: { type, message: "refused" } }));
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  try {
    const address = server.address();
    const port = address !== null && typeof address === "object" ? address.port : 0;
    await using project = await makeProject();
    await using home: Home = await makeHome(project.folder);
    const env = { ...home.env, ...account, ANTHROPIC_BASE_URL: `http://127.0.0.1:${port}` };
    await using attempt = await startKeeper(program, { command: commandOf(), cwd: project.folder, env, limits });
    return await attempt.end();
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
