import { scopesMeet } from "../link/locks/scopesMeet.ts";
import type { Report } from "../model/report.ts";
import type { RunState } from "../model/run.ts";
import type { PlanIndex } from "./planIndex.ts";

/** What can be seen of a worker's work, whatever it says of it. */
export interface Evidence {
  /** Files its tools wrote, relative to the project; absolute when outside it. */
  readonly edits: readonly string[];
  readonly toolCalls: number;
  readonly ranCommands: boolean;
  /** Files of its own that differ from what they were before its first attempt. */
  readonly changed: readonly string[];
  /** Files it was to create that are not there, and files it was to delete that still are. */
  readonly missing: readonly string[];
  readonly undeleted: readonly string[];
}

/**
 * Whether work that is reported as done is there to be seen: something changed, what was to be created exists, and what
 * changed stays inside the task's files. Returns the concerns a person should read, or the reason to send the worker back.
 */
export function judge(
  index: PlanIndex,
  state: RunState,
  report: Report,
  evidence: Evidence,
): { concerns: string[] } | { reason: string } {
  const task = index.tasks.get(report.task);
  if (task === undefined) throw new Error(`the plan has no task ${report.task}`);
  if (evidence.toolCalls === 0 && evidence.changed.length === 0)
    return { reason: "you used no tool at all: nothing was done. Do the task, then report." };
  if (evidence.missing.length > 0) return { reason: `${list(evidence.missing)} should exist now and does not.` };
  if (evidence.undeleted.length > 0)
    return { reason: `${list(evidence.undeleted)} should be gone now and is still there.` };

  const writable = task.files.filter((file) => file.access !== "read");
  const inside = evidence.edits.filter((path) => writable.some((file) => scopesMeet(file.path, path)));
  if (writable.length > 0 && evidence.changed.length === 0 && inside.length === 0) {
    return { reason: `none of the task's files changed (${list(writable.map((file) => file.path))}).` };
  }
  const concerns: string[] = [];
  if (writable.length === 0) {
    const touched = evidence.edits.length > 0 || evidence.changed.length > 0;
    if (!touched && !evidence.ranCommands)
      return { reason: "no file changed and no command ran: nothing was done. Do the task, then report." };
    if (!touched && !task.gate) concerns.push("changed no file");
  }

  const sources = evidence.edits.filter((path) => index.plan.source.includes(path));
  if (sources.length > 0) return { reason: `you changed ${list(sources)}, which is ticked for you: undo that change.` };
  const strayed = task.files.length === 0 ? evidence.edits : evidence.edits.filter((path) => !inside.includes(path));
  for (const path of strayed) {
    const owner = ownerOf(index, state, task.id, path);
    if (owner !== null) return { reason: `you changed ${path}, which belongs to ${owner}: undo that change.` };
    if (task.files.length === 0) continue;
    const said = report.outside.find((one) => one.path === path);
    if (said === undefined)
      return {
        reason: `you changed ${path}, which is not one of the task's files: undo it, or, if the task cannot be done without it, say so in a line \`OUTSIDE: ${path}: why\`.`,
      };
    concerns.push(`changed ${path} as well: ${said.reason}`);
  }
  if (report.status === "DONE_WITH_CONCERNS") concerns.push(report.summary);
  return { concerns };
}

/** The task at work at this moment, other than `id`, whose files hold `path`. */
function ownerOf(index: PlanIndex, state: RunState, id: string, path: string): string | null {
  for (const other of index.plan.tasks) {
    const status = state.tasks.get(other.id)?.status;
    if (other.id === id || (status !== "running" && status !== "verifying")) continue;
    if (other.files.some((file) => file.access !== "read" && scopesMeet(file.path, path))) return other.id;
  }
  return null;
}

function list(paths: readonly string[]): string {
  return paths.length <= 3 ? paths.join(", ") : `${paths.slice(0, 3).join(", ")} and ${paths.length - 3} more`;
}
