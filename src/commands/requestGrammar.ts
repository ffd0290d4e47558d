import { parseIssueReference } from "../github/reference.ts";
import { takeLastOptions, takeOptions, verbFirst, type RequestOptions } from "./requestOptions.ts";

/** What a person typed after the slash command, understood as far as that is possible without looking at the disk. */
export type Request =
  /** Nothing: show how to use it, and the lists of the project. */
  | { readonly kind: "nothing"; readonly options: RequestOptions }
  /** A verb of the helper and its words; `rest` is what stood behind the verb, untouched. */
  | {
      readonly kind: "verb";
      readonly verb: RequestVerb;
      readonly words: readonly string[];
      readonly rest: string;
      readonly options: RequestOptions;
    }
  /** Some tasks of a list: of `words` if there are any, else of the run's list or of the only one in the project. */
  | {
      readonly kind: "tasks";
      readonly words: readonly string[];
      readonly rest: string;
      readonly options: RequestOptions;
    }
  /** A list typed by hand; `go` when it was typed after `start`. */
  | { readonly kind: "inline"; readonly text: string; readonly go: boolean; readonly options: RequestOptions }
  /** Maybe paths: `rest` is the whole text, `words` its words with quotes taken off. */
  | {
      readonly kind: "source";
      readonly words: readonly string[];
      readonly rest: string;
      readonly options: RequestOptions;
    }
  | { readonly kind: "issue"; readonly issue: string; readonly options: RequestOptions }
  | { readonly kind: "misunderstood"; readonly what: string; readonly instead: string };

/** Every verb that may be typed after the slash command. */
export const requestVerbs = [
  "start",
  "plan",
  "dry-run",
  "status",
  "stop",
  "resume",
  "retry",
  "explain",
  "logs",
  "answer",
  "todo",
  "next",
  "help",
  "run",
  "pause",
  "inbox",
  "watch",
  "metrics",
  "doctor",
  "merge",
  "clean",
] as const;
export type RequestVerb = (typeof requestVerbs)[number];

/** Verbs that take a list: what stands behind them may be one typed by hand. */
const TAKES_LIST: ReadonlySet<RequestVerb> = new Set<RequestVerb>(["start", "plan", "dry-run"]);
/** Verbs whose words are ids or nothing: many words behind them are prose, not a command. */
const MOST_WORDS: Partial<Record<RequestVerb, number>> = { status: 1, stop: 1, resume: 1, todo: 1, next: 0 };
/** Verbs that are everyday words too: a list or prose may begin with them. What may stand behind them when they are meant. */
const EVERYDAY: Partial<Record<RequestVerb, RegExp>> = {
  run: /^/,
  pause: /^$/,
  inbox: /^$/,
  watch: /^$/,
  doctor: /^$/,
  merge: /^$/,
  clean: /^(?:r[a-z0-9]{4,}(?:\s+|$))*$/,
  metrics: /^(?:r[a-z0-9]{4,}(?:\s+|$))*$/,
};

export function parseRequest(text: string): Request {
  const plain = text.replaceAll("\r\n", "\n").trim();
  const isAnswer = /^answer(?:\s|$)/i.test(plain);
  const typed = isAnswer || listStart(plain) !== -1 ? plain : verbFirst(plain);
  if (isAnswer)
    return { kind: "verb", verb: "answer", words: words(typed).slice(1, 2), rest: answerText(typed), options: {} };
  const listAt = listStart(typed);
  const head = takeOptions(listAt === -1 ? typed : typed.slice(0, listAt));
  if (head.problem !== null) return { kind: "misunderstood", ...head.problem };
  const [first = "", ...later] = words(head.rest);
  const behind = head.rest.trim().slice(first.length).trim();
  const verb = verbOf(first, behind, listAt !== -1);

  if (listAt !== -1 && (verb === null || TAKES_LIST.has(verb))) {
    const tail = takeLastOptions(typed.slice(listAt));
    const options = {
      ...head.options,
      ...tail.options,
      ...(verb === "plan" || verb === "dry-run" ? { "dry-run": true as const } : {}),
    };
    const before = verb === null ? head.rest.trim() : behind;
    const gap = typed.slice(0, listAt).endsWith("\n") ? "\n" : " ";
    return {
      kind: "inline",
      text: before === "" ? tail.rest : before + gap + tail.rest,
      go: verb === "start",
      options,
    };
  }
  if (listAt !== -1) {
    return misunderstood(`\`${first}\` with a list behind it`, "type the list alone, or the command alone");
  }
  const { options } = head;
  if (first === "") return { kind: "nothing", options };
  if (verb !== null) {
    const most = MOST_WORDS[verb];
    if (most !== undefined && later.length > most) {
      return misunderstood(
        `\`${later.slice(most).join(" ")}\` behind \`${verb}\``,
        `type \`${verb}\` alone, or a list: \`these tasks: 1. … 2. …\``,
      );
    }
    return { kind: "verb", verb, words: later, rest: behind, options };
  }
  const some = selection(head.rest.trim());
  if (some !== null) {
    return {
      kind: "tasks",
      words: words(some.of),
      rest: some.of,
      options: { ...options, tasks: some.ids, ...(some.parallel ? { parallel: true as const } : {}) },
    };
  }
  if (parseIssueReference(head.rest.trim()) !== null) return { kind: "issue", issue: head.rest.trim(), options };
  return { kind: "source", words: words(head.rest), rest: head.rest.trim(), options };
}

/** Words of a line. Quotes hold one together when they close at the end of a word; `\ ` is a blank inside one. */
export function words(text: string): string[] {
  const found: string[] = [];
  let at = 0;
  while (at < text.length) {
    const character = text.charAt(at);
    if (isBlank(character)) {
      at += 1;
      continue;
    }
    const close = character === '"' || character === "'" ? text.indexOf(character, at + 1) : -1;
    if (close !== -1 && (close + 1 === text.length || isBlank(text.charAt(close + 1)))) {
      found.push(text.slice(at + 1, close));
      at = close + 1;
      continue;
    }
    let word = "";
    for (; at < text.length && !isBlank(text.charAt(at)); at += 1) {
      if (text.charAt(at) === "\\" && text.charAt(at + 1) === " ") at += 1;
      word += text.charAt(at);
    }
    found.push(word);
  }
  return found;
}

function isBlank(character: string): boolean {
  return character === " " || character === "\t" || character === "\n" || character === "\r";
}

function verbOf(word: string, behind: string, hasList: boolean): RequestVerb | null {
  const verb = requestVerbs.find((one) => one === word.toLowerCase());
  if (verb === undefined) return null;
  const everyday = EVERYDAY[verb];
  return everyday !== undefined && (hasList || !everyday.test(behind)) ? null : verb;
}

/**
 * Where a list typed by hand begins: at the first line that starts as a list item does, or, in one line, at `1.` when
 * `2.` follows. -1 when there is none.
 */
function listStart(text: string): number {
  let start = 0;
  for (const line of text.split("\n")) {
    if (/^\s*(?:[-*+•]|\d{1,4}[.)]|[-*+] \[.?\]|\[.?\])\s+\S/.test(line)) return start;
    if (/^#{1,6} \S/.test(line)) return start;
    const one = line.search(/(?:^|[\s:])1[.)]\s+\S/);
    if (one !== -1 && /\s2[.)]\s+\S/.test(line.slice(one))) return start + one + (line.charAt(one) === "1" ? 0 : 1);
    start += line.length + 1;
  }
  return -1;
}

/** `tasks 3-8`, `task T004, T005 in parallel`, `Tasks 3-6 of specs/007`. */
function selection(text: string): { ids: string; parallel: boolean; of: string } | null {
  const start = /^(?:only )?tasks?\s+(?=\S*\d|US|Stream)/i.exec(text);
  if (start === null) return null;
  const all = text
    .slice(start[0].length)
    .split(/[\s:]+/)
    .join(" ")
    .trim();
  const parallel = / in parallel\.?(?= |$)/i.test(all);
  const rest = all.replace(/ in parallel\.?(?= |$)/i, "");
  const [ids = "", ...of] = rest.split(/ (?:of|from|in) /i);
  const list = ids
    .replace(/,?\s+(?:and|&)\s+/gi, ",")
    .replace(/\s*([,–-])\s*/g, "$1")
    .replace(/\s+(?:to|through)\s+/gi, "-");
  if (!/^[\w.#/,–-]+$/.test(list)) return null;
  return { ids: list, parallel, of: of.join(" in ").trim() };
}

/** What stands behind `answer ID`, untouched: it may hold quotes, lists, options. */
function answerText(typed: string): string {
  return typed.replace(/^\S+\s*\S*\s*/, "");
}

function misunderstood(what: string, instead: string): Extract<Request, { kind: "misunderstood" }> {
  return { kind: "misunderstood", what, instead };
}
