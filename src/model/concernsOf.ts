import type { TaskState } from "./run.ts";

/** What a person should read of a task that is done. */
export function concernsOf({ concerns, unticked }: TaskState): string[] {
  return unticked === null ? [...concerns] : [...concerns, `not ticked: ${unticked}`];
}
