import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import type { ProcessIdentity } from "../model/event.ts";
import { identityOf } from "./identity.ts";

export type Started =
  | { readonly ok: true; readonly child: ChildProcess; readonly leader: ProcessIdentity }
  /** A sentence for people. */
  | { readonly ok: false; readonly why: string };

/**
 * Starts a program (no shell reads the arguments) as the leader of a process group and session of its own, with pipes for
 * its three streams and this process's environment. Listen to its streams and its end before anything is awaited.
 */
export function startGroup(command: readonly string[], cwd: string): Promise<Started> {
  const [program = "", ...args] = command;
  return new Promise((resolve) => {
    const fail = (error: unknown): void => resolve({ ok: false, why: whyNotStarted(error, program, cwd) });
    let child: ChildProcess;
    try {
      child = spawn(program, args, { cwd, detached: true, stdio: ["pipe", "pipe", "pipe"] });
    } catch (error) {
      fail(error);
      return;
    }
    child.on("error", fail);
    const { pid } = child;
    if (pid === undefined) return;
    // One that has ended already has no start time any more; its number stays its own while its group lives.
    resolve({ ok: true, child, leader: identityOf(pid) ?? { pid, start: "" } });
  });
}

function whyNotStarted(error: unknown, program: string, cwd: string): string {
  const code = error instanceof Error && "code" in error ? error.code : null;
  if (!existsSync(cwd)) return `the folder ${cwd} does not exist`;
  if (code === "ENOENT") return `the program \`${program}\` was not found; install it, or name another command`;
  if (code === "EACCES")
    return `the program \`${program}\` may not be run; make it executable, or name another command`;
  return `the program \`${program}\` did not start: ${error instanceof Error ? error.message : String(error)}`;
}

/** Sends a signal to a whole process group, by the number of its leader. False when the group is gone. */
export function signalGroup(leader: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(-leader, signal);
    return true;
  } catch {
    return false;
  }
}

/**
 * Ends the process group that `leader` began: it is asked (SIGTERM, and SIGCONT for members that are stopped), and after
 * `grace` seconds killed. Resolves when nobody in it runs any more, or two seconds after the kill.
 * When the leader's number belongs to another process by now, nothing is signalled: the old group cannot exist beside it.
 */
export async function endGroup(leader: ProcessIdentity, grace: number): Promise<void> {
  const isOurs = (): boolean => {
    const now = identityOf(leader.pid);
    return now === null || now.start === leader.start;
  };
  if (!isOurs() || !signalGroup(leader.pid, "SIGTERM")) return;
  signalGroup(leader.pid, "SIGCONT");
  if (await isGone(leader.pid, grace)) return;
  if (isOurs()) signalGroup(leader.pid, "SIGKILL");
  await isGone(leader.pid, 2);
}

/** Waits up to `seconds` for the group to have no running member. */
async function isGone(leader: number, seconds: number): Promise<boolean> {
  const deadline = performance.now() + seconds * 1_000;
  for (let pause = 5; runs(leader); pause = Math.min(pause * 2, 200)) {
    const left = deadline - performance.now();
    if (left <= 0) return false;
    await wait(Math.min(pause, left));
  }
  return true;
}

/** Whether a member of the group runs. One that has ended but was not waited for counts as gone where that can be seen. */
function runs(leader: number): boolean {
  try {
    process.kill(-leader, 0);
  } catch {
    return false;
  }
  if (process.platform !== "linux") return true;
  return readdirSync("/proc").some((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      const [state, , group] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return group === String(leader) && state !== "Z" && state !== "X";
    } catch {
      return false;
    }
  });
}
