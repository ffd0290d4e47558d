import { ascending, groupNoun, storyKey, type Groups, type Operand } from "./groupIndex.ts";
import type { Word } from "./words.ts";

export interface ReadGroup {
  readonly operand: Operand;
  readonly next: number;
  /** Named by a common word such as `Setup`, not by a number: count it only where the phrase ends there. */
  readonly named: boolean;
}

/** Reads the name of a group that starts at word `at`, or null when none does. */
export function readGroup(groups: Groups, line: readonly Word[], at: number): ReadGroup | null {
  return (
    readPhaseNumbers(groups, line, at) ??
    readStories(groups, line, at) ??
    readAll(groups, line, at) ??
    readTitle(groups, line, at) ??
    readKind(groups, line, at)
  );
}

/** `Phase 2`, `Phases 1-3`, `Task Groups 2, 3`, `Wave 1 and Wave 2`: headings that this noun numbers. */
function readPhaseNumbers(groups: Groups, line: readonly Word[], at: number): ReadGroup | null {
  const two = line[at]?.lower === "task" && /^groups?$/.test(line[at + 1]?.lower ?? "");
  const word = two ? "task group" : (line[at]?.lower ?? "");
  const noun = groupNoun(word);
  if (noun === null) return null;
  const several = two || word !== noun;
  const found = new Set<number>();
  let next = at + (two ? 2 : 1);
  for (;;) {
    const bounds = numberRange(line, next);
    if (bounds === null) break;
    const phases = phasesBetween(groups, noun, bounds.low, bounds.high);
    if (phases === null) break;
    for (const task of phases) found.add(task);
    next = bounds.next;
    if (!several || !joinsNumbers(line[next]) || numberRange(line, next + 1) === null) break;
    next += 1;
  }
  return found.size === 0 ? null : { operand: group([...found].toSorted(ascending)), next, named: false };
}

function joinsNumbers(word: Word | undefined): boolean {
  return word?.text === "," || word?.lower === "and" || word?.text === "&" || word?.text === "/";
}

/** `3`, `3-6`, `3–6`, `3+` */
function numberRange(line: readonly Word[], at: number): { low: string; high: string; next: number } | null {
  const word = line[at];
  if (word === undefined || word.kind !== "word") return null;
  const both = /^([0-9][0-9.]*)-([0-9][0-9.]*)$/.exec(word.text);
  if (both?.[1] !== undefined && both[2] !== undefined) return { low: both[1], high: both[2], next: at + 1 };
  if (!/^[0-9][0-9.]*[a-z]?$/i.test(word.text)) return null;
  const mark = line[at + 1];
  const after = line[at + 2];
  if (mark?.text === "–" && after !== undefined && /^[0-9][0-9.]*$/.test(after.text))
    return { low: word.text, high: after.text, next: at + 3 };
  const end = word.start + word.text.length;
  if (mark?.text === "+" && mark.start === end && after?.start !== end + 1)
    return { low: word.text, high: "Infinity", next: at + 2 };
  return { low: word.text, high: word.text, next: at + 1 };
}

function phasesBetween(groups: Groups, noun: string, low: string, high: string): readonly number[] | null {
  const byNumber = numbered(groups, noun);
  if (low === high) return byNumber?.get(low) ?? (noun === "phase" ? groups.byFirstNumber.get(low) : undefined) ?? null;
  const [first, last] = [Number(low), Number(high)];
  const tasks = [...(byNumber ?? [])].flatMap(([number, members]) =>
    Number(number) >= first && Math.floor(Number(number)) <= last ? members : [],
  );
  return tasks.length === 0 ? null : tasks;
}

/** The headings that a noun numbers. `Phase 2` may be a heading `2. Title`, and in a list without phases a stage or the like, but never a group of tasks. */
function numbered({ byNumber }: Groups, noun: string): ReadonlyMap<string, readonly number[]> | undefined {
  const own = byNumber.get(noun);
  if (own !== undefined) return own;
  if (noun === "group") return byNumber.get("task group");
  if (noun !== "phase") return undefined;
  return byNumber.get("") ?? [...byNumber].find(([other]) => other !== "task group")?.[1];
}

function readStories(groups: Groups, line: readonly Word[], at: number): ReadGroup | null {
  const word = line[at];
  if (word === undefined || word.kind !== "word") return null;
  const label = /^us-?([0-9]{1,4})(?:-(?:us-?)?([0-9]{1,4}))?$/.exec(word.lower);
  if (label?.[1] !== undefined) return storiesBetween(groups, label[1], label[2] ?? label[1], at + 1);
  const noun = word.lower === "user" ? line[at + 1]?.lower : word.lower;
  const after = word.lower === "user" ? at + 2 : at + 1;
  if (noun !== "story" && noun !== "stories") return null;
  if (numberRange(line, after) !== null) return readStoryNumbers(groups, line, after);
  return noun === "stories" && groups.stories.length > 0
    ? { operand: group(groups.stories), next: after, named: true }
    : null;
}

/** `User Stories 1, 2, 3`: all of these are stories. Numbers that no story has count as long as another does. */
function readStoryNumbers(groups: Groups, line: readonly Word[], at: number): ReadGroup | null {
  const found = new Set<number>();
  let next = at;
  for (let bounds = numberRange(line, next); bounds !== null; bounds = numberRange(line, next + 1)) {
    const stories = storiesBetween(groups, bounds.low, bounds.high, bounds.next);
    if (stories?.operand.kind === "tasks") for (const task of stories.operand.tasks) found.add(task);
    next = bounds.next;
    if (line[at - 1]?.lower !== "stories" || !joinsNumbers(line[next])) break;
  }
  return found.size === 0 ? null : { operand: group([...found].toSorted(ascending)), next, named: false };
}

function storiesBetween(groups: Groups, low: string, high: string, next: number): ReadGroup | null {
  if (low === high) {
    const tasks = groups.byStory.get(storyKey(low));
    return tasks === undefined ? null : { operand: group(tasks), next, named: false };
  }
  const tasks = [...groups.byStory].flatMap(([key, members]) => {
    const number = Number(key.slice(2));
    return number >= Number(low) && number <= Number(high) ? members : [];
  });
  const unique = [...new Set(tasks)].toSorted(ascending);
  return unique.length === 0 ? null : { operand: group(unique), next, named: false };
}

const quantifiers = new Set(["the", "desired", "selected", "other", "remaining", "of"]);
const earlier = new Set(["previous", "prior", "preceding", "earlier", "above"]);
const laterWords = new Set(["subsequent", "later", "following", "further"]);
/** Written as one word where no spaces are. */
const allTasks = new Set([
  "全タスク",
  "全てのタスク",
  "すべてのタスク",
  "所有任务",
  "全部任务",
  "所有任務",
  "全部任務",
]);
const nouns = new Set(["tasks", "phases", "steps", "work", "task", "items"]);

function readAll(groups: Groups, line: readonly Word[], at: number): ReadGroup | null {
  const first = line[at]?.lower;
  if (first === "everything") {
    const above = earlier.has(line[at + 1]?.lower ?? "");
    return { operand: { kind: above ? "previous" : "everything" }, next: at + (above ? 2 : 1), named: true };
  }
  if (allTasks.has(first ?? "")) return { operand: { kind: "everything" }, next: at + 1, named: true };
  if (first !== "all" && first !== "every") return null;
  const prefixed = readPrefix(groups, line, at + 1);
  if (prefixed !== null) return prefixed;
  let next = at + 1;
  let other = false;
  while (quantifiers.has(line[next]?.lower ?? "")) {
    other ||= line[next]?.lower === "other" || line[next]?.lower === "remaining";
    next += 1;
  }
  const stories = readStories(groups, line, next);
  if (stories !== null && (line[next]?.lower === "user" || line[next]?.lower === "stories"))
    return { ...stories, named: false };
  const word = line[next]?.lower ?? "";
  if (earlier.has(word) || laterWords.has(word)) {
    const noun = nouns.has(line[next + 1]?.lower ?? "");
    const kind = laterWords.has(word) ? "later" : "previous";
    return { operand: { kind }, next: next + (noun ? 2 : 1), named: !noun };
  }
  if (!nouns.has(word)) return null;
  if (earlier.has(line[next + 1]?.lower ?? "")) return { operand: { kind: "previous" }, next: next + 2, named: false };
  return other || word === "tasks" ? { operand: { kind: "everything" }, next: next + 1, named: true } : null;
}

/** `All TOOL-* tasks`: the tasks whose ids begin so. */
function readPrefix({ list }: Groups, line: readonly Word[], at: number): ReadGroup | null {
  const word = line[at];
  if (word === undefined || !/^[A-Z][A-Z0-9]{1,11}$/.test(word.text)) return null;
  const found = list.tasks.flatMap(({ writtenId }, index) => (writtenId.startsWith(`${word.text}-`) ? index : []));
  if (found.length === 0) return null;
  let next = at + 1;
  if (line[next]?.text === "-") next += 1;
  if (nouns.has(line[next]?.lower ?? "")) next += 1;
  return { operand: group(found), next, named: false };
}

function readKind(groups: Groups, line: readonly Word[], at: number): ReadGroup | null {
  const word = line[at]?.lower;
  if (word === "foundation" || word === "foundations" || word === "foundational") {
    const tasks = groups.byKind.get("foundational");
    const operand: Operand = tasks === undefined ? { kind: "foundations" } : group(tasks);
    return { operand, next: at + 1, named: true };
  }
  const tasks = word === "setup" || word === "polish" ? groups.byKind.get(word) : undefined;
  return tasks === undefined ? null : { operand: group(tasks), next: at + 1, named: true };
}

function readTitle(groups: Groups, line: readonly Word[], at: number): ReadGroup | null {
  const word = line[at];
  if (word === undefined || word.kind !== "word") return null;
  for (const title of groups.byTitle.get(word.lower) ?? []) {
    if (title.words.every((part, offset) => line[at + offset]?.lower === part))
      return { operand: group(title.tasks), next: at + title.words.length, named: true };
  }
  return null;
}

function group(tasks: readonly number[]): Operand {
  return { kind: "tasks", tasks, whole: true };
}
