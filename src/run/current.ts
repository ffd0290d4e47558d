import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { textOfRegular } from "../process/readRegular.ts";

/**
 * Everything of ours in a project lies in `.orchestrate/`, which ignores itself:
 *
 *     .orchestrate/current.json                 which run is the newest, and whether it is open
 *     .orchestrate/runs/RUN/plan-HASH.json      the plan, one file a revision, never changed
 *     .orchestrate/runs/RUN/events.jsonl        the journal: the truth
 */
export const stateFolder = ".orchestrate";

/** A pointer, kept for the hooks that must know with one read whether there is anything to do. The journal stays the truth. */
export interface Current {
  readonly run: string;
  readonly session: string | null;
  /** Absent in pointers of session runs; of a headless one the hooks only tell how it stands. */
  readonly engine?: "session" | "workflow" | "headless";
  readonly open: boolean;
}

/** The newest run's pointer, or null where no run was ever started. Reads one path. */
export function readCurrent(project: string): Current | null {
  const text = textOfRegular(join(project, stateFolder, "current.json"));
  if (text === null) return null;
  return JSON.parse(text) as Current;
}

/** The project that `folder` belongs to: itself or the nearest folder above it that holds a run or a repository. */
export function findProject(folder: string): string {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, stateFolder, "current.json")) || existsSync(join(at, ".git"))) return at;
    if (dirname(at) === at) return folder;
  }
}
