import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Run } from "../../../run/store.ts";
import { isHeld } from "../engine/takeOver.ts";
import { endKeeper } from "./endKeeper.ts";
import { isAlive } from "../../../process/identity.ts";
import { attemptFiles, readEnd, readKeeper } from "../keeper/files.ts";
import { reviewerOf } from "../engine/place.ts";

/** Whether a supervisor is at work on the run, as far as can be seen from here. */
export function isSupervised(run: Run): boolean {
  return run.state.supervisor !== null && isHeld(run.state.supervisor);
}

/** Tasks of a run that nobody supervises whose workers live, or may be just starting. */
export function liveTasks({ project, state }: Run): string[] {
  return [...state.tasks].flatMap(([id, { claim, place, status }]) => {
    if (claim === null || place === null || status === "verifying") return [];
    const folder = join(project, place.folder);
    if (readEnd(folder) !== null || existsSync(attemptFiles(folder).revoked)) return [];
    const keeper = readKeeper(folder)?.keeper ?? null;
    return keeper === null || isAlive(keeper) ? id : [];
  });
}

/** Ends the workers of a run that nobody supervises. Returns their tasks; how they ended is found when the run goes on. */
export async function endWorkers(run: Run): Promise<string[]> {
  const live = [...run.state.tasks].flatMap(([id, { claim, place, status }]) =>
    claim === null || place === null ? [] : { id, claim, place, reviewed: status === "verifying" },
  );
  const ended = await Promise.all(
    live.map(async ({ id, claim, place, reviewed }) => {
      const own = { folder: join(run.project, place.folder), claim };
      const ends = reviewed ? reviewerOf(own.folder, claim) : own;
      if (existsSync(ends.folder)) await endKeeper(ends.folder, ends.claim);
      return reviewed ? [] : id;
    }),
  );
  return ended.flat();
}
