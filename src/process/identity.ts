import { readFileSync } from "node:fs";
import type { ProcessIdentity } from "../model/event.ts";

/** Who a process is: its number and its start time, so that a later process with the same number is not taken for it. Null when there is none. */
export function identityOf(pid: number): ProcessIdentity | null {
  const start = process.platform === "linux" ? startOnLinux(pid) : startByPs(pid);
  return start === null ? null : { pid, start };
}

/** Whether exactly this process still runs. */
export function isAlive(identity: ProcessIdentity): boolean {
  return identityOf(identity.pid)?.start === identity.start;
}

/** Field 22 of /proc/PID/stat counts clock ticks since boot; with the boot id it is unique. A zombie is no longer alive. */
function startOnLinux(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (fields[0] === "Z") return null;
    return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").slice(0, 8)}.${fields[19]}`;
  } catch {
    return null;
  }
}

function startByPs(pid: number): string | null {
  try {
    const started = process
      .getBuiltinModule("node:child_process")
      .execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      })
      .trim();
    return started === "" ? null : started;
  } catch {
    return null;
  }
}
