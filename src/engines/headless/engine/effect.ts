import type { Checked, Ended, ProcessIdentity, WorkPlace } from "../../../model/event.ts";
import type { ReportStatus } from "../../../model/report.ts";

/** What the engine wants done in the world. Each is begun once its events stand in the journal, and ends as a happening. */
export type Effect =
  /** Run the checks of the whole tree on the base, before anything starts. Ends as `baseline`. */
  | { readonly do: "baseline" }
  /** Prepare the worktree and start the worker. Ends as `worker-ended`; `spawned` and `receipt` come before. */
  | { readonly do: "launch"; readonly task: string; readonly claim: string; readonly place: WorkPlace }
  /** Watch a worker that an earlier supervisor started, or find out how it ended. Ends as `worker-ended`. */
  | { readonly do: "adopt"; readonly task: string; readonly claim: string; readonly place: WorkPlace }
  /** End a worker; its own effect then ends as `worker-ended`. */
  | { readonly do: "stop-worker"; readonly task: string; readonly claim: string }
  /** Look at what a worker left, and run the task's checks. Ends as `judged`. */
  | { readonly do: "verify"; readonly task: string; readonly claim: string; readonly place: WorkPlace }
  /** Merge in this order onto the commit `onto`, behind the gate. Ends as `merge-ended`. */
  | { readonly do: "merge"; readonly tasks: readonly string[]; readonly onto: string };

/** How a worker ended, as its keeper wrote it down. `wait` is 0 when there is no rate limit, or nobody said when it ends. */
export type WorkerEnding = Pick<Ended, "outcome" | "reason" | "session" | "tokens" | "dollars" | "seconds" | "wait">;

/** What the look at a worker's work came to. */
export type Judgement =
  | {
      readonly kind: "verified";
      readonly commit: string;
      readonly files: readonly string[];
      readonly strayed: readonly string[];
      readonly concerns: readonly string[];
    }
  /** It falls short: the worker is sent back with the reason. */
  | {
      readonly kind: "short";
      readonly reason: string;
      /** Files of a merge that it left unresolved, when that is why. */
      readonly unmerged?: readonly string[];
      /** The worker could not know: it is sent back however often it was before. */
      readonly blameless?: true;
    }
  /** It is not to be had: blocked, or refused by the person's own rules. */
  | { readonly kind: "failed"; readonly reason: string }
  | { readonly kind: "question"; readonly question: string }
  /** The machine failed us, not the worker (disk full, git gone): nothing is held against the task. */
  | { readonly kind: "trouble"; readonly reason: string };

/** What the world tells the engine. */
export type Happening =
  | {
      readonly type: "baseline";
      readonly checks: readonly CheckRun[];
      /** Why they could not be run. */
      readonly trouble: string | null;
    }
  | { readonly type: "spawned"; readonly task: string; readonly claim: string; readonly keeper: ProcessIdentity }
  | {
      readonly type: "receipt";
      readonly task: string;
      readonly claim: string;
      readonly session: string | null;
      readonly model: string | null;
      readonly permissionMode: string | null;
      readonly tools: readonly string[];
    }
  | { readonly type: "worker-ended"; readonly task: string; readonly claim: string; readonly ending: WorkerEnding }
  | {
      readonly type: "judged";
      readonly task: string;
      readonly claim: string;
      /** What the worker said, or null when it said nothing that is a report. */
      readonly report: {
        readonly status: ReportStatus;
        readonly summary: string;
        readonly files: readonly string[];
      } | null;
      readonly judgement: Judgement;
      /** What the reviewer cost, if there was one. */
      readonly spent?: { readonly tokens: number; readonly dollars: number };
    }
  | {
      readonly type: "merge-ended";
      readonly tasks: readonly string[];
      readonly merged: readonly { readonly task: string; readonly commit: string }[];
      readonly conflicts: readonly {
        readonly task: string;
        readonly files: readonly string[];
        readonly with: readonly string[];
      }[];
      /** Tasks that turned the gate red, each with what the checks said. */
      readonly reds: readonly { readonly task: string; readonly reason: string }[];
      readonly checks: readonly CheckRun[];
      /** Git itself failed: nothing was merged. */
      readonly trouble: string | null;
    }
  | {
      readonly type: "collisions";
      readonly pairs: readonly { readonly tasks: readonly [string, string]; readonly files: readonly string[] }[];
    };

export type CheckRun = Pick<Checked, "command" | "result" | "output">;
