import type { ChildProcess } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { join } from "node:path";
import type { ProcessIdentity, WorkPlace } from "../../../model/event.ts";
import { isAlive } from "../../../process/identity.ts";
import { watchFolder } from "../../../process/watchFolder.ts";
import type { WorkerEnding } from "../engine/effect.ts";
import { endKeeper, lostWorker } from "./endKeeper.ts";
import { endingFrom, endingOf } from "../engine/ending.ts";
import { hasExited } from "./startKeeper.ts";
import { readReceipt, whyRefused } from "./receipt.ts";
import type { Surroundings } from "./surroundings.ts";
import { attemptFiles, readEnd, readKeeper } from "../keeper/files.ts";
import { watchPulse } from "./watchPulse.ts";

/** Milliseconds between two looks where the file system does not tell of changes. */
const lookAgain = 500;

/**
 * Tells of the keeper and of the receipt once they are there, and resolves with the end. `workFolder` is where the worker must be at
 * work; `child` is the keeper when this process started it.
 */
export function followWorker(
  { task, claim, place }: { task: string; claim: string; place: WorkPlace },
  workFolder: string,
  surroundings: Surroundings,
  child: ChildProcess | null = null,
): Promise<WorkerEnding> {
  const folder = join(surroundings.project, place.folder);
  let keeper: ProcessIdentity | null = surroundings.state.tasks.get(task)?.keeper ?? null;
  let receipt = false;
  let refused: string | null = null;
  const isSilent = watchPulse(folder);
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
      // A keeper that was killed leaves no end, and one that was killed early not even its name.
      const gone =
        (child !== null && hasExited(child)) ||
        (keeper === null ? existsSync(attemptFiles(folder).revoked) : !isAlive(keeper));
      if (gone) {
        stopLooking();
        void afterKeeper(folder, claim).then((ending) => resolve(orRefused(ending)), reject);
      } else if (keeper !== null && isSilent(keeper)) {
        stopLooking();
        void lostWorker({ claim }, folder).then((ending) => resolve(orRefused(silenced(ending))), reject);
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
    // Where the system has no watch left, the worker is at work already all the same.
    const watcher = watchFolder(folder, look);
    child?.once("exit", look);
    const stopLooking = (): void => {
      child?.removeListener("exit", look);
      clearInterval(timer);
      watcher?.close();
    };
    look();
  });
}

/** A client says its folder without links; of one that is gone there is nothing to follow. */
function realPath(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}

/** A keeper that was stopped with its worker at work: a bad end that counts, for only the worker's side can have done that. */
function silenced(ending: WorkerEnding): WorkerEnding {
  return ending.outcome === "lost"
    ? {
        ...ending,
        outcome: "crash",
        reason: "the process that stood over its worker was stopped, and once more after it was continued",
      }
    : ending;
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
