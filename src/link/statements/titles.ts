import type { ListedTask } from "../../model/task.ts";

/** Tasks that words may mean, best first, and how the words fit them. */
export interface TitleMatch {
  readonly tasks: readonly number[];
  readonly how: string;
  readonly confidence: number;
}

/** A title as it is called by others: without file names and notes in brackets. */
interface Title {
  readonly words: readonly string[];
  /** What the task is about: the words after its verb, up to the first preposition. */
  readonly object: readonly string[];
}

/** The titles of a list, made when the first task is called by name. */
export interface Titles {
  readonly of: readonly Title[];
  readonly byWord: ReadonlyMap<string, readonly number[]>;
}

/** Words that say nothing about which task is meant. */
const empty = new Set(
  "the a an our its their this that these those new all of and & task tasks step item work first being been be is are was were has have done complete completed completion completes finished finish finishes ready available exist exists in place merged landed implemented working".split(
    " ",
  ),
);
const prepositions = new Set(
  "in for with to from of on at by using via into as and that which so under through against after before over across inside".split(
    " ",
  ),
);
/** More tasks than this cannot be what a name means. */
const mostCandidates = 6;

export function titlesOf(tasks: readonly ListedTask[]): Titles {
  const of = tasks.map(({ title }) => titleOf(title));
  const byWord = new Map<string, number[]>();
  for (const [index, { words }] of of.entries()) {
    for (const word of new Set(words)) {
      const known = byWord.get(word);
      if (known === undefined) byWord.set(word, [index]);
      else known.push(index);
    }
  }
  return { of, byWord };
}

/**
 * The tasks that a phrase such as `the user model` or `Create the schema` may mean, `self` never among them: by the exact
 * title, by how a title begins, by what a title is about, by the words in it. Null when none fits.
 */
export function findByTitle(titles: Titles, phrase: string, self: ReadonlySet<number>): TitleMatch | null {
  const wanted = nameWords(phrase);
  if (wanted.length === 0 || wanted.length > 24) return null;
  const holders = candidates(titles, wanted).filter((index) => !self.has(index));
  const levels: [how: string, confidence: number, fits: (title: Title) => boolean][] = [
    ["has this title", 0.95, ({ words }) => same(words, wanted)],
    ["is about exactly this", 0.9, ({ object }) => same(object, wanted)],
    [
      "has a title that begins so",
      0.85,
      ({ words, object }) => wanted.length > 1 && (begins(words, wanted) || begins(object, wanted)),
    ],
    ["is about this", 0.8, ({ object, words }) => object.at(-1) === wanted.at(-1) && holds(words, wanted)],
    ["has these words in its title", 0.7, ({ words }) => holds(words, wanted)],
  ];
  for (const [how, confidence, fits] of levels) {
    const tasks = holders.filter((index) => {
      const title = titles.of[index];
      return title !== undefined && fits(title);
    });
    if (tasks.length > 0 && tasks.length <= mostCandidates) return { tasks, how, confidence };
    if (tasks.length > 0) return null;
  }
  return null;
}

/** Tasks whose titles hold the rarest word of a phrase. */
function candidates({ byWord }: Titles, wanted: readonly string[]): readonly number[] {
  let least: readonly number[] | null = null;
  for (const word of wanted) {
    const found = byWord.get(word) ?? [];
    if (least === null || found.length < least.length) least = found;
  }
  return least ?? [];
}

function titleOf(title: string): Title {
  const plain = title
    .replaceAll(/\([^()]*\)/g, " ")
    .replaceAll(/\b(?:in|to|at|into|from)\s+`[^`]*[./][^`]*`/gi, " ")
    .replaceAll(/`[^`\s]*\/[^`]*`/g, " ");
  const raw = tokens(plain);
  const stop = raw.findIndex((word, index) => index > 0 && prepositions.has(word));
  const head = raw.slice(0, stop === -1 ? raw.length : stop).filter((word) => !empty.has(word));
  const object = head.length > 1 ? head.slice(1) : head;
  return { words: raw.filter((word) => !empty.has(word)).map(stem), object: object.map(stem) };
}

/** The words of a phrase that may tell a task apart. */
export function nameWords(phrase: string): string[] {
  return tokens(phrase)
    .filter((word) => !empty.has(word))
    .map(stem);
}

function tokens(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** `models` and `model` are one word, `class` stays as it is. */
function stem(word: string): string {
  if (word.length > 4 && word.endsWith("ies")) return `${word.slice(0, -3)}y`;
  return word.length > 3 && word.endsWith("s") && !/(?:ss|us|is)$/.test(word) ? word.slice(0, -1) : word;
}

function same(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && begins(left, right);
}

function begins(title: readonly string[], wanted: readonly string[]): boolean {
  return wanted.length <= title.length && wanted.every((word, index) => title[index] === word);
}

function holds(title: readonly string[], wanted: readonly string[]): boolean {
  return wanted.every((word) => title.includes(word));
}
