import { parseState, type BoxMark } from "./item.ts";

/**
 * How a heading says that it is a task: by a number behind the word Task or an id of letters and digits (`strong`), by
 * a short id, a number or a word such as Step (`id`, `number`, `label`), or by a box alone.
 */
export type HeadingKind = "strong" | "id" | "number" | "label" | "phase" | "box";

/** A heading read as a task. */
export interface TaskHeading {
  readonly kind: HeadingKind;
  /** The word before its number, in lower case; empty without one. */
  readonly label: string;
  readonly id: string | null;
  /** What is left without id, box and marks of being done. */
  readonly title: string;
  readonly done: boolean;
  /** State of a box before the title; its column is that in the name. */
  readonly box: BoxMark | null;
}

const taskWord =
  /^(?:(?:sub-?)?tasks?|todo|tareas?|tarefas?|t[aâ]ches?|aufgaben?|zadanie|задача|attività)[ \t]+#?(?=[\p{L}\d])|^(?:任务|任務|タスク|작업|태스크)\s*#?(?=\d)/iu;
const label =
  /^(step|milestone|story|user story|issue|ticket|prompt|item|feature|epic|work ?package|schritt|arbeitspaket|meilenstein|paso|passo|hito|marco|[eé]tape|jalon|шаг|этап)[ \t]+#?(?=[\p{L}\d])|^(步骤|步驟|ステップ|단계)\s*#?(?=\d)/iu;
const phase = /^(phase|stage|wave|sprint|part|welle|fase|этап|フェーズ|阶段|階段)[ \t]*(?=\d)/iu;
/** `T001`, `TP-165`, `T-INF-01`, `TASK-017`: nobody writes one by accident. */
const strongId =
  /^(?:T(?:-[A-Z0-9]+)+-\d+[a-z]?|[A-Z][A-Z0-9]+(?:-[A-Z0-9]+)*-\d+[a-z]?|T-?\d+(?:\.\d+)*[a-z]?|task-\d+)(?![\p{L}\p{N}_/%]|-[\p{L}\p{N}])/u;
/** `A1`, `A-1`, `M0`, `S1.1`. */
const shortId = /^[A-Z]{1,4}-?\d{1,4}(?:\.\d{1,4}){0,4}[a-z]?(?![\p{L}\p{N}_/%-])/u;
const number = /^\d{1,4}(?:\.\d{1,4}){0,5}[a-z]?(?![\p{L}\p{N}_/%])/u;
/** Names of something else that are spelled as ids are. */
const standard = /^(?:UTF|SHA|ISO|RFC|GPT|CVE|FR|NFR|SC|AC|ADR|REQ|UC|WCAG|ES|HTTP|AES|RSA|TLS|COVID|P|Q|V|H)-?\d/;
const separator = /^(?:\s*[:：.)–—]+|\s+-+(?=\s)|\s*[、．])\s*/u;

/** Reads a heading as a task, or null when nothing in it says so. */
export function readTaskHeading(name: string): TaskHeading | null {
  let rest = name.trim();
  let done = false;
  const skip = (expression: RegExp): string | null => {
    const found = expression.exec(rest)?.[0];
    if (found === undefined || found === "") return null;
    rest = rest.slice(found.length);
    return found;
  };
  const ornaments = skip(/^(?:[\p{Extended_Pictographic}\ufe0f\u20e3]|\*\*|__|~~|\s)+(?=\S)/u) ?? "";
  done ||= /[✅☑✔]/u.test(ornaments);
  const boxText = skip(/^\[[^\]\r\n]{0,4}\]\s+/u);
  const state = boxText === null ? null : parseState(boxText.trim().slice(1, -1));
  if (boxText !== null && state === null) rest = boxText + rest;
  const box = state === null ? null : { state, column: name.indexOf("[") + 2, star: false };
  skip(/^(?:\*\*|__|`)+/u);
  const task = skip(taskWord) !== null;
  const word = task ? null : skip(label);
  const part = task || word !== null ? null : skip(phase);
  const open = /^\[(?=[^\]\s]{1,40}\])/u.test(rest);
  if (open) rest = rest.slice(1);
  skip(/^`/u);
  const id = /^[^\s:：]*/u.exec(rest)?.[0] ?? "";
  const strong = strongId.exec(rest)?.[0] ?? null;
  const short = strong ?? shortId.exec(rest)?.[0] ?? null;
  const found =
    short !== null && !(standard.test(id) && !task && word === null) ? short : (number.exec(rest)?.[0] ?? null);
  if (found !== null) {
    const sure = found === strong;
    rest = rest.slice(found.length);
    skip(/^(?:`|\*\*|__)+(?=\s|[\]:：.)–—-]|$)/u);
    const closed = open && skip(/^\]/u) !== null;
    const separated = skip(separator) !== null || rest.trim() === "";
    const kind = kindOf(task, word, part, sure, /^\d/.test(found));
    const dotted = kind === "number" && found.includes(".");
    const spaced = /^\s/u.test(rest);
    if (
      closed === open &&
      (separated || closed || ((sure || dotted || (part !== null && /^\s*[(（]/u.test(rest))) && spaced))
    )
      return { kind, label: (word ?? part ?? "").trim().toLowerCase(), id: found, ...titleOf(rest, done), box };
  }
  if (box === null) return null;
  const plain = name.trim().replace(/^.*?\]\s+/u, "");
  return { kind: "box", label: "", id: null, ...titleOf(plain, done), box };
}

function kindOf(task: boolean, word: string | null, part: string | null, sure: boolean, digits: boolean): HeadingKind {
  if (task) return "strong";
  if (word !== null) return "label";
  if (part !== null) return "phase";
  if (sure) return "strong";
  return digits ? "number" : "id";
}

const doneWord =
  "done|completed?|finished|shipped|implemented|merged|closed|completad[oa]|hech[oa]|conclu[ií]d[oa]|feit[oa]|termin[eé]e?|fait|erledigt|fertig|abgeschlossen|готово|выполнено|已完成|完成|完了|済み?|완료";
const doneBehind = new RegExp(
  `(?:\\s*[–—:-]+\\s*|\\s*[([（【]\\s*|\\s+(?=[✅☑✔]))(?:[✅☑✔]\\ufe0f?\\s*(?:${doneWord})?|(?:${doneWord})(?![\\p{L}]))(?:\\s*[:：,]?\\s*[(]?[^()]{0,40}[)]?)?[)\\]）】]?\\s*$`,
  "iu",
);

/** A title without the marks that say the task is done: `✅`, `~~…~~ — DONE`, `(completed)`. */
export function titleOf(text: string, before = false): { title: string; done: boolean } {
  let title = text.trim();
  let done = before;
  const found = title.length < 400 && /[✅☑✔]|[–—:([（【-]/u.test(title) ? doneBehind.exec(title) : null;
  const says = found === null ? "" : found[0];
  const word = new RegExp(`^\\s*(?:[–—:-]+\\s*|[([（【]\\s*)(?:${doneWord})(?![\\p{L}])`, "iu").exec(says)?.[0] ?? "";
  // "— Done" behind a title says it, and so does "(completed 2025-01-02)"; "- done button" goes on and does not.
  const said =
    /[✅☑✔]/u.test(says) || (word !== "" && /^\s*(?:[)\]）】]|[:：,]?\s*[\d(]|$)/u.test(says.slice(word.length)));
  if (found && said) {
    done = true;
    title = title.slice(0, found.index);
  }
  const struck = /^~~.*~~$/su.test(title.trim());
  if (struck && done) title = title.trim().slice(2, -2);
  return { title: title.replaceAll(/\*\*|~~/gu, "").trim(), done };
}
