/** The limits of one worker, in seconds. */
export interface Limits {
  readonly firstEvent: number;
  readonly idle: number;
  readonly total: number;
}

/** What the limits are measured from: milliseconds of a clock that does not jump. */
export interface Watch {
  readonly begun: number;
  /** Since when the first byte on standard output is awaited; null when it came. */
  readonly waiting: number | null;
  /** Since when there was no output. A time to come when the client said that it would wait until then. */
  readonly silent: number;
}

export type Expiry = "first-event" | "stuck" | "timeout";

export function startWatch(now: number): Watch {
  return { begun: now, waiting: now, silent: now };
}

/** After output. `pause`: milliseconds that the client said it would be silent. */
export function heard(watch: Watch, now: number, isFirst: boolean, pause = 0): Watch {
  return { ...watch, waiting: isFirst ? null : watch.waiting, silent: Math.max(watch.silent, now) + pause };
}

/** The limit that is reached first, and when. */
export function nextExpiry(watch: Watch, limits: Limits): { readonly at: number; readonly expiry: Expiry } {
  const all: { at: number; expiry: Expiry }[] = [
    { at: watch.begun + limits.total * 1_000, expiry: "timeout" },
    { at: watch.silent + limits.idle * 1_000, expiry: "stuck" },
  ];
  if (watch.waiting !== null) all.push({ at: watch.waiting + limits.firstEvent * 1_000, expiry: "first-event" });
  return all.reduce((first, one) => (one.at < first.at ? one : first));
}

/** A look that is late by no more than this, in milliseconds, is late as looks are. */
const usual = 500;
/** A gap longer than this, in milliseconds, is a sleep after which whoever slept needs all of its time again. */
const sleep = 10_000;

/**
 * What a gap in the keeper's own clock means, in which nobody could have spoken: it counts for nobody. `asked`: milliseconds until this
 * look, as planned; `passed` and `wall`: as they passed by the steady clock and by the time of day. All limits move on by what the
 * steady clock counted of the gap; after a sleep the waiting begins anew, for a worker's connections may be gone.
 */
export function afterSleep(
  watch: Watch,
  now: number,
  { asked, passed, wall }: { readonly asked: number; readonly passed: number; readonly wall: number },
): Watch {
  const overslept = passed - asked;
  const gap = overslept > usual ? overslept : 0;
  if (overslept <= sleep && wall - passed <= sleep) {
    if (gap === 0) return watch;
    const later = (since: number): number => Math.min(since + gap, Math.max(since, now));
    return {
      begun: watch.begun + gap,
      waiting: watch.waiting === null ? null : later(watch.waiting),
      silent: later(watch.silent),
    };
  }
  return {
    begun: watch.begun + gap,
    waiting: watch.waiting === null ? null : now,
    silent: Math.max(watch.silent, now),
  };
}
