import { object } from "./watch.ts";
import type { World } from "./world.ts";

/** Resumes of a run whose budget is spent, after which people leave it be. */
const mostResumes = 5;

/** Whether nobody will do anything any more: all is calm, and the run is finished or has spent its budget. */
export function isOver(world: World): boolean {
  const { truth } = world.watch;
  if (!world.calm || world.supervisors.length > 0) return false;
  return truth.finished !== null || hasSpentAll(world);
}

/** A stop for the budget is an end when nothing is left that could go on without another worker. */
function hasSpentAll({ watch, names, plan }: World): boolean {
  const { stopped, tasks } = watch.truth;
  if (plan.config.budgetPerRun === undefined || stopped === null || names < mostResumes) return false;
  const going = [...tasks.values()].some(({ status }) => ["running", "verifying", "merging"].includes(status));
  return stopped.startsWith("the budget") && !going;
}

/** What must hold when a run has come to its end. */
export function checkEnd(world: World): void {
  const { watch, plan, workers, now } = world;
  const { truth, tasks } = watch;
  for (const worker of workers.values())
    if (worker.alive) object(watch, `worker ${worker.claim} lives on after the end`);
  for (const [id, { status }] of truth.tasks)
    if ((status === "merged") !== watch.merged.has(id))
      object(watch, `${id} is ${status} at the end, which the merges deny`);
  const journalled = [...truth.tasks.values()].reduce((sum, task) => sum + task.dollars, 0);
  if (Math.abs(journalled - watch.spent) > 1e-6)
    object(watch, `the journal counts ${journalled} dollars, the workers cost ${watch.spent}`);

  const chains = new Map<string, number>();
  for (const { id } of plan.tasks) {
    const before = plan.edges.flatMap(({ from, to }) => (to === id ? (chains.get(from) ?? 0) : []));
    chains.set(id, watch.merged.has(id) ? Math.max(0, ...before) + (tasks.get(id)?.worked ?? 0) : 0);
  }
  const longest = Math.max(0, ...chains.values());
  if (now - (watch.firstLaunch ?? now) < longest - 1) object(watch, "the run took less time than its longest chain");
}
