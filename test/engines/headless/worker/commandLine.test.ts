import { expect, test } from "vitest";
import { claudeCommand, type ClaudeOptions } from "../../../../src/engines/headless/keeper/commandLine.ts";

const least: ClaudeOptions = {
  model: null,
  effort: null,
  agent: null,
  permissionMode: "acceptEdits",
  allowedTools: [],
  resume: null,
  dollars: null,
};

function commandOf(options: Partial<ClaudeOptions>): string[] {
  const made = claudeCommand({ ...least, ...options });
  if (!made.ok) throw new Error(made.reason);
  return made.command;
}

test("what nobody asked for is not said; permissions are, and no agent starts agents", () => {
  const command = commandOf({});
  expect(command.slice(0, 5)).toEqual([
    "claude",
    "-p",
    "--output-format=stream-json",
    "--verbose",
    "--permission-mode=acceptEdits",
  ]);
  expect(command).toHaveLength(6);
  expect(command[5]).toMatch(/^--disallowedTools=Agent,Task,Workflow,/);
});

test("each value stands in the argument of its option", () => {
  const command = commandOf({
    program: "/opt/claude",
    model: "opus",
    effort: "high",
    agent: "plugin:worker",
    allowedTools: ["Edit", "Bash(npm test *)", "Bash(git log, git show)"],
    resume: "11111111-1111-4111-8111-111111111111",
    dollars: 1.5,
  });
  expect(command[0]).toBe("/opt/claude");
  expect(command.slice(5)).toEqual([
    "--allowedTools=Edit,Bash(npm test *),Bash(git log, git show)",
    expect.stringMatching(/^--disallowedTools=/),
    "--model=opus",
    "--effort=high",
    "--agent=plugin:worker",
    "--max-budget-usd=1.5",
    "--resume=11111111-1111-4111-8111-111111111111",
  ]);
});

test.each([
  [{ model: "--dangerously-skip-permissions" }, "model"],
  [{ agent: "-p" }, "agent"],
  [{ effort: "" }, "effort"],
  [{ permissionMode: "plan\n--x" }, "permissionMode"],
  [{ program: "-c" }, "program"],
  [{ allowedTools: ["Edit", "--dangerously-skip-permissions"] }, "allowedTools"],
  [{ allowedTools: ["Edit,Bash"] }, "allowedTools"],
  [{ dollars: 0 }, "dollars"],
  [{ dollars: Number.NaN }, "dollars"],
])("%j is refused, and the reason names the value", (options, name) => {
  const made = claudeCommand({ ...least, ...options });
  expect(made).toMatchObject({ ok: false, reason: expect.stringMatching(new RegExp(`^${name} of a worker is `)) });
});
