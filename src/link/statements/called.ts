import type { Context, Draft } from "./ids.ts";
import { findByTitle } from "./titles.ts";
import type { Word } from "./words.ts";

/** How far words that are no id are believed to call a task. */
export interface Calls {
  /** The tasks that speak: they never mean themselves. */
  readonly self: ReadonlySet<number>;
  /** Fits with less confidence are none. */
  readonly least: number;
  /** Words that fit no task, or several, are reported; otherwise they are taken for plain prose. */
  readonly report: boolean;
  /** A field lists what it names: words behind ids are reported too. In a sentence they explain something. */
  readonly field?: boolean;
}

const nothing = new Set(
  "none nothing no nil null n/a na tbd keine keines ninguna ninguno nenhuma nenhum aucune aucun нет 无 無 なし 없음".split(
    " ",
  ),
);

/** Whether a field says that there is nothing to wait for. */
export function isNothing(text: string): boolean {
  const plain = text.replaceAll(/^[\s*_`"'([{]+|[\s*_`"'.)\]}]+$/g, "").toLowerCase();
  if (plain === "" || plain === "-" || plain === "—" || plain === "–") return true;
  const first = /^(?:n\/a|[\p{L}]+)/u.exec(plain)?.[0] ?? "";
  return nothing.has(first) && !/^no\.?\s*\d/.test(plain);
}

/** Things that are there already or lie in other hands: nothing in this list makes them. */
const elsewhere =
  /^(?:existing|already|external|third[- ]party|upstream|installed|other (?:specs?|teams?|repos?\w*))\b|\b(?:already (?:exists?|done|there|in place)|librar(?:y|ies)|packages?|npm|pip|sdk|account|credentials|licen[cs]e)\b|https?:|^(?:issue|pr|pull request|ticket)\s+\S*#?\d+$/i;

/** Whether words name something outside the list. */
export function isElsewhere(text: string): boolean {
  return elsewhere.test(text.trim()) || path.test(text.trim());
}

/** `lib/types.ts`, `#12` of another project: no title has these. */
const path = /^[\w@.~-]*\/[\w./#@~-]+$|^[\w-]+\.[a-z]{1,5}$|^[\w./-]*#\d+$/i;

const hardEnd = new Set([")", "]", "}", ";", ".", "(", "[", "{", ":"]);
const softEnd = new Set([",", "&", "/", "+", "–", "-", "=", "and", "und", "y", "e", "et"]);
const clauseWords = new Set(
  "because since so which that before after once until when while if but then for as due respectively".split(" "),
);
const mostWords = 24;

/** Reads what a task is called by; returns where the words end, or null when nothing is said. */
export function readCalled(
  context: Context,
  line: readonly Word[],
  at: number,
  calls: Calls,
  draft: Draft,
): number | null {
  let start = at;
  while (line[start]?.kind === "mark" && /^["'“”‘’:=]$/.test(line[start]?.text ?? "")) start += 1;
  const file = readPath(context, line, start, calls, draft);
  if (file !== null) return file;
  const hard = endOf(line, start, (word) => word.kind === "arrow" || hardEnd.has(word.text));
  const soft = endOf(
    line,
    start,
    (word, index) => softEnd.has(word.lower) || (index > start && clauseWords.has(word.lower)),
  );
  // a title may hold commas and `and`: the whole is tried first
  for (const end of soft < hard ? [hard, Math.min(soft, hard)] : [hard]) {
    const text = phrase(line, start, end);
    if (text === "") continue;
    const match = findByTitle(context.names.titles(), text, calls.self);
    if (match === null || match.confidence < (end === hard && soft < hard ? 0.95 : calls.least)) continue;
    const [only, ...others] = match.tasks;
    if (only === undefined || others.length > 0) continue;
    draft.operands.push({
      kind: "tasks",
      tasks: [only],
      whole: false,
      called: {
        how: `“${text}”: \`${context.names.tasks[only]?.id ?? ""}\` ${match.how}`,
        confidence: match.confidence,
      },
    });
    return end;
  }
  if (!calls.report) return null;
  const first = draft.operands.length + draft.dangling.length + draft.ambiguous.length === 0;
  if (!first && (calls.field !== true || Math.min(soft, hard) - start > 5)) return null;
  const end = Math.min(soft, hard);
  const text = phrase(line, start, end);
  if (text === "") return null;
  // `none, can start at once`: what follows explains it
  if (isNothing(text)) return line.length;
  const candidates = findByTitle(context.names.titles(), text, calls.self)?.tasks ?? [];
  draft.unknown.push({ text, start: line[start]?.start ?? 0, candidates });
  return end;
}

/** A file stands for the one task that creates it. Where none does, it is there already. */
function readPath(context: Context, line: readonly Word[], start: number, calls: Calls, draft: Draft): number | null {
  let end = start;
  let text = "";
  for (let word = line[end]; word !== undefined; word = line[end]) {
    const before = line[end - 1];
    const joined = end === start || (before !== undefined && before.start + before.text.length === word.start);
    if (!joined || (word.kind !== "word" && word.text !== "/" && word.text !== "#")) break;
    text += word.text;
    end += 1;
  }
  if (!path.test(text)) return null;
  const makers = context.names.tasks.flatMap(({ files }, index) =>
    !calls.self.has(index) && files.some((file) => file.access === "create" && isSamePath(file.path, text))
      ? index
      : [],
  );
  const [only, ...others] = makers;
  if (only !== undefined && others.length === 0) {
    const how = `\`${context.names.tasks[only]?.id ?? ""}\` creates \`${text}\``;
    draft.operands.push({ kind: "tasks", tasks: [only], whole: false, called: { how, confidence: 0.9 } });
  } else if (calls.report && (calls.field === true || draft.operands.length === 0))
    draft.unknown.push({ text, start: line[start]?.start ?? 0, candidates: makers });
  return end;
}

function isSamePath(file: string, text: string): boolean {
  const plain = text.replace(/^\.?\//, "");
  return file === plain || file.endsWith(`/${plain}`);
}

function endOf(line: readonly Word[], start: number, ends: (word: Word, index: number) => boolean): number {
  let end = start;
  for (let word = line[end]; word !== undefined && !ends(word, end) && end < start + mostWords; word = line[end])
    end += 1;
  return end;
}

function phrase(line: readonly Word[], start: number, end: number): string {
  return line
    .slice(start, end)
    .filter(({ kind, text }) => kind === "word" || text === ",")
    .map(({ text }) => text)
    .join(" ")
    .replaceAll(" ,", ",");
}
