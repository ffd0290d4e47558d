const stopping = new AbortController();

/** Aborted when this process is to do nothing more with git. */
export const gitStopped: AbortSignal = stopping.signal;

/**
 * Ends every git command of this process and lets no other begin, for good: whoever waits for one gets an error, as if the
 * process had been killed there. What is half done is mended as after a kill.
 */
export function stopGit(): void {
  stopping.abort(new Error("it was stopped in the middle of its work with git"));
}
