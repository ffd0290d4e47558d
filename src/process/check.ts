import { spawn } from "node:child_process";
import { afterAwake } from "./awake.ts";
import { signalGroup } from "./group.ts";
import { mask, secretsOf } from "./mask.ts";

export interface CheckResult {
  readonly result: "passed" | "failed" | "timed-out";
  /** The last 4,000 characters of standard output and error, interleaved as they came, with secrets masked. */
  readonly output: string;
}

const kept = 4_000;
/** More than is shown: a secret that is cut in two is no longer known for one. */
const read = 64 * 1024;

/**
 * Runs one check, a command line from the person's own configuration, in a shell in `folder`. The whole process group ends
 * with it: after `seconds`, a sleep of the machine left out, it is asked to stop, and two seconds later it is killed; when `aborted` it is killed at once. What
 * left the group is not waited for. Memory stays bounded whatever it prints.
 */
export function runCheck(
  command: string,
  folder: string,
  seconds: number,
  { env = process.env, aborted }: { env?: NodeJS.ProcessEnv; aborted?: AbortSignal } = {},
): Promise<CheckResult> {
  return new Promise((resolve) => {
    const child = spawn(command, { cwd: folder, shell: true, detached: true, stdio: ["ignore", "pipe", "pipe"], env });
    let output = "";
    let timedOut = false;
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => {
        output = (output + text).slice(-read);
      });
    const signal = (name: NodeJS.Signals): void => {
      if (child.pid !== undefined) signalGroup(child.pid, name);
    };
    let killer: NodeJS.Timeout | undefined;
    const callOff = afterAwake(seconds * 1_000, () => {
      timedOut = true;
      signal("SIGTERM");
      killer = setTimeout(() => signal("SIGKILL"), 2_000);
    });
    const kill = (): void => signal("SIGKILL");
    aborted?.addEventListener("abort", kill, { once: true });
    if (aborted?.aborted === true) kill();
    /** Its number may be another's from now on. */
    const noMoreSignals = (): void => {
      callOff();
      clearTimeout(killer);
      aborted?.removeEventListener("abort", kill);
    };
    let closer: NodeJS.Timeout | undefined;
    const end = (result: CheckResult["result"]): void => {
      clearTimeout(closer);
      noMoreSignals();
      resolve({ result: timedOut ? "timed-out" : result, output: mask(output, secretsOf(env)).slice(-kept) });
    };
    child.on("error", (error) => {
      output += error.message;
      end("failed");
    });
    child.on("exit", () => {
      // What the check left running in its group would hold ports and files against the next one, and its pipes open.
      kill();
      noMoreSignals();
      // One that left the group may hold the pipes for as long as it lives.
      closer = setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
      }, 1_000);
    });
    child.on("close", (code) => end(code === 0 ? "passed" : "failed"));
  });
}
