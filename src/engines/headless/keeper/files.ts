import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { once } from "../../../model/once.ts";

const identity = once(() => z.object({ pid: z.int().positive(), start: z.string() }));
const count = once(() => z.number().nonnegative());

/** What the supervisor writes before it starts a keeper. It holds no secret: the environment comes by the process. */
const launch = once(() =>
  z.object({
    schema: z.literal(1),
    /** Program and arguments; no shell reads them. The brief comes by standard input. */
    command: z.array(z.string()).min(1),
    cwd: z.string().min(1),
    /** Random. It stands in the worker's environment, so that all its processes can be found. */
    claim: z.string().min(8),
    limits: z.object({
      /** Seconds until the first byte on standard output. */
      firstEvent: z.number().positive(),
      /** Seconds without any output. */
      idle: z.number().positive(),
      /** Seconds in all. */
      total: z.number().positive(),
      /** Seconds between asking a worker to end and killing it. */
      grace: count(),
      /** Seconds that a worker may go on after its result; 5 when not given. */
      afterResult: count().optional(),
      /** Seconds for which writing down the end is tried again; an hour when not given. */
      untilWritten: count().optional(),
      /** Bytes of each of the two logs. */
      logBytes: z.int().min(1024),
    }),
  }),
);
export type Launch = z.infer<ReturnType<typeof launch>>;

/** Who keeps, and who works; the worker is null until it has started, and when it could not start. */
const keeperFile = once(() =>
  z.object({
    schema: z.literal(1),
    keeper: identity(),
    worker: identity().nullable(),
    /** Seconds between the touches of this file by which the keeper shows that it runs; absent when it leaves none. */
    beat: z.number().positive().optional(),
  }),
);
export type KeeperFile = z.infer<ReturnType<typeof keeperFile>>;

/** How far a worker is, for people: written at most once a second, and lost in a crash. */
const progress = once(() =>
  z.object({
    /** ISO 8601; null before the first output. */
    firstEventAt: z.string().nullable(),
    lastEventAt: z.string().nullable(),
    turns: z.int(),
    toolCalls: z.int(),
    lastTool: z.string().nullable(),
    tokens: z.number().nullable(),
    dollars: z.number().nullable(),
    /** ISO 8601: the client waits until then before it asks the model again. */
    waitsUntil: z.string().nullable(),
  }),
);
export type Progress = z.infer<ReturnType<typeof progress>>;

/** The structured report of a custom command; Claude's own report is words in `text`. */
export const workerReport = once(() =>
  z.object({
    status: z.enum(["DONE", "DONE_WITH_CONCERNS", "NEEDS_CONTEXT", "BLOCKED"]),
    summary: z.string().min(1),
    files: z.array(z.string()).default([]),
    outside: z.array(z.object({ path: z.string(), reason: z.string() })).default([]),
  }),
);
export type WorkerReport = z.infer<ReturnType<typeof workerReport>>;

/**
 * How a worker ended:
 * - `finished`: it gave a result and calls it a success; whether it is one, others check;
 * - `rate-limit`: the service takes no more for now; `waitSeconds` until it does, 0 when nobody said;
 * - `budget`: its dollars are spent; `turns`: its turns are;
 * - `permission`: it may not do what it needs to, or nobody is logged in, or the account cannot pay: a person must act;
 * - `first-event`, `stuck`, `timeout`: it was ended because it never spoke, fell silent, or took too long;
 * - `crash`: it failed; `no-result`: it left without a word though its exit code was 0;
 * - `stopped`: the keeper was told to end it; `unstartable`: it never ran.
 */
const outcome = once(() =>
  z.enum([
    "finished",
    "rate-limit",
    "budget",
    "permission",
    "turns",
    "first-event",
    "stuck",
    "timeout",
    "crash",
    "no-result",
    "stopped",
    "unstartable",
  ]),
);
export type KeptOutcome = z.infer<ReturnType<typeof outcome>>;

/** The end of one attempt. When this file is there, no process of the worker's is left that could be found. */
const workerEnd = once(() =>
  z.object({
    schema: z.literal(1),
    outcome: outcome(),
    /** A sentence for people. */
    reason: z.string(),
    /** The client's own id of the conversation, to resume it. */
    session: z.string().nullable(),
    /** The last result's words, masked, at most 100,000 bytes. */
    text: z.string(),
    report: workerReport().nullable(),
    /** Input, output and cache writes; what was read from the cache is left out. Null when nobody counted. */
    tokens: z.number().nullable(),
    dollars: z.number().nullable(),
    ranCommands: z.boolean(),
    permissionDenials: z.array(z.string()),
    /** By a clock that does not jump; a sleep of the machine may be left out. */
    seconds: z.number(),
    waitSeconds: z.number(),
  }),
);
export type WorkerEnd = z.infer<ReturnType<typeof workerEnd>>;

/** The files of one attempt, by their paths. */
export function attemptFiles(folder: string) {
  const file = (name: string): string => join(folder, name);
  return {
    launch: file("launch.json"),
    brief: file("brief.md"),
    keeper: file("keeper.json"),
    stream: file("stream.jsonl"),
    log: file("output.log"),
    olderLog: file("output.1.log"),
    progress: file("progress.json"),
    end: file("end.json"),
    /** Made by a supervisor that has given the attempt up: a keeper that is only starting then starts nothing. */
    revoked: file("revoked"),
  };
}

/** Each reads one file of an attempt, and gives null when it is absent, torn, or of another form. None throws. */
export const readLaunch = (folder: string): Launch | null => read(attemptFiles(folder).launch, launch());
export const readKeeper = (folder: string): KeeperFile | null => read(attemptFiles(folder).keeper, keeperFile());
export const readProgress = (folder: string): Progress | null => read(attemptFiles(folder).progress, progress());
export const readEnd = (folder: string): WorkerEnd | null => read(attemptFiles(folder).end, workerEnd());

function read<Value>(path: string, schema: z.ZodType<Value>): Value | null {
  try {
    return schema.safeParse(JSON.parse(readFileSync(path, "utf8"))).data ?? null;
  } catch {
    return null;
  }
}

/** Replaces a small file as a whole, without waiting for the disk: a crash of the machine may lose it. Throws the system's error. */
export function replaceFile(path: string, value: unknown): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, `${JSON.stringify(value)}\n`, { mode: 0o600 });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
