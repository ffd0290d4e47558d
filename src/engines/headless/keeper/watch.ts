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

/** A sleep shorter than this, in milliseconds, is taken for a busy machine. */
const sleep = 10_000;

/**
 * What a pause means in which nobody could have spoken: a machine that slept. `asked`: milliseconds until this look, as
 * planned; `passed` and `wall`: as they passed by the steady clock and by the time of day. After a sleep the waiting begins
 * anew; the total is moved on by what the steady clock counted of it.
 */
export function afterSleep(
  watch: Watch,
  now: number,
  { asked, passed, wall }: { readonly asked: number; readonly passed: number; readonly wall: number },
): Watch {
  const overslept = passed - asked;
  if (overslept <= sleep && wall - passed <= sleep) return watch;
  return {
    begun: watch.begun + (overslept > sleep ? overslept : 0),
    waiting: watch.waiting === null ? null : now,
    silent: Math.max(watch.silent, now),
  };
}
