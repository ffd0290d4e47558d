import { availableParallelism, freemem, loadavg, totalmem } from "node:os";
import { readFileSync } from "node:fs";
import type { Config } from "../model/config.ts";

/** Bytes that one worker is expected to need. */
export const memoryPerWorker = 500 * 1024 * 1024;

/** Workers that may run at once at this moment: the plan's number, or fewer while the machine is short, if the option says so. */
export function workersNow(config: Config): number {
  return config.adaptive
    ? bearable(config.maxWorkers, { free: freeMemory(), load: loadavg()[0] ?? 0, processors: availableParallelism() })
    : config.maxWorkers;
}

/** At least one always may: `free` bytes of memory beside what runs already, `load` runnable processes on so many processors. */
export function bearable(most: number, machine: { free: number; load: number; processors: number }): number {
  const byMemory = Math.floor(machine.free / memoryPerWorker);
  const crowded = machine.load > 2 * machine.processors;
  return Math.max(1, Math.min(most, byMemory, crowded ? Math.ceil(most / 2) : most));
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
