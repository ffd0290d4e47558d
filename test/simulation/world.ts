import { indexPlan, type PlanIndex } from "../../src/run/planIndex.ts";
import type { Happening, WorkerEnding } from "../../src/engines/headless/engine/effect.ts";
import type { Engine } from "../../src/engines/headless/engine/engine.ts";
import type { ProcessIdentity } from "../../src/model/event.ts";
import type { Plan } from "../../src/model/plan.ts";
import { emptyDisk, type Disk } from "./disk.ts";
import { beginWatch, type Watch } from "./watch.ts";
import { randomPlan } from "./plans.ts";
import { makeRandom, type Random } from "./random.ts";

/** Everything that exists in one simulation: two clocks, a disk, processes, and a list of what happens when. */
export interface World {
  readonly random: Random;
  /** The one in force, as the journal has it for good. */
  readonly plan: Plan;
  readonly index: PlanIndex;
  readonly revisions: Map<string, PlanIndex>;
  readonly climate: Climate;
  readonly disk: Disk;
  readonly watch: Watch;
  /** Milliseconds of the clock that never jumps. */
  now: number;
  /** What the wall clock is ahead of it. */
  skew: number;
  /** No more faults and no more people: the run must come to its end. */
  calm: boolean;
  readonly agenda: Appointment[];
  appointments: number;
  /** Living processes: number and start. */
  readonly processes: Map<number, string>;
  started: number;
  readonly supervisors: Supervisor[];
  /** Every worker that was ever started, by its claim. */
  readonly workers: Map<string, Worker>;
  /** Claims whose worker must not start any more. */
  readonly revoked: Set<string>;
  /** Tasks that can never be done. */
  readonly hopeless: ReadonlySet<string>;
  names: number;
  /** Supervisors since all is calm. */
  reigns: number;
  /** The newest reading of the wall clock, for people. */
  reading: { readonly wall: number; readonly text: string };
  readonly log: ((line: string) => void) | null;
}

interface Appointment {
  readonly time: number;
  readonly order: number;
  readonly keep: () => void;
}

/** How likely what is, each seed another: some have no kills, some have hardly anything else. */
export interface Climate {
  /** Milliseconds after which all is calm. */
  readonly calmAt: number;
  /** A supervisor killed at a point of its turn. */
  readonly kills: number;
  /** A write that fails or is cut. */
  readonly brokenWrites: number;
  /** A person's event between a supervisor's look and its write. */
  readonly interference: number;
  readonly badEnds: number;
  readonly rateLimits: number;
  readonly badWork: number;
  readonly conflicts: number;
  /** Seconds of a worker at most. */
  readonly longestWork: number;
  readonly longestMerge: number;
  readonly actions: number;
  readonly disasters: number;
}

export interface Supervisor {
  readonly identity: ProcessIdentity;
  readonly token: string;
  alive: boolean;
  /** Null until it has the run. */
  engine: Engine | null;
  /** When it took the run, on both clocks. */
  reign: { readonly now: number; readonly wall: number };
  /** Lines of the journal that it has read. */
  read: number;
  readonly happenings: Happening[];
  /** When its next turn is due. */
  due: number;
  /** Claims of the workers that it follows. */
  readonly follows: Set<string>;
  turn: () => void;
}

export interface Worker {
  readonly task: string;
  readonly claim: string;
  readonly worktree: string;
  readonly slot: number;
  readonly identity: ProcessIdentity;
  readonly began: number;
  /** Dollars that it may cost. */
  readonly cap: number;
  alive: boolean;
  /** Whether the process that stands over it lives. */
  kept: boolean;
  /** What its keeper wrote down. */
  end: WorkerEnding | null;
}

export function makeWorld(seed: number, log: ((line: string) => void) | null): World {
  const random = makeRandom(seed);
  const plan = randomPlan(random);
  const index = indexPlan(plan);
  const revisions = new Map([[plan.hash, index]]);
  const watch = beginWatch(index, revisions);
  const some = (likely: number, most: number): number => (random.chance(likely) ? random.between(0, most) : 0);
  const hopelessness = some(0.3, 0.3);
  return {
    random,
    get plan() {
      return watch.index.plan;
    },
    get index() {
      return watch.index;
    },
    revisions,
    climate: {
      calmAt: random.between(0, 2) * 3_600_000,
      kills: some(0.5, 0.06),
      brokenWrites: some(0.4, 0.05),
      interference: some(0.5, 0.05),
      badEnds: some(0.6, 0.5),
      rateLimits: some(0.3, 0.3),
      badWork: some(0.6, 0.5),
      conflicts: some(0.5, 0.5),
      longestWork: random.pick([30, 300, 3000]),
      longestMerge: random.pick([5, 60, 600]),
      actions: random.chance(0.6) ? random.int(0, 12) : 0,
      disasters: random.chance(0.6) ? random.int(0, 8) : 0,
    },
    disk: emptyDisk(random.chance(0.25)),
    watch,
    now: random.between(0, 1e6),
    skew: 1_767_225_600_000,
    calm: false,
    agenda: [],
    appointments: 0,
    processes: new Map(),
    started: 0,
    supervisors: [],
    workers: new Map(),
    revoked: new Set(),
    hopeless: new Set(plan.tasks.flatMap(({ id }) => (random.chance(hopelessness) ? id : []))),
    names: 0,
    reigns: 0,
    reading: { wall: NaN, text: "" },
    log,
  };
}

export function wall(world: World): number {
  return Math.floor(world.now + world.skew);
}

export function wallText(world: World): string {
  const now = wall(world);
  if (world.reading.wall !== now) world.reading = { wall: now, text: new Date(now).toISOString() };
  return world.reading.text;
}

export function nameIn(world: World): string {
  world.names++;
  return `n${world.names}`;
}

export function say(world: World, text: string): void {
  world.log?.(`${(world.now / 1000).toFixed(2).padStart(12)}  ${text}`);
}

/** Does something `milliseconds` from now. */
export function later(world: World, milliseconds: number, keep: () => void): void {
  const { agenda } = world;
  const one = { time: world.now + milliseconds, order: world.appointments++, keep };
  let place = agenda.length;
  agenda.push(one);
  while (place > 0) {
    const parent = (place - 1) >> 1;
    if (!isBefore(one, agenda[parent]!)) break;
    agenda[place] = agenda[parent]!;
    place = parent;
  }
  agenda[place] = one;
}

/** Moves the clock to the next thing that happens, and lets it; false when nothing is left. */
export function step(world: World): boolean {
  const { agenda } = world;
  const first = agenda[0];
  const last = agenda.pop();
  if (first === undefined || last === undefined) return false;
  let place = 0;
  for (let child = 1; child < agenda.length; child = 2 * place + 1) {
    if (child + 1 < agenda.length && isBefore(agenda[child + 1]!, agenda[child]!)) child++;
    if (!isBefore(agenda[child]!, last)) break;
    agenda[place] = agenda[child]!;
    place = child;
  }
  if (agenda.length > 0) agenda[place] = last;
  world.now = first.time;
  first.keep();
  return true;
}

function isBefore(one: Appointment, other: Appointment): boolean {
  return one.time < other.time || (one.time === other.time && one.order < other.order);
}

/** A new process. There are few numbers, so that they are soon used again. */
export function startProcess(world: World): ProcessIdentity {
  let pid = world.random.int(1, 30);
  while (world.processes.has(pid)) pid = (pid % 60) + 1;
  const start = String(world.started++);
  world.processes.set(pid, start);
  return { pid, start };
}

export function endProcess(world: World, { pid, start }: ProcessIdentity): void {
  if (world.processes.get(pid) === start) world.processes.delete(pid);
}

export function isRunning(world: World, { pid, start }: ProcessIdentity): boolean {
  return world.processes.get(pid) === start;
}
