import { readCalled, type Calls } from "./called.ts";
import type { Operand } from "./groupIndex.ts";
import { readGroup } from "./groups.ts";
import { after, closes, isAmount, readId, separators, type Context, type Draft, type Unknown } from "./ids.ts";
import type { Word } from "./words.ts";

/** What a list of references says, and where it ends. */
export interface Reading {
  readonly operands: readonly Operand[];
  readonly next: number;
  /** Words shaped like an id of this list that name no task. */
  readonly dangling: readonly Word[];
  /** Words that name several tasks. */
  readonly ambiguous: readonly { readonly word: Word; readonly candidates: readonly number[] }[];
  /** Words that say what is waited for, and name no task, or several. */
  readonly unknown: readonly Unknown[];
}

/** How much to believe: a bare `2` and a common word such as `Setup` are references only after plain words of dependency. */
export interface Trust {
  readonly numbers: boolean;
  readonly named: boolean;
  /** Present where a task may be called by words of its title. */
  readonly calls?: Calls;
  /** Bare numbers before a counted noun are amounts too: `requires 1, 2 or 3 reviewers`. */
  readonly amounts?: boolean;
}

const before = new Set([
  "the",
  "of",
  "both",
  "only",
  "on",
  "upon",
  "completion",
  "partial",
  "starting",
  "any",
  "each",
  "la",
  "las",
  "los",
  "les",
  "der",
  "die",
  "=",
  ":",
  "#",
  '"',
  "“",
  "'",
  "[",
]);
const taskNouns = new Set(
  "task tasks tarea tareas tarefa tarefas tâche tâches aufgabe aufgaben taak taken 任务 任務 タスク".split(" "),
);
/** Ends of quotation marks and links around an id: `"T001"`, `[[T001]]`. */
const closingMarks = new Set(['"', "”", "'", "]"]);
const bracketed: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

/** Reads a list of references from word `at` on: ids, ranges, phases, stories, ids in brackets after a short name. */
export function readReferences(context: Context, line: readonly Word[], at: number, trust: Trust): Reading {
  const draft: Draft = { operands: [], dangling: [], ambiguous: [], unknown: [] };
  let next = at;
  for (;;) {
    const end =
      readItem(context, line, next, trust, draft) ??
      (trust.calls === undefined || isAmount(line, next) ? null : readCalled(context, line, next, trust.calls, draft));
    if (end === null) {
      if (trust.amounts === true && isAmount(line, next) && line.slice(at, next).every(isBare))
        draft.operands.length = 0;
      break;
    }
    next = end;
    let more = next;
    while (separators.has(line[more]?.lower ?? "")) more += 1;
    if (more === next || more >= line.length) break;
    next = more;
  }
  return { ...draft, next };
}

function isBare({ kind, text }: Word): boolean {
  return kind === "mark" || separators.has(text.toLowerCase()) || /^[0-9.]+$/.test(text);
}

/** Reads one item into the draft; returns where it ends, or null when no reference starts here. */
function readItem(context: Context, line: readonly Word[], at: number, trust: Trust, draft: Draft): number | null {
  let start = at;
  let tasksSaid = false;
  for (let word = line[start]?.lower ?? ""; before.has(word) || taskNouns.has(word); word = line[start]?.lower ?? "") {
    tasksSaid ||= taskNouns.has(word);
    start += 1;
  }
  const group = readGroup(context.groups, line, start) ?? readGroup(context.groups, line, at);
  if (group !== null && (!group.named || (trust.named && closes(line, group.next)))) {
    const inside = readBracket(context, line, group.next, draft, false);
    // `US1 T018` is a task of that story, not the whole of it.
    const own = inside === null ? readId(context, line, group.next, false, false, draft) : inside;
    if (own === null) draft.operands.push(group.operand);
    return skipTail(line, own ?? group.next);
  }
  const numbers = trust.numbers || tasksSaid || draft.operands.length > 0;
  const id = readId(context, line, start, numbers, tasksSaid, draft);
  if (id !== null) return skipTail(line, id);
  return readBracketAfterName(context, line, start, draft);
}

/** `Tests (T004-T007)`, `Task group {3295,3296}`: up to four plain words, then ids in brackets. */
function readBracketAfterName(context: Context, line: readonly Word[], at: number, draft: Draft): number | null {
  let open = at;
  while (open < at + 4 && line[open]?.kind === "word" && !separators.has(line[open]?.lower ?? "")) open += 1;
  if (bracketed[line[open]?.text ?? ""] === undefined) return null;
  const end = readBracket(context, line, open, draft, true);
  return end === null ? null : skipTail(line, end);
}

/** Ids in a bracket that holds nothing else; with `deep`, phases and stories too. */
function readBracket(
  context: Context,
  line: readonly Word[],
  open: number,
  draft: Draft,
  deep: boolean,
): number | null {
  const close = bracketed[line[open]?.text ?? ""];
  if (close === undefined) return null;
  const inside: Draft = { operands: [], dangling: [], ambiguous: [], unknown: [] };
  let next = open + 1;
  for (;;) {
    const group = readGroup(context.groups, line, next);
    const tasksSaid = line[next]?.lower === "tasks" || line[next]?.lower === "task";
    let end: number | null = null;
    if (group === null)
      end = readId(
        context,
        line,
        tasksSaid ? next + 1 : next,
        tasksSaid || line[open]?.text === "{",
        tasksSaid,
        inside,
      );
    else if (deep && !group.named) {
      inside.operands.push(group.operand);
      end = group.next;
    }
    if (end === null) return null;
    next = end;
    if (line[next]?.text === close) break;
    if (!separators.has(line[next]?.lower ?? "")) return null;
    while (separators.has(line[next]?.lower ?? "")) next += 1;
  }
  draft.operands.push(...inside.operands);
  draft.dangling.push(...inside.dangling);
  draft.ambiguous.push(...inside.ambiguous);
  return next + 1;
}

/** Steps over `completion`, `is done` and a note in brackets. */
function skipTail(line: readonly Word[], at: number): number {
  let next = at;
  while (after.has(line[next]?.lower ?? "") || closingMarks.has(line[next]?.text ?? "")) next += 1;
  const close = bracketed[line[next]?.text ?? ""];
  if (close === undefined) return next;
  const end = Math.min(line.length, next + 60);
  for (let inside = next + 1; inside < end; inside += 1) {
    if (line[inside]?.text === close) return inside + 1;
  }
  return next;
}
