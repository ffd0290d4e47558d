import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { readCurrent } from "./run/current.ts";
import { allow, deny, markIn, type HookAnswer, type HookInput } from "./engines/session/hookInput.ts";
import { isOwnCommand } from "./engines/session/permission.ts";
import { keepTyped } from "./engines/session/typed.ts";

/*
 * What the client's hooks call. It runs in every session of everybody who has the plugin: it imports no parser, reads at
 * most one path where no run was started, and says nothing there. The engine is loaded only where there is a run.
 */

/** Events at which a session can be told something. */
const turnEvents: ReadonlySet<string> = new Set(["SessionStart", "UserPromptSubmit", "Stop"]);

async function answer(input: HookInput): Promise<HookAnswer> {
  if (input.hook_event_name === "UserPromptExpansion") return keep(input, input.command_name, input.command_args);
  if (input.tool_name === "Skill") return keep(input, input.tool_input?.["skill"], input.tool_input?.["args"]);
  if (input.hook_event_name === "PreToolUse" && input.tool_name === "Bash") {
    const helper = join(dirname(fileURLToPath(import.meta.url)), "cli.mjs");
    const command = input.tool_input?.["command"];
    return typeof command === "string" && isOwnCommand(command, helper) ? allow() : null;
  }
  const project = process.env["CLAUDE_PROJECT_DIR"] ?? process.cwd();
  const marked = input.hook_event_name === "PreToolUse" ? markIn(input) : null;
  const current = readCurrent(project);
  // Headless runs are their supervisor's business; a session is only told how they stand.
  if (current === null || current.engine === "headless") {
    if (marked !== null) return deny(`Not launched: no run ${marked.run} is open here.`);
    if (current?.open !== true || !turnEvents.has(input.hook_event_name)) return null;
    const { onHeadless } = await import("./engines/session/onHeadless.ts");
    return onHeadless(input, project, current);
  }
  const { answerForRun } = await import("./engines/session/engine.ts");
  return answerForRun(input, project, Number(process.env["CLAUDE_PID"] ?? process.ppid));
}

function keep(input: HookInput, command: unknown, typed: unknown): HookAnswer {
  if (typeof command !== "string" || !/^(?:orchestrate:)?(?:parallel-)?orchestrate$/.test(command)) return null;
  const project = process.env["CLAUDE_PROJECT_DIR"] ?? input.cwd;
  keepTyped(input.session_id, { text: typeof typed === "string" ? typed : "", project });
  return null;
}

async function main(): Promise<void> {
  let input: HookInput | null = null;
  try {
    input = JSON.parse(readFileSync(0, "utf8")) as HookInput;
    const said = await answer(input);
    if (said !== null) process.stdout.write(JSON.stringify(said));
  } catch (error) {
    const message = `Orchestrate: ${error instanceof Error ? error.message : String(error)}`;
    // A launch that nobody can account for must not happen; anything else goes on as if the plugin were not there.
    if (input?.hook_event_name === "PreToolUse" && markIn(input) !== null)
      process.stdout.write(JSON.stringify(deny(message)));
    else {
      process.stderr.write(`${message}\n`);
      process.exitCode = 1;
    }
  }
}

await main();
