import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { append } from "../../../run/append.ts";
import { beginFold, foldOne } from "../../../run/fold.ts";
import { runningTasks } from "../../../run/whyNot.ts";
import { followJournal } from "../../../run/follow.ts";
import { openLedger } from "../../../git/ledger.ts";
import { mergedRef } from "../../../git/mergeQueue.ts";
import { moveRefs } from "../../../git/mergeTree.ts";
import { pins } from "../../../git/names.ts";
import { sweep, tokenVariable } from "../../../process/sweep.ts";
import { watchFolder } from "../../../process/watchFolder.ts";
import type { Event } from "../../../model/event.ts";
import type { RunState } from "../../../model/run.ts";
import { dropHalfWritten } from "../../../process/writeAtomic.ts";
import { stateFolder } from "../../../run/current.ts";
import { now, type Run } from "../../../run/store.ts";
import { tickDone } from "../../../run/tick.ts";
import { workersNow } from "../engine/adaptive.ts";
import type { Effect, Happening } from "../engine/effect.ts";
import { beginEngine, nextWake, over, type Moment } from "../engine/engine.ts";
import { notify } from "./notify.ts";
import { perform } from "./perform.ts";
import { watchCollisions } from "../engine/radar.ts";
import type { Surroundings } from "./surroundings.ts";
import { turn } from "../engine/turn.ts";

/** What a supervisor needs from whoever started it. */
export interface Office {
  /** Full path of the program to start a keeper with: the run's own copy. Asked before each start. */
  readonly cli: () => string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Told of every event as it stands in the journal, with the state after it. */
  readonly told: (event: Event, state: RunState) => void;
  /** Aborted when the person wants the run to stop: the first time its workers are asked to end. */
  readonly stop: AbortSignal;
  /** Whether to stay when only a person can bring the run forward. */
  readonly stay: boolean;
}

/** Milliseconds between two looks at the journal where the file system does not tell of changes. */
const lookAgain = 1_000;

/**
 * Runs the plan to its end with headless workers, as the supervisor that took the run over with `token`. Resolves when there is nothing left to do, when it was
 * stopped and its workers are gone, or when only a person can go on (unless it is to stay). Throws the system's error when the
 * journal cannot be written: workers then go on under their keepers, and the next supervisor finds them.
 */
export async function supervise(
  run: Run,
  token: string,
  office: Office,
): Promise<"finished" | "stopped" | "replaced" | "waiting"> {
  const path = join(run.folder, "events.jsonl");
  for (const folder of [run.folder, join(run.project, stateFolder)]) dropHalfWritten(folder);
  const follow = followJournal(path);
  const state = beginFold(run.index, run.revisions);
  for (const event of follow()) foldOne(state, event);
  // Checks and git commands of the supervisor before may have outlived it. Ours are to be found in the same way.
  const before = state.supervisor?.after ?? null;
  if (before !== null) await sweep(before);
  process.env[tokenVariable] = token;
  const engine = beginEngine(run.index, state, token, performance.now(), Date.now());
  const queue: Happening[] = [];
  const bell = makeBell();
  const aborted = new AbortController();
  const opened = await openLedger(run.project, state.run, { env: { ...process.env }, stop: aborted.signal });
  // Whatever the person does to their branches: what workers began at stays.
  const base = state.base ?? state.head ?? "";
  const pinned = opened.ok
    ? await moveRefs(opened.ledger, [{ ref: `${pins(state.run)}/base`, to: base }], "orchestrate: base")
    : opened;
  if (!opened.ok || !pinned.ok) {
    const reason = pinned.ok ? "its repository could not be opened" : pinned.reason;
    append(path, [
      { type: "stopped", at: now(), reason },
      { type: "released", at: now(), token },
    ]);
    return "stopped";
  }
  // Up to version 0.1.0 only the run's branch held what was merged. A pin that is there may be ahead of the journal, and stays.
  if (state.head !== null && state.merged.length > 0)
    await moveRefs(opened.ledger, [{ ref: mergedRef(state.run), to: state.head, old: null }], "orchestrate: merged");
  const surroundings: Surroundings = {
    project: run.project,
    folder: run.folder,
    index: run.index,
    state,
    ledger: opened.ledger,
    cli: office.cli,
    env: office.env,
    token,
    tell: (happening) => {
      queue.push(happening);
      bell.ring();
    },
    aborted: aborted.signal,
  };
  const ledger = {
    append: (events: readonly Event[]): void => {
      // The boxes come first: nobody looks at a finished run again.
      if (events.some(({ type }) => type === "finished"))
        append(path, tickDone({ project: run.project, index: run.index, state }, true));
      append(path, events);
    },
    read: (): readonly Event[] => {
      const events = follow();
      for (const event of events) if (event.type !== "supervised") heard.push(event);
      return events;
    },
  };
  const heard: Event[] = [];
  const moment = (): Moment => ({
    now: performance.now(),
    at: now(),
    cap: workersNow(run.plan.config, runningTasks(state).length, state.limits.at(-1)?.at ?? null),
    name: () => randomBytes(8).toString("hex"),
  });
  const begin = (effect: Effect): void => perform(effect, surroundings);

  const watcher = watchFolder(run.folder, bell.ring);
  let wanted = false;
  const stopped = (): void => {
    wanted = true;
    bell.ring();
  };
  office.stop.addEventListener("abort", stopped, { once: true });
  if (office.stop.aborted) stopped();
  const radar = watchCollisions(surroundings);
  try {
    ledger.append(tickDone({ project: run.project, index: run.index, state }, true));
    for (;;) {
      if (wanted) ledger.append([{ type: "stopped", at: now(), reason: "it was interrupted" }]);
      wanted = false;
      let present = turn(engine, ledger, queue.splice(0), moment, begin);
      if (state.stopped !== null) aborted.abort();
      const ticks = tickDone({ project: run.project, index: run.index, state });
      if (ticks.length > 0) {
        ledger.append(ticks);
        present = turn(engine, ledger, [], moment, begin);
      }
      for (const event of heard.splice(0)) {
        office.told(event, state);
        notify(event, surroundings);
      }
      const end = over(engine, present);
      if (queue.length === 0 && end !== null && !(end === "waiting" && office.stay)) {
        if (end !== "replaced") ledger.append([{ type: "released", at: now(), token }]);
        return end;
      }
      const wake = nextWake(engine, present);
      await bell.wait(wake === null ? lookAgain : Math.min(lookAgain, Math.max(0, wake - performance.now())));
    }
  } finally {
    watcher?.close();
    clearInterval(radar);
    aborted.abort();
    office.stop.removeEventListener("abort", stopped);
  }
}

/** Waits until it is rung, or for so many milliseconds. A ring before the wait ends it at once. */
function makeBell(): { ring: () => void; wait: (milliseconds: number) => Promise<void> } {
  let rung = false;
  let wakeUp: (() => void) | null = null;
  return {
    ring: () => {
      rung = true;
      wakeUp?.();
    },
    wait: async (milliseconds) => {
      if (!rung) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, milliseconds);
          wakeUp = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      wakeUp = null;
      rung = false;
    },
  };
}
