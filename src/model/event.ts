import type { ConfigInput } from "./config.ts";
import type { ReportStatus } from "./report.ts";

/** Everything that can happen in a run. One event is one line of `events.jsonl`; the state is a fold of them. */
export type Event =
  | Started
  | Adopted
  | HandedBack
  | Dispatched
  | Launched
  | Measured
  | Reported
  | SentBack
  | Done
  | Failed
  | NeedsInput
  | Answered
  | Retried
  | Lost
  | Checking
  | Checked
  | Ticked
  | NotTicked
  | Mirrored
  | Nudged
  | Stopped
  | Finished
  | Repaired
  | HeadlessEvent;

/** What only a headless run records. */
export type HeadlessEvent =
  | Supervised
  | Released
  | Spawned
  | Receipt
  | Ended
  | Verified
  | Merging
  | Merged
  | Conflicted
  | Collision
  | Paused
  | Unpaused
  | Cancelled
  | Skipped;

interface Base {
  /** ISO 8601, UTC. For people and metrics; no decision rests on it but how much of a rate limit is over. */
  readonly at: string;
}

/** The first line of every journal: which plan this run executes. */
export interface Started extends Base {
  readonly type: "started";
  readonly run: string;
  readonly plan: string;
  readonly session: string | null;
  readonly engine: Engine;
  /** The commit that the first worktrees begin at; headless runs only. */
  readonly base?: string | null | undefined;
  /** What was asked for, to read the list anew when the run is resumed. Sources are relative to the project. */
  readonly asked: {
    readonly sources: readonly string[];
    readonly format?: string | undefined;
    readonly tasks?: string | undefined;
    readonly only?: string | undefined;
    readonly flags: ConfigInput;
    /** Answers to the plan's questions, by the text of the question. */
    readonly answers?: Readonly<Record<string, "yes" | "no">> | undefined;
  };
  /** The program that carries a headless run to its end, copied into its folder. Absent in runs of versions that kept no copy. */
  readonly bundle?: Bundle | undefined;
}

/** A program: its version, and the digest of its one file. */
export interface Bundle {
  readonly version: string;
  readonly digest: string;
}

/** What launches the tasks. */
export type Engine = "session" | "workflow" | "headless";

/** Another session, or the other engine, took the run over. What ran in the old session is lost; headless workers are kept. */
export interface Adopted extends Base {
  readonly type: "adopted";
  readonly session: string | null;
  /** `session` when absent. */
  readonly engine?: Engine | undefined;
  /** As in `started`, when the headless engine takes over a run that had none. */
  readonly base?: string | null | undefined;
  /** Hash of the plan revision in force from here on. */
  readonly plan: string;
  /** The supervisor that the run had then: void when another one has taken it over since. Not looked at when absent. */
  readonly after?: string | null | undefined;
  /**
   * Tasks of this plan that may be one of before in other words, each with the id of that one: they wait until a person says which
   * they are. Present in plans whose ids are the run's own: what an id stood for before, it stands for now.
   */
  readonly held?: Readonly<Record<string, string>> | undefined;
  /** As in `started`: another program carries the run on from here. */
  readonly bundle?: Bundle | undefined;
}

/** The workflow that launched the tasks has ended; what is left is launched by the session. */
export interface HandedBack extends Base {
  readonly type: "handed-back";
}

/** A claim on a task by one `Agent` call. Valid only if the task could start at this point of the journal. */
export interface Dispatched extends Base {
  readonly type: "dispatched";
  readonly task: string;
  readonly attempt: number;
  /** Random: which of two claims made at once is whose. */
  readonly claim: string;
  /** The client that called; when it is gone, so is the worker. */
  readonly client: ProcessIdentity | null;
  /** Digest of each file the task may write, as it was before; null when it did not exist. */
  readonly before: Readonly<Record<string, string | null>>;
  /** Where a headless worker works; its claim is also the token in its environment. */
  readonly place?: WorkPlace | undefined;
}

/** The worktree of a headless worker. Paths are relative to the project. */
export interface WorkPlace {
  readonly worktree: string;
  readonly branch: string;
  /** The commit that the worktree must stand at when the work begins, or that is merged into it first. */
  readonly base: string;
  /** Its own folder: brief, log, what it said. */
  readonly folder: string;
  /** The client's session to go on with, or null for a new one. */
  readonly resume: string | null;
  /** 0 to 19: which ports it has; no two workers at work have the same. */
  readonly slot: number;
  /** What it may cost at most, or null. */
  readonly dollars: number | null;
}

/** The client gave the worker an id. */
export interface Launched extends Base {
  readonly type: "launched";
  readonly task: string;
  readonly agent: string;
  /** Another plugin's hook replaced the prompt that holds the brief. */
  readonly replaced?: boolean;
}

/** What the client counted for a worker when it told of its end, or what a reviewer cost. */
export interface Measured extends Base {
  readonly type: "measured";
  readonly task: string;
  readonly tokens: number;
  /** Of a headless task's reviewer. */
  readonly dollars?: number | undefined;
}

/** What the worker said when it stopped, before anybody checked it. */
export interface Reported extends Base {
  readonly type: "reported";
  readonly task: string;
  readonly agent: string | null;
  readonly status: ReportStatus;
  readonly summary: string;
  readonly files: readonly string[];
}

/** The work fell short; the worker went on with the reason. */
export interface SentBack extends Base {
  readonly type: "sent-back";
  readonly task: string;
  readonly reason: string;
}

/** The work was verified. `concerns` are for a person to read. */
export interface Done extends Base {
  readonly type: "done";
  readonly task: string;
  readonly summary: string;
  readonly files: readonly string[];
  readonly concerns: readonly string[];
}

/** The work was given up, by its worker or by us; a person may ask for another attempt. */
export interface Failed extends Base {
  readonly type: "failed";
  readonly task: string;
  readonly reason: string;
}

/** The worker asked what only a person can say. */
export interface NeedsInput extends Base {
  readonly type: "needs-input";
  readonly task: string;
  readonly question: string;
}

/** A person answered; the task may run again with the answer. */
export interface Answered extends Base {
  readonly type: "answered";
  readonly task: string;
  readonly answer: string;
}

/** A person asked for another attempt. */
export interface Retried extends Base {
  readonly type: "retried";
  readonly task: string;
}

/** The worker is gone without a report: its client died or it was stopped. */
export interface Lost extends Base {
  readonly type: "lost";
  readonly task: string;
  readonly reason: string;
}

/** The checks of the whole tree begin: nothing is launched until they end or the process that runs them is gone. */
export interface Checking extends Base {
  readonly type: "checking";
  readonly by: ProcessIdentity;
}

/** One check of the whole tree ran by our own hand. */
export interface Checked extends Base {
  readonly type: "checked";
  readonly when: "baseline" | "quiet" | "end" | "gate";
  readonly command: string;
  readonly result: "passed" | "failed" | "timed-out";
  /** The end of what it printed, bounded. */
  readonly output: string;
  /** The last command of its round: launching goes on. */
  readonly last: boolean;
}

/** The source records that the task is done. */
export interface Ticked extends Base {
  readonly type: "ticked";
  readonly task: string;
}

/** The source was left alone, and why. */
export interface NotTicked extends Base {
  readonly type: "not-ticked";
  readonly task: string;
  readonly reason: string;
}

/** The session's todo list was brought in step: all of it by `TodoWrite` (`task` is null), or one entry by its own id. */
export interface Mirrored extends Base {
  readonly type: "mirrored";
  readonly tool: "TodoWrite" | "TaskCreate" | "TaskUpdate";
  readonly task: string | null;
  readonly todo: string | null;
  readonly status: TodoStatus;
  /** The entry says what it is blocked by. */
  readonly linked: boolean;
}

export type TodoStatus = "pending" | "in_progress" | "completed";

/** The session wanted to end while tasks could be launched, and was told so. */
export interface Nudged extends Base {
  readonly type: "nudged";
}

/** Nothing more is launched until the run is resumed. */
export interface Stopped extends Base {
  readonly type: "stopped";
  readonly reason: string;
  /** The service has taken nothing for as long as a limit of unknown end is waited for. */
  readonly because?: "limit" | undefined;
}

/** Nothing is left to launch; `ok` says whether every task is done and the last checks passed. */
export interface Finished extends Base {
  readonly type: "finished";
  readonly ok: boolean;
}

/** A torn end of the journal was set aside by the next writer: `bytes` of them from byte `from` on. */
export interface Repaired extends Base {
  readonly type: "repaired";
  readonly from: number;
  readonly bytes: number;
}

/**
 * A supervisor took the run: valid only if `after` is the token of the one that has it at this point of the journal, or null
 * when nobody has it. So the journal itself is the lock, and one of several that take over at once wins.
 */
export interface Supervised extends Base {
  readonly type: "supervised";
  readonly by: ProcessIdentity;
  readonly host: string;
  readonly token: string;
  readonly after: string | null;
}

/** A supervisor let the run go. */
export interface Released extends Base {
  readonly type: "released";
  readonly token: string;
}

/** A headless worker was started; `keeper` is the process that stands over it and outlives the supervisor. */
export interface Spawned extends Base {
  readonly type: "spawned";
  readonly task: string;
  readonly claim: string;
  readonly keeper: ProcessIdentity;
}

/** What a headless worker really runs with, as it said itself before its work began. */
export interface Receipt extends Base {
  readonly type: "receipt";
  readonly task: string;
  readonly claim: string;
  readonly session: string | null;
  readonly model: string | null;
  readonly permissionMode: string | null;
  readonly tools: readonly string[];
}

/**
 * How a headless worker came to its end: as its keeper saw it (`KeptOutcome` says what each means), or `lost`: nobody saw it; `receipt`:
 * it was not at work where, or as, it should be; `worktree`: it had no tree to work in.
 */
export type WorkerOutcome =
  | "finished"
  | "stopped"
  | "rate-limit"
  | "lost"
  | "crash"
  | "no-result"
  | "first-event"
  | "stuck"
  | "timeout"
  | "turns"
  | "receipt"
  | "budget"
  | "permission"
  | "unstartable"
  | "worktree";

/** A headless worker's process is gone, and its group with it. */
export interface Ended extends Base {
  readonly type: "ended";
  readonly task: string;
  readonly claim: string;
  readonly outcome: WorkerOutcome;
  readonly reason: string;
  readonly session: string | null;
  readonly tokens: number;
  readonly dollars: number;
  /** That the worker took. */
  readonly seconds: number;
  /** Seconds before the task may start again; of a rate limit, before any task may. */
  readonly wait: number;
  /** A rate limit of which nobody said when it ends: `wait` is a guess. */
  readonly untold?: true | undefined;
}

/** The work of a headless task stands on its branch and was checked; it waits to be merged. */
export interface Verified extends Base {
  readonly type: "verified";
  readonly task: string;
  readonly commit: string;
  readonly summary: string;
  readonly files: readonly string[];
  /** Files outside the task's own. */
  readonly strayed: readonly string[];
  readonly concerns: readonly string[];
}

/** A merge begins, onto the integration branch's commit `onto`. Without a `merged` after it nothing happened. */
export interface Merging extends Base {
  readonly type: "merging";
  readonly tasks: readonly string[];
  readonly onto: string;
}

/** The work is in the integration branch, whose checks passed; `commit` is the merge. */
export interface Merged extends Base {
  readonly type: "merged";
  readonly task: string;
  readonly commit: string;
}

/** The work could not be merged: what both sides changed. */
export interface Conflicted extends Base {
  readonly type: "conflicted";
  readonly task: string;
  readonly files: readonly string[];
  /** Merged tasks that changed these files. */
  readonly with: readonly string[];
  /** Whether the task's worker is sent to resolve it, or a person must. */
  readonly next: "worker" | "person";
}

/** Two workers at work changed the same lines: their merge will conflict. A warning, nothing else. */
export interface Collision extends Base {
  readonly type: "collision";
  readonly tasks: readonly [string, string];
  readonly files: readonly string[];
}

/** Nothing more is launched until `unpaused`; what runs goes on. */
export interface Paused extends Base {
  readonly type: "paused";
}

/** Launching goes on. */
export interface Unpaused extends Base {
  readonly type: "unpaused";
}

/** A person ended one task: its worker is stopped, what it did stays on its branch. */
export interface Cancelled extends Base {
  readonly type: "cancelled";
  readonly task: string;
}

/** The task will not run, because something that it waits for failed. Undone when that is retried. */
export interface Skipped extends Base {
  readonly type: "skipped";
  readonly task: string;
  readonly reason: string;
}

/** A process that cannot be mistaken for a later one with the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque: start time as the operating system gives it. */
  readonly start: string;
}
