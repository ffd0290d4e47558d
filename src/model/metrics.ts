import * as z from "zod";
import { once } from "./once.ts";
import { TaskStatus } from "./task.ts";

const minutes = () => z.number().min(0);
const share = () => z.number().min(0).nullable();

/** What one run was, measured. Everything is computed from its plan and its events. */
export const runMetrics = once(() =>
  z.object({
    run: z.string(),
    source: z.array(z.string()),
    engine: z.enum(["session", "workflow", "headless"]),
    startedAt: z.string().nullable().describe("the first launch; null when nothing was launched"),
    endedAt: z.string().nullable().describe("its end, or its last event so far"),
    finished: z.boolean().nullable().describe("whether all went well; null when it has not finished"),
    workers: z.int().describe("that could work at once"),
    tasks: z.object({
      planned: z.int(),
      launched: z.int(),
      succeeded: z.int(),
      failed: z.int(),
      other: z.int().describe("launched, and neither: still at work, in conflict, cancelled, waiting for an answer"),
    }),
    minutes: z.object({
      wall: minutes().describe("from the first launch to the end, without the four below"),
      paused: minutes().describe("paused by a person, while no worker was at work"),
      stopped: minutes().describe("stopped or finished before it was resumed, likewise"),
      unsupervised: minutes().describe("nobody had the run, likewise"),
      limited: minutes().describe("held back by a rate limit; this one is part of the wall time"),
      work: minutes().describe("of all workers together"),
      successfulWork: minutes().describe("of the attempts whose work was taken"),
      longestChain: minutes().describe("work along the longest chain of dependencies"),
      overhead: minutes().describe(
        "wall time beyond the longest chain: launching, checking, merging, waiting for a worker",
      ),
    }),
    speedup: share().describe("successfulWork over wall: how many times longer one worker alone would have taken"),
    utilisation: share().describe("work over wall times workers"),
    successRate: share().describe("succeeded over launched"),
    rework: z.object({
      sendBacks: z.int(),
      restarts: z.int().describe("workers that were lost, crashed, hung or said nothing"),
      retries: z.int().describe("asked for by a person, answers included"),
      conflicts: z.int(),
      perTask: share().describe("all of them over the launched tasks"),
    }),
    tokens: z.number(),
    dollars: z.number(),
    forecast: z.object({
      minutes: minutes(),
      speedup: z.number(),
      actualOverForecast: share().describe("wall over forecast; null until the run has finished"),
    }),
    byTask: z.array(
      z.object({
        id: z.string(),
        title: z.string(),
        status: TaskStatus,
        estimate: z.number().describe("minutes"),
        actual: z.number().nullable().describe("minutes of all its workers; null when it was never launched"),
        actualOverEstimate: share(),
        attempts: z.int(),
        tokens: z.number(),
        dollars: z.number(),
      }),
    ),
    failures: z
      .array(z.object({ reason: z.string(), times: z.int() }))
      .describe("why workers and tasks failed, alike ones together, the most frequent first"),
  }),
);
export type RunMetrics = z.infer<ReturnType<typeof runMetrics>>;

/** The contract of `metrics --json`. */
export const metrics = once(() =>
  z.object({
    schema: z.literal(1),
    runs: z.array(runMetrics()).describe("oldest first"),
    months: z.array(
      z.object({
        month: z.string().describe("`2026-01`, by the first launch, UTC"),
        runs: z.int(),
        tasks: z.int().describe("launched"),
        speedup: share().describe("mean of the runs that were launched"),
        successRate: share().describe("over all their tasks"),
        reworkPerTask: share(),
        tokens: z.number(),
        dollars: z.number(),
        failures: z.array(z.object({ reason: z.string(), times: z.int() })).describe("the three most frequent"),
      }),
    ),
    unreadable: z.array(z.object({ run: z.string(), reason: z.string() })),
  }),
);
export type Metrics = z.infer<ReturnType<typeof metrics>>;
