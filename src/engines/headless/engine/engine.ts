import { dispatch } from "../../../run/dispatch.ts";
import { whyNot } from "../../../run/whyNot.ts";
import { isOpen } from "../../../model/isOpen.ts";
import type { PlanIndex } from "../../../run/planIndex.ts";
import { foldOne } from "../../../run/fold.ts";
import type { Folding } from "../../../run/folding.ts";
import type { Event } from "../../../model/event.ts";
import { nextPlace } from "./place.ts";
import { allowanceOf } from "./budget.ts";
import { limitsReached } from "./limits.ts";
import type { Effect } from "./effect.ts";

/**
 * What one supervisor knows: the state that the journal tells, and what it has begun itself since it took over. Nothing here
 * survives it, and nothing here needs to: a new one begins with the journal alone.
 */
export interface Engine {
  readonly index: PlanIndex;
  readonly state: Folding;
  /** Of this supervisor. */
  readonly token: string;
  /** Effects under way: `worker T001`, `stop T001`, `verify T001`, `merge`, `baseline`. */
  readonly busy: Set<string>;
  /** Milliseconds of the monotonic clock before which a task, or any task, does not start. */
  readonly wakeAt: Map<string, number>;
  limitedUntil: number;
  /** The same by the wall clock: a machine that slept has waited as well. */
  limitedUntilWall: number;
  /** When workers came to a bad end, since one last came to a good one. */
  readonly crashes: number[];
  /** A task of the merge under way is no longer to be merged: what comes of it does not count, and the rest is merged anew. */
  mergeSpoilt: boolean;
  /** Tasks that had failed when this supervisor began: a person who resumes knows of them. */
  readonly failedBefore: ReadonlySet<string>;
}

/** Something to do: its events are recorded first, and the effect is begun only if the journal accepts them. */
export interface Intent {
  readonly events: readonly Event[];
  readonly effect: Effect | null;
  /** Key in `busy` while the effect is under way. */
  readonly key: string | null;
}

/** The surroundings of a decision. */
export interface Moment {
  /** Milliseconds of a clock that never jumps. */
  readonly now: number;
  /** For the events: ISO 8601, UTC. */
  readonly at: string;
  /** Workers that may run at once at this moment, at most the plan's. */
  readonly cap: number;
  /** A random name for a claim. */
  readonly name: () => string;
}

type Instant = Pick<Moment, "now" | "at">;

/** A supervisor's knowledge at its beginning: the journal so far. `now` and `wall` are in milliseconds. */
export function beginEngine(index: PlanIndex, state: Folding, token: string, now: number, wall: number): Engine {
  const engine: Engine = {
    index,
    state,
    token,
    busy: new Set(),
    wakeAt: new Map(),
    limitedUntil: now,
    limitedUntilWall: wall,
    crashes: [],
    mergeSpoilt: false,
    failedBefore: new Set([...state.tasks].flatMap(([id, task]) => (task.status === "failed" ? id : []))),
  };
  // Waits begin anew, and never get longer than they were meant to be, whatever the wall clock says.
  for (const [id, task] of state.tasks)
    if (task.status === "pending" && task.wait > 0) engine.wakeAt.set(id, now + task.wait * 1_000);
  // Each limit for itself: one that the wall clock calls over says nothing of another.
  for (const { seconds, at } of state.limits) {
    const left = seconds * 1_000 - Math.max(0, wall - Date.parse(at));
    limit(engine, left, now, wall);
  }
  return engine;
}

function limit(engine: Engine, milliseconds: number, now: number, wall: number): void {
  engine.limitedUntil = Math.max(engine.limitedUntil, now + milliseconds);
  engine.limitedUntilWall = Math.max(engine.limitedUntilWall, wall + milliseconds);
}

/** Whether launches wait for a rate limit: it is over when either clock says so, for a launch too early costs no attempt. */
export function isLimited(engine: Engine, now: number, wall: number): boolean {
  return now < engine.limitedUntil && wall < engine.limitedUntilWall;
}

/** Takes in an event that stands in the journal, whoever wrote it. */
export function learn(engine: Engine, event: Event, now: number): void {
  if (event.type === "cancelled" && engine.state.tasks.get(event.task)?.status === "merging") engine.mergeSpoilt = true;
  foldOne(engine.state, event);
  if (event.type === "merging") {
    // One of them may have been cancelled just before this was written.
    engine.mergeSpoilt = event.tasks.some((task) => engine.state.tasks.get(task)?.status !== "merging");
  } else if (event.type === "ended") {
    if (event.outcome === "rate-limit") limit(engine, event.wait * 1_000, now, Date.parse(event.at));
    else if (event.wait > 0) engine.wakeAt.set(event.task, now + event.wait * 1_000);
    if (event.outcome === "finished") engine.crashes.length = 0;
    else if (event.outcome !== "stopped" && event.outcome !== "rate-limit" && event.outcome !== "lost")
      engine.crashes.push(now);
  } else if (event.type === "unpaused") {
    engine.limitedUntil = now;
    engine.crashes.length = 0;
  } else if (event.type === "retried" || event.type === "answered") engine.wakeAt.delete(event.task);
}

/**
 * What to do now. Pure: asked again with nothing changed it says the same. Call it until it has nothing new; each intent must
 * be recorded, learned, and begun before the next call.
 */
export function decide(engine: Engine, moment: Moment): Intent[] {
  const { state, index, busy } = engine;
  if (state.supervisor?.token !== engine.token || state.finished !== null) return [];
  const stops = [...state.tasks].flatMap(([task, own]): Intent[] => {
    // One that was cancelled and is to be tried again starts anew, when its old worker has ended.
    const unwanted = state.stopped !== null || own.status === "cancelled" || own.status === "pending";
    if (!unwanted || own.claim === null || !busy.has(`worker ${task}`) || busy.has(`stop ${task}`)) return [];
    return [intent(`stop ${task}`, { do: "stop-worker", task, claim: own.claim })];
  });
  const known = [...state.tasks].flatMap(([task, own]): Intent[] => {
    const { claim, place } = own;
    if (claim === null || place === null) return [];
    const lives = own.status === "running" || own.status === "cancelled" || own.status === "pending";
    if (lives && !busy.has(`worker ${task}`)) return [intent(`worker ${task}`, { do: "adopt", task, claim, place })];
    if (own.status === "verifying" && !busy.has(`verify ${task}`) && state.stopped === null)
      return [intent(`verify ${task}`, { do: "verify", task, claim, place })];
    return [];
  });
  if (state.stopped !== null) return [...stops, ...known];

  const limit = limitsReached(engine, moment);
  if (limit !== null) return [{ events: [limit], effect: null, key: null }];
  const { verify } = index.plan.config;
  const measured = verify.length === 0 || state.checks.some((check) => check.when === "baseline" && check.last);
  const first = measured ? [] : busy.has("baseline") ? [] : [intent("baseline", { do: "baseline" })];
  return [...stops, ...known, ...first, ...(measured ? [...merge(engine, moment), ...launches(engine, moment)] : [])];
}

/** When to decide again although nothing happened: milliseconds of the monotonic clock, or null. */
export function nextWake(engine: Engine, { now, at: wall }: Instant): number | null {
  const waits = [...engine.wakeAt].flatMap(([task, at]) =>
    engine.state.tasks.get(task)?.status === "pending" && at > now ? at : [],
  );
  if (isLimited(engine, now, Date.parse(wall))) waits.push(engine.limitedUntil);
  return waits.length === 0 ? null : Math.min(...waits);
}

/**
 * Whether this supervisor has come to its end: `finished`, `stopped`, `replaced`, or `waiting` for a person; null while it has
 * work. To be asked of the moment at which `decide` had nothing new: a moment later something may have rested enough.
 */
export function over(engine: Engine, moment: Instant): "finished" | "stopped" | "replaced" | "waiting" | null {
  const { state, busy } = engine;
  if (state.supervisor?.token !== engine.token) return "replaced";
  // A git command of ours that is still at it must not meet the next supervisor's.
  if (busy.size > 0) return null;
  if (state.stopped !== null) return "stopped";
  if (state.finished !== null) return "finished";
  return state.paused || nextWake(engine, moment) !== null ? null : "waiting";
}

function intent(key: string, effect: Effect): Intent {
  return { events: [], effect, key };
}

/**
 * All verified work at once: one gate for all of it, and a search for the culprit if it is red. What builds on something starts
 * after that was merged, so the plan's order is an order of the dependencies too.
 */
function merge({ state, index, busy }: Engine, { at }: Moment): Intent[] {
  if (busy.has("merge") || state.head === null) return [];
  const tasks = index.plan.tasks.flatMap(({ id }) => (state.tasks.get(id)?.status === "merging" ? id : []));
  if (tasks.length === 0) return [];
  const onto = state.head;
  return [{ events: [{ type: "merging", at, tasks, onto }], effect: { do: "merge", tasks, onto }, key: "merge" }];
}

function launches(engine: Engine, moment: Moment): Intent[] {
  const { state, busy } = engine;
  if (isLimited(engine, moment.now, Date.parse(moment.at))) return [];
  const workers = [...busy].filter((key) => key.startsWith("worker ")).length;
  const resting = new Set([...engine.wakeAt].flatMap(([task, at]) => (at > moment.now ? task : [])));
  const ready = dispatch(engine.index, state, resting);
  // One at a time: the place and the price of the second depend on the first.
  const task = workers < capOf(engine, moment) ? ready[0] : undefined;
  if (task === undefined) return ready.length === 0 ? endOf(engine, moment) : [];
  const own = state.tasks.get(task);
  const { restarts } = engine.index.plan.config;
  // The supervisor before this one may have been killed between its last bad end and the failure.
  if ((own?.restarts ?? 0) > restarts) {
    const reason = own?.history.at(-1) ?? "its workers came to a bad end";
    return [{ events: [{ type: "failed", at: moment.at, task, reason }], effect: null, key: null }];
  }
  const allowance = allowanceOf(engine.index, state, task, capOf(engine, moment) - workers);
  switch (allowance.kind) {
    case "now":
      break;
    case "task-spent": {
      const reason = `its budget of ${allowance.budget} dollars is used up`;
      return [{ events: [{ type: "failed", at: moment.at, task, reason }], effect: null, key: null }];
    }
    case "wait":
      return [];
    case "run-spent": {
      // The stop comes when nothing is under way any more, so that no check or merge is lost to it again and again.
      if (busy.size > 0) return [];
      const reason = `the budget of ${allowance.budget} dollars leaves no room for another worker (${allowance.spent.toFixed(2)} spent)`;
      return [{ events: [{ type: "stopped", at: moment.at, reason }], effect: null, key: null }];
    }
    default: {
      const never: never = allowance;
      throw new Error(`unknown allowance ${JSON.stringify(never)}`);
    }
  }
  const claim = moment.name();
  const place = { ...nextPlace(engine.index, state, task), dollars: allowance.dollars };
  const attempt = (own?.attempts ?? 0) + 1;
  return [
    {
      events: [{ type: "dispatched", at: moment.at, task, attempt, claim, client: null, before: {}, place }],
      effect: { do: "launch", task, claim, place },
      key: `worker ${task}`,
    },
  ];
}

/** After a limit of unknown end one worker at a time finds out whether the service takes requests again. */
export function capOf({ state }: Pick<Engine, "state">, { cap }: Pick<Moment, "cap">): number {
  return state.untold === null ? cap : 1;
}

/** Nothing runs and nothing can be launched: what is left is skipped, unless a person may still change that. */
function endOf(engine: Engine, { now, at }: Moment): Intent[] {
  const { state, index, busy, wakeAt } = engine;
  if (busy.size > 0 || state.paused || isLimited(engine, now, Date.parse(at))) return [];
  const statuses = [...state.tasks.values()].map((task) => task.status);
  if (statuses.some((status) => ["running", "verifying", "merging", "needs-input", "conflicted"].includes(status)))
    return [];
  const left = [...state.tasks].flatMap(([id, task]) => (task.status === "pending" ? id : []));
  if (left.some((id) => (wakeAt.get(id) ?? 0) > now)) return [];
  const skipped = left.map((task): Event => {
    return {
      type: "skipped",
      at,
      task,
      reason: whyNot(index, state, task) ?? "nothing is left that it could wait for",
    };
  });
  const ok = [...state.tasks].every(([id, { status }]) => {
    const listed = index.tasks.get(id)?.status;
    // What the list itself does not want done is no failure; what a person cancelled or the run skipped is.
    return status === "merged" || status === "done" || (listed === status && !isOpen({ status }));
  });
  return [{ events: [...skipped, { type: "finished", at, ok }], effect: null, key: null }];
}
