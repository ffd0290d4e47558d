import { createReadStream, existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import type { ChildProcess } from "node:child_process";
import { setTimeout as wait } from "node:timers/promises";
import type { ProcessIdentity } from "../../../model/event.ts";
import { endGroup, startGroup } from "../../../process/group.ts";
import { identityOf, isAlive } from "../../../process/identity.ts";
import { sweep } from "../../../process/sweep.ts";
import { dropHalfWritten, writeAtomic } from "../../../process/writeAtomic.ts";
import { endOf } from "./end.ts";
import { attemptFiles, type Launch, readEnd, readKeeper, readLaunch, replaceFile, type WorkerEnd } from "./files.ts";
import { type Ear, listen } from "./listen.ts";
import { secretsOf } from "../../../process/mask.ts";
import { betweenBeats, startBeating } from "./pulse.ts";
import { emptyTally } from "./tally.ts";
import type { Ending, Evidence } from "./verdict.ts";
import { afterSleep, heard, nextExpiry, startWatch } from "./watch.ts";

/** Milliseconds by which a look of ours must be late to show that this process stood still. */
const standstill = 500;
/** Milliseconds in which a worker that runs again says something. */
const aWord = 2_000;
/** Seconds for which writing down an end is tried again. */
const untilWritten = 3_600;

/**
 * Stands over one worker: starts what `launch.json` in `folder` says, feeds it `brief.md`, writes down what it does, ends it
 * with everything it started, and writes `end.json` last. To be the whole of a process: it takes SIGTERM and SIGINT to
 * mean that the worker shall stop, and ignores SIGHUP. Its own environment is the worker's.
 * Returns the exit code: 0 when `end.json` is written, 1 when it could not be, 2 when nothing was
 * started: the attempt has a keeper or an end already, or was revoked.
 */
export async function keep(folder: string): Promise<number> {
  const stopped = whenToldToStop();
  const files = attemptFiles(folder);
  const keeper = identityOf(process.pid) ?? { pid: process.pid, start: "" };
  const other = readKeeper(folder)?.keeper;
  if (readEnd(folder) !== null || (other !== undefined && isAlive(other))) return 2;
  const started = performance.now();
  const secrets = secretsOf(process.env);

  const launch = readLaunch(folder);
  const leave = (evidence: Evidence, tally = emptyTally()): Promise<number> =>
    writeEnd(folder, endOf(evidence, tally, started, secrets), launch?.limits.untilWritten ?? untilWritten, stopped);
  if (launch === null) {
    const why = "launch.json is absent, torn, or not of the form that this version writes; start the attempt anew";
    return leave(unstarted(why));
  }
  note(files.keeper, keeper, null);
  let worker: ProcessIdentity | null = null;
  startBeating(folder, betweenBeats, () => note(files.keeper, keeper, worker));
  // After the note, and the supervisor's sweep comes after the file: one of the two sees the other.
  if (existsSync(files.revoked)) return 2;
  const start = await startGroup(launch.command, launch.cwd);
  if (!start.ok) return leave(unstarted(start.why));
  const { child, leader } = start;
  const attempt = attend(child, launch, files, secrets, stopped);
  worker = leader;
  note(files.keeper, keeper, leader);

  const ending = await attempt.ending;
  // A result that a dying client still gives is no result of its work; one that is still in the pipe of a finished one is.
  const { result, retry } = attempt.ear.tally;
  const snapshot = ending.by === "exit" ? null : { result, retry };
  await endGroup(leader, launch.limits.grace);
  const left = await sweep(launch.claim, [keeper]);
  await Promise.race([attempt.closed, wait(1_000, undefined, { ref: false })]);
  child.stdout?.destroy();
  child.stderr?.destroy();
  if (left.length > 0) attempt.ear.note(`still running after SIGKILL: ${left.map(({ pid }) => pid).join(", ")}`);
  const logProblem = attempt.ear.close();

  const { tally } = attempt.ear;
  const evidence: Evidence = {
    ending,
    code: child.exitCode,
    signal: child.signalCode,
    result: snapshot === null ? tally.result : snapshot.result,
    retry: snapshot === null ? tally.retry : snapshot.retry,
    resetsAt: tally.resetsAt,
    refused: tally.refused,
    words: attempt.ear.words(),
    now: Date.now(),
    limits: launch.limits,
    logProblem,
  };
  return leave(evidence, tally);
}

function whenToldToStop(): Promise<void> {
  process.on("SIGHUP", () => undefined);
  return new Promise((resolve) => {
    process.on("SIGTERM", () => resolve());
    process.on("SIGINT", () => resolve());
  });
}

/** Listens to the worker, gives it its brief, and resolves `ending` with the first reason to end it. */
function attend(
  child: ChildProcess,
  { limits }: Launch,
  files: ReturnType<typeof attemptFiles>,
  secrets: readonly string[],
  stopped: Promise<void>,
): { readonly ending: Promise<Ending>; readonly closed: Promise<void>; readonly ear: Ear } {
  let end: (ending: Ending) => void = () => undefined;
  const ending = new Promise<Ending>((resolve) => (end = resolve));
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  child.once("exit", () => end({ by: "exit" }));
  void stopped.then(() => end({ by: "stopped" }));

  let watch = startWatch(performance.now());
  let afterResult: NodeJS.Timeout | undefined;
  const ear = listen(
    child,
    files,
    { logBytes: limits.logBytes, secrets },
    {
      onOutput(isStdout) {
        watch = heard(watch, performance.now(), isStdout);
      },
      onEvent(event) {
        if (event.type === "retry") watch = heard(watch, performance.now(), true, event.seconds * 1_000);
        const { result, background } = ear.tally;
        if (result !== null && event.type !== "result" && event.type !== "background") return;
        clearTimeout(afterResult);
        if (result === null) return;
        // A client with commands left in the background says its last word when they have ended.
        const grace = background > 0 ? limits.idle : (limits.afterResult ?? 5);
        afterResult = setTimeout(() => end({ by: "result" }), grace * 1_000);
      },
    },
  );

  const timer = watchLimits();
  void ending.then(() => {
    clearTimeout(afterResult);
    clearTimeout(timer.current);
  });
  feed(child, files.brief);
  return { ending, closed, ear };

  /** Looks at the limits when the next is due, and at least every five seconds, to see that the machine slept. */
  function watchLimits(): { current: NodeJS.Timeout | undefined } {
    const next: { current: NodeJS.Timeout | undefined } = { current: undefined };
    const look = (late = 0): void => {
      const now = performance.now();
      const { at, expiry } = nextExpiry(watch, limits);
      if (now >= at) {
        // This process itself stood still, and so may have the worker: it gets the time for a word.
        if (late > standstill) next.current = setTimeout(() => look(), aWord);
        else end({ by: expiry });
        return;
      }
      const asked = Math.min(at - now, 5_000);
      const wall = Date.now();
      next.current = setTimeout(() => {
        const later = performance.now();
        watch = afterSleep(watch, later, { asked, passed: later - now, wall: Date.now() - wall });
        look(later - now - asked);
      }, asked);
    };
    look();
    return next;
  }
}

/** The brief goes to standard input, which is then closed. A worker that does not read it is no failure. */
function feed({ stdin }: ChildProcess, brief: string): void {
  if (stdin === null) return;
  stdin.on("error", () => undefined);
  createReadStream(brief)
    .on("error", () => stdin.end())
    .pipe(stdin);
}

function note(path: string, keeper: ProcessIdentity, worker: ProcessIdentity | null): void {
  try {
    replaceFile(path, { schema: 1, keeper, worker, beat: betweenBeats });
  } catch {
    // The supervisor finds the processes by their token then.
  }
}

function unstarted(why: string): Evidence {
  return {
    ending: { by: "unstartable", why },
    code: null,
    signal: null,
    result: null,
    retry: null,
    resetsAt: null,
    refused: false,
    words: "",
    logProblem: null,
    now: Date.now(),
    limits: { firstEvent: 0, idle: 0, total: 0 },
  };
}

/**
 * Writes the end: what the worker cost and said is known nowhere else. A full disk gets the older log's room, and after the first
 * seconds a new try every five; one that is told to stop tries once more and gives up.
 */
async function writeEnd(folder: string, end: WorkerEnd, seconds: number, stopped: Promise<void>): Promise<number> {
  const files = attemptFiles(folder);
  const deadline = performance.now() + seconds * 1_000;
  const told = new AbortController();
  void stopped.then(() => told.abort());
  for (let pause = 100; ; pause = Math.min(pause * 2, 5_000)) {
    const isLast = told.signal.aborted || performance.now() > deadline;
    try {
      // It may be there although the folder could not be flushed: then the supervisor goes on already.
      if (readEnd(folder) === null) writeAtomic(files.end, `${JSON.stringify(end, null, 1)}\n`);
      dropHalfWritten(folder);
      return 0;
    } catch {
      if (isLast) return 1;
      if (readEnd(folder) !== null) continue;
      await rm(files.olderLog, { force: true, recursive: true }).catch(() => undefined);
      await wait(pause, undefined, { signal: told.signal }).catch(() => undefined);
    }
  }
}
