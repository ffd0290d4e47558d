import type { Event, SentBack } from "../model/event.ts";
import type { RunState } from "../model/run.ts";
import { several } from "../text/layout.ts";
import { isRed } from "./figures.ts";

/**
 * What to say to somebody who sees a run for the first time when this happens, as one or two sentences; null when it
 * speaks for itself. `state` is the one after the event.
 */
export function noteOf(event: Event, state: Pick<RunState, "tasks">): string | null {
  if (event.type === "ended" && event.outcome === "crash")
    return `${event.task}: its worker died in the middle of its work. Another one starts in ${event.wait} s, in the same worktree, and is told why.`;
  if (event.type === "sent-back") return sentBackNote(event);
  if (event.type === "conflicted")
    return `${[event.task, ...event.with].toSorted().join(" and ")} changed the same lines of ${several(event.files, 3)}, which the list names for neither. The worker of ${event.task} is sent back to resolve it.`;
  if (event.type === "merged" && (state.tasks.get(event.task)?.conflicts ?? 0) > 0)
    return `${event.task} is merged: the conflict is resolved, and the tests pass with both.`;
  return null;
}

function sentBackNote(event: SentBack): string {
  if (isRed(event))
    return `${event.task} is fine alone and turns the tests red together with the others. It was found, left out, and is sent back with what the tests printed.`;
  return event.reason.startsWith("nothing changed")
    ? `${event.task} said that it was done. Nothing had changed: it is sent back with the reason.`
    : `${event.task} is sent back: its work fell short.`;
}

/** Said once, as soon as it is so. */
export function besideNote(running: number): string {
  return `${running} workers run side by side, each in a git worktree of its own.`;
}
