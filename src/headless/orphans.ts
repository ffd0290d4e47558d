import { join } from "node:path";
import type { Run } from "../session/store.ts";
import { isHeld } from "./takeOver.ts";
import { endKeeper } from "./endKeeper.ts";

/** Whether a supervisor is at work on the run, as far as can be seen from here. */
export function isSupervised(run: Run): boolean {
  return run.state.supervisor !== null && isHeld(run.state.supervisor);
}

/** Ends the workers of a run that nobody supervises. Returns their tasks; how they ended is found when the run goes on. */
export async function endWorkers(run: Run): Promise<string[]> {
  const live = [...run.state.tasks].flatMap(([id, { claim, place, status }]) =>
    claim === null || place === null || (status !== "running" && status !== "cancelled") ? [] : { id, claim, place },
  );
  await Promise.all(live.map(({ claim, place }) => endKeeper(join(run.project, place.folder), claim)));
  return live.map(({ id }) => id);
}
