import type { WorkerEnding } from "../../src/engines/headless/engine/effect.ts";
import type { WorkerOutcome, WorkPlace } from "../../src/model/event.ts";
import { object } from "./watch.ts";
import { endProcess, later, say, startProcess, type World, type Worker } from "./world.ts";

/** Starts a worker's process. It ends by itself, by chance in one of all ways, whoever watches it. */
export function startWorker(world: World, task: string, claim: string, place: WorkPlace): Worker {
  const { random, watch } = world;
  const worker: Worker = {
    task,
    claim,
    worktree: place.worktree,
    slot: place.slot,
    identity: startProcess(world),
    began: world.now,
    cap: place.dollars ?? Infinity,
    alive: true,
    kept: true,
    end: null,
  };
  checkStarted(world, worker);
  world.workers.set(claim, worker);
  const own = watch.tasks.get(task);
  if (own !== undefined) {
    own.live = claim;
    own.launches++;
  }
  watch.launches++;
  const outcome = outcomeOf(world, task);
  const seconds =
    outcome === "first-event" || outcome === "crash"
      ? random.between(0.1, 60)
      : random.between(1, world.climate.longestWork);
  const cost = random.between(0, 2);
  later(world, seconds * 1_000, () => endWorker(world, worker, cost < worker.cap ? outcome : "budget", cost));
  return worker;
}

function outcomeOf({ random, climate, calm, hopeless }: World, task: string): WorkerOutcome {
  if (hopeless.has(task)) return "crash";
  if (calm) return "finished";
  if (random.chance(climate.rateLimits)) return "rate-limit";
  if (random.chance(climate.badEnds)) {
    return random.pick([
      "crash",
      "crash",
      "no-result",
      "first-event",
      "stuck",
      "timeout",
      "turns",
      "receipt",
      "permission",
    ]);
  }
  return "finished";
}

/** The worker's group is gone, and then its keeper writes its end down. It cost `wanted` dollars, if it might. */
export function endWorker(world: World, worker: Worker, outcome: WorkerOutcome, wanted: number): void {
  if (!worker.alive || !worker.kept) return;
  const { random } = world;
  const dollars = Math.min(wanted, worker.cap);
  bury(world, worker);
  const wait = random.chance(0.4) ? 0 : random.chance(0.1) ? 1e6 : random.between(10, 7_200);
  worker.end = {
    outcome,
    reason: outcome,
    session: random.chance(0.8) ? `session of ${worker.claim}` : null,
    tokens: random.int(0, 1_000),
    dollars,
    seconds: (world.now - worker.began) / 1_000,
    wait: outcome === "rate-limit" ? wait : 0,
  };
  say(world, `worker ${worker.claim} of ${worker.task} ended: ${outcome}`);
  // The clock is set while its task rests.
  if (!world.calm && random.chance(0.01)) later(world, random.between(0, 2_000), () => (world.skew += 8 * 3_600_000));
  const own = world.watch.tasks.get(worker.task);
  world.watch.spent += dollars;
  if (own !== undefined) {
    own.spent += dollars;
    own.worked = world.now - worker.began;
  }
  checkSpent(world, worker.task);
  for (const supervisor of world.supervisors)
    if (supervisor.follows.has(worker.claim)) tellEnd(world, worker.claim, worker.end);
}

/** Tells whoever follows a worker of its end, a moment later. */
export function tellEnd(world: World, claim: string, ending: WorkerEnding): void {
  const { random } = world;
  const task = world.workers.get(claim)?.task;
  if (task === undefined) return;
  for (const supervisor of world.supervisors) {
    if (!supervisor.follows.delete(claim)) continue;
    later(world, random.between(0, 600), () => {
      if (!supervisor.alive) return;
      supervisor.happenings.push({ type: "worker-ended", task, claim, ending });
      supervisor.turn();
    });
  }
}

/** Kills what is left of a worker whose keeper is gone. */
export function bury(world: World, worker: Worker): void {
  worker.alive = false;
  endProcess(world, worker.identity);
  const own = world.watch.tasks.get(worker.task);
  if (own?.live === worker.claim) own.live = null;
}

function checkStarted({ watch, workers, plan }: World, { task, claim, worktree, slot }: Worker): void {
  const own = watch.truth.tasks.get(task);
  const living = [...workers.values()].filter((worker) => worker.alive);
  if (!watch.claims.has(claim))
    object(watch, `a worker of ${task} starts with ${claim}, which the journal does not know`);
  if (own?.claim !== claim) object(watch, `a worker of ${task} starts with the old claim ${claim}`);
  if (watch.merged.has(task)) object(watch, `a worker of ${task} starts after it was merged`);
  if (workers.has(claim)) object(watch, `a second worker starts with the claim ${claim}`);
  if (living.length + 1 > plan.config.maxWorkers)
    object(watch, `${living.length + 1} workers live, ${plan.config.maxWorkers} may`);
  for (const other of living) {
    if (other.task === task) object(watch, `a second worker of ${task} starts beside ${other.claim}`);
    if (other.worktree === worktree) object(watch, `${task} starts in the worktree of ${other.task}, which lives`);
    if (other.slot === slot) object(watch, `${task} starts with the ports of ${other.task}, which lives`);
  }
}

/** Workers keep to their own caps here, so that all of them together keep to the budgets. */
function checkSpent({ watch, plan }: World, task: string): void {
  const { budgetPerTask, budgetPerRun } = plan.config;
  const own = watch.tasks.get(task);
  if (budgetPerTask !== undefined && own !== undefined && own.spent > budgetPerTask + 1e-6)
    object(watch, `${task} cost ${own.spent} dollars, ${budgetPerTask} were allowed`);
  if (budgetPerRun !== undefined && watch.spent > budgetPerRun + 1e-6)
    object(watch, `the run cost ${watch.spent} dollars, ${budgetPerRun} were allowed`);
}
