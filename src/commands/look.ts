import { hostname } from "node:os";
import { join } from "node:path";
import { readKeeper, readProgress, type Progress } from "../engines/headless/keeper/files.ts";
import { branchTrouble } from "../git/runBranch.ts";
import type { RunState } from "../model/run.ts";
import { isAlive } from "../process/identity.ts";
import type { Sight } from "../show/sight.ts";
import type { Run } from "../run/store.ts";
import { isUnmerged } from "./isUnmerged.ts";

/** Looks at what stands beside the journal. Reads two small files for each task that runs; of a finished run, and
 * of one whose branch somebody else moved, it asks git. */
export function look(run: Run, now: Date): Sight {
  const progress = new Map<string, Progress>();
  const living = new Set<string>();
  for (const [id, task] of run.state.tasks) {
    if (task.place === null || (task.status !== "running" && task.status !== "verifying")) continue;
    const folder = join(run.project, task.place.folder);
    const read = readProgress(folder);
    if (read !== null) progress.set(id, read);
    const keeper = task.keeper ?? readKeeper(folder)?.keeper ?? null;
    if (keeper !== null && isAlive(keeper)) living.add(id);
  }
  const { project, state } = run;
  const branch =
    state.engine === "headless" && state.head !== null
      ? branchTrouble(project, state.run, state.head, state.finished !== null)
      : null;
  return { now, supervised: supervisorLives(state), progress, living, unmerged: isUnmerged(run), branch };
}

/** Whether a supervisor is at work. Null when it is on another machine, where it cannot be seen. */
function supervisorLives({ supervisor }: Pick<RunState, "supervisor">): boolean | null {
  if (supervisor === null) return false;
  return supervisor.host === hostname() ? isAlive(supervisor.by) : null;
}
