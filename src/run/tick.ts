import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { locateBox } from "../lists/write/mark.ts";
import type { Event } from "../model/event.ts";
import { replaceText } from "../lists/write/replaceText.ts";
import { now, type Run } from "./store.ts";

/**
 * Ticks the boxes of the tasks that are done and not ticked yet; with `again` also those that could not be ticked before. The characters of the box are written in place and nothing
 * else of the file is: an edit that somebody makes meanwhile is never overwritten. Returns the events to record.
 */
export function tickDone(run: Pick<Run, "project" | "state" | "index">, again = false): Event[] {
  return [...run.state.tasks].flatMap(([id, { status, ticked, unticked, attempts }]) => {
    const isDue = (status === "done" || status === "merged") && !ticked && (again || unticked === null);
    return isDue && attempts > 0 ? tick(run, id) : [];
  });
}

/** Times that a file which others are writing is read anew. */
const tries = 10;

function tick(run: Pick<Run, "project" | "index">, id: string): Event[] {
  const box = run.index.tasks.get(id)?.box ?? null;
  if (box === null) return [];
  const path = isAbsolute(box.file) ? box.file : join(run.project, box.file);
  const refused = (reason: string): Event[] => [{ type: "not-ticked", at: now(), task: id, reason }];
  try {
    for (let left = tries; ; left--) {
      const text = readFileSync(path, "utf8");
      const found = locateBox(text, box);
      if ("reason" in found) return refused(found.reason);
      const trouble = found.done ? null : write(path, text, found.offset, found.state, box.done);
      if (trouble === null) return [{ type: "ticked", at: now(), task: id }];
      if (left === 0) return refused(trouble);
    }
  } catch (error) {
    return refused(error instanceof Error ? error.message : String(error));
  }
}

/** In place where the lengths allow it; anything longer or shorter needs a whole new file. Returns why not, or null. */
function write(path: string, text: string, offset: number, was: string, done: string): string | null {
  if (Buffer.byteLength(was) !== Buffer.byteLength(done))
    return replaceText(path, text, text.slice(0, offset) + done + text.slice(offset + was.length));
  const file = openSync(path, "r+");
  try {
    writeSync(file, Buffer.from(done), 0, undefined, Buffer.byteLength(text.slice(0, offset)));
    return null;
  } finally {
    closeSync(file);
  }
}
