import { beginEngine, capOf, nextWake, over, type Moment } from "../../src/engines/headless/engine/engine.ts";
import { turn } from "../../src/engines/headless/engine/turn.ts";
import { indexPlan } from "../../src/run/planIndex.ts";
import { foldAll } from "../../src/run/fold.ts";
import type { Folding } from "../../src/run/folding.ts";
import type { Event } from "../../src/model/event.ts";
import { readAll, readFrom } from "./disk.ts";
import { carryOut } from "./effects.ts";
import { checkIdle, checkSame } from "./checkState.ts";
import { act } from "./people.ts";
import { revisedPlan } from "./plans.ts";
import { poke, record, retire } from "./record.ts";
import { object } from "./watch.ts";
import { isRunning, later, nameIn, say, startProcess, wall, wallText, type Supervisor, type World } from "./world.ts";

/** Lets a turn end in its middle: its process is gone, or the system refused a write. */
const broken = new Error("the supervisor is gone");
/** Looks, appends and effects of one turn, above which it goes round in circles. */
const most = 2_000;
/** Supervisors that a run may need when all is calm: some stop it for good reasons. */
const mostReigns = 60;

/** A process that wants to supervise: it looks who has the run, claims it, and looks whether it won. With `resume` a stop is undone. */
export function candidate(world: World, resume: boolean): void {
  const { random, disk } = world;
  const supervisor: Supervisor = {
    identity: startProcess(world),
    token: nameIn(world),
    alive: true,
    engine: null,
    reign: { now: world.now, wall: wall(world) },
    read: 0,
    happenings: [],
    due: Infinity,
    follows: new Set(),
    turn: () => takeTurn(world, supervisor),
  };
  world.supervisors.push(supervisor);
  const state = (): Folding => foldAll(world.index, world.revisions, readAll(disk));
  const holder = state().supervisor;
  if (holder !== null && isRunning(world, holder.by)) return retire(world, supervisor);
  later(world, random.between(0, 200), () => {
    if (!supervisor.alive) return;
    const { identity: by, token } = supervisor;
    const claim: Event = {
      type: "supervised",
      at: wallText(world),
      by,
      host: "here",
      token,
      after: holder?.token ?? null,
    };
    if (record(world, [claim]) !== "written") return retire(world, supervisor);
    later(world, random.between(0, 200), () => {
      if (!supervisor.alive) return;
      if (state().supervisor?.token !== token) return retire(world, supervisor);
      if (resume && (state().stopped !== null || (!world.calm && random.chance(0.3)))) {
        const adopted: Event = {
          type: "adopted",
          at: wallText(world),
          session: null,
          engine: "headless",
          plan: revised(world, state()),
          after: token,
        };
        if (record(world, [adopted]) !== "written") return retire(world, supervisor);
      }
      reign(world, supervisor);
    });
  });
}

/** The list and the options are read anew, and may say something else. */
function revised({ random, calm, revisions }: World, state: Folding): string {
  if (calm || !random.chance(0.4)) return state.plan;
  const hash = `plan ${revisions.size + 1}`;
  revisions.set(hash, indexPlan(revisedPlan(random, state, hash)));
  return hash;
}

function reign(world: World, supervisor: Supervisor): void {
  const { disk, watch } = world;
  say(world, `${supervisor.token} supervises`);
  if (world.calm && world.reigns++ > mostReigns) object(watch, "supervisors come and go, and the run does not end");
  const rival = world.supervisors.find((one) => one !== supervisor && one.alive && one.engine !== null);
  if (rival !== undefined) object(watch, `${supervisor.token} and ${rival.token} supervise at once`);
  const state = foldAll(world.index, world.revisions, readAll(disk));
  supervisor.read = disk.lines.length;
  supervisor.reign = { now: world.now, wall: wall(world) };
  supervisor.engine = beginEngine(state.index, state, supervisor.token, world.now, wall(world));
  supervisor.turn();
}

function takeTurn(world: World, supervisor: Supervisor): void {
  const { engine } = supervisor;
  const { random, climate, calm, disk } = world;
  if (engine === null || !supervisor.alive) return;
  supervisor.due = Infinity;
  const { maxWorkers } = engine.index.plan.config;
  const cap = climate.interference > 0.03 ? random.int(1, maxWorkers) : maxWorkers;
  const moment = (): Moment => ({ now: world.now, at: wallText(world), cap, name: () => nameIn(world) });
  const mayDie = (): void => {
    if (calm || !random.chance(climate.kills)) return;
    say(world, `${supervisor.token} is killed in its turn`);
    retire(world, supervisor);
    throw broken;
  };
  let acts = 0;
  const count = (what: string): void => {
    if (acts++ < most) return;
    object(world.watch, `a turn goes round in circles: ${what}`);
    throw broken;
  };
  const append = (events: readonly Event[]): void => {
    count(events.map((event) => event.type).join(", "));
    mayDie();
    if (!calm && random.chance(climate.interference)) act(world);
    if (!supervisor.alive) throw broken;
    if (record(world, events) !== "written") {
      retire(world, supervisor);
      throw broken;
    }
    mayDie();
  };
  const read = (): readonly Event[] => {
    count("looks");
    const events = readFrom(disk, supervisor.read);
    supervisor.read = disk.lines.length;
    return events;
  };
  try {
    const last = turn(engine, { append, read }, supervisor.happenings.splice(0), moment, (effect) => {
      count(effect.do);
      carryOut(world, supervisor, effect);
      mayDie();
    });
    if (random.chance(0.05)) checkSame(world.watch, engine.state, "the supervisor's state");
    checkIdle(world, engine, capOf(engine, { cap }));
    const end = over(engine, last);
    if (end !== null && supervisor.happenings.length === 0) {
      say(world, `${supervisor.token} ends: ${end}`);
      const asked = [...engine.state.tasks.values()].some(({ status }) =>
        ["needs-input", "conflicted"].includes(status),
      );
      if (end === "waiting" && !asked) object(world.watch, "a supervisor waits for a person whom nothing asks");
      if (end !== "replaced") append([{ type: "released", at: wallText(world), token: supervisor.token }]);
      return retire(world, supervisor);
    }
    const wake = nextWake(engine, last);
    // Timers may be a little early.
    if (wake !== null) poke(world, supervisor, Math.max(0, wake - world.now - random.pick([0, 1])));
    // With fewer workers than it may have, it looks again whether there is room now.
    if (cap < maxWorkers) poke(world, supervisor, 30_000);
  } catch (error) {
    if (error !== broken) throw error;
    retire(world, supervisor);
  }
}
