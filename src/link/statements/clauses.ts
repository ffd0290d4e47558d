import type { TextLine } from "../../model/place.ts";
import { findCues, mayStateDependency, type Cue } from "./cues.ts";
import type { Operand } from "./groupIndex.ts";
import { findTask } from "./resolve.ts";
import type { Context } from "./ids.ts";
import { readReferences, type Reading } from "./references.ts";
import { words, type Word } from "./words.ts";

/** One statement of dependency in a line: who, what of it, in which direction, and the words. */
export interface Clause {
  readonly cue: Cue;
  /** Empty when the line names nobody: then its task or its phase is meant. */
  readonly subjects: readonly Operand[];
  readonly reading: Reading;
  readonly respectively: boolean;
  readonly words: string;
  readonly line: TextLine;
  readonly column: number;
}

const fillers = new Set([
  "must",
  "should",
  "will",
  "shall",
  "complete",
  "completes",
  "completed",
  "be",
  "been",
  "done",
  "finish",
  "finishes",
  "finished",
  "land",
  "lands",
  "all",
  "which",
  "also",
  "only",
  "is",
  "are",
  "has",
  "have",
  "to",
  "both",
  "start",
  "starts",
  "begin",
  "begins",
  "run",
  "runs",
  "sequential",
  "sequentially",
  "can",
  "may",
  "immediately",
  "right",
  "and",
]);
const joints = new Set([",", "and", "&", "+", "/", "–", "to", "through", "y", "e", "und", "et"]);

const groupNouns = new Set(["task", "tasks", "phase", "phases", "user", "story", "stories"]);

/** Reads what a line states. `own` lines belong to a task; in `prose` the line itself must name its subject. */
export function readClauses(context: Context, line: TextLine, from: "own" | "prose"): Clause[] {
  if (!mayStateDependency(line.text)) return [];
  const cut = words(line.text);
  const cues = findCues(cut);
  if (cues.length === 0) return [];
  const found: Clause[] = [];
  const lineSubject = from === "prose" ? subjectsOf(context, cut.slice(0, cues[0]?.at ?? 0)) : [];
  const respectively = cut.some((word) => word.lower === "respectively");
  for (const cue of cues) {
    const inBracket = cut[cue.at - 1]?.text === "(" || cut[cue.at - 1]?.text === "[";
    const sure = cue.strong || inBracket;
    const reading = readReferences(context, cut, cue.next, { numbers: sure, named: sure || from === "prose" });
    if (reading.operands.length === 0 && reading.dangling.length === 0 && reading.ambiguous.length === 0) continue;
    const near = subjectsBefore(context, cut, cue.at);
    if (near.length === 0 && cut[cue.at]?.lower === "block" && from === "own") continue;
    const last = cut[reading.next - 1];
    found.push({
      cue,
      subjects: near.length > 0 ? near : lineSubject,
      reading,
      respectively,
      words: clauseText(
        line.text,
        cut[cue.at]?.start ?? 0,
        last === undefined ? 0 : last.start + last.text.length,
        from,
      ),
      line,
      column: cut[cue.at]?.start ?? 0,
    });
  }
  return found;
}

function clauseText(text: string, start: number, end: number, from: "own" | "prose"): string {
  const slice = (from === "own" ? text.slice(start, end) : text.trim()).replaceAll("**", "");
  return slice.length > 300 ? `${slice.slice(0, 299)}…` : slice;
}

/** Ids that stand right before the cue: `T009, T010 depend on …`. */
function subjectsBefore(context: Context, line: readonly Word[], cueAt: number): readonly Operand[] {
  let end = cueAt;
  while (end > 0 && fillers.has(line[end - 1]?.lower ?? "")) end -= 1;
  let start = end;
  while (start > 0) {
    const word = line[start - 1];
    if (word === undefined || !(isIdWord(context, word) || (start < end && joints.has(word.lower)))) break;
    start -= 1;
  }
  while (start < end && joints.has(line[start]?.lower ?? "")) start += 1;
  if (start === end) return [];
  while (start > 0 && groupNouns.has(line[start - 1]?.lower ?? "")) start -= 1;
  return readReferences(context, line.slice(start, end), 0, { numbers: true, named: false }).operands;
}

function isIdWord(context: Context, word: Word): boolean {
  if (word.kind !== "word" || !/[0-9]/.test(word.text)) return false;
  if (findTask(context.names, word.text).length > 0) return true;
  return readReferences(context, [word], 0, { numbers: true, named: false }).operands.length > 0;
}

/** Everything that the words before the first cue refer to: `**User Story 2 (P2)**:`, `Tests (T004-T007)`. */
export function subjectsOf(context: Context, line: readonly Word[]): readonly Operand[] {
  const found: Operand[] = [];
  let at = 0;
  while (at < line.length) {
    const reading = readReferences(context, line, at, { numbers: false, named: true });
    found.push(...reading.operands);
    at = Math.max(reading.next, at + 1);
  }
  return found;
}
