import type { Checked, Engine, ProcessIdentity, Supervised, TodoStatus, WorkPlace } from "./event.ts";
import type { TaskStatus } from "./task.ts";

/** What the journal says of one task. */
export interface TaskState {
  readonly status: TaskStatus;
  /** Valid claims so far. */
  readonly attempts: number;
  /** Times sent back in the present attempt. */
  readonly sendBacks: number;
  readonly claim: string | null;
  /** Digests from its first claim in this run. */
  readonly before: ReadonlyMap<string, string | null>;
  readonly client: ProcessIdentity | null;
  /** The client's id of the worker that has it. */
  readonly agent: string | null;
  readonly summary: string;
  readonly files: readonly string[];
  /** Files that its workers named in their reports, whatever became of them. */
  readonly reported: readonly string[];
  readonly concerns: readonly string[];
  /** Why it failed, was sent back, was lost or skipped; the question it waits on. Newest last. */
  readonly history: readonly string[];
  readonly answer: string | null;
  /** Of all its workers so far, as the client counted them. */
  readonly tokens: number;
  readonly ticked: boolean;
  /** Why its box could not be ticked. A resume tries again. */
  readonly unticked: string | null;
  /** Its entry in the session's todo list: the entry's id, if entries have one, and the status last written there. */
  readonly todo: { readonly id: string | null; readonly status: TodoStatus; readonly linked: boolean } | null;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  /** Of a headless task; null before its first launch. */
  readonly place: WorkPlace | null;
  readonly keeper: ProcessIdentity | null;
  /** The client's session of its newest worker. */
  readonly worker: string | null;
  /** Restarts used up since a person last had a hand in it. */
  readonly restarts: number;
  /** Merges that failed by a conflict, likewise. */
  readonly conflicts: number;
  /** Seconds to wait before it starts again, counted from when the supervisor learns of it. */
  readonly wait: number;
  readonly dollars: number;
  /** Seconds that its workers took in all. */
  readonly seconds: number;
  /** Its verified work, then its merge. */
  readonly commit: string | null;
}

/** The state of a run: nothing but a fold of its events over its plan. */
export interface RunState {
  readonly run: string;
  readonly plan: string;
  readonly session: string | null;
  readonly engine: Engine;
  /** Where the first worktrees begin; null in a session. */
  readonly base: string | null;
  /** The newest commit of the integration branch whose checks passed; null in a session. */
  readonly head: string | null;
  /** Tasks in the order in which they were merged. */
  readonly merged: readonly string[];
  readonly supervisor: Supervised | null;
  readonly paused: boolean;
  /** Rate limits that nobody lifted, oldest first: how many seconds each lasts, and when it was met. */
  readonly limits: readonly { readonly seconds: number; readonly at: string }[];
  /**
   * Rate limits of unknown end that followed one another, with no worker in between that got through: how often all launches waited,
   * how long in all and the last time, and whether something was launched since. Null when the last worker got through.
   */
  readonly untold: {
    readonly rounds: number;
    readonly seconds: number;
    readonly wait: number;
    readonly fresh: boolean;
  } | null;
  readonly stopped: string | null;
  readonly finished: boolean | null;
  readonly tasks: ReadonlyMap<string, TaskState>;
  /** Tasks that the list no longer has, as they were when it lost them: it may have them again. */
  readonly gone: ReadonlyMap<string, TaskState>;
  /** Tasks that wait for a person to say whether they are one of before in other words, each with the id of that one. */
  readonly held: ReadonlyMap<string, string>;
  readonly checks: readonly Checked[];
  /** Who runs the checks of the whole tree at this moment. */
  readonly checking: ProcessIdentity | null;
  /** Tasks done since the last green round of checks: one of them is to blame for a red one. */
  readonly unchecked: readonly string[];
  /** Nudges since the last claim. */
  readonly nudges: number;
  /** The newest task that became done. */
  readonly lastDone: string | null;
  /** The todo tool that the session turned out to have. */
  readonly mirror: "TodoWrite" | "TaskCreate" | null;
  /** Claims that came too late or out of order: their `claim`. They launch nothing. */
  readonly refused: ReadonlySet<string>;
}
