import { spawn } from "node:child_process";

export interface CheckResult {
  readonly result: "passed" | "failed" | "timed-out";
  /** The last 4,000 characters of standard output and error, interleaved as they came. */
  readonly output: string;
}

const kept = 4_000;

/**
 * Runs one check, a command line from the person's own configuration, in a shell in `folder`. The whole process group ends
 * with it: after `seconds` it is asked to stop, and two seconds later it is killed. Memory stays bounded whatever it prints.
 */
export function runCheck(command: string, folder: string, seconds: number): Promise<CheckResult> {
  return new Promise((resolve) => {
    const child = spawn(command, { cwd: folder, shell: true, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    let timedOut = false;
    const keep = (chunk: Buffer): void => {
      output = (output + chunk.toString("utf8")).slice(-kept);
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    const signal = (name: NodeJS.Signals): void => {
      if (child.pid === undefined) return;
      try {
        process.kill(-child.pid, name);
      } catch {
        // The group is gone already.
      }
    };
    let killer: NodeJS.Timeout | undefined;
    const timer = setTimeout(() => {
      timedOut = true;
      signal("SIGTERM");
      killer = setTimeout(() => signal("SIGKILL"), 2_000);
    }, seconds * 1_000);
    const end = (result: CheckResult["result"]): void => {
      clearTimeout(timer);
      clearTimeout(killer);
      // What the check left running in its group would hold ports and files against the next one.
      signal("SIGKILL");
      resolve({ result: timedOut ? "timed-out" : result, output });
    };
    child.on("error", (error) => {
      output += error.message;
      end("failed");
    });
    child.on("close", (code) => end(code === 0 ? "passed" : "failed"));
  });
}
