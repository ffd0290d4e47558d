import { foldAll } from "../../src/run/fold.ts";
import { checkEnd, isOver } from "./checkEnd.ts";
import { checkSame } from "./checkState.ts";
import { readAll, readFrom } from "./disk.ts";
import { killKeeper } from "./effects.ts";
import { candidate } from "./office.ts";
import { act, help } from "./people.ts";
import { cutPower, record, retire } from "./record.ts";
import { object } from "./watch.ts";
import { later, makeWorld, say, step, wallText, type World } from "./world.ts";

export interface Simulated {
  /** What did not hold; empty when all is well. */
  readonly violations: readonly string[];
  /** Events that came to stand in the journal. */
  readonly events: number;
  readonly simulatedSeconds: number;
}

/** Steps and seconds of calm within which every run comes to its end. */
const most = { steps: 3_000, calmSeconds: 3 * 86_400 };

/** Runs one plan by chance through everything that can happen to it. The same seed gives the same run, on every machine. */
export function simulate(seed: number, log: ((line: string) => void) | null = null): Simulated {
  const world = makeWorld(seed, log);
  const began = world.now;
  try {
    play(world);
    if (world.watch.violations.length === 0) {
      readAll(world.disk);
      checkSame(world.watch, foldAll(world.index, world.revisions, readFrom(world.disk, 0)), "the journal folded anew");
      checkEnd(world);
    }
  } catch (error) {
    object(world.watch, `crash: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
  const { violations, events } = world.watch;
  return { violations, events, simulatedSeconds: (world.now - began) / 1_000 };
}

function play(world: World): void {
  const { random, climate, plan, watch } = world;
  const at = wallText(world);
  const asked = { sources: ["tasks.md"], flags: {} };
  const began = world.now;
  // The beginning is written by the command that makes the run, before anything can go wrong with it.
  world.calm = true;
  record(world, [
    { type: "started", at, run: "r1", plan: plan.hash, session: null, engine: "headless", base: "base", asked },
  ]);
  world.calm = false;
  candidate(world, true);
  for (let action = 0; action < climate.actions; action++)
    later(world, random.between(0, climate.calmAt), () => {
      if (!world.calm) act(world);
    });
  for (let number = 0; number < climate.disasters; number++)
    later(world, random.between(0, climate.calmAt), () => {
      if (!world.calm) disaster(world);
    });
  later(world, climate.calmAt, () => {
    say(world, "all is calm");
    world.calm = true;
    help(world, random.chance(0.5));
  });
  look(world);
  for (let steps = 0; step(world); steps++) {
    if (watch.violations.length > 0 || isOver(world)) return;
    if (steps > most.steps || world.now > began + climate.calmAt + most.calmSeconds * 1_000)
      return object(watch, `the run does not come to its end: ${standing(world)}`);
  }
  object(watch, `nothing happens any more: ${standing(world)}`);
}

function standing({ watch, supervisors }: World): string {
  const { stopped, paused, tasks } = watch.truth;
  const statuses = [...tasks].map(([id, { status }]) => `${id} ${status}`).join(", ");
  return `${statuses}; stopped ${String(stopped)}, paused ${paused}, ${supervisors.length} supervisors`;
}

/** Somebody looks after the run now and then: a run without a supervisor gets one, sometimes two at once. */
function look(world: World): void {
  const { random, climate, calm } = world;
  later(world, random.between(10, calm ? 600 : 1_200) * 1_000, () => {
    look(world);
    if (world.calm) help(world, false);
    const idle = world.supervisors.length === 0;
    if (!idle && !(climate.disasters > 0 && random.chance(0.05))) return;
    candidate(world, world.calm || random.chance(0.7));
    if (random.chance(0.2)) candidate(world, random.chance(0.7));
  });
}

function disaster(world: World): void {
  const { random, workers, supervisors } = world;
  const kind = random.int(0, 9);
  if (kind < 4) {
    const victim = supervisors[0];
    if (victim === undefined) return;
    say(world, `${victim.token} is killed`);
    retire(world, victim);
    if (random.chance(0.7)) {
      later(world, random.between(0, 5_000), () => candidate(world, random.chance(0.5)));
      if (random.chance(0.5)) later(world, random.between(0, 5_000), () => candidate(world, random.chance(0.5)));
    }
  } else if (kind < 6) cutPower(world);
  else if (kind < 8) {
    const living = [...workers.values()].filter((worker) => worker.alive);
    if (living.length > 0) killKeeper(world, random.pick(living).claim);
  } else {
    // The clock is set, or the machine sleeps: the monotonic clock stands still meanwhile.
    const hours = random.pick([24, -24, 8, -1]);
    say(world, `the wall clock jumps by ${hours} hours`);
    world.skew += hours * 3_600_000;
  }
}
