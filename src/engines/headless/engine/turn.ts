import type { Event } from "../../../model/event.ts";
import { aftermath } from "./aftermath.ts";
import type { Effect, Happening } from "./effect.ts";
import { decide, learn, type Engine, type Moment } from "./engine.ts";

/** The journal as a supervisor uses it. */
export interface Ledger {
  /** Throws the system's error when they cannot be written; then nothing that rests on them may begin. */
  readonly append: (events: readonly Event[]) => void;
  /** What stands in it since the last call, own events and those of others, in its order. */
  readonly read: () => readonly Event[];
}

/**
 * One turn of the engine: takes in what happened, then decides and begins until there is nothing more to begin. Every event
 * is in the journal before anything rests on it, and the state is only ever what the journal says, so that a supervisor
 * killed between any two lines of this leaves nothing that the next one does not know of. Returns the moment at which there was
 * nothing more to begin: whether the run is over is to be asked of that one, for a moment later something may have rested enough.
 */
export function turn(
  engine: Engine,
  ledger: Ledger,
  happenings: readonly Happening[],
  moment: () => Moment,
  begin: (effect: Effect) => void,
): Moment {
  catchUp(engine, ledger, moment().now);
  for (const happening of happenings) {
    const { at, now } = moment();
    const spoilt = happening.type === "merge-ended" && engine.mergeSpoilt;
    const events = spoilt ? [] : aftermath(engine.state, engine.index.plan.config, happening, at);
    // Another supervisor may have taken over while this one was suspended: then nothing here counts any more.
    if (events.length > 0 && isOurs(engine)) ledger.append(events);
    for (const key of endedKeys(happening)) engine.busy.delete(key);
    catchUp(engine, ledger, now);
  }
  for (;;) {
    const present = moment();
    catchUp(engine, ledger, present.now);
    const [next] = decide(engine, present);
    if (next === undefined) return present;
    if (next.events.length > 0) ledger.append(next.events);
    catchUp(engine, ledger, present.now);
    const refused = next.events.some((event) => event.type === "dispatched" && engine.state.refused.has(event.claim));
    if (next.effect === null || next.key === null || refused || !isOurs(engine)) continue;
    engine.busy.add(next.key);
    begin(next.effect);
  }
}

function isOurs({ state, token }: Engine): boolean {
  return state.supervisor?.token === token;
}

function catchUp(engine: Engine, ledger: Ledger, now: number): void {
  for (const event of ledger.read()) learn(engine, event, now);
}

function endedKeys(happening: Happening): string[] {
  switch (happening.type) {
    case "baseline":
      return ["baseline"];
    case "worker-ended":
      return [`worker ${happening.task}`, `stop ${happening.task}`];
    case "judged":
      return [`verify ${happening.task}`];
    case "merge-ended":
      return ["merge"];
    case "spawned":
    case "receipt":
    case "collisions":
      return [];
    default: {
      const never: never = happening;
      throw new Error(`unknown happening ${JSON.stringify(never)}`);
    }
  }
}
