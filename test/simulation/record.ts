import type { Event } from "../../src/model/event.ts";
import { appendLines, fsync, losePower, readFrom, type BreakOff } from "./disk.ts";
import { see } from "./see.ts";
import { object, type Instant } from "./watch.ts";
import { endProcess, later, say, wall, wallText, type Supervisor, type World } from "./world.ts";

/** How writing to the journal came out: `refused` is an error that the writer gets, the others leave no writer. */
export type Written = "written" | "refused" | "killed" | "powerless";

/** Appends events for a process, or fails to as the climate has it; whoever has the run hears of them a moment later. */
export function record(world: World, events: readonly Event[]): Written {
  const { random, climate, disk } = world;
  const breaks = !world.calm && random.chance(climate.brokenWrites);
  const breakOff: BreakOff | null = breaks
    ? { write: random.int(0, events.length - 1), bytes: random.chance(0.3) ? 0 : random.int(0, 300) }
    : null;
  const whole = appendLines(disk, events, wallText(world), breakOff);
  if (whole) {
    takeNote(world);
    return "written";
  }
  const kind = random.pick(["refused", "killed", "powerless"] as const);
  say(world, `writing ${events.map((event) => event.type).join(", ")} is ${kind}`);
  if (kind === "powerless") cutPower(world);
  else {
    // Only the process is gone: the lines that it did write are seen by others, and the system flushes them in time.
    fsync(disk);
    takeNote(world);
  }
  return kind;
}

/** Shows the watch what is in the journal for good since it last looked. */
function takeNote(world: World): void {
  const { disk, watch } = world;
  if (disk.lines.length < watch.seen)
    object(watch, `${watch.seen - disk.lines.length} lines that were flushed are gone`);
  const holder = world.supervisors.find((one) => one.alive && one.engine !== null);
  for (const event of readFrom(disk, watch.seen)) {
    if (world.log !== null) say(world, `  ${JSON.stringify({ ...event, at: undefined })}`);
    see(watch, event, instantOf(world, holder));
  }
  watch.seen = disk.lines.length;
  for (const supervisor of world.supervisors)
    if (supervisor.engine !== null) poke(world, supervisor, world.random.between(0, 1_000));
}

function instantOf(world: World, holder: Supervisor | undefined): Instant {
  const at = { now: world.now, wall: wall(world) };
  return { ...at, reign: holder?.reign ?? at };
}

/** Lets a supervisor take a turn in `milliseconds` at the latest. */
export function poke(world: World, supervisor: Supervisor, milliseconds: number): void {
  const due = world.now + milliseconds;
  if (!supervisor.alive || supervisor.due <= due) return;
  supervisor.due = due;
  later(world, milliseconds, () => {
    if (supervisor.alive && supervisor.due === due) supervisor.turn();
  });
}

/** The machine goes down: every process is gone at once, and what was not flushed may be. */
export function cutPower(world: World): void {
  say(world, "the machine goes down");
  const { disk, watch } = world;
  for (const supervisor of world.supervisors.slice()) retire(world, supervisor);
  for (const worker of world.workers.values()) {
    worker.alive = false;
    worker.kept = false;
    endProcess(world, worker.identity);
    const own = watch.tasks.get(worker.task);
    if (own?.live === worker.claim) own.live = null;
  }
  losePower(disk, world.random);
  takeNote(world);
}

/** A supervisor is no more. What it had begun by itself (a check, a merge, a worktree half made) is gone with it. */
export function retire(world: World, supervisor: Supervisor): void {
  supervisor.alive = false;
  supervisor.engine = null;
  endProcess(world, supervisor.identity);
  const place = world.supervisors.indexOf(supervisor);
  if (place !== -1) world.supervisors.splice(place, 1);
}
