let last: Promise<unknown> = Promise.resolve();

/**
 * Does `work` when everything given before is over: git's own locks make changes of refs and worktrees that meet fail, not wait.
 * Holds within this process only. Work inside work would wait for itself.
 */
export function serially<T>(work: () => Promise<T>): Promise<T> {
  const mine = last.then(work, work);
  last = mine.catch(() => undefined);
  return mine;
}
