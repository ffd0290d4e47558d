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
  | Repaired;

interface Base {
  /** ISO 8601, UTC. For people and metrics; no decision rests on it. */
  readonly at: string;
}

/** The first line of every journal: which plan this run executes. */
export interface Started extends Base {
  readonly type: "started";
  readonly run: string;
  readonly plan: string;
  readonly session: string | null;
  readonly engine: "session" | "workflow";
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
}

/** Another session took the run over. What ran in the old one is lost. */
export interface Adopted extends Base {
  readonly type: "adopted";
  readonly session: string | null;
  /** Hash of the plan revision in force from here on. */
  readonly plan: string;
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
}

/** The client gave the worker an id. */
export interface Launched extends Base {
  readonly type: "launched";
  readonly task: string;
  readonly agent: string;
}

/** What the client counted for a worker when it told of its end. */
export interface Measured extends Base {
  readonly type: "measured";
  readonly task: string;
  readonly tokens: number;
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
  readonly when: "baseline" | "quiet" | "end";
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

/** A process that cannot be mistaken for a later one with the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque: start time as the operating system gives it. */
  readonly start: string;
}
