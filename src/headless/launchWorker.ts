import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  existsSync,
  type FSWatcher,
  mkdirSync,
  readdirSync,
  realpathSync,
  rmSync,
  watch,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { brief } from "../dispatch/brief.ts";
import type { ProcessIdentity, WorkPlace } from "../model/event.ts";
import { isAlive } from "../process/identity.ts";
import { sweep } from "../process/sweep.ts";
import type { Effect, WorkerEnding } from "./effect.ts";
import { folderIn, prepareWorktree } from "./prepare.ts";
import { endingOf } from "./perform.ts";
import type { Surroundings } from "./surroundings.ts";
import { claudeCommand } from "./worker/commandLine.ts";
import { workerEnvironment } from "./worker/environment.ts";
import { attemptFiles, readEnd, readKeeper, replaceFile, type WorkerEnd } from "./worker/files.ts";
import { leaseOf } from "./worker/lease.ts";
import { readReceipt, whyRefused } from "./receipt.ts";

type Launching = Extract<Effect, { do: "launch" }>;

/** Seconds between asking a worker to end and killing it. */
export const grace = 5;
/** Bytes of each of a worker's two logs. */
const logBytes = 4 * 1024 * 1024;
/** Milliseconds between two looks where the file system does not tell of changes. */
const lookAgain = 500;

/** Prepares the worktree, starts the worker under a keeper, and follows it to its end. */
export async function launchWorker(effect: Launching, surroundings: Surroundings): Promise<WorkerEnding> {
  const { task, claim, place } = effect;
  const { project, index, state } = surroundings;
  const planned = index.tasks.get(task);
  if (planned === undefined) return endingOf("worktree", `the plan has no task ${task}`);
  const prepared = await prepareWorktree(place, task, surroundings);
  if (!prepared.ok) return endingOf("worktree", prepared.reason);
  if (surroundings.aborted.aborted || state.tasks.get(task)?.status !== "running")
    return endingOf("stopped", "it was stopped before its worker began");

  const folder = join(project, place.folder);
  const text = brief(index, state, task, claim, `data-${randomBytes(6).toString("hex")}`, {
    tree: "own",
    conflicts: prepared.conflicts,
  });
  const { config } = index.plan;
  const command = commandFor(effect, planned, surroundings);
  if (!command.ok) return endingOf("unstartable", command.reason);
  startKeeper(folder, text, command.command, prepared.folder, surroundings, {
    claim,
    run: state.run,
    task,
    slot: place.slot,
    limits: { firstEvent: config.startTimeout, idle: config.idleTimeout, total: config.timeout },
  });
  return followWorker(effect, prepared.folder, surroundings);
}

/** What the client says when it has no session of that name in this folder: any more, or never written down before it was killed. */
const noSession = "No conversation found with session ID";

function commandFor(
  { task: id, place, dollars }: Launching,
  task: { model: string | null; effort: string | null; agent: string | null },
  { index, state }: Surroundings,
): ReturnType<typeof claudeCommand> {
  const { config } = index.plan;
  if (config.worker.command !== undefined) return { ok: true, command: [...config.worker.command] };
  // The brief says all that a new session needs.
  const isLost = state.tasks.get(id)?.history.at(-1)?.includes(noSession) === true;
  return claudeCommand({
    model: task.model ?? config.model ?? null,
    effort: task.effort ?? config.effort ?? null,
    agent: task.agent ?? config.agent ?? null,
    permissionMode: config.permissionMode,
    allowedTools: config.allowedTools,
    resume: isLost ? null : place.resume,
    dollars,
  });
}

/** Starts a keeper, which outlives this process, over a worker that gets `brief` on its standard input. */
export function startKeeper(
  folder: string,
  text: string,
  command: string[],
  cwd: string,
  { cli, env, index }: Surroundings,
  worker: {
    readonly claim: string;
    readonly run: string;
    readonly task: string;
    readonly slot: number;
    readonly limits: { readonly firstEvent: number; readonly idle: number; readonly total: number };
  },
): void {
  const lease = leaseOf(worker.slot, folder);
  for (const each of [folder, lease.temp, lease.cache]) mkdirSync(each, { recursive: true, mode: 0o700 });
  const files = attemptFiles(folder);
  writeFileSync(files.brief, text, { mode: 0o600 });
  const limits = { ...worker.limits, grace, logBytes };
  replaceFile(files.launch, { schema: 1, command, cwd, claim: worker.claim, limits });
  const { claim, run, task } = worker;
  const allow = index.plan.config.worker.env ?? [];
  const keeper = spawn(process.execPath, [cli, "keep", folder], {
    cwd,
    detached: true,
    stdio: "ignore",
    env: workerEnvironment(env, { allow, claim, run, task, lease }),
  });
  keeper.on("error", () => undefined);
  if (keeper.pid === undefined) throw new Error("no process could be started to stand over its worker");
  keeper.unref();
}

/** Finds out what became of a worker that an earlier supervisor started, and follows it if it lives. */
export async function adoptWorker(
  effect: Extract<Effect, { do: "adopt" }>,
  surroundings: Surroundings,
): Promise<WorkerEnding> {
  const folder = join(surroundings.project, effect.place.folder);
  const ended = readEnd(folder);
  if (ended !== null) return endingFrom(ended);
  const keeper = readKeeper(folder)?.keeper;
  if (keeper !== undefined && isAlive(keeper))
    return followWorker(effect, await folderIn(effect.place.worktree, surroundings), surroundings);
  return lostWorker(effect, folder);
}

/** A keeper that is gone, or never was, leaves no end: the attempt is closed, so that one that is only starting gives up, and whatever lives is killed. */
async function lostWorker({ claim }: { claim: string }, folder: string): Promise<WorkerEnding> {
  revoke(folder);
  await sweep(claim);
  dropHalfWritten(folder);
  const ended = readEnd(folder);
  return ended === null
    ? endingOf("lost", "its worker was gone without a word when the run was taken over")
    : endingFrom(ended);
}

export async function stopWorker(
  effect: Extract<Effect, { do: "stop-worker" }>,
  { project, state }: Pick<Surroundings, "project" | "state">,
): Promise<void> {
  const place = state.tasks.get(effect.task)?.place;
  if (place === null || place === undefined) return;
  await endKeeper(join(project, place.folder), effect.claim);
}

/** Asks a keeper to end its worker; one that does not within its grace is killed with all that it started. */
export async function endKeeper(folder: string, claim: string): Promise<void> {
  const keeper = readKeeper(folder)?.keeper ?? null;
  if (keeper !== null && isAlive(keeper)) ask(keeper);
  const deadline = performance.now() + (grace + 3) * 1_000;
  while (keeper !== null && isAlive(keeper) && performance.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 50));
  if (readEnd(folder) === null) {
    revoke(folder);
    await sweep(claim);
  }
}

function ask(keeper: ProcessIdentity): void {
  try {
    process.kill(keeper.pid, "SIGTERM");
  } catch {
    // Gone in between.
  }
}

/** Closes an attempt. Where the disk takes no more, the sweep that follows must do: it finds every keeper that has begun. */
function revoke(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(attemptFiles(folder).revoked, "", { mode: 0o600 });
  } catch {
    // See above.
  }
}

/** What those who are gone began to write in an attempt's folder. */
function dropHalfWritten(folder: string): void {
  try {
    for (const name of readdirSync(folder)) if (name.endsWith(".tmp")) rmSync(join(folder, name), { force: true });
  } catch {
    // Litter is no reason to stop.
  }
}

/** Tells of the keeper and of the receipt once they are there, and resolves with the end. `workFolder` is where the worker must be at work. */
function followWorker(
  { task, claim, place }: { task: string; claim: string; place: WorkPlace },
  workFolder: string,
  surroundings: Surroundings,
): Promise<WorkerEnding> {
  const folder = join(surroundings.project, place.folder);
  let keeper: ProcessIdentity | null = surroundings.state.tasks.get(task)?.keeper ?? null;
  let receipt = false;
  let refused: string | null = null;
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const look = (): void => {
      if (keeper === null) {
        keeper = readKeeper(folder)?.keeper ?? null;
        if (keeper !== null) surroundings.tell({ type: "spawned", task, claim, keeper });
      }
      if (!receipt) {
        const found = readReceipt(folder);
        if (found !== null) {
          receipt = true;
          surroundings.tell({ type: "receipt", task, claim, ...found.receipt });
          refused = whyRefused(found, task, realPath(workFolder), surroundings.index, surroundings.env);
          if (refused !== null) void endKeeper(folder, claim);
        }
      }
      const end = readEnd(folder);
      if (end !== null) return done(orRefused(endingFrom(end)));
      // A keeper that was killed leaves no end; one that never began is given a while.
      const late = performance.now() - began > 30_000;
      const gone = keeper === null ? late || existsSync(attemptFiles(folder).revoked) : !isAlive(keeper);
      if (gone) {
        stopLooking();
        void afterKeeper(folder, claim).then((ending) => resolve(orRefused(ending)), reject);
      }
    };
    const orRefused = (ending: WorkerEnding): WorkerEnding =>
      refused === null ? ending : { ...ending, outcome: "receipt", reason: refused };
    const done = (ending: WorkerEnding): void => {
      stopLooking();
      resolve(ending);
    };
    // A supervisor that can go on no more must not stay for its workers: the next one finds them.
    const timer = setInterval(look, lookAgain).unref();
    const watcher = watched(folder, look);
    const stopLooking = (): void => {
      clearInterval(timer);
      watcher?.close();
    };
    look();
  });
}

/** Null where the system has no watch left: the worker is at work already, and is looked at now and then all the same. */
function watched(folder: string, look: () => void): FSWatcher | null {
  try {
    return watch(folder, { persistent: false }, look).on("error", () => undefined);
  } catch {
    return null;
  }
}

/** A client says its folder without links; of one that is gone there is nothing to follow. */
function realPath(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}

/** The keeper itself was killed while we looked: a bad end that counts. */
async function afterKeeper(folder: string, claim: string): Promise<WorkerEnding> {
  const stopped = existsSync(attemptFiles(folder).revoked);
  const ending = await lostWorker({ claim }, folder);
  if (stopped && ending.outcome === "lost") return endingOf("stopped", "it was told to stop");
  return ending.outcome === "lost"
    ? { ...ending, outcome: "crash", reason: "the process that stood over its worker was killed" }
    : ending;
}

function endingFrom(end: WorkerEnd): WorkerEnding {
  const { outcome, reason, session, seconds } = end;
  return {
    outcome,
    reason,
    session,
    seconds,
    tokens: end.tokens ?? 0,
    dollars: end.dollars ?? 0,
    wait: end.waitSeconds,
  };
}
