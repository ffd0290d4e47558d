import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { Event } from "../model/event.ts";
import { decodeLine } from "./line.ts";

const newline = 0x0a;

/**
 * Follows a journal from byte `from` on, which must be the start of a line: each call gives the events of the lines that became
 * whole since the last. A torn line is passed over, as the `repaired` event after it says; whoever opens the journal judges damage.
 * Throws the system's error.
 */
export function followJournal(path: string, from = 0): () => Event[] {
  let offset = from;
  return () => {
    const file = openSync(path, "r");
    try {
      const { size } = fstatSync(file);
      if (size <= offset) return [];
      const bytes = Buffer.alloc(size - offset);
      const read = readSync(file, bytes, 0, bytes.length, offset);
      const events: Event[] = [];
      let start = 0;
      for (let end = bytes.indexOf(newline); end !== -1 && end < read; end = bytes.indexOf(newline, start)) {
        const event = end === start ? null : decodeLine(bytes.toString("utf8", start, end));
        if (event !== null) events.push(event);
        start = end + 1;
      }
      offset += start;
      return events;
    } finally {
      closeSync(file);
    }
  };
}
