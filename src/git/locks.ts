import { rmSync, statSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import type { GitResult } from "./execute.ts";

/** Seconds after which a lock in a place of ours was left by a process that was killed: git holds one for an instant. */
let stale = 10;

export function staleAfter(): number {
  return stale;
}

/** To be called when no process of ours but this one can be at work on the repository: then a lock need not be old to be stale. */
export function nobodyElse(): void {
  stale = 0.5;
}

/** Seconds that a command tries again for. */
const patience = 15;

/**
 * Runs a git command again while another one holds a lock that it needs. A stale lock is removed only if it is one of `ours`
 * (absolute paths); anybody else's stays, and the command fails with git's own words after 15 seconds.
 */
export async function despiteLocks(ours: readonly string[], command: () => Promise<GitResult>): Promise<GitResult> {
  const end = performance.now() + patience * 1_000;
  for (let pause = 20; ; pause = Math.min(pause * 2, 500)) {
    const result = await command();
    if (result.code === 0 || !/\.lock': File exists|could not lock config file/.test(result.err)) return result;
    const left = ours.filter((path) => olderThan(path, stale));
    for (const path of left) rmSync(path, { force: true });
    if (left.length > 0) continue;
    if (performance.now() > end) return result;
    await wait(pause * (0.5 + Math.random()));
  }
}

/** Whether a file is there and was last changed more than `seconds` ago. */
export function olderThan(path: string, seconds: number): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && Date.now() - found.mtimeMs > seconds * 1_000;
}
