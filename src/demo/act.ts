import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { scriptOf, situationOf, type Script, type Step } from "./script.ts";

/**
 * Does the work of one task of the demo's list in `folder`, and says it line by line in the form that Claude Code prints
 * with `--output-format stream-json`. Gives the exit code: 0 with a result, 1 without one. `pace` is 1, or 0 for no pauses.
 */
export async function act(
  task: string,
  brief: string,
  folder: string,
  { pace, say, ended }: { readonly pace: number; readonly say: (line: string) => void; readonly ended: AbortSignal },
): Promise<0 | 1> {
  const script = scriptOf(task, situationOf(brief));
  if (script === null) return 1;
  for (const [index, step] of script.steps.entries()) {
    say(JSON.stringify(messageOf(step, index)));
    try {
      await wait(step.seconds * 1_000 * pace, undefined, { signal: ended });
    } catch {
      return 1;
    }
    if (!carryOut(step, folder)) return 1;
  }
  const result = { type: "result", subtype: "success", is_error: false, result: reportOf(task, script) };
  say(JSON.stringify(result));
  return 0;
}

/** False when a test is red. */
function carryOut(step: Step, folder: string): boolean {
  switch (step.does) {
    case "write":
      put(join(folder, step.file), step.text);
      return true;
    case "edit": {
      const path = join(folder, step.file);
      put(path, step.edit(readFileSync(path, "utf8")));
      return true;
    }
    case "test":
      return (
        spawnSync(process.execPath, [step.file], { cwd: folder, stdio: ["ignore", "ignore", "inherit"] }).status === 0
      );
    case "die":
      process.kill(process.pid, "SIGKILL");
      return false;
    default: {
      const never: never = step;
      throw new Error(`unknown step ${JSON.stringify(never)}`);
    }
  }
}

function put(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** The model's message with its tool call, as the client prints it. */
function messageOf(step: Step, index: number): object {
  const content: object[] = [{ type: "text", text: step.says }];
  const call = callOf(step);
  if (call !== null) content.push({ type: "tool_use", id: `call-${index}`, ...call });
  return { type: "assistant", message: { id: `message-${index}`, content } };
}

function callOf(step: Step): { readonly name: string; readonly input: object } | null {
  switch (step.does) {
    case "write":
      return { name: "Write", input: { file_path: step.file } };
    case "edit":
      return { name: "Edit", input: { file_path: step.file } };
    case "test":
      return { name: "Bash", input: { command: `node ${step.file}` } };
    case "die":
      return null;
    default: {
      const never: never = step;
      throw new Error(`unknown step ${JSON.stringify(never)}`);
    }
  }
}

function reportOf(task: string, { files, outside, summary }: Script): string {
  return [
    "STATUS: DONE",
    `TASK: ${task}`,
    `FILES: ${files.join(", ")}`,
    ...(outside === undefined ? [] : [`OUTSIDE: ${outside}`]),
    `SUMMARY: ${summary}`,
  ].join("\n");
}
