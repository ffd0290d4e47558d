import { once } from "../../model/once.ts";
import type { ListedTask } from "../../model/task.ts";
import { nearest } from "../../text/nearest.ts";
import { titlesOf, type Titles } from "./titles.ts";

/**
 * How the tasks of a list may be called, loosest last. Each map goes from a spelling to indices of tasks in document
 * order. A reference is resolved by the first map that knows it.
 */
export interface Names {
  readonly tasks: readonly ListedTask[];
  readonly exact: ReadonlyMap<string, readonly number[]>;
  readonly folded: ReadonlyMap<string, readonly number[]>;
  readonly padded: ReadonlyMap<string, readonly number[]>;
  readonly bare: ReadonlyMap<string, readonly number[]>;
  /** Containers that are no tasks of their own, by spelling, and the tasks in them. */
  readonly containers: ReadonlyMap<string, readonly number[]>;
  /** Ids with their digits blanked, as in `t0`: what a dangling id of this list would look like. */
  readonly shapes: ReadonlySet<string>;
  /** The tasks by the words of their titles; made when they are first asked for. */
  readonly titles: () => Titles;
}

const longestId = 128;

/** Indexes every spelling under which a task may be referred to. */
export function taskNames(tasks: readonly ListedTask[]): Names {
  const exact = new Map<string, number[]>();
  const folded = new Map<string, number[]>();
  const padded = new Map<string, number[]>();
  const bare = new Map<string, number[]>();
  const shapes = new Set<string>();
  for (const [index, task] of tasks.entries()) {
    add(exact, task.writtenId, index);
    add(exact, task.id, index);
    const lower = task.writtenId.toLowerCase();
    add(folded, lower, index);
    add(padded, withoutPadding(lower), index);
    add(bare, bareNumber(withoutPadding(lower)) ?? withoutPadding(lower), index);
    shapes.add(shape(lower));
  }
  const titles = once(() => titlesOf(tasks));
  return { tasks, exact, folded, padded, bare, containers: containersOf(tasks, exact), shapes, titles };
}

/** A box that only groups others lives on in the `parent` of its parts: `1` holds `1.1`, and `1.1.2` through `1.1`. */
function containersOf(
  tasks: readonly ListedTask[],
  exact: ReadonlyMap<string, readonly number[]>,
): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const [index, { parent }] of tasks.entries()) {
    for (let id = parent, depth = 0; id !== null && depth < 7; depth += 1) {
      if (!exact.has(id)) add(found, withoutPadding(id.toLowerCase()), index);
      const dot = id.lastIndexOf(".");
      id = /^[0-9]/.test(id) && dot > 0 ? id.slice(0, dot) : null;
    }
  }
  return found;
}

/** Indices of the tasks in a container that is no task itself, which may be called as tasks are. */
export function findParts(names: Names, text: string): readonly number[] {
  if (names.containers.size === 0 || text.length > longestId) return [];
  const padded = withoutPadding(text.toLowerCase());
  return names.containers.get(padded) ?? names.containers.get(withoutCommonPrefix(padded)) ?? [];
}

/**
 * Indices of the tasks that a reference may mean: none, one, or several when it is ambiguous. Tried in this order: the
 * text itself, without case, without zero padding (`T1` for `T001`), without prefix (`Task 2`, `#2`, `2` for `T002`).
 */
export function findTask(names: Names, text: string): readonly number[] {
  if (text.length > longestId) return [];
  const exact = names.exact.get(text);
  if (exact !== undefined) return exact;
  const lower = text.toLowerCase();
  const padded = withoutPadding(lower);
  return names.folded.get(lower) ?? names.padded.get(padded) ?? byBareNumber(names, padded);
}

function byBareNumber(names: Names, padded: string): readonly number[] {
  const found = names.bare.get(withoutCommonPrefix(padded)) ?? [];
  // `#12` beside ids like `T012` is an issue of some tracker, not a task of this list
  if (padded.startsWith("#")) return found.filter((index) => /^[#0-9]/.test(names.tasks[index]?.writtenId ?? ""));
  return found;
}

/** Whether a text that resolves to nothing looks like an id of this list (`T099` beside `T001`). */
export function looksLikeId(names: Names, text: string): boolean {
  if (text.length > longestId || !/[0-9]/.test(text)) return false;
  return names.shapes.has(shape(text.toLowerCase()));
}

/** The id nearest to a text by edits, or null when none is near. `except` are tasks that cannot be meant. */
export function nearestId(names: Names, text: string, except: ReadonlySet<number> = new Set()): string | null {
  const ids = names.tasks.flatMap((task, index) => (except.has(index) ? [] : task.id));
  return nearest(text.slice(0, longestId), ids, Math.max(2, Math.floor(text.length / 3)));
}

function add(map: Map<string, number[]>, key: string, index: number): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [index]);
  else if (known.at(-1) !== index) known.push(index);
}

function withoutPadding(lower: string): string {
  return lower.replace(/(?<![0-9])0+(?=[0-9])/g, "");
}

/** `2` of `t2`, `task-2`, `back-2`; null of `us1-1` and of words. */
function bareNumber(padded: string): string | null {
  return /^[a-z]{1,12}[-_]?([0-9][0-9.]*[a-z]?)$/.exec(padded)?.[1] ?? null;
}

/** Only prefixes that anybody writes before a task's number. `FR-3` or `US3` is never task 3. */
function withoutCommonPrefix(padded: string): string {
  return /^(?:#|tasks?[-_]?#?|t-?|step-?|back-?)([0-9][0-9.]*[a-z]?)$/.exec(padded)?.[1] ?? padded;
}

function shape(lower: string): string {
  const blank = lower.replace(/[0-9]+/g, "0");
  return /^0(?:\.0)*[a-z]?$/.test(blank) ? "0" : blank.replace(/0[a-z]$/, "0");
}
