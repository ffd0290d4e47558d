import * as z from "zod";
import { FileScope } from "./fileScope.ts";
import { Place, type TextLine } from "./place.ts";

/** A list knows only `pending`, `running`, `done`, `needs-input` (blocked), `skipped` (deferred) and `cancelled`; the rest come from a run. */
export const TaskStatus = z.enum([
  "pending",
  "ready",
  "running",
  "verifying",
  "done",
  "failed",
  "needs-input",
  "skipped",
  "cancelled",
  "merging",
  "merged",
  "conflicted",
]);
export type TaskStatus = z.infer<typeof TaskStatus>;

/** Which model a worker runs on. Free text: the client knows the names. */
export const Task = z.object({
  id: z.string().describe("as written in the list; the second `T001` of a list is `T001#2`"),
  title: z.string(),
  body: z.string().describe("the lines that belong to the task below its title, as written"),
  status: TaskStatus,
  phase: z.string().nullable().describe("heading or stream the task stands under"),
  parent: z
    .string()
    .nullable()
    .describe("id of the box it stands under, which is a task only if it has work of its own"),
  files: z.array(FileScope).describe("empty means unknown, which is unsafe in one working tree"),
  resources: z.array(z.string()).describe("named things that only one task at a time may use"),
  parallel: z.boolean().nullable().describe("what the list says: true `[P]`, false `(sequential)`, null nothing"),
  agent: z.string().nullable(),
  model: z.string().nullable(),
  effort: z.string().nullable(),
  estimate: z.number().positive().nullable().describe("minutes, as stated in the list"),
  acceptance: z.array(z.string()),
  requirements: z.array(z.string()),
  verify: z.array(z.string()).describe("commands that must pass before the task counts as done"),
  optional: z.boolean(),
  gate: z.boolean().describe("a checkpoint: runs alone, after everything before it and before everything after it"),
  source: Place,
});
export type Task = z.infer<typeof Task>;

/** A dependency as its author wrote it: not yet resolved, maybe a range, maybe dangling. */
export interface Reference {
  /** `T001`, `1-3`, `T004–T007`, `Task 2`, as written. */
  readonly text: string;
  readonly place: Place;
  /**
   * What it rests on when not on the task's own field: `graph` was written by the format's own tool, `section` stands in
   * a table of dependencies, `order` is a place in the list.
   */
  readonly kind?: "graph" | "section" | "order";
  /** The words it rests on, when they say more than `text`. */
  readonly evidence?: string;
}

/** A task as a reader hands it on: the task, and what linking needs to know beside it. */
export interface ListedTask extends Task {
  /** The id before `#2` was added, if the list uses it twice. */
  readonly writtenId: string;
  /** Title line first, then the body, as written, with places: where evidence is found. */
  readonly lines: readonly TextLine[];
  /** Index into `TaskList.phases`, or null outside any phase. */
  readonly phaseIndex: number | null;
  /** What it waits for, from a field of its own (JSON, YAML, front matter). Prose is read while linking. */
  readonly dependsOn: readonly Reference[];
  /** What waits for it, from a field of its own. */
  readonly blocks: readonly Reference[];
  /** Said to be a foundation that others build on: `(sequential - foundation)`. */
  readonly foundation: boolean;
  /** User story label such as `US1`. */
  readonly story: string | null;
  /** How to record its status in the source, or null where the format has no place for one. */
  readonly box: Box | null;
}

/** The place of a task's status in its source: the text of that line, and the characters in it that say it. */
export interface Box {
  readonly file: string;
  readonly line: number;
  /** 1-based column of the first character of `was`. */
  readonly column: number;
  /** The characters as read, such as ` ` between the brackets. */
  readonly was: string;
  /** What to write there when the task is done. */
  readonly done: string;
  /** What to write there when it was read as done and is to be open again; ` ` or `pending` when absent. */
  readonly open?: string | undefined;
  /** The whole line as read, to recognise it after other lines were edited. */
  readonly lineText: string;
}
