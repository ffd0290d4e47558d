import { closeSync, constants, fstatSync, openSync, readSync, statSync, writeSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { decode } from "../lists/decode.ts";
import { locateBox } from "../lists/write/mark.ts";
import { replaceText } from "../lists/write/replaceText.ts";
import type { Event } from "../model/event.ts";
import type { Box } from "../model/task.ts";
import { readRegular } from "../process/readRegular.ts";
import { now, type Run } from "./store.ts";

/**
 * Ticks the boxes of the tasks that are done and not ticked yet; with `again` also those that could not be ticked before. The bytes
 * of the box are written in place and nothing else of the file is, so that an edit that somebody makes meanwhile is never
 * overwritten; what was written is read back. Returns the events to record: none for a reason that stands in the journal already.
 */
export function tickDone(run: Pick<Run, "project" | "state" | "index">, again = false): Event[] {
  return [...run.state.tasks].flatMap(([id, { status, ticked, unticked, attempts }]): Event[] => {
    const isDue = (status === "done" || status === "merged") && !ticked && (again || unticked === null);
    const box = run.index.tasks.get(id)?.box ?? null;
    if (!isDue || attempts === 0 || box === null) return [];
    const reason = tick(isAbsolute(box.file) ? box.file : join(run.project, box.file), box);
    if (reason === null) return [{ type: "ticked", at: now(), task: id }];
    return reason === unticked ? [] : [{ type: "not-ticked", at: now(), task: id, reason }];
  });
}

/** Times that a file which others are writing is read anew. */
const tries = 10;

/** Ticks one box. Returns why not, or null when the list holds the tick now. */
function tick(path: string, box: Box): string | null {
  try {
    for (let left = tries; ; left--) {
      const done = tryTick(path, box);
      if (done.end !== "changed") return done.end === "ticked" ? null : done.reason;
      if (left === 0) return done.reason;
    }
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

type Try =
  | { readonly end: "ticked" }
  /** Trying again changes nothing. */
  | { readonly end: "refused"; readonly reason: string }
  /** Somebody wrote the list at this moment. */
  | { readonly end: "changed"; readonly reason: string };

function tryTick(path: string, box: Box): Try {
  const read = readRegular(path);
  if (!read.ok) return { end: "refused", reason: `${box.file}: ${read.reason}` };
  const { bytes } = read;
  const text = decode(bytes, box.file);
  if (!text.ok) return { end: "refused", reason: encodingOf(text.diagnostics[0]?.message) };
  const found = locateBox(text.value, box);
  if ("reason" in found) return { end: "refused", reason: found.reason };
  if (found.done) return { end: "ticked" };
  const { offset, state } = found;
  if (Buffer.byteLength(state) !== Buffer.byteLength(box.done)) {
    const now = text.value.slice(0, offset) + box.done + text.value.slice(offset + state.length);
    const trouble = replaceText(path, text.value, now);
    if (trouble !== null) return { end: "changed", reason: trouble };
    return isThere(path, box) ? { end: "ticked" } : rewritten;
  }
  // Exact, because only bytes that are UTF-8 got this far.
  const at = Buffer.byteLength(text.value.slice(0, offset));
  return write(path, bytes, at, Buffer.from(box.done)) && isThere(path, box) ? { end: "ticked" } : rewritten;
}

/** Writes `now` at this place, if the file is still the one that was read, and the bytes around it too. Returns whether it was and is. */
function write(path: string, bytes: Buffer, at: number, now: Buffer): boolean {
  // A FIFO that has just taken the list's place is not waited for.
  const file = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  try {
    const opened = fstatSync(file);
    if (!opened.isFile() || opened.size !== bytes.length) return false;
    const from = Math.max(0, at - around);
    const wanted = bytes.subarray(from, at + now.length + around);
    const window = Buffer.alloc(wanted.length);
    readSync(file, window, 0, window.length, from);
    if (!window.equals(wanted)) return false;
    writeSync(file, now, 0, now.length, at);
    // An editor that saves by putting a new file in the place of the old one leaves this one to nobody.
    const named = statSync(path);
    return named.ino === opened.ino && named.dev === opened.dev;
  } finally {
    closeSync(file);
  }
}

/** Bytes before and behind a box that must be as they were read. */
const around = 256;

const rewritten: Try = { end: "changed", reason: "somebody rewrote the list at the same moment, again and again" };

/** Whether the list, read anew, holds the tick. */
function isThere(path: string, box: Box): boolean {
  const read = readRegular(path);
  const text = read.ok ? decode(read.bytes, box.file) : null;
  if (text?.ok !== true) return false;
  const found = locateBox(text.value, box);
  return !("reason" in found) && found.done;
}

function encodingOf(message = "bytes that are not text"): string {
  return `the list cannot be read as it is saved now (${message.replace(/^Unexpected /, "")}): save it as UTF-8, then \`resume\``;
}
