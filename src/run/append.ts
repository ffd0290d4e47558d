import { closeSync, constants, fstatSync, fsyncSync, openSync, readSync, writeSync } from "node:fs";
import type { Event } from "../model/event.ts";
import { encodeLine, tear } from "./line.ts";
import { parseJournal } from "./parse.ts";

/**
 * Appends events to the journal at `path`, creating it if need be: one event, one line, one write, then one fsync. Several
 * processes may append at once, without a lock: the kernel orders the writes (`O_APPEND`), and the fold decides which of
 * two rival claims came first. Throws the system's error (`ENOSPC`, `EACCES`, …); what was written before it stays valid.
 */
export function append(path: string, events: readonly Event[]): void {
  const descriptor = openSync(
    path,
    constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW,
    0o600,
  );
  try {
    const mended = mendEnd(descriptor);
    const lines = [...mended.events, ...events].map((event) => `${encodeLine(event)}\n`);
    lines[0] = `${mended.before}${lines[0] ?? ""}`;
    for (const line of lines) writeWhole(descriptor, line);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * A writer killed in the middle leaves an end without a line end. It is closed off and said so, never cut: another writer
 * may still be about to finish that very line.
 */
function mendEnd(descriptor: number): { before: "" | "\n" | typeof tear; events: Event[] } {
  const { size } = fstatSync(descriptor);
  const last = Buffer.alloc(1);
  if (size === 0 || (readSync(descriptor, last, 0, 1, size - 1) === 1 && last[0] === 0x0a))
    return { before: "", events: [] };
  const bytes = Buffer.alloc(size);
  readSync(descriptor, bytes, 0, size, 0);
  const journal = parseJournal(bytes);
  const torn = "torn" in journal ? journal.torn : null;
  const at = new Date().toISOString();
  return torn === null ? { before: "\n", events: [] } : { before: tear, events: [{ type: "repaired", at, ...torn }] };
}

function writeWhole(descriptor: number, line: string): void {
  const bytes = Buffer.from(line);
  const written = writeSync(descriptor, bytes);
  if (written < bytes.length)
    throw Object.assign(new Error(`only ${written} of ${bytes.length} bytes were written`), { code: "ENOSPC" });
}
