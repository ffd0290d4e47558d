import { decodeLine, encodeLine, tear } from "../../src/run/line.ts";
import { parseJournal } from "../../src/run/parse.ts";
import type { Event } from "../../src/model/event.ts";
import type { Random } from "./random.ts";

/** The journal as it lies on a disk that may fill up, and on a machine that may lose what was not flushed. ASCII only. */
export interface Disk {
  /** Everything goes through real bytes, there and back. Otherwise only what was torn does, which is much faster. */
  readonly exact: boolean;
  /** Whole lines; the text of an event only where it was needed. Null for a line that is no event. */
  readonly lines: { readonly event: Event | null; readonly text: string | null }[];
  /** What follows the last line end. */
  tail: string;
  /** What an fsync has covered: so many whole lines, and so many bytes of the tail after them. */
  synced: { lines: number; tail: number };
}

/** Where writing breaks off: in which of the writes, and after how many of its bytes. */
export interface BreakOff {
  readonly write: number;
  readonly bytes: number;
}

export function emptyDisk(exact: boolean): Disk {
  return { exact, lines: [], tail: "", synced: { lines: 0, tail: 0 } };
}

/** Appends as the real journal does: a torn end is closed off and said so, then a write for each event, then one fsync. */
export function appendLines(disk: Disk, events: readonly Event[], at: string, breakOff: BreakOff | null): boolean {
  const torn = disk.tail !== "" && decodeLine(disk.tail) === null;
  const from = torn ? disk.lines.reduce((sum, line) => sum + textOf(line).length + 1, 0) : 0;
  const repaired: Event[] = torn ? [{ type: "repaired", at, from, bytes: disk.tail.length }] : [];
  for (const [number, event] of [...repaired, ...events].entries()) {
    const before = number > 0 || disk.tail === "" ? "" : torn ? tear : "\n";
    if (breakOff?.write === number) {
      put(disk, `${before}${encodeLine(event)}\n`.slice(0, breakOff.bytes));
      return false;
    }
    if (disk.exact || before !== "") put(disk, `${before}${encodeLine(event)}\n`);
    else disk.lines.push({ event, text: null });
  }
  fsync(disk);
  return true;
}

export function fsync(disk: Disk): void {
  disk.synced = { lines: disk.lines.length, tail: disk.tail.length };
}

function put(disk: Disk, text: string): void {
  if (text === "") return;
  const pieces = (disk.tail + text).split("\n");
  disk.tail = pieces.pop() ?? "";
  for (const line of pieces) disk.lines.push({ text: line, event: line === "" ? null : decodeLine(line) });
}

function textOf({ event, text }: Disk["lines"][number]): string {
  return text ?? (event === null ? "" : encodeLine(event));
}

/** The machine goes down: of what was not flushed, some first part is kept, and sometimes zeros stand behind it. */
export function losePower(disk: Disk, random: Random): void {
  const lost = disk.lines.splice(disk.synced.lines);
  const after = [...lost.map(textOf), disk.tail].join("\n");
  const kept = random.int(Math.min(disk.synced.tail, after.length), after.length);
  disk.tail = "";
  const zeros = kept < after.length && random.chance(0.2) ? "\0".repeat(random.int(1, 20)) : "";
  put(disk, after.slice(0, kept) + zeros);
  fsync(disk);
}

/** All events, as whoever opens the journal reads them. Throws when it is damaged. */
export function readAll(disk: Disk): readonly Event[] {
  if (!disk.exact) {
    const last = disk.tail === "" ? null : decodeLine(disk.tail);
    return [...readFrom(disk, 0), ...(last === null ? [] : [last])];
  }
  const journal = parseJournal(Buffer.from(disk.lines.map((line) => `${textOf(line)}\n`).join("") + disk.tail));
  if ("damagedLine" in journal) throw new Error(`line ${journal.damagedLine} of the journal is damaged`);
  return journal.events;
}

/** The events of the whole lines from number `from` on. */
export function readFrom(disk: Disk, from: number): Event[] {
  const events: Event[] = [];
  for (let line = from; line < disk.lines.length; line++) {
    const event = disk.lines[line]?.event ?? null;
    if (event !== null) events.push(event);
  }
  return events;
}
