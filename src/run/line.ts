import type { Event } from "../model/event.ts";

/**
 * One event as one line, without its line end: JSON whose last field `sum` is the CRC-32 (8 hex digits) of the JSON
 * without that field. `JSON.stringify` never prints a raw line end, so a line is a line.
 */
export function encodeLine(event: Event): string {
  const json = JSON.stringify(event);
  return `${json.slice(0, -1)},"sum":"${sumOf(json)}"}`;
}

/**
 * Stands between what a killed writer left and what the next one wrote, on the same line: whatever part of that is written
 * before the next one is killed too, the line still says that it was torn. `JSON.stringify` never prints it raw.
 */
export const tear = "\u0018";

/** The event of a line, or null when the line is not exactly what `encodeLine` wrote, behind torn ends at most. */
export function decodeLine(line: string): Event | null {
  if (!line.includes(tear)) return decode(line);
  const parts = line.split(tear);
  const last = parts.pop() ?? "";
  return parts.some((part) => decode(part) !== null) ? null : decode(last);
}

function decode(line: string): Event | null {
  const tail = /,"sum":"([0-9a-f]{8})"\}$/.exec(line.slice(-18));
  if (tail === null) return null;
  const json = `${line.slice(0, -18)}}`;
  if (sumOf(json) !== tail[1]) return null;
  return JSON.parse(json) as Event;
}

function sumOf(json: string): string {
  // Fetched when the first line is read: a preview where no run ever was does without it.
  return process.getBuiltinModule("node:zlib").crc32(json).toString(16).padStart(8, "0");
}
