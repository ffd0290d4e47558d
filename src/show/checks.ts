import type { Checked, Event } from "../model/event.ts";
import type { Status } from "../model/status.ts";

/**
 * The newest result of each check of the whole tree, in the order in which they first ran. Of a headless run that is the one on
 * what is merged: a round that no merge follows looked at work that was taken back.
 */
export function newestChecks(events: readonly Event[]): Status["checks"] {
  const before = new Set<string>();
  const newest = new Map<string, Checked>();
  let round: Checked[] = [];
  for (const event of events) {
    if (event.type === "merged") {
      // What was green before and red in the round was so because of a task that was left out of the merge.
      for (const check of round)
        newest.set(check.command, before.has(check.command) ? check : { ...check, result: "passed" });
    }
    if (event.type !== "checked") round = [];
    else if (event.when === "gate") round.push(event);
    else {
      newest.set(event.command, event);
      if (event.when === "baseline" && event.result !== "passed") before.add(event.command);
    }
  }
  return [...newest.values()].map(({ when, command, result }) => ({
    when,
    command,
    result,
    failedBefore: before.has(command),
  }));
}
