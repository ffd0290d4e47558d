import { join } from "node:path";
import { beginFold, foldOne } from "../run/fold.ts";
import { followJournal } from "../run/follow.ts";
import type { Event } from "../model/event.ts";
import { openRun, type Run } from "../run/store.ts";
import { visible } from "../text/escape.ts";
import type { Answer, Screen } from "./command.ts";
import { watchFolder } from "../process/watchFolder.ts";

/** Milliseconds in which changes are gathered before anything is shown. */
const together = 40;

/**
 * Follows a run from where `opened` stands: each call gives the run as it is then, and the events since the last call. Reads
 * only what is new, unless the plan was revised.
 */
export function followRun(opened: Run): () => { readonly run: Run; readonly fresh: readonly Event[] } {
  const read = followJournal(join(opened.folder, "events.jsonl"));
  let run = opened;
  let events: Event[] = [];
  let state = beginFold(run.index, run.revisions);
  let told = opened.events.length;
  return () => {
    const fresh = read();
    const revised = fresh.some((event) => event.type === "adopted" && event.plan !== run.plan.hash);
    events = [...events, ...fresh];
    const again = revised ? openRun(run.project, run.state.run) : null;
    if (again?.ok === true) {
      run = again.value;
      state = beginFold(run.index, run.revisions);
    }
    for (const event of again?.ok === true ? events : fresh) foldOne(state, event);
    run = { ...run, events, state };
    const untold = events.slice(told);
    told = Math.max(told, events.length);
    return { run, fresh: untold };
  };
}

/**
 * Calls `step` at once, then whenever something in the run's folder changes or `wake` is called, and once a second, until it
 * says that it is done or `ended` is aborted.
 */
export async function everyChange(
  run: Run,
  ended: AbortSignal,
  step: () => boolean,
  onWake: (wake: () => void) => void = () => undefined,
): Promise<void> {
  let changed = false;
  let wakeUp = (): void => undefined;
  const wake = (): void => {
    changed = true;
    wakeUp();
  };
  const pause = (milliseconds: number, untilChange: boolean): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(done, milliseconds);
      function done(): void {
        clearTimeout(timer);
        wakeUp = () => undefined;
        resolve();
      }
      if (untilChange) wakeUp = done;
      if ((untilChange && changed) || ended.aborted) done();
    });
  const watcher = watchFolder(run.folder, wake);
  ended.addEventListener("abort", wake, { once: true });
  onWake(wake);
  try {
    while (!ended.aborted) {
      changed = false;
      if (step()) return;
      await pause(1_000, true);
      await pause(together, false);
    }
  } finally {
    watcher?.close();
    ended.removeEventListener("abort", wake);
  }
}

/** Follows for as long as the run's files can be read; when they are gone or locked away that is said, and the code is 1. */
export async function whileReadable(screen: Screen, follow: () => Promise<Answer["code"]>): Promise<Answer["code"]> {
  try {
    return await follow();
  } catch (error) {
    if (!(error instanceof Error) || !("syscall" in error)) throw error;
    screen.write(`error: the run cannot be read any more: ${visible(error.message)} [journal-unreadable]\n`);
    return 1;
  }
}

/** Aborted when nobody looks any more: Ctrl-C, or the reader of the pipe is gone. */
export function leaving({ interrupted, closed }: Screen): AbortSignal {
  return AbortSignal.any([interrupted, closed]);
}
