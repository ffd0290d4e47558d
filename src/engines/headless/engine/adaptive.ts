import { availableParallelism, freemem, loadavg, totalmem } from "node:os";
import { readFileSync } from "node:fs";
import type { Config } from "../../../model/config.ts";

/** Bytes that one worker is expected to need. */
export const memoryPerWorker = 500 * 1024 * 1024;

/** Milliseconds for which a rate limit that has ended still counts. */
const warned = 600_000;

/**
 * Workers that may run at once at this moment: the plan's number, or fewer while the machine is short or the service has just
 * refused work, if the option says so. `limitedAt` is when it last did, as ISO 8601, or null.
 */
export function workersNow(config: Config, running: number, limitedAt: string | null): number {
  if (!config.adaptive) return config.maxWorkers;
  return bearable(config.maxWorkers, {
    running,
    free: freeMemory(),
    load: loadavg()[0] ?? 0,
    processors: availableParallelism(),
    limited: limitedAt !== null && Math.abs(Date.now() - Date.parse(limitedAt)) < warned,
  });
}

export interface Machine {
  /** Workers that run already, and whose memory is not in `free` any more. */
  readonly running: number;
  /** Bytes. */
  readonly free: number;
  /** Runnable processes. */
  readonly load: number;
  readonly processors: number;
  /** A rate limit was met not long ago. */
  readonly limited: boolean;
}

/** At least one may always run: no more than fit into memory, and half as many on a crowded machine or after a rate limit. */
export function bearable(most: number, { running, free, load, processors, limited }: Machine): number {
  const byMemory = running + Math.floor(free / memoryPerWorker);
  const crowded = load > 2 * processors;
  return Math.max(1, Math.min(most, byMemory, crowded || limited ? Math.ceil(most / 2) : most));
}

/** What can be had without swapping: more than what is wholly unused. */
function freeMemory(): number {
  try {
    const available = /^MemAvailable:\s+(\d+) kB$/m.exec(readFileSync("/proc/meminfo", "utf8"))?.[1];
    if (available !== undefined) return Number(available) * 1024;
  } catch {
    // Not this system.
  }
  return Math.max(freemem(), totalmem() / 4);
}
