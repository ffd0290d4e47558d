import type { Event } from "../model/event.ts";
import { decodeLine } from "./line.ts";

/** What a journal's bytes hold: its events, and the torn end that a killed writer left, if any. */
export interface Journal {
  readonly events: readonly Event[];
  /** Bytes after the last whole line that are no event. The next writer sets them aside. */
  readonly torn: { readonly from: number; readonly bytes: number } | null;
  /** The last event lacks its line end (the writer was killed one byte early): it counts, the next writer adds it. */
  readonly unended: boolean;
}

export interface DamagedJournal {
  /** 1-based. */
  readonly damagedLine: number;
}

const newline = 0x0a;

/**
 * Reads a journal. Only the end may be torn: a line that is no event in the middle is damage, and is refused rather than
 * guessed at, unless a later `repaired` event says that exactly these bytes were a torn end.
 */
export function parseJournal(bytes: Uint8Array): Journal | DamagedJournal {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const events: Event[] = [];
  const bad: { line: number; from: number; bytes: number }[] = [];
  let torn: Journal["torn"] = null;
  let unended = false;
  for (let from = 0, line = 1; from < buffer.length; line++) {
    const end = buffer.indexOf(newline, from);
    const to = end === -1 ? buffer.length : end;
    const event = to === from ? null : decodeLine(buffer.toString("utf8", from, to));
    if (event !== null) {
      events.push(event);
      unended = end === -1;
    } else if (end === -1) torn = { from, bytes: to - from };
    else if (to > from) bad.push({ line, from, bytes: to - from });
    from = to + 1;
  }
  const repaired = new Set(events.map((event) => (event.type === "repaired" ? `${event.from}+${event.bytes}` : "")));
  const damaged = bad.find(({ from, bytes: length }) => !repaired.has(`${from}+${length}`));
  if (damaged !== undefined) return { damagedLine: damaged.line };
  return { events, torn, unended };
}
