import type { TextLine } from "../../model/place.ts";
import { fillers, findCues, mayStateDependency, type Cue } from "./cues.ts";
import type { Calls } from "./called.ts";
import type { Operand } from "./groupIndex.ts";
import { findTask } from "./resolve.ts";
import type { Context } from "./ids.ts";
import { readReferences, type Reading } from "./references.ts";
import { findByTitle } from "./titles.ts";
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

const joints = new Set([",", "and", "&", "+", "/", "–", "to", "through", "y", "e", "und", "et"]);

const groupNouns = new Set(["task", "tasks", "phase", "phases", "user", "story", "stories"]);

/** Who speaks: a line of a task or of a phase's own, or prose that must name its subject itself. */
export type Speaker =
  | { readonly kind: "own"; readonly self: ReadonlySet<number>; readonly title: boolean }
  | { readonly kind: "prose"; readonly ordered: boolean };

/** Reads what a line states. */
export function readClauses(context: Context, line: TextLine, speaker: Speaker): Clause[] {
  if (!mayStateDependency(line.text)) return [];
  const cut = words(line.text);
  const cues = findCues(cut);
  if (cues.length === 0) return [];
  const found: Clause[] = [];
  const own = speaker.kind === "own";
  const lineSubject = own ? [] : subjectsOf(context, cut.slice(0, cues[0]?.at ?? 0));
  const respectively = cut.some((word) => word.lower === "respectively");
  for (const cue of cues) {
    if (isNoDependency(cut, cue, own)) continue;
    const near = subjectsBefore(context, cut, cue.at);
    const inBracket = cut[cue.at - 1]?.text === "(" || cut[cue.at - 1]?.text === "[";
    const sure = cue.strong || inBracket;
    const called = near.length > 0 || own ? null : subjectCalled(context, cut, cue, speaker);
    const subjects = near.length > 0 ? near : called !== null ? called : lineSubject;
    const calls = callsOf(speaker, cue, inBracket, subjects);
    const reading = readReferences(context, cut, cue.next, {
      numbers: sure,
      named: sure || !own,
      amounts: !cue.strong,
      ...(calls === null ? {} : { calls }),
    });
    const said = reading.operands.length + reading.dangling.length + reading.ambiguous.length + reading.unknown.length;
    if (said === 0 || wasDone(cut, reading.next)) continue;
    const last = cut[reading.next - 1];
    found.push({
      cue,
      subjects,
      reading,
      respectively,
      words: clauseText(
        line.text,
        cut[cue.at]?.start ?? 0,
        last === undefined ? 0 : last.start + last.text.length,
        speaker.kind,
      ),
      line,
      column: cut[cue.at]?.start ?? 0,
    });
  }
  return found;
}

/** How far words after a cue may call a task by its title, which depends on where the cue stands. Null: not at all. */
function callsOf(speaker: Speaker, cue: Cue, inBracket: boolean, subjects: readonly Operand[]): Calls | null {
  if (cue.direction === "beside") return null;
  const after = cue.direction === "after";
  if (speaker.kind === "prose") {
    const self = new Set(subjects.flatMap((subject) => (subject.kind === "tasks" ? subject.tasks : [])));
    return speaker.ordered && after && (cue.placed || self.size > 0)
      ? { self, least: 0.85, report: cue.strong && self.size > 0 }
      : null;
  }
  const { self, title } = speaker;
  if (cue.label && cue.strong) return cue.placed ? { self, least: 0.7, report: true, field: true } : null;
  if (!after) return null;
  if (cue.strong && (cue.placed || inBracket)) return cue.asks ? null : { self, least: 0.7, report: true };
  if (inBracket) return { self, least: title ? 0.7 : 0.85, report: title };
  // a sentence: only words that fit well, and nothing is missed where they do not
  return title && !cue.relative ? { self, least: cue.placed ? 0.8 : 0.9, report: false } : null;
}

/** The subject of a line such as `The models depend on the schema`, by its title. */
function subjectCalled(context: Context, line: readonly Word[], cue: Cue, speaker: Speaker): readonly Operand[] | null {
  if (speaker.kind !== "prose" || !speaker.ordered || !cue.strong) return null;
  let end = cue.at;
  while (fillers.has(line[end - 1]?.lower ?? "") || line[end - 1]?.text === ":") end -= 1;
  let start = end;
  while (line[start - 1]?.kind === "word" && end - start < 24) start -= 1;
  const text = line.slice(start, end).map((word) => word.text);
  const match = findByTitle(context.names.titles(), text.join(" "), new Set());
  return match === null || match.tasks.length > 1 || match.confidence < 0.8
    ? null
    : [{ kind: "tasks", tasks: match.tasks, whole: false }];
}

/** Things in a text that others may stand before or after. */
const partOfText =
  /^(?:sub)?(?:sections?|headings?|headers?|paragraphs?|blocks?|sentences?|lines?|rows?|bullets?|entr(?:y|ies)|notes?|tables?|columns?|chapters?|text|links?|badges?|comments?|snippets?|imports?|markers?|placeholders?|callouts?)$/;
/** What is said to be done with a text. */
const editing =
  /^(?:insert|add|append|prepend|place|put|move|write|paste|include|document|rename|keep|list)(?:s|ed|ing)?$/;
/** What happened to a record, not when a task may start: `filed after T001 was split`. */
const recorded =
  /^(?:filed|raised|found|discovered|noticed|reported|written|renamed|renumbered|moved|split|inserted|logged|opened|appended)$/;
/** Things that a task needs of a person: `[NEEDS CLARIFICATION]`. */
const wantsPerson =
  /^(?:clarification|review|discussion|investigation|decision|input|approval|triage|attention|feedback)$/;
/** Words after which \`block\` is a verb. */
const blocking = /^(?:and|or|to|must|will|should|may|can|could|would|they|which|that|these|tasks?|phases?|stories)$/;

/** Sentences that hold a cue and say nothing about when a task may start. */
function isNoDependency(line: readonly Word[], cue: Cue, own: boolean): boolean {
  const before = line.slice(Math.max(0, cue.at - 40), cue.at);
  const last = before.at(-1);
  const word = line[cue.at]?.lower ?? "";
  // "the gate block", "a code block"
  if (word === "block" || word === "blocks")
    return last?.kind === "word" && !/\d/.test(last.text) && !blocking.test(last.lower) && !(word === "blocks" && !own);
  // quoted words are somebody else's: `skip("depends on task 3.1")`
  if (last !== undefined && /^["“'‘]$/.test(last.text)) return true;
  if (word === "needs" && wantsPerson.test(line[cue.next]?.lower ?? "")) return true;
  if (cue.strong || (word !== "before" && word !== "after")) return false;
  if (last !== undefined && recorded.test(last.lower)) return true;
  // "insert a section before Phase 1 in `work.md`"
  const edits = before.findLastIndex((one) => editing.test(one.lower));
  return edits !== -1 && before.slice(edits + 1).some((one) => partOfText.test(one.lower));
}

/** `after T001 was split`: a record of what happened. */
function wasDone(line: readonly Word[], next: number): boolean {
  const verb =
    line[next - 1]?.lower === "was" ? next - 1 : /^(?:was|were|got)$/.test(line[next]?.lower ?? "") ? next : -1;
  const participle = line[verb + 1];
  return (
    verb > 0 &&
    participle?.kind === "word" &&
    !/^(?:done|merged|finished|completed?|landed|shipped|deployed|built|implemented|created|added|approved|verified)$/.test(
      participle.lower,
    )
  );
}

function clauseText(text: string, start: number, end: number, from: Speaker["kind"]): string {
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
