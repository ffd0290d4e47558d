import { existsSync } from "node:fs";

/** What a git command came to. `code` is -1 where it did not start, or was ended by a signal or by its time limit. */
export interface GitResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

interface How {
  readonly env: NodeJS.ProcessEnv;
  readonly input?: string | undefined;
  /** Milliseconds after which the command and all that it started is killed. */
  readonly timeout: number;
  readonly stop?: AbortSignal | undefined;
  /** How its output becomes text: `latin1` is one character a byte. */
  readonly encoding?: "utf8" | "latin1" | undefined;
}

/** Output beyond this many bytes ends the command. */
const mostOutput = 512 * 1024 * 1024;

/**
 * Runs git in `folder` with exactly this environment, as the leader of a process group of its own, and never throws. At its time
 * limit, when `stop` is aborted, or beyond the bound of its output the whole group is killed.
 */
export function execute(folder: string, args: readonly string[], how: How): Promise<GitResult> {
  return new Promise((resolve) => {
    // Fetched when git is asked for the first time: a preview outside a repository does without it.
    const { spawn } = process.getBuiltinModule("node:child_process");
    const child = spawn("git", args, { cwd: folder, env: how.env, detached: true, windowsHide: true });
    const parts: { out: Buffer[]; err: Buffer[] } = { out: [], err: [] };
    let bytes = 0;
    let why: string | null = null;
    const kill = (reason: string): void => {
      why ??= reason;
      killGroup(child.pid);
    };
    for (const name of ["out", "err"] as const)
      child[`std${name}`].on("data", (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > mostOutput) kill("git printed more than can be held");
        else parts[name].push(chunk);
      });
    const timer = setTimeout(() => kill(`git took longer than ${Math.round(how.timeout / 1_000)} s`), how.timeout);
    const stopped = (): void => kill("git was stopped");
    how.stop?.addEventListener("abort", stopped, { once: true });
    if (how.stop?.aborted === true) stopped();
    const end = (code: number, more = ""): void => {
      clearTimeout(timer);
      how.stop?.removeEventListener("abort", stopped);
      const err = Buffer.concat(parts.err).toString("utf8");
      resolve({
        code,
        out: Buffer.concat(parts.out).toString(how.encoding ?? "utf8"),
        err: more === "" ? err : [err.trim(), more].filter(Boolean).join("\n"),
      });
    };
    child.on("error", (error: NodeJS.ErrnoException) => end(-1, notStarted(error, folder)));
    // A filter that outlives its git would hold the pipes, and a killed git may leave one.
    child.on("exit", () => killGroup(child.pid));
    child.on("close", (code, signal) =>
      code === null ? end(-1, why ?? `git was ended by ${String(signal)}`) : end(code),
    );
    // A command that does not read to the end says why by its own exit.
    child.stdin.on("error", () => undefined);
    child.stdin.end(how.input ?? "");
  });
}

/** The same, waiting for it: for what only looks, in code that cannot wait otherwise. */
export function executeNow(folder: string, args: readonly string[], { env, input, timeout }: How): GitResult {
  const { spawnSync } = process.getBuiltinModule("node:child_process");
  // Not in the types of its options, but it holds here as for `spawn`: what git started goes with it.
  const apart = { detached: true };
  const done = spawnSync("git", args, {
    ...apart,
    cwd: folder,
    env,
    input: input ?? "",
    timeout,
    killSignal: "SIGKILL",
    maxBuffer: 64 * 1024 * 1024,
    encoding: "utf8",
    windowsHide: true,
  });
  if (done.status === null) killGroup(done.pid);
  if (done.status !== null) return { code: done.status, out: done.stdout, err: done.stderr };
  return { code: -1, out: "", err: done.error === undefined ? "git was killed" : notStarted(done.error, folder) };
}

function killGroup(leader: number | undefined): void {
  if (leader === undefined || leader <= 1) return;
  try {
    process.kill(process.platform === "win32" ? leader : -leader, "SIGKILL");
  } catch {
    // Nobody of it is left.
  }
}

function notStarted(error: NodeJS.ErrnoException, folder: string): string {
  if (!existsSync(folder)) return `the folder ${folder} does not exist`;
  if (error.code === "ENOENT") return "git is not installed, or not on the PATH";
  return error.message;
}
