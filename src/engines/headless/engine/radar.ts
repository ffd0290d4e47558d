import { join } from "node:path";
import { collisions } from "../../../git/probe.ts";
import { runningTasks } from "../../../run/whyNot.ts";
import type { Surroundings } from "../effects/surroundings.ts";

/** Milliseconds between two looks. */
const between = 30_000;

/** Looks now and then whether two workers at work change the same lines, and tells of each pair once. */
export function watchCollisions(surroundings: Surroundings): NodeJS.Timeout {
  const told = new Set<string>();
  let looking = false;
  const timer = setInterval(() => {
    const { project, state, tell, ledger } = surroundings;
    const running = runningTasks(state).flatMap((task) => {
      const place = state.tasks.get(task)?.place;
      return place === null || place === undefined
        ? []
        : { task, ref: place.branch, worktree: join(project, place.worktree) };
    });
    if (looking || running.length < 2) return;
    looking = true;
    void collisions(ledger, running)
      .then((found) => {
        const fresh = found.filter(({ tasks }) => !told.has(tasks.join(" ")));
        for (const { tasks } of fresh) told.add(tasks.join(" "));
        if (fresh.length > 0) tell({ type: "collisions", pairs: fresh });
      })
      // A look that fails is only a warning less.
      .catch(() => undefined)
      .finally(() => {
        looking = false;
      });
  }, between);
  timer.unref();
  return timer;
}
