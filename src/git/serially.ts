import { gitStopped } from "./stop.ts";

let last: Promise<unknown> = Promise.resolve();

/**
 * Does `work` when everything given before is over: git's own locks make changes of refs and worktrees that meet fail, not wait.
 * Holds within this process only. Work inside work would wait for itself. After `stopGit` none begins: it throws.
 */
export function serially<T>(work: () => Promise<T>): Promise<T> {
  const begin = (): Promise<T> => {
    gitStopped.throwIfAborted();
    return work();
  };
  const mine = last.then(begin, begin);
  last = mine.catch(() => undefined);
  return mine;
}
