import type { Progress } from "../engines/headless/keeper/files.ts";
import type { RunState } from "../model/run.ts";

/** What stands beside the journal at a moment: who has the run, and how far its workers are. */
export interface Sight {
  readonly now: Date;
  /** Of a headless run. Null when the supervisor is on another machine, where it cannot be seen. */
  readonly supervised: boolean | null;
  /** Of headless tasks that run, by id; absent until the worker has said something. */
  readonly progress: ReadonlyMap<string, Progress>;
  /** Headless tasks whose keeper is seen to live. */
  readonly living: ReadonlySet<string>;
  /** Of a finished headless run: what it merged is in no branch of the person's. */
  readonly unmerged: boolean;
  /** Of a headless run: why its branch is not where the run is, and what to do; null where all is well. */
  readonly branch: string | null;
}

/** Whether a headless run has nobody who would go on with it. A session's run is its session's. */
export function isOrphan(state: Pick<RunState, "engine" | "finished" | "stopped">, { supervised }: Sight): boolean {
  return state.engine === "headless" && state.finished === null && state.stopped === null && supervised === false;
}
