import type { CheckRun, Effect, Happening, Judgement, WorkerEnding } from "../../src/engines/headless/engine/effect.ts";
import { endProcess, later, nameIn, say, isRunning, type Supervisor, type World } from "./world.ts";
import { bury, endWorker, startWorker, tellEnd } from "./workers.ts";

/** Carries out an effect as the real driver does; its happening comes later, and only to a supervisor that still lives. */
export function carryOut(world: World, supervisor: Supervisor, effect: Effect): void {
  const { random, climate } = world;
  say(world, `begins ${effect.do} ${"task" in effect ? effect.task : ""}`);
  const after = (milliseconds: number, what: () => Happening | null): void =>
    later(world, milliseconds, () => {
      if (!supervisor.alive) return;
      const happening = what();
      if (happening === null) return;
      supervisor.happenings.push(happening);
      supervisor.turn();
    });
  switch (effect.do) {
    case "baseline":
      return after(random.between(1_000, 60_000), () =>
        isStopped(supervisor)
          ? { type: "baseline", checks: [], trouble: "it was interrupted" }
          : { type: "baseline", checks: checksOf(world), trouble: null },
      );
    case "launch":
      // Sometimes its worktree is ready already.
      if (random.chance(0.1)) {
        const happening = launch(world, supervisor, effect);
        return happening === null ? undefined : after(0, () => happening);
      }
      return after(random.between(50, 5_000), () => launch(world, supervisor, effect));
    case "adopt":
      return after(random.between(0, 300), () => adopt(world, supervisor, effect));
    case "stop-worker":
      return after(random.between(0, 100), () => stop(world, effect.claim));
    case "verify":
      return after(random.between(500, climate.longestMerge * 1_000), () => judged(world, supervisor, effect));
    case "merge":
      return after(random.between(500, climate.longestMerge * 1_000), () => merge(world, supervisor, effect));
    default: {
      const never: never = effect;
      throw new Error(`unknown effect ${JSON.stringify(never)}`);
    }
  }
}

function isStopped({ engine }: Supervisor): boolean {
  return engine?.state.stopped !== null;
}

function launch(
  world: World,
  supervisor: Supervisor,
  { task, claim, place }: Extract<Effect, { do: "launch" }>,
): Happening | null {
  const { random, climate, calm } = world;
  const without = (outcome: WorkerEnding["outcome"]): Happening => {
    return { type: "worker-ended", task, claim, ending: endingOf(outcome) };
  };
  if (!calm && random.chance(climate.badEnds * 0.1)) return without(random.pick(["worktree", "unstartable"]));
  if (
    supervisor.engine?.state.tasks.get(task)?.status !== "running" ||
    world.revoked.has(claim) ||
    isStopped(supervisor)
  )
    return without("stopped");
  const { identity } = startWorker(world, task, claim, place);
  supervisor.follows.add(claim);
  later(world, random.between(10, 2_000), () => {
    if (!supervisor.alive) return;
    supervisor.happenings.push({ type: "spawned", task, claim, keeper: identity });
    supervisor.turn();
  });
  return null;
}

/** What its files and its keeper's process tell of a worker that another supervisor launched, or meant to. */
function adopt(
  world: World,
  supervisor: Supervisor,
  { task, claim }: Extract<Effect, { do: "adopt" }>,
): Happening | null {
  const worker = world.workers.get(claim);
  if (worker?.end !== undefined && worker.end !== null)
    return { type: "worker-ended", task, claim, ending: worker.end };
  if (worker !== undefined && isRunning(world, worker.identity)) {
    supervisor.follows.add(claim);
    return null;
  }
  world.revoked.add(claim);
  if (worker !== undefined) bury(world, worker);
  return { type: "worker-ended", task, claim, ending: endingOf("lost") };
}

function stop(world: World, claim: string): null {
  world.revoked.add(claim);
  const worker = world.workers.get(claim);
  if (worker?.alive === true && worker.kept)
    later(world, world.random.between(0, 5_000), () => endWorker(world, worker, "stopped", 0.1));
  return null;
}

/** The process over a worker is killed: its supervisor sees that, and ends what is left of the worker. */
export function killKeeper(world: World, claim: string): void {
  const worker = world.workers.get(claim);
  if (worker?.alive !== true || !worker.kept) return;
  say(world, `the keeper of ${claim} is killed`);
  worker.kept = false;
  endProcess(world, worker.identity);
  const followed = world.supervisors.some((supervisor) => supervisor.follows.has(claim));
  if (!followed) return;
  bury(world, worker);
  tellEnd(world, claim, endingOf("crash"));
}

function judged(world: World, supervisor: Supervisor, { task, claim }: Extract<Effect, { do: "verify" }>): Happening {
  const { random, climate, calm } = world;
  const report = random.chance(0.9) ? { status: "DONE" as const, summary: `did ${task}`, files: [] } : null;
  const happening = (judgement: Judgement): Happening => ({ type: "judged", task, claim, report, judgement });
  if (isStopped(supervisor) && random.chance(0.5)) return happening({ kind: "trouble", reason: "it was interrupted" });
  if (!calm && random.chance(climate.badWork)) {
    const kind = random.int(0, 9);
    if (kind < 6) return happening({ kind: "short", reason: "it falls short" });
    if (kind < 8) return happening({ kind: "question", question: "Which?" });
    if (kind < 9) return happening({ kind: "failed", reason: "blocked" });
    return happening({ kind: "trouble", reason: "the disk is full" });
  }
  const commit = `work of ${claim} ${nameIn(world)}`;
  return happening({ kind: "verified", commit, files: [], strayed: [], concerns: [] });
}

/** Commits are made one upon the other, whether or not anybody will hear of them. */
function merge(world: World, supervisor: Supervisor, { tasks, onto }: Extract<Effect, { do: "merge" }>): Happening {
  const { random, climate, calm, watch } = world;
  const none = { type: "merge-ended", tasks, merged: [], conflicts: [], reds: [], checks: [] } as const;
  if (isStopped(supervisor)) return { ...none, trouble: "the run was stopped while it merged" };
  if (!calm && random.chance(climate.conflicts * 0.1)) return { ...none, trouble: "git is gone" };
  const merged: { task: string; commit: string }[] = [];
  const conflicts: { task: string; files: string[]; with: string[] }[] = [];
  const reds: { task: string; reason: string }[] = [];
  let parent = onto;
  for (const task of tasks) {
    const bad = !calm && random.chance(climate.conflicts);
    if (bad && random.chance(0.6)) conflicts.push({ task, files: ["a"], with: [] });
    else if (bad) reds.push({ task, reason: "the check is red" });
    else {
      const commit = `merge ${nameIn(world)}`;
      watch.commits.set(commit, { parent, work: supervisor.engine?.state.tasks.get(task)?.commit ?? "" });
      merged.push({ task, commit });
      parent = commit;
    }
  }
  return { ...none, merged, conflicts, reds, checks: checksOf(world), trouble: null };
}

function checksOf({ plan }: World): CheckRun[] {
  return plan.config.verify.map((command) => ({ command, result: "passed", output: "" }));
}

function endingOf(outcome: WorkerEnding["outcome"]): WorkerEnding {
  return { outcome, reason: outcome, session: null, tokens: 0, dollars: 0, seconds: 0, wait: 0 };
}
