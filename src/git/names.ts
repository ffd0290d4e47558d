import { createHash } from "node:crypto";
import { stateFolder } from "../run/current.ts";

/** Every branch of ours in a repository stands under this. */
export const branchPrefix = "orchestrate";

const reserved = /^(?:CON|PRN|AUX|NUL|COM\d|LPT\d|_INTEGRATION)$/;
/** What a digest looks like where case does not count. */
const digested = /-[0-9A-F]{8}$/;

/**
 * A task's id as part of a branch, folder or file name. Ids of capitals and digits mostly stay as they are; all others lose what no
 * file system and no ref may have, and gain a digest, so that two ids never share a name, not even where case does not count.
 */
export function slugOf(task: string): string {
  if (/^[A-Z0-9][A-Z0-9_-]{0,39}$/.test(task) && !reserved.test(task) && !digested.test(task)) return task;
  const plain = task.replaceAll(/[^A-Za-z0-9_]+/g, "-").replace(/^-+/, "");
  return `${plain.slice(0, 40)}-${createHash("sha256").update(task).digest("hex").slice(0, 8)}`.replace(/^-/, "");
}

export function integrationBranch(run: string): string {
  return `${branchPrefix}/${run}/integration`;
}

/** Refs of ours that keep a run's commits: no branch shows them, and no clean-up of git's takes what they hold. */
export function pins(run: string): string {
  return `refs/orchestrate/${run}`;
}

/** The ref of a task's newest work. */
export function taskRef(run: string, task: string): string {
  return `${pins(run)}/task/${slugOf(task)}`;
}

/** Folder of a run's worktrees, relative to the project. */
export function worktreesFolder(run: string): string {
  return `${stateFolder}/worktrees/${run}`;
}

export function integrationWorktree(run: string): string {
  return `${worktreesFolder(run)}/_integration`;
}

export function taskWorktree(run: string, task: string): string {
  return `${worktreesFolder(run)}/${slugOf(task)}`;
}
