import type { Box } from "../../model/task.ts";
import { splitLines } from "../markdown/lines.ts";

/** Where the characters of a box stand now, and what they are. */
interface Located {
  readonly offset: number;
  readonly state: string;
  readonly done: boolean;
}

/**
 * Finds a task's box again: where it was, or on the only line with the same text apart from those characters. Anything
 * else is a reason to leave the source as it is.
 */
export function locateBox(text: string, box: Box): Located | { readonly reason: string } {
  const head = box.lineText.slice(0, box.column - 1);
  const tail = box.lineText.slice(box.column - 1 + box.was.length);
  const states = new Set([box.was, box.done, openState(box), box.done.toUpperCase()]);
  const stateOf = (line: string): string | null => {
    if (line.length < head.length + tail.length || !line.startsWith(head) || !line.endsWith(tail)) return null;
    const state = line.slice(head.length, line.length - tail.length);
    return states.has(state) ? state : null;
  };
  const shared = sharedLine(box);
  const find = (line: string): { start: number; state: string } | null => {
    const state = stateOf(line);
    return state === null ? (shared?.(line) ?? null) : { start: head.length, state };
  };
  const lines = splitLines(text);
  const there = lines[box.line - 1];
  let found = there && find(there.text) !== null ? there : null;
  if (!found) {
    const matches = lines.filter((line) => find(line.text) !== null);
    if (matches.length > 1)
      return { reason: `line ${box.line} has changed, and ${matches.length} lines have its text` };
    found = matches[0] ?? null;
  }
  if (!found) return { reason: `line ${box.line} has changed` };
  const { start, state } = find(found.text) ?? { start: 0, state: "" };
  return { offset: found.offset + start, state, done: isDone(state, box) };
}

/**
 * For a line that holds several statuses (`[{"status": "pending"}, {"status": "pending"}]`): the same line while only
 * the words behind that key differ; the box is then the word behind the same occurrence of the key.
 */
function sharedLine(box: Box): ((line: string) => { start: number; state: string } | null) | null {
  const key = /["']?[A-Za-z_-]{1,40}["']?\s{0,8}:\s{0,8}["']?$/.exec(
    box.lineText.slice(Math.max(0, box.column - 61), box.column - 1),
  )?.[0];
  if (key === undefined) return null;
  const before = box.lineText.split(key);
  if (before.length < 3) return null;
  const own = box.lineText.slice(0, box.column - 1).split(key).length - 1;
  const word = (part: string): string => /^[A-Za-z][A-Za-z _-]*/.exec(part)?.[0].trimEnd() ?? "";
  return (line) => {
    const parts = line.split(key);
    const same =
      parts.length === before.length &&
      parts.every((part, index) => {
        const other = before[index] ?? "";
        return index === 0 ? part === other : part.slice(word(part).length) === other.slice(word(other).length);
      });
    if (!same) return null;
    return { start: parts.slice(0, own).join(key).length + key.length, state: word(parts[own] ?? "") };
  };
}

/** Records a task's status in its source: changes the characters that say it and nothing else. */
export function mark(
  text: string,
  task: { readonly box: Box | null },
  status: "done" | "pending",
): { readonly text: string } | { readonly reason: string } {
  const { box } = task;
  if (!box) return { reason: "the source has no place for a status" };
  const found = locateBox(text, box);
  if ("reason" in found) return found;
  const wanted = status === "done" ? box.done : openState(box);
  if (found.state === wanted || (status === "done" && found.done)) return { text };
  return { text: text.slice(0, found.offset) + wanted + text.slice(found.offset + found.state.length) };
}

function isDone(state: string, box: Box): boolean {
  return state === box.done || (box.done.length === 1 && /^[xX]$/.test(state));
}

/** What an undone task reads as: as it was read, or as the format writes it when it was read as done. */
function openState(box: Box): string {
  if (!isDone(box.was, box)) return box.was;
  return box.open ?? (box.done.length === 1 ? " " : "pending");
}
