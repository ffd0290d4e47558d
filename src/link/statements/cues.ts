import type { Word } from "./words.ts";

/** Words that state a dependency: the subject waits for what follows (`after`), or what follows waits for it (`before`). */
export interface Cue {
  readonly at: number;
  readonly next: number;
  readonly direction: "after" | "before" | "beside";
  /** `depends on`, `blocked by`, `blocks`, `Dependencies:` say nothing else; `needs`, `after`, `before` may be mere prose. */
  readonly strong: boolean;
  /** Followed by a colon, as a field is. */
  readonly label: boolean;
  /** Where people write a statement: in brackets, as a field, or where a clause begins. Elsewhere it may be part of a sentence. */
  readonly placed: boolean;
  /** `wait for the service` as an order to do so, not `waits for T001`. */
  readonly asks: boolean;
  /** Part of a relative clause, as in `tests that depend on models`. */
  readonly relative: boolean;
}

interface Pattern {
  readonly words: readonly string[];
  readonly direction: Cue["direction"];
  readonly strong: boolean;
  readonly needsColon: boolean;
}

const patterns: readonly Pattern[] = [
  ...[
    "depends on",
    "depend on",
    "dependent on",
    "depends upon",
    "depend upon",
    "depends-on",
    "depends_on",
    "dependson",
  ].map(strongAfter),
  ...["blocked by", "blocked-by", "blocked_by", "blockedby", "waits for", "wait for", "waits on", "wait on"].map(
    strongAfter,
  ),
  ...[
    "depende de",
    "dependem de",
    "dependen de",
    "dépend de",
    "dépendent de",
    "hängt ab von",
    "abhängig von",
    "зависит от",
    "зависят от",
    "dipende da",
    "dipendono da",
    "afhankelijk van",
    "phụ thuộc vào",
    "bloqueado por",
    "bloqueada por",
    "bloqué par",
    "blockiert von",
    "blockiert durch",
  ].map(strongAfter),
  ...["依赖于", "依赖", "依存", "依賴", "의존"].map(strongAfter),
  ...["depends", "dependencies", "dependency", "deps", "prerequisites", "prerequisite", "blocker", "blockers", "d"].map(
    field,
  ),
  ...["dependencias", "dependências", "dépendances", "abhängigkeiten", "зависимости", "dipendenze"].map(field),
  ...["afhankelijkheden", "phụ thuộc", "依赖项", "依赖任务", "依赖关系", "前置任务"].map(field),
  ...["依存関係", "依存タスク", "依存先", "前提タスク", "의존성", "선행 작업"].map(field),
  ...["requires", "require", "needs", "need", "after", "once"].map((text) => pattern(text, "after", false, false)),
  ...["blocks", "block", "unblocks"].map((text) => pattern(text, "before", true, false)),
  pattern("before", "before", false, false),
  pattern("in parallel with", "beside", true, false),
];

const byFirstWord = new Map<string, Pattern[]>();
for (const known of patterns) {
  const first = known.words[0] ?? "";
  byFirstWord.set(
    first,
    [...(byFirstWord.get(first) ?? []), known].toSorted((a, b) => b.words.length - a.words.length),
  );
}

const mayHoldCue =
  /depen|deps|dépen|abh|hängt|blocke|blocks|block |prereq|require|need|after|once|before|wait|\[d:|завис|依|前置|前提|의존|선행|dipend|afhankel|phụ thuộc|bloqu|blockiert|in parallel with|[←⇐⟵]|<-/i;
/** Words between a subject and its cue that change nothing. */
export const fillers = new Set(
  "must should will shall complete completes completed be been done finish finishes finished land lands all which also only is are has have to both start starts begin begins run runs sequential sequentially can may immediately right and".split(
    " ",
  ),
);
const relatives = new Set(["that", "which", "who", "whose"]);
/** Words before `dependencies:` that leave it a field about tasks; `npm dependencies:` is about packages. */
const labelWords = new Set(["task", "tasks", "story", "hard", "internal", "direct", "blocking", "key", "main", "and"]);
const negations = new Set([
  "not",
  "no",
  "never",
  "without",
  "don't",
  "doesn't",
  "don’t",
  "doesn’t",
  "cannot",
  "nothing",
  "isn't",
  "aren't",
]);
/** With a colon these begin a comparison (`Before: 34 lines`) as often as a field. */
const timeWords = new Set(["after", "once"]);
const permissions = new Set(["can", "may", "could"]);

/** Whether words are the name of a field for dependencies: `Depends on`, `Prerequisites`, `Requires`, in any language known here. */
export function isDependencyLabel(name: string): boolean {
  const lower = name.trim().toLowerCase();
  if (/^(?:task )?(?:requires|needs|must come after)$/.test(lower)) return true;
  const known = lower.replace(/^(?:task|internal|hard|blocking)\s+/, "");
  return patterns.some(
    ({ words, direction, strong }) => strong && direction !== "beside" && words.join(" ") === known && known.length > 1,
  );
}

/** A cheap look before a line is cut into words. */
export function mayStateDependency(text: string): boolean {
  return mayHoldCue.test(text);
}

/** The cues of a line in order, without those that a `not` takes back. */
export function findCues(line: readonly Word[]): Cue[] {
  const cues: Cue[] = [];
  let at = 0;
  while (at < line.length) {
    const cue = cueAt(line, at);
    if (cue !== null && !isTakenBack(line, cue)) cues.push(cue);
    at = cue?.next ?? at + 1;
  }
  return cues;
}

function cueAt(line: readonly Word[], at: number): Cue | null {
  const word = line[at];
  if (word === undefined) return null;
  // `T002 ← T001`
  if (word.kind === "arrow" && word.text === "<")
    return {
      at,
      next: at + 1,
      direction: "after",
      strong: false,
      label: false,
      placed: false,
      asks: false,
      relative: true,
    };
  if (word.kind !== "word") return null;
  for (const known of byFirstWord.get(word.lower) ?? []) {
    if (!known.words.every((part, offset) => line[at + offset]?.lower === part)) continue;
    let next = at + known.words.length;
    const label = line[next]?.text === ":" || line[next]?.text === "=";
    if (known.needsColon && (!label || (word.lower === "d" && line[at - 1]?.text !== "["))) continue;
    if (label) next += 1;
    while (line[next]?.kind === "arrow") next += 1;
    return {
      at,
      next,
      direction: known.direction,
      strong: known.strong || (label && known.direction === "after" && !timeWords.has(word.lower)),
      label,
      placed: beginsClause(line, at) || (label && labelWords.has(line[at - 1]?.lower ?? "")),
      asks: word.lower === "wait" && line[at - 1]?.text !== "(",
      relative: isRelative(line, at),
    };
  }
  return null;
}

/** `[x] Do it - needs T001`, `(after the API is done)`, `Depends on T001`; not `a component that depends on T001`. */
function beginsClause(line: readonly Word[], at: number): boolean {
  let start = at;
  while (fillers.has(line[start - 1]?.lower ?? "")) start -= 1;
  const before = line[start - 1];
  return before === undefined || before.kind !== "word";
}

function isRelative(line: readonly Word[], at: number): boolean {
  let start = at;
  while (fillers.has(line[start - 1]?.lower ?? "") && !relatives.has(line[start - 1]?.lower ?? "")) start -= 1;
  return relatives.has(line[start - 1]?.lower ?? "");
}

function isTakenBack(line: readonly Word[], cue: Cue): boolean {
  for (let back = cue.at - 1; back >= Math.max(0, cue.at - 4); back -= 1) {
    const word = line[back];
    if (word === undefined || word.kind !== "word") return false;
    if (negations.has(word.lower)) return true;
    if (cue.direction === "before" && !cue.strong && permissions.has(word.lower)) return true;
  }
  return false;
}

function strongAfter(text: string): Pattern {
  return pattern(text, "after", true, false);
}

function field(text: string): Pattern {
  return pattern(text, "after", true, true);
}

function pattern(text: string, direction: Cue["direction"], strong: boolean, needsColon: boolean): Pattern {
  return { words: text.split(" "), direction, strong, needsColon };
}
