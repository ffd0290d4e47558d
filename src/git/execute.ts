import { existsSync } from "node:fs";
import { gitStopped } from "./stop.ts";

/** What a git command came to. `code` is -1 where it did not start, or was ended by a signal or by its time limit. */
export interface GitResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Output beyond this many bytes ends the command. */
const mostOutput = 512 * 1024 * 1024;

/** Runs git in `folder` with exactly this environment, and never throws; `stopGit` ends it. `timeout` is in milliseconds, 0 for none. */
export function execute(
  folder: string,
  args: readonly string[],
  { env, input = "", timeout = 0 }: { env: NodeJS.ProcessEnv; input?: string; timeout?: number },
): Promise<GitResult> {
  return new Promise((resolve) => {
    // Fetched when git is asked for the first time: a preview outside a repository does without it.
    const { execFile } = process.getBuiltinModule("node:child_process");
    const child = execFile(
      "git",
      args,
      { cwd: folder, env, timeout, encoding: "utf8", maxBuffer: mostOutput, windowsHide: true, signal: gitStopped },
      (error, out, err) => {
        if (error === null) resolve({ code: 0, out, err });
        else if (typeof error.code === "number") resolve({ code: error.code, out, err });
        else resolve({ code: -1, out, err: [err.trim(), whyNot(error, folder, timeout)].filter(Boolean).join("\n") });
      },
    );
    // A command that does not read to the end says why by its own exit.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(input);
  });
}

function whyNot(
  error: Error & { code?: unknown; signal?: unknown; killed?: boolean },
  folder: string,
  timeout: number,
) {
  if (!existsSync(folder)) return `the folder ${folder} does not exist`;
  if (error.code === "ENOENT") return "git is not installed, or not on the PATH";
  if (error.killed && timeout > 0) return `git took longer than ${Math.round(timeout / 1_000)} s`;
  return typeof error.signal === "string" ? `git was ended by ${error.signal}` : error.message;
}
