import * as z from "zod";
import { config } from "./config.ts";
import { Diagnostic } from "./diagnostic.ts";
import { Conflict, Edge, Lock, Question } from "./graph.ts";
import { SetAside } from "./list.ts";
import { Task } from "./task.ts";

/** A task as planned: with the minutes the forecast used and the reason, if any, why it runs beside no other. */
export const PlannedTask = Task.extend({
  estimate: z.number().positive().describe("minutes: stated, or by default from size and kind"),
  estimateFrom: z.enum(["stated", "default", "past-runs"]),
  estimateRange: z
    .tuple([z.number(), z.number()])
    .nullable()
    .describe("minutes between which a guess is expected, or null for minutes that were stated"),
  corrected: z
    .object({ from: z.enum(["stated", "default"]), by: z.number().positive() })
    .nullable()
    .describe("what past runs made of the estimate: where it came from, and the factor, or null"),
  alone: z.string().nullable().describe("why it may run beside no other task, or null"),
  area: z.string().optional().describe("the place that its title means, where an answer agreed to that"),
  priority: z
    .number()
    .describe("minutes from its start to the end of the longest chain it heads: launch the largest first"),
  box: z
    .object({
      file: z.string(),
      line: z.int(),
      column: z.int(),
      was: z.string(),
      done: z.string(),
      open: z.string().optional(),
      lineText: z.string(),
    })
    .nullable()
    .describe("where the source records its status"),
});
export type PlannedTask = z.infer<typeof PlannedTask>;

export const Forecast = z.object({
  workers: z.int(),
  sequentialMinutes: z.number().describe("the sum of all estimates"),
  expectedMinutes: z.number().describe("median of simulated runs whose tasks take more or less than estimated"),
  rangeMinutes: z.tuple([z.number(), z.number()]).describe("eight of ten simulated runs take between these"),
  parallelMinutes: z.number().describe("at best: the shortest schedule found, if every estimate is right"),
  lowerBoundMinutes: z.number().describe("no schedule is shorter: longest chain, work over workers, busiest file"),
  speedup: z.number().describe("work over duration, median of the simulated runs"),
  overheadMinutes: z.number().describe("what launching and verifying cost beside the tasks' own minutes"),
  byWorkers: z.array(z.object({ workers: z.int(), minutes: z.number() })).describe("expected, by number of workers"),
  tokens: z
    .object({
      work: z.int().describe("of all workers"),
      overhead: z.int().describe("of the session that launches and checks them"),
      from: z.enum(["default", "past-runs"]),
    })
    .describe("a guess from the tasks' minutes, corrected by past runs"),
  dollars: z.number().nullable().describe("null where the option `dollarsPerMillionTokens` names no price"),
});
export type Forecast = z.infer<typeof Forecast>;

export const Verdict = z.object({
  answer: z
    .enum(["go", "consider", "no-go", "ask"])
    .describe("`ask`: what would be no-go pays once the questions in `asks` are answered with yes"),
  asks: z.array(z.string()).optional().describe("ids of those questions, for `ask`"),
  reasons: z.array(z.string()),
  checklist: z.array(z.object({ question: z.string(), yes: z.boolean(), evidence: z.string() })),
});
export type Verdict = z.infer<typeof Verdict>;

/** The contract of `plan --json` and of the plan file that a run executes. */
export const Plan = z.object({
  schema: z.literal(1),
  hash: z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/)
    .describe("over everything else in this object"),
  source: z.array(z.string()),
  format: z.string(),
  title: z.string().nullable(),
  base: z.string().nullable().describe("commit that HEAD pointed to, or null outside a repository"),
  config: config(),
  tasks: z.array(PlannedTask),
  edges: z.array(Edge),
  overruled: z.array(z.object({ edge: Edge, by: Edge })),
  conflicts: z.array(Conflict).describe("pairs that no order separates"),
  locks: z.array(Lock).describe("what the conflicts come from"),
  questions: z.array(Question).describe("what only somebody who knows the code can tell; the most useful first"),
  batches: z.array(z.array(z.string())).describe("a picture for people: a run has no barriers"),
  criticalPath: z.array(z.string()),
  forecast: Forecast,
  verdict: Verdict,
  setAside: z.array(SetAside),
  diagnostics: z.array(Diagnostic),
});
export type Plan = z.infer<typeof Plan>;

/** What `plan --json` prints when there is no plan. */
export const PlanFailure = z.object({ schema: z.literal(1), diagnostics: z.array(Diagnostic) });
export type PlanFailure = z.infer<typeof PlanFailure>;
