import * as z from "zod";
import { TaskStatus } from "./task.ts";

/** One thing that only a person can move on. */
const Waiting = z.object({
  kind: z.enum(["question", "changed", "conflict", "failed", "stopped", "unsupervised", "unmerged", "branch"]),
  task: z.string().nullable().describe("null when it concerns the whole run"),
  title: z.string(),
  since: z.string().describe("ISO 8601, UTC"),
  text: z.string().describe("the question, the reason"),
  files: z.array(z.string()).describe("of a conflict: what both sides changed"),
  place: z.string().nullable().describe("where to look: the worktree of a conflict, the log of a failure; relative"),
  todo: z.array(z.string()).describe("command lines that move it on, without the program's name"),
});
export type Waiting = z.infer<typeof Waiting>;

/** The contract of `status --json`. */
export const Status = z.object({
  schema: z.literal(1),
  run: z.string(),
  plan: z.string().describe("hash of the plan in force"),
  source: z.array(z.string()),
  session: z.string().nullable(),
  engine: z.enum(["session", "workflow", "headless"]),
  stopped: z.string().nullable().describe("why nothing more is launched, or null"),
  finished: z.boolean().nullable().describe("true when every task came to its end, null before"),
  paused: z.boolean().describe("nothing more is launched until `resume`; what runs goes on"),
  limitedUntil: z.string().nullable().describe("a rate limit holds launches back until then, or null"),
  supervisor: z
    .object({
      pid: z.int(),
      host: z.string(),
      since: z.string(),
      alive: z.boolean().nullable().describe("null when it is on another machine and cannot be seen from here"),
    })
    .nullable()
    .describe("the process that has a headless run; null when nobody has it"),
  base: z.string().nullable().describe("commit that the first worktrees began at; null in a session"),
  head: z.string().nullable().describe("newest commit of the integration branch; null in a session"),
  merged: z.array(z.string()).describe("tasks in the order of their merges"),
  waiting: z.array(Waiting).describe("what waits for a person, oldest first"),
  startedAt: z.string().nullable().describe("its first launch; null before"),
  endedAt: z.string().nullable().describe("when it finished or was stopped; null while it goes on"),
  diagnosis: z.array(z.string()).describe("what failed and the likely common cause, for a run that ended badly"),
  minutesLeft: z
    .number()
    .nullable()
    .describe("of what can still run, by the estimates at the speed so far; null when nothing can"),
  tokens: z.number(),
  dollars: z.number(),
  next: z.array(z.string()).describe("tasks that can be launched at this moment, most urgent first"),
  tasks: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      status: TaskStatus,
      why: z.string().nullable().describe("why it waits, or why nobody is at it"),
      attempts: z.int(),
      summary: z.string().describe("what its worker reported"),
      files: z.array(z.string()).describe("files seen to have changed"),
      concerns: z.array(z.string()).describe("what a person should read"),
      history: z.array(z.string()).describe("why it was sent back, lost or failed; oldest first"),
      startedAt: z.string().nullable(),
      endedAt: z.string().nullable(),
      minutes: z
        .number()
        .nullable()
        .describe("from the start of its newest attempt to its end, or to now; null when nobody is at it any more"),
      lastSignAt: z.string().nullable().describe("when its worker last said anything; headless, while it runs"),
      lastTool: z.string().nullable().describe("likewise, what it did last"),
      toolCalls: z.int().nullable(),
      waitsUntil: z.string().nullable().describe("its client waits until then before it asks the model again"),
      tokens: z.number(),
      dollars: z.number(),
      commit: z.string().nullable().describe("its verified work, then its merge"),
      worktree: z.string().nullable(),
      branch: z.string().nullable(),
      log: z.string().nullable().describe("what its newest worker printed; relative to the project"),
    }),
  ),
  checks: z
    .array(
      z.object({
        when: z.enum(["baseline", "quiet", "end", "gate"]),
        command: z.string(),
        result: z.enum(["passed", "failed", "timed-out"]),
        failedBefore: z.boolean().describe("it did not pass before the run began"),
      }),
    )
    .describe("the newest result of each check of the whole tree; of a headless run, on what is merged"),
});
export type Status = z.infer<typeof Status>;
