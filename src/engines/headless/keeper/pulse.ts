import { statSync, utimesSync } from "node:fs";
import { awake } from "../../../process/awake.ts";
import { attemptFiles } from "./files.ts";

/** Seconds between two beats of a keeper. */
export const betweenBeats = 5;
/** Beats that may be missing before a keeper counts as silent. */
const missing = 4;

/** What a supervisor has felt of a keeper's pulse: whether it does its work, or was stopped. */
export interface Pulse {
  /** The beat felt last; opaque. */
  readonly beat: number;
  /** When it was looked at last, in milliseconds of a clock that never jumps. */
  readonly looked: number;
  /** Milliseconds of the supervisor's own waking time since the last beat. */
  readonly silent: number;
  /** It was silent once already, and was continued. */
  readonly continued: boolean;
}

export function firstPulse(beat: number, now: number): Pulse {
  return { beat, looked: now, silent: 0, continued: false };
}

/**
 * The pulse after another look, and what to do: a keeper that is silent for `every` seconds a few times over is continued once, for
 * somebody may have stopped it (SIGSTOP); silent again, it is ended with its worker, whose limits nobody holds any more.
 */
export function feel(
  pulse: Pulse,
  beat: number,
  now: number,
  every: number,
): { readonly pulse: Pulse; readonly act: "nothing" | "continue" | "end" } {
  if (beat !== pulse.beat) return { pulse: { ...pulse, beat, looked: now, silent: 0 }, act: "nothing" };
  const silent = pulse.silent + awake(now - pulse.looked);
  if (silent < missing * every * 1_000) return { pulse: { ...pulse, looked: now, silent }, act: "nothing" };
  return { pulse: { ...pulse, looked: now, silent: 0, continued: true }, act: pulse.continued ? "end" : "continue" };
}

/** The newest beat of an attempt's keeper; 0 when it left none. */
export function beatIn(folder: string): number {
  return statSync(attemptFiles(folder).keeper, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/**
 * Beats until it is called off: touches the keeper's own file, which needs no room on a disk that is full. `again` writes the file
 * anew when it is gone.
 */
export function startBeating(folder: string, every: number, again: () => void): () => void {
  const timer = setInterval(() => {
    try {
      const now = new Date();
      utimesSync(attemptFiles(folder).keeper, now, now);
    } catch {
      again();
    }
  }, every * 1_000);
  timer.unref();
  return () => clearInterval(timer);
}
