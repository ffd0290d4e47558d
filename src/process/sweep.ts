import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import type { ProcessIdentity } from "../model/event.ts";
import { identityOf, isAlive } from "./identity.ts";

/** The variable by which everything that a worker starts can be found, however it was started. */
export const tokenVariable = "ORCHESTRATE_TOKEN";

/**
 * Every running process of this user whose environment, as it was when its program started, holds this token.
 * Not found: a process whose program was started with an emptied environment, and anything on Windows.
 */
export function findByToken(token: string): ProcessIdentity[] {
  const entry = `${tokenVariable}=${token}`;
  if (process.platform === "win32") return [];
  return process.platform === "linux" ? findOnLinux(entry) : findByPs(entry);
}

/**
 * Kills every process that holds the token, except those named, until a look finds no more (a process may have forked
 * between the look and the kill). Who each is, is looked at again right before its signal. Returns what still ran after
 * two seconds: as a rule nothing, else processes that the system cannot end now.
 */
export async function sweep(token: string, except: readonly ProcessIdentity[] = []): Promise<ProcessIdentity[]> {
  const spared = new Set(except.map(({ pid, start }) => `${pid} ${start}`));
  const deadline = performance.now() + 2_000;
  let killed: ProcessIdentity[] = [];
  for (let pause = 5; ; pause = Math.min(pause * 2, 200)) {
    const found = findByToken(token).filter(({ pid, start }) => !spared.has(`${pid} ${start}`));
    // One that is dying shows no environment any more.
    killed = [...killed.filter(isAlive), ...found];
    if (killed.length === 0 || performance.now() > deadline) return killed;
    for (const one of found) kill(one);
    await wait(pause);
  }
}

function kill(identity: ProcessIdentity): void {
  if (!isAlive(identity)) return;
  try {
    process.kill(identity.pid, "SIGKILL");
  } catch {
    // Gone in between.
  }
}

/** The identity is read before the environment: a number that changes hands in between ends as an identity that is gone. */
function findOnLinux(entry: string): ProcessIdentity[] {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    const identity = identityOf(Number(name));
    if (identity === null) return [];
    try {
      return readFileSync(`/proc/${name}/environ`, "latin1").split("\0").includes(entry) ? [identity] : [];
    } catch {
      // Another user's, or gone.
      return [];
    }
  });
}

/** `lstart` has 24 characters; behind it stand the command and its environment. */
function findByPs(entry: string): ProcessIdentity[] {
  try {
    return process
      .getBuiltinModule("node:child_process")
      .execFileSync("ps", ["-axwwE", "-o", "pid=,lstart=,command="], {
        encoding: "utf8",
        maxBuffer: 256 * 1024 * 1024,
        stdio: ["ignore", "pipe", "ignore"],
      })
      .split("\n")
      .flatMap((line) => {
        const [, pid, start, rest] = /^\s*(\d+)\s+(.{24})\s(.*)$/.exec(line) ?? [];
        if (pid === undefined || start === undefined || rest === undefined) return [];
        return rest.split(" ").includes(entry) ? [{ pid: Number(pid), start: start.trim() }] : [];
      });
  } catch {
    return [];
  }
}
