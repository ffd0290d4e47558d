import { isOpen } from "../../../model/isOpen.ts";
import { withDependents } from "../../../run/dependents.ts";
import type { Stopped } from "../../../model/event.ts";
import type { Engine, Moment } from "./engine.ts";

/** So many bad ends in a row, within this time, and the workers themselves are broken, not the tasks. */
const storm = { ends: 6, milliseconds: 600_000 };
/** One failure alone never ends a run. */
const fewestFailures = 2;

/** The end of a run that goes nowhere, or null: workers crash one after the other, or too few tasks can still succeed. */
export function limitsReached({ index, state, crashes, failedBefore }: Engine, { now, at }: Moment): Stopped | null {
  const recent = crashes.filter((time) => now - time <= storm.milliseconds);
  if (recent.length >= Math.max(storm.ends, index.plan.config.restarts + 2)) {
    const last = [...state.tasks.values()].flatMap((task) => task.history.slice(-1)).at(-1) ?? "";
    return { type: "stopped", at, reason: `${recent.length} workers in a row came to a bad end: ${last}` };
  }
  const failed = [...state.tasks].flatMap(([id, task]) => (task.status === "failed" ? id : []));
  if (failed.length < fewestFailures || failed.every((id) => failedBefore.has(id))) return null;
  const all = index.plan.tasks.filter(isOpen).length;
  const gone = withDependents(index, failed);
  const possible = (all - gone.size) / all;
  const wanted = index.plan.config.successThreshold;
  if (possible >= wanted) return null;
  return {
    type: "stopped",
    at,
    reason: `${failed.join(", ")} failed, so that at most ${Math.floor(possible * 100)} % of the tasks can succeed; ${Math.round(wanted * 100)} % are wanted`,
  };
}
