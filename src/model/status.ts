import * as z from "zod";
import { TaskStatus } from "./task.ts";

/** The contract of `status --json`. */
export const Status = z.object({
  schema: z.literal(1),
  run: z.string(),
  plan: z.string().describe("hash of the plan in force"),
  source: z.array(z.string()),
  session: z.string().nullable(),
  engine: z.enum(["session", "workflow"]),
  stopped: z.string().nullable().describe("why nothing more is launched, or null"),
  finished: z.boolean().nullable().describe("true when every task came to its end, null before"),
  next: z.array(z.string()).describe("tasks that can be launched at this moment, most urgent first"),
  tasks: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      status: TaskStatus,
      why: z.string().nullable().describe("why it waits"),
      attempts: z.int(),
      summary: z.string().describe("what its worker reported"),
      files: z.array(z.string()).describe("files seen to have changed"),
      concerns: z.array(z.string()).describe("what a person should read"),
      history: z.array(z.string()).describe("why it was sent back, lost or failed; oldest first"),
      startedAt: z.string().nullable(),
      endedAt: z.string().nullable(),
    }),
  ),
  checks: z.array(
    z.object({
      when: z.enum(["baseline", "quiet", "end"]),
      command: z.string(),
      result: z.enum(["passed", "failed", "timed-out"]),
    }),
  ),
});
export type Status = z.infer<typeof Status>;
