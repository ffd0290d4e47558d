import { hostname } from "node:os";
import { join } from "node:path";
import { readProgress, type Progress } from "../headless/worker/files.ts";
import type { RunState } from "../model/run.ts";
import { isAlive } from "../process/identity.ts";
import type { Sight } from "../report/sight.ts";
import type { Run } from "../session/store.ts";

/** Looks at what stands beside the journal. Reads one small file for each task that runs. */
export function look(run: Run, now: Date): Sight {
  const progress = new Map<string, Progress>();
  for (const [id, task] of run.state.tasks) {
    if (task.place === null || (task.status !== "running" && task.status !== "verifying")) continue;
    const read = readProgress(join(run.project, task.place.folder));
    if (read !== null) progress.set(id, read);
  }
  return { now, supervised: supervisorLives(run.state), progress };
}

/** Whether a supervisor is at work. Null when it is on another machine, where it cannot be seen. */
function supervisorLives({ supervisor }: Pick<RunState, "supervisor">): boolean | null {
  if (supervisor === null) return false;
  return supervisor.host === hostname() ? isAlive(supervisor.by) : null;
}
