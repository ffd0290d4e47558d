import { runningTasks } from "./whyNot.ts";
import type { Event } from "../model/event.ts";
import { now, record, type Run } from "./store.ts";

/** Attempts after which a task whose workers keep vanishing is given to a person. */
const maxLosses = 3;

/** Records as lost the running tasks that `isGone` says have no worker any more: they may start again, a bounded number of times. */
export function reconcile(run: Run, isGone: (agent: string | null, task: string) => boolean, reason: string): Run {
  const gone = runningTasks(run.state).filter((id) => isGone(run.state.tasks.get(id)?.agent ?? null, id));
  if (gone.length === 0) return run;
  return record(
    run,
    gone.map((task): Event => {
      const attempts = run.state.tasks.get(task)?.attempts ?? 0;
      return attempts >= maxLosses
        ? { type: "failed", at: now(), task, reason: `${reason}, ${attempts} times` }
        : { type: "lost", at: now(), task, reason };
    }),
  );
}
