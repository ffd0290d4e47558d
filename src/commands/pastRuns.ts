import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { TaskState } from "../model/run.ts";
import { correctionsFrom, type PastRuns, type Sample } from "../plan/pastRuns.ts";
import { stateFolder } from "../run/current.ts";
import { openRun } from "../run/store.ts";

/** The newest runs are enough, and say more about today than old ones. */
const newest = 20;

/** What the journals of a project's past runs say of its estimates. A run that cannot be read says nothing. */
export function pastRuns(project: string): PastRuns {
  return correctionsFrom(
    runsOf(project)
      .slice(0, newest)
      .flatMap((run) => samplesOf(project, run)),
  );
}

/** The names of a project's runs, the newest first. */
export function runsOf(project: string): string[] {
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
    .map(({ name }) => name);
}

/** The tasks that came to be done at the first attempt: retries and lost workers say nothing about the work. */
function samplesOf(project: string, run: string): Sample[] {
  const opened = openRun(project, run);
  if (!opened.ok) return [];
  const { plan, state } = opened.value;
  return plan.tasks.flatMap((task) => {
    const own = state.tasks.get(task.id);
    const actual = own?.attempts === 1 ? minutesOf(own) : null;
    return own === undefined || actual === null ? [] : { task, tokens: own.tokens, actual };
  });
}

/** Minutes of work: of a headless task its worker's alone, without the wait for its merge. Null when it did not come to be done. */
function minutesOf({ status, seconds, startedAt, endedAt }: TaskState): number | null {
  if (status === "merged" && seconds > 0) return seconds / 60;
  if (status !== "done" || startedAt === null || endedAt === null) return null;
  return (Date.parse(endedAt) - Date.parse(startedAt)) / 60_000;
}
