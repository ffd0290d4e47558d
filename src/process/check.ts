import { spawn } from "node:child_process";
import { signalGroup } from "./group.ts";

export interface CheckResult {
  readonly result: "passed" | "failed" | "timed-out";
  /** The last 4,000 characters of standard output and error, interleaved as they came. */
  readonly output: string;
}

const kept = 4_000;

/**
 * Runs one check, a command line from the person's own configuration, in a shell in `folder`. The whole process group ends
 * with it: after `seconds` it is asked to stop, and two seconds later it is killed; when `aborted` it is killed at once. Memory
 * stays bounded whatever it prints.
 */
export function runCheck(
  command: string,
  folder: string,
  seconds: number,
  { env, aborted }: { env?: NodeJS.ProcessEnv; aborted?: AbortSignal } = {},
): Promise<CheckResult> {
  return new Promise((resolve) => {
    const child = spawn(command, {
      cwd: folder,
      shell: true,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      ...(env === undefined ? {} : { env }),
    });
    let output = "";
    let timedOut = false;
    const keep = (chunk: Buffer): void => {
      output = (output + chunk.toString("utf8")).slice(-kept);
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    const signal = (name: NodeJS.Signals): void => {
      if (child.pid !== undefined) signalGroup(child.pid, name);
    };
    let killer: NodeJS.Timeout | undefined;
    const timer = setTimeout(() => {
      timedOut = true;
      signal("SIGTERM");
      killer = setTimeout(() => signal("SIGKILL"), 2_000);
    }, seconds * 1_000);
    const kill = (): void => signal("SIGKILL");
    aborted?.addEventListener("abort", kill, { once: true });
    if (aborted?.aborted === true) kill();
    const end = (result: CheckResult["result"]): void => {
      clearTimeout(timer);
      clearTimeout(killer);
      aborted?.removeEventListener("abort", kill);
      resolve({ result: timedOut ? "timed-out" : result, output });
    };
    child.on("error", (error) => {
      output += error.message;
      end("failed");
    });
    // What the check left running in its group would hold ports and files against the next one, and its pipes open.
    child.on("exit", kill);
    child.on("close", (code) => end(code === 0 ? "passed" : "failed"));
  });
}
