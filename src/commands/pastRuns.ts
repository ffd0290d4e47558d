import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { correctionsFrom, type PastRuns, type Sample } from "../plan/pastRuns.ts";
import { stateFolder } from "../session/current.ts";
import { openRun } from "../session/store.ts";

/** The newest runs are enough, and say more about today than old ones. */
const newest = 20;

/** What the journals of a project's past runs say of its estimates. A run that cannot be read says nothing. */
export function pastRuns(project: string): PastRuns {
  return correctionsFrom(runsOf(project).flatMap((run) => samplesOf(project, run)));
}

function runsOf(project: string): string[] {
  const folder = join(project, stateFolder, "runs");
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  return names
    .map((name) => ({
      name,
      at: statSync(join(folder, name, "events.jsonl"), { throwIfNoEntry: false })?.mtimeMs ?? 0,
    }))
    .toSorted((a, b) => b.at - a.at || (a.name < b.name ? -1 : 1))
    .slice(0, newest)
    .map(({ name }) => name);
}

/** The tasks that came to be done at the first attempt: retries and lost workers say nothing about the work. */
function samplesOf(project: string, run: string): Sample[] {
  const opened = openRun(project, run);
  if (!opened.ok) return [];
  const { plan, state } = opened.value;
  return plan.tasks.flatMap((task) => {
    const done = state.tasks.get(task.id);
    if (done?.status !== "done" || done.attempts !== 1 || done.startedAt === null || done.endedAt === null) return [];
    return { task, tokens: done.tokens, actual: (Date.parse(done.endedAt) - Date.parse(done.startedAt)) / 60_000 };
  });
}
