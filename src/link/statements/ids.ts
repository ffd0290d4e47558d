import type { Groups, Operand } from "./groupIndex.ts";
import { findParts, findTask, looksLikeId, type Names } from "./resolve.ts";
import type { Word } from "./words.ts";

export interface Context {
  readonly names: Names;
  readonly groups: Groups;
  /** For each task the last index among itself and its descendants. */
  readonly lastDescendant: readonly number[];
}

/** What has been read of a list of references so far. */
export interface Draft {
  readonly operands: Operand[];
  readonly dangling: Word[];
  readonly ambiguous: { word: Word; candidates: readonly number[] }[];
  readonly unknown: Unknown[];
}

/** Words that say what is waited for, and name no task, or several. */
export interface Unknown {
  readonly text: string;
  /** Offset of the first character in the line. */
  readonly start: number;
  readonly candidates: readonly number[];
}

export const separators = new Set([
  ",",
  "&",
  "+",
  "/",
  ";",
  "and",
  "und",
  "y",
  "e",
  "et",
  "or",
  "plus",
  "en",
  "и",
  "và",
  "和",
  "与",
  "及",
  "と",
  "및",
]);
export const after = new Set([
  "completion",
  "complete",
  "completed",
  "completes",
  "done",
  "finished",
  "finish",
  "finishes",
  "tasks",
  "phase",
  "phases",
  "is",
  "are",
  "has",
  "have",
  "being",
  "been",
  "was",
  "ready",
  "exists",
  "exist",
  "lands",
  "merged",
  "only",
  "完成",
  "完了",
  "完成后",
  "完了後",
  "abgeschlossen",
  "fertig",
  "concluída",
  "terminada",
]);
const rangeWords = new Set(["–", "to", "through", "thru", "until", "bis", "..", "…"]);
/** Words that begin a reason, an aside or another clause. */
const clauseWords = new Set(
  "because since so which that before after until when while if but then for as must should will shall need needs being ya porque denn weil car puisque".split(
    " ",
  ),
);
const closing = new Set(['"', "”", "'", ")", "]", "}", ".", ";", "-", "–", ":", ",", "(", "[", "{", "+", "/", "&"]);
/** Reads an id or a range into the draft; returns where it ends, or null when neither starts here. */
export function readId(
  context: Context,
  line: readonly Word[],
  at: number,
  numbers: boolean,
  tasksSaid: boolean,
  draft: Draft,
): number | null {
  const word = line[at];
  if (word === undefined || word.kind !== "word") return null;
  if (isNumber(word.text) && !believedNumber(context, line, at, numbers)) return null;
  const found = findTask(context.names, word.text);
  if (found.length > 1) {
    draft.ambiguous.push({ word, candidates: found });
    return at + 1;
  }
  const [first] = found;
  if (first !== undefined) {
    const through = rangeWords.has(line[at + 1]?.lower ?? "") ? readBound(line, at + 2) : null;
    const last = through === null ? null : findBound(context, word.text, through.word.text);
    if (through === null || last === null) {
      draft.operands.push({ kind: "tasks", tasks: [first], whole: false });
      return at + 1;
    }
    pushRange(context, draft, first, last, through.word);
    return through.next;
  }
  const parts = findParts(context.names, word.text);
  if (parts.length > 0) {
    draft.operands.push({ kind: "tasks", tasks: parts, whole: true });
    return at + 1;
  }
  // `require 2-3 matches` is an amount, `needs 2-3` and `tasks 2-3 for …` are not
  if (/^[0-9][0-9.]*(?:-|\.\.)[0-9][0-9.]*$/.test(word.text) && !((numbers || tasksSaid) && closes(line, at + 1)))
    return tasksSaid && readJoined(context, word, draft) ? at + 1 : null;
  return readJoined(context, word, draft) || dangles(context, word, tasksSaid, draft) ? at + 1 : null;
}

/** `2.1` counts wherever it is a task's very id and the phrase ends there; `2` needs words of dependency before it. */
function believedNumber(context: Context, line: readonly Word[], at: number, numbers: boolean): boolean {
  const text = line[at]?.text ?? "";
  const orMore = line[at + 1]?.lower === "or" && /^(?:more|less|fewer)$/.test(line[at + 2]?.lower ?? "");
  return (
    closes(line, at + 1) &&
    !orMore &&
    !isThousands(line, at) &&
    (numbers || (text.includes(".") && context.names.exact.has(text)))
  );
}

/** `2 reviewers`, `1,000 followers`: a number that counts something. */
export function isAmount(line: readonly Word[], at: number): boolean {
  const word = line[at];
  return word?.kind === "word" && isNumber(word.text) && (isThousands(line, at) || !closes(line, at + 1));
}

/** `1,000` is an amount: three digits right behind a comma, and words behind those. */
function isThousands(line: readonly Word[], at: number): boolean {
  const [first, comma, rest] = [line[at], line[at + 1], line[at + 2]];
  return (
    first !== undefined &&
    comma?.text === "," &&
    comma.start === first.start + first.text.length &&
    rest?.start === comma.start + 1 &&
    /^[0-9]{3}$/.test(rest.text) &&
    !closes(line, at + 3)
  );
}

function readBound(line: readonly Word[], at: number): { word: Word; next: number } | null {
  const start = line[at]?.lower === "task" ? at + 1 : at;
  const word = line[start];
  return word === undefined || word.kind !== "word" || !/[0-9]/.test(word.text) ? null : { word, next: start + 1 };
}

/** `T004-T007`, `T004-007`, `1-3`, `T1..T5` in one word. */
function readJoined(context: Context, word: Word, draft: Draft): boolean {
  if (word.text.length > 128) return false;
  for (const joint of ["-", ".."]) {
    let cut = word.text.indexOf(joint);
    for (let tries = 0; cut !== -1 && tries < 6; tries += 1) {
      const [left, right] = [word.text.slice(0, cut), word.text.slice(cut + joint.length)];
      const lower = findTask(context.names, left)[0] ?? findParts(context.names, left)[0];
      const upper = findBound(context, left, right);
      if (lower !== undefined && upper !== null) {
        pushRange(context, draft, lower, upper, word);
        return true;
      }
      if (lower === undefined && upper !== null && upper !== "none" && looksLikeId(context.names, left)) {
        draft.dangling.push({ ...word, text: left });
        return true;
      }
      cut = word.text.indexOf(joint, cut + 1);
    }
  }
  return false;
}

/** Index of a range's upper end; "none" when it is shaped like an id and names nothing; null when it is no id. */
function findBound(context: Context, left: string, right: string): number | "none" | null {
  const prefix = /^[^0-9]*/.exec(left)?.[0] ?? "";
  const spelled = isNumber(right) ? prefix + right : right;
  const found = findTask(context.names, spelled)[0] ?? findTask(context.names, right)[0];
  const last = found ?? findParts(context.names, spelled).at(-1);
  if (last !== undefined) return last;
  return looksLikeId(context.names, spelled) ? "none" : null;
}

/** `A01–A10` takes in `A05a`, but never an `R01` that stands between them. */
function pushRange({ names }: Context, draft: Draft, first: number, last: number | "none", word: Word): void {
  if (last === "none") {
    draft.dangling.push(word);
    return;
  }
  const [low, high] = first < last ? [first, last] : [last, first];
  const letters = (index: number): string => /^[^0-9]*/.exec(names.tasks[index]?.writtenId ?? "")?.[0] ?? "";
  const prefix = letters(low) === letters(high) ? letters(low) : null;
  const tasks = Array.from({ length: high - low + 1 }, (_, k) => low + k);
  draft.operands.push({
    kind: "tasks",
    tasks: prefix === null ? tasks : tasks.filter((index) => letters(index) === prefix),
    whole: false,
  });
}

function dangles(context: Context, word: Word, tasksSaid: boolean, draft: Draft): boolean {
  if (!looksLikeId(context.names, word.text) && !(tasksSaid && isNumber(word.text))) return false;
  draft.dangling.push(word);
  return true;
}

/** Whether a phrase ends before word `at`. */
export function closes(line: readonly Word[], at: number): boolean {
  const word = line[at];
  return (
    word === undefined ||
    word.kind === "arrow" ||
    closing.has(word.text) ||
    after.has(word.lower) ||
    separators.has(word.lower) ||
    rangeWords.has(word.lower) ||
    clauseWords.has(word.lower) ||
    word.lower === "respectively" ||
    word.lower === "can" ||
    word.lower === "first"
  );
}

function isNumber(text: string): boolean {
  return /^[0-9][0-9.]*$/.test(text);
}
