import type { TaskList } from "../../model/list.ts";
import { words, type Word } from "./words.ts";

/** What a reference names: certain tasks, or a set that depends on who refers to it. */
export type Operand =
  | {
      readonly kind: "tasks";
      readonly tasks: readonly number[];
      readonly whole: boolean;
      /** Of a task called by words of its title: how they were understood. */
      readonly called?: { readonly how: string; readonly confidence: number };
    }
  | { readonly kind: "everything" | "previous" | "later" | "foundations" };

/** Tasks by phase, story and heading. Lists of task indices are in document order and each is made once. */
export interface Groups {
  readonly list: TaskList;
  /** Tasks of each phase, those of the phases under it included. */
  readonly byPhase: readonly (readonly number[])[];
  /** Tasks by the noun of their heading (`phase`, `task group`, "" for `2. Title`) and its number. */
  readonly byNumber: ReadonlyMap<string, ReadonlyMap<string, readonly number[]>>;
  /** Tasks `2.1`, `2.2`, … by `2`, in a list whose headings number no phase. */
  readonly byFirstNumber: ReadonlyMap<string, readonly number[]>;
  readonly byStory: ReadonlyMap<string, readonly number[]>;
  readonly byKind: ReadonlyMap<string, readonly number[]>;
  readonly stories: readonly number[];
  /** Headings by their first word, longest first. Headings that occur twice are left out. */
  readonly byTitle: ReadonlyMap<
    string,
    readonly { readonly words: readonly string[]; readonly tasks: readonly number[] }[]
  >;
}

/** Indexes the phases, stories and headings of a list. */
export function taskGroups(list: TaskList): Groups {
  const byPhase: number[][] = list.phases.map(() => []);
  const stories = new Set<number>();
  const byStory = new Map<string, Set<number>>();
  for (const [index, task] of list.tasks.entries()) {
    const seen = new Set<number>();
    for (let phase = task.phaseIndex; phase !== null && !seen.has(phase); phase = list.phases[phase]?.parent ?? null) {
      seen.add(phase);
      byPhase[phase]?.push(index);
      const story = list.phases[phase]?.story ?? null;
      if (story !== null) addTo(byStory, storyKey(story), [index]);
      if (list.phases[phase]?.kind === "story") stories.add(index);
    }
    if (task.story !== null) addTo(byStory, storyKey(task.story), [index]);
  }
  const byNumber = new Map<string, Map<string, Set<number>>>();
  const byKind = new Map<string, Set<number>>();
  for (const [index, phase] of list.phases.entries()) {
    if (phase.number !== null) {
      const noun = nounOf(phase.name);
      const numbers = byNumber.get(noun) ?? new Map<string, Set<number>>();
      byNumber.set(noun, numbers);
      addTo(numbers, phase.number, byPhase[index] ?? []);
    }
    if (phase.kind !== null) addTo(byKind, phase.kind, byPhase[index] ?? []);
  }
  return {
    list,
    byPhase,
    byNumber: new Map([...byNumber].map(([noun, numbers]) => [noun, sortedLists(numbers)])),
    byFirstNumber: byNumber.size > 0 ? new Map() : firstNumbers(list),
    byStory: sortedLists(byStory),
    byKind: sortedLists(byKind),
    stories: [...stories].toSorted(ascending),
    byTitle: titles(list, byPhase),
  };
}

const groupNouns =
  "task group|group|phase|stage|step|wave|milestone|sprint|part|batch|week|track|iteration|epic|section|module".split(
    "|",
  );

/** The noun that numbers headings in singular, or null when a word is none. */
export function groupNoun(word: string): string | null {
  if (groupNouns.includes(word)) return word;
  const singular = word === "batches" ? "batch" : word.replace(/s$/, "");
  return groupNouns.includes(singular) ? singular : null;
}

/** `phase` of `Phase 2: Input`, "" of `2. Input`. */
function nounOf(name: string): string {
  const line = words(name).filter((word) => word.kind === "word");
  const [first, second] = [line[0]?.lower ?? "", line[1]?.lower ?? ""];
  if (first === "task" && second === "group") return "task group";
  return groupNoun(first) ?? "";
}

function firstNumbers(list: TaskList): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const [index, { writtenId }] of list.tasks.entries()) {
    const first = /^(\d{1,4})\.\d/.exec(writtenId)?.[1];
    if (first === undefined) continue;
    const known = found.get(first);
    if (known === undefined) found.set(first, [index]);
    else known.push(index);
  }
  return found;
}

/** Story labels in one spelling: `US1`, `US-1`, `User Story 1` are all `us1`. */
export function storyKey(label: string): string {
  const number = /([0-9]+)\s*\]?$/.exec(label)?.[1];
  return number === undefined ? label.toLowerCase() : `us${Number(number)}`;
}

function titles(list: TaskList, byPhase: readonly (readonly number[])[]): Groups["byTitle"] {
  const found = new Map<string, { words: string[]; tasks: readonly number[]; times: number }>();
  for (const [index, phase] of list.phases.entries()) {
    const line = words(phase.name);
    const colon = line.findIndex((word) => word.text === ":");
    const spellings = new Set([
      plainWords(line),
      plainWords(line.slice(colon + 1)),
      plainWords(line.slice(0, Math.max(colon, 0))),
    ]);
    for (const spelling of spellings) {
      const known = found.get(spelling);
      if (known !== undefined) known.times += 1;
      else found.set(spelling, { words: spelling.split(" "), tasks: byPhase[index] ?? [], times: 1 });
    }
  }
  const byFirst = new Map<string, { words: string[]; tasks: readonly number[] }[]>();
  for (const [spelling, title] of found) {
    if (spelling.length < 3 || title.times > 1 || title.words.length > 10 || title.tasks.length === 0) continue;
    const first = title.words[0] ?? "";
    const known = byFirst.get(first);
    if (known === undefined) byFirst.set(first, [title]);
    else known.push(title);
  }
  for (const known of byFirst.values()) known.sort((a, b) => b.words.length - a.words.length);
  return byFirst;
}

/** The words before the first bracket, joined by spaces. */
function plainWords(line: readonly Word[]): string {
  const end = line.findIndex((word) => word.text === "(" || word.text === "[");
  return line
    .slice(0, end === -1 ? line.length : end)
    .filter((word) => word.kind === "word")
    .map((word) => word.lower)
    .join(" ");
}

function addTo(map: Map<string, Set<number>>, key: string, tasks: readonly number[]): void {
  const known = map.get(key) ?? new Set();
  for (const task of tasks) known.add(task);
  map.set(key, known);
}

function sortedLists(map: Map<string, Set<number>>): Map<string, readonly number[]> {
  return new Map([...map].map(([key, tasks]) => [key, [...tasks].toSorted(ascending)]));
}

export function ascending(a: number, b: number): number {
  return a - b;
}
