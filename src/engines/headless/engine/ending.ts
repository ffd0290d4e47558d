import type { WorkerEnding } from "./effect.ts";
import type { WorkerEnd } from "../keeper/files.ts";

/** An end without a worker. */
export function endingOf(outcome: WorkerEnding["outcome"], reason: string): WorkerEnding {
  return { outcome, reason, session: null, tokens: 0, dollars: 0, seconds: 0, wait: 0 };
}

/** The end that a keeper wrote down. */
export function endingFrom(end: WorkerEnd): WorkerEnding {
  const { outcome, reason, session, seconds } = end;
  return {
    outcome,
    reason,
    session,
    seconds,
    tokens: end.tokens ?? 0,
    dollars: end.dollars ?? 0,
    wait: end.waitSeconds,
  };
}
