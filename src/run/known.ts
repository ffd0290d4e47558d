import type { Event } from "../model/event.ts";

/** Every type of event that this version writes. The compiler keeps it whole. */
const known: Readonly<Record<Event["type"], true>> = {
  started: true,
  adopted: true,
  "handed-back": true,
  dispatched: true,
  launched: true,
  measured: true,
  reported: true,
  "sent-back": true,
  done: true,
  failed: true,
  "needs-input": true,
  answered: true,
  retried: true,
  lost: true,
  checking: true,
  checked: true,
  ticked: true,
  "not-ticked": true,
  mirrored: true,
  nudged: true,
  stopped: true,
  finished: true,
  repaired: true,
  supervised: true,
  released: true,
  spawned: true,
  receipt: true,
  ended: true,
  verified: true,
  merging: true,
  merged: true,
  conflicted: true,
  collision: true,
  paused: true,
  unpaused: true,
  cancelled: true,
  skipped: true,
};

/** The first of these events that a newer version must have written, since this one does not know its type; null when there is none. */
export function foreignEvent(events: readonly Event[]): { readonly index: number; readonly type: string } | null {
  const index = events.findIndex(({ type }) => !Object.hasOwn(known, type));
  return index < 0 ? null : { index, type: String(events[index]?.type) };
}
