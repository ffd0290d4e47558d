import { mkdirSync, writeFileSync } from "node:fs";
import type { ProcessIdentity } from "../../../model/event.ts";
import { isAlive } from "../../../process/identity.ts";
import { sweep } from "../../../process/sweep.ts";
import { dropHalfWritten } from "../../../process/writeAtomic.ts";
import type { WorkerEnding } from "../engine/effect.ts";
import { endingFrom, endingOf } from "../engine/ending.ts";
import { attemptFiles, readEnd, readKeeper } from "../keeper/files.ts";

/** Seconds between asking a worker to end and killing it. */
export const grace = 5;

/** Asks a keeper to end its worker; one that does not within its grace is killed with all that it started. */
export async function endKeeper(folder: string, claim: string): Promise<void> {
  const keeper = readKeeper(folder)?.keeper ?? null;
  if (keeper !== null && isAlive(keeper)) {
    ask(keeper);
    await untilGone(keeper, grace + 5);
  }
  if (readEnd(folder) === null) {
    revoke(folder);
    await sweep(claim);
  }
}

async function untilGone(keeper: ProcessIdentity, seconds: number): Promise<void> {
  const deadline = performance.now() + seconds * 1_000;
  while (isAlive(keeper) && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
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

/** A keeper that is gone, or never was, leaves no end: the attempt is closed, so that one that is only starting gives up, and whatever lives is killed. */
export async function lostWorker({ claim }: { claim: string }, folder: string): Promise<WorkerEnding> {
  revoke(folder);
  await sweep(claim);
  dropHalfWritten(folder);
  const ended = readEnd(folder);
  return ended === null
    ? endingOf("lost", "its worker was gone without a word when the run was taken over")
    : endingFrom(ended);
}
