import type { Dispatched } from "../../src/model/event.ts";
import { activeTasks, overfullLock, unmetNeed } from "./rules.ts";
import { object, type Instant, type Watch } from "./watch.ts";

/** What must hold of a claim that the journal accepted; `after` the event, so that it counts itself. */
export function checkDispatched(watch: Watch, event: Dispatched, id: string, instant: Instant): void {
  const { truth, plan } = watch;
  const own = watch.tasks.get(id)!;
  const { config } = plan;
  if (watch.claims.has(event.claim)) object(watch, `the claim ${event.claim} on ${id} was accepted twice`);
  watch.claims.add(event.claim);
  watch.firstLaunch ??= instant.now;
  if (watch.merged.has(id)) object(watch, `${id} was launched after it was merged`);
  if (own.live !== null) object(watch, `${id} was claimed by ${event.claim} while its worker ${own.live} lives`);
  if (watch.paused) object(watch, `${id} was launched while the run is paused`);
  if (watch.stopped) object(watch, `${id} was launched after the run was stopped`);

  const active = activeTasks(truth);
  if (active.length > config.maxWorkers) object(watch, `${active.join(", ")} run, ${config.maxWorkers} may`);
  const alone = active.find((task) => watch.index.tasks.get(task)?.alone !== null);
  if (alone !== undefined && active.length > 1)
    object(watch, `${active.join(", ")} run, and ${alone} runs beside no other`);
  const need = unmetNeed(plan, truth, id);
  if (need !== null) object(watch, `${id} was launched and needs ${need}, which is ${truth.tasks.get(need)?.status}`);
  const lock = overfullLock(plan, truth);
  if (lock !== null) object(watch, `${id} was launched and ${lock} is overfull`);

  if (own.badEnds > config.restarts)
    object(watch, `${id} was launched after ${own.badEnds} bad ends of ${config.restarts}`);
  if (instant.now < own.restAt - 1)
    object(watch, `${id} was launched ${own.restAt - instant.now} ms before its rest was over`);
  checkLimits(watch, id, instant);
  checkPlace(watch, event, id);
  checkBudget(watch, id);
}

/** A limit is over when either clock says so; of what an older supervisor met only the wall clock tells. */
function checkLimits(watch: Watch, id: string, { now, wall, reign }: Instant): void {
  for (const limit of watch.limits) {
    const isOwn = limit.now >= reign.now;
    const since = isOwn ? limit : reign;
    const before = isOwn ? 0 : Math.max(0, reign.wall - limit.wall);
    const passed = before + Math.max(now - since.now, wall - since.wall);
    if (passed < limit.length - 2)
      object(watch, `${id} was launched ${limit.length - passed} ms before a rate limit was over`);
  }
}

function checkPlace(watch: Watch, { place }: Dispatched, id: string): void {
  if (place === undefined) return object(watch, `${id} was launched nowhere`);
  for (const [other, task] of watch.truth.tasks) {
    if (other === id || task.place === null) continue;
    if (task.place.worktree === place.worktree && task.status !== "merged")
      object(watch, `${id} was launched in the worktree of ${other}, which is ${task.status}`);
    const holds = task.status === "running" || task.status === "verifying" || watch.tasks.get(other)?.live !== null;
    if (holds && task.place.slot === place.slot) object(watch, `${id} has the ports of ${other}`);
  }
  if (place.base !== watch.head) object(watch, `${id} begins at ${place.base}, and ${watch.head} is the newest merge`);
}

function checkBudget(watch: Watch, id: string): void {
  const { plan, truth, tasks } = watch;
  const { budgetPerRun, budgetPerTask } = plan.config;
  const spent = [...truth.tasks.values()].reduce((sum, task) => sum + task.dollars, 0);
  if (budgetPerRun !== undefined && spent >= budgetPerRun)
    object(watch, `${id} was launched after the run's budget was spent`);
  const own = tasks.get(id)?.spent ?? 0;
  if (budgetPerTask !== undefined && own >= budgetPerTask)
    object(watch, `${id} was launched after its budget was spent`);
}
