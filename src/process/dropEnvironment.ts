import { closeSync, openSync, readFileSync, writeSync } from "node:fs";

/**
 * Leaves this process only these variables. What others of the same user see of it in `/proc` is the block that it was
 * started with, which no deletion reaches: there the block is overwritten with zeros, once every variable that stays has
 * been set anew and so has moved out of it. Where that is not possible, what was started with stays to be read, and
 * nothing else changes. Returns whether it is gone.
 */
export function dropEnvironment(kept: Readonly<Record<string, string>>): boolean {
  for (const name of Object.keys(process.env)) if (!Object.hasOwn(kept, name)) delete process.env[name];
  for (const [name, value] of Object.entries(kept)) process.env[name] = value;
  if (process.platform !== "linux") return false;
  try {
    const stat = readFileSync("/proc/self/stat", "latin1");
    // Fields 50 and 51 of all; behind the name of the program, which may hold anything, the third is the first.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [start, end] = [Number(fields[50 - 3]), Number(fields[51 - 3])];
    if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || start <= 0 || end <= start) return false;
    const memory = openSync("/proc/self/mem", "r+");
    try {
      writeSync(memory, Buffer.alloc(end - start), 0, end - start, start);
    } finally {
      closeSync(memory);
    }
    return readFileSync("/proc/self/environ").every((byte) => byte === 0);
  } catch {
    return false;
  }
}
