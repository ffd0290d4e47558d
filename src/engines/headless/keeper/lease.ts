import { join } from "node:path";

/** What one worker has to itself, so that two at once are not in each other's way. */
export interface Lease {
  /** The first of ten ports. Whether a stranger listens there is not looked at. */
  readonly ports: number;
  readonly temp: string;
  readonly cache: string;
}

const firstPort = 42_000;
const portsEach = 10;

/** What belongs to a slot (0, 1, …; no two workers at once have the same), with folders inside the attempt's own (not made here). */
export function leaseOf(slot: number, attemptFolder: string): Lease {
  return {
    ports: firstPort + slot * portsEach,
    temp: join(attemptFolder, "tmp"),
    cache: join(attemptFolder, "cache"),
  };
}
