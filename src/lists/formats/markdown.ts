import type { Diagnostic } from "../../model/diagnostic.ts";
import type { Phase, OrderRule } from "../../model/list.ts";
import type { ListedTask } from "../../model/task.ts";
import { readBy } from "../markdown/boxes.ts";
import type { Detection, Format, FormatList, Source } from "../format.ts";
import type { Heading, MarkdownDocument, MarkdownLine } from "../markdown/scan.ts";
import { asideOver } from "../markdown/headingSort.ts";
import { readTaskHeading } from "../markdown/headingTask.ts";
import type { Outlined } from "../markdown/outline.ts";
import { chooseRegion, first, type Choice, type Region, type Shape } from "../markdown/regions.ts";
import { inSequence } from "../sequence.ts";
import { readTaskText } from "../taskText.ts";
import type { Context, Draft, Verdict } from "../markdown/walk.ts";

/**
 * Any Markdown list: boxes, headings such as `### Task 3: …` or `## 1. …`, tables with an id and a task, numbered items,
 * or bullets under a heading such as "Tasks". The part that is the list is chosen by evidence.
 */
export const markdown: Format = {
  name: "markdown",
  title: "Markdown task list",
  path: null,
  page: {
    where: "the file",
    order: "markers where it has any; numbered headings and steps of a plan in order",
    ticked: "its box, or the state of its row",
  },
  detect,
  read,
};

/** Headings that are tasks by a number behind the word Task or by an id, and the boxes under them their steps. */
export function headingTask(line: MarkdownLine, { headings, inside }: Context): Verdict {
  const { item } = line;
  if (line.kind === "heading") return readTaskHeading(headings.at(-1) ?? "")?.kind === "strong" ? "task" : null;
  if (!item?.box) return null;
  return {
    aside: inside ? `a step of the task on line ${inside.line.place.line}` : "outside the headings that are the tasks",
  };
}

/** What the tasks of a document are written as; null when there is no list in it. */
export function shapeOf(document: MarkdownDocument): Shape | null {
  return chooseRegion(document, false, null).best?.shape ?? null;
}

const scores = { headings: 0.25, boxes: 0.2, rows: 0.2, lines: 0.2, numbers: 0.1, bullets: 0.1 } as const;

function detect({ file, markdown: document }: Source): Detection | null {
  // Data that cannot be read is no list by accident.
  if (/\.(?:ya?ml|jsonl?|toml|csv|org)$/i.test(file)) return null;
  const { best } = chooseRegion(document, false, null);
  return best ? { score: scores[best.shape], evidence: best.evidence } : null;
}

function read(source: Source, firstNumber: number): FormatList {
  return readMarkdown(source, firstNumber, false);
}

/** `typed`: plain bullets are tasks too, wherever they stand (a list typed by hand). */
export function readMarkdown(source: Source, firstNumber: number, typed: boolean): FormatList {
  const { markdown: document } = source;
  const choice = chooseRegion(document, typed, lineWanted(source));
  const { best, rows } = choice;
  const letters = idLetters(document);
  const made = readBy(source, firstNumber, {
    decide: (line, context) => decide(line, context, best),
    describe,
    containers: best?.shape === "boxes" ? "wordless" : "never",
    order: (outlined) =>
      best?.ordered === true && !outlined.tasks.some(({ parallel }) => parallel !== null)
        ? inSequence(outlined)
        : { order: orderOf(outlined.tasks, outlined.phases), phases: outlined.phases },
    adjust: (task, draft) => (draft.line.item && draft.line.item.number === null ? withLetterId(task, letters) : task),
    rows,
    ...(best ? { others: best.tasks } : {}),
  });
  return { ...made, diagnostics: [...made.diagnostics, ...whichOne(source, choice)] };
}

/** `--format markdown:40`: the list whose first task, or whose heading, stands on line 40. */
function lineWanted({ part, markdown: document }: Source): number | null {
  if (part === null) return null;
  if (/^\d{1,7}$/.test(part)) return Number(part) - 1;
  const heading = document.headings.find(({ name }) => name.toLowerCase().includes(part.toLowerCase()));
  return heading?.line ?? -1;
}

/** Two parts of a text that are as good: only a person can say which one is the list. */
function whichOne({ file }: Source, { best, rival }: Choice): Diagnostic[] {
  if (!best || !rival) return [];
  const [one, other] = [best, rival].map((region) => ({ line: first(region) + 1, what: region.evidence }));
  if (!one || !other) return [];
  return [
    {
      severity: "error",
      rule: "which-list",
      message: `Two parts of this file may be the task list: ${one.what} (line ${one.line}) and ${other.what} (line ${other.line})`,
      expected: "one task list in a file",
      fix: `say which one is meant: \`--format markdown:${one.line}\` or \`--format markdown:${other.line}\``,
      place: { file, line: one.line, column: 1 },
      related: [{ message: "the other one", place: { file, line: other.line, column: 1 } }],
    },
  ];
}

/** What a text without a clear list may mean, strongest first: each with its line. */
export function weakRegions(document: MarkdownDocument): { line: number; what: string }[] {
  return chooseRegion(document, false, null).weak.map((region) => ({ line: first(region) + 1, what: region.evidence }));
}

const letterId = /^([A-Z]{1,3})(\d{1,4}[a-z]?)[ \t]+(?=\S)/;

/** Letters that two items or more begin with, each with a number of its own: `A1 …`, `A2 …` are ids, one `S3 …` is a name. */
function idLetters({ lines }: MarkdownDocument): ReadonlySet<string> {
  const numbers = new Map<string, Set<string>>();
  for (const { item } of lines) {
    const [, letters, number] = letterId.exec(item?.content ?? "") ?? [];
    if (letters === undefined || number === undefined) continue;
    numbers.set(letters, (numbers.get(letters) ?? new Set()).add(number));
  }
  return new Set([...numbers].flatMap(([letters, own]) => (own.size > 1 ? [letters] : [])));
}

function withLetterId(task: ListedTask, letters: ReadonlySet<string>): ListedTask {
  const found = letterId.exec(task.title);
  if (found?.[1] === undefined || !letters.has(found[1])) return task;
  const id = found[0].trimEnd();
  return { ...task, id, writtenId: id, title: task.title.slice(found[0].length) };
}

function decide(line: MarkdownLine, { headings, inside }: Context, best: Region | null): Verdict {
  if (!best) return line.item?.box ? asideOf(headings, null, inside, line) : null;
  const { shape, tasks } = best;
  if (tasks.has(line.place.line - 1)) {
    // A numbered list inside an item says how it is done.
    const nested = inside !== null && (shape === "numbers" || shape === "bullets");
    if (!nested) return "task";
  }
  return line.item?.box ? asideOf(headings, shape, inside, line) : null;
}

function asideOf(
  headings: readonly string[],
  shape: Region["shape"] | null,
  inside: Draft | null,
  line: MarkdownLine,
): Verdict {
  if (inside) return { aside: `a step of the task on line ${inside.line.place.line}` };
  const hasId = readTaskText(line.item?.content ?? "", null).id !== null;
  const aside = asideOver(headings, hasId);
  if (aside !== undefined) return { aside: `under the heading "${aside}"` };
  return {
    aside: shape === "headings" ? "outside the headings that are the tasks" : "outside the list that was found",
  };
}

/** Phases follow each other when their headings number them or call them phases; other headings only group. */
export function describe({ name }: Heading): Omit<Phase, "name" | "parent" | "place"> {
  const number =
    /^\**(?:Phase|Stage|Step|Wave|Milestone|Sprint|Part|Batch|Round|Iteration)\s+([\dA-Z][\d.]*)|^(\d+(?:\.\d+)*)[.):\s]/i.exec(
      name,
    );
  const story = /\bUser Story\s+(\d+)|\bUS(\d+)\b/i.exec(name);
  return {
    number: (number?.[1] ?? number?.[2] ?? null)?.replace(/\.$/, "") ?? null,
    kind: null,
    story: story ? `US${story[1] ?? story[2]}` : null,
    parallel: parallelOf(name),
    ordered: number !== null || /\((?:[^()]*\s)?after\b/i.test(name),
  };
}

function parallelOf(name: string): boolean | null {
  if (/\bnot (?:in )?parallel|\bnon-parallel/i.test(name)) return false;
  if (/\bsequential(?:ly)?\b|\bone after another\b/i.test(name)) return false;
  // "(can run in parallel with Phase 3)" is about the phase, not about its tasks.
  if (/\bparallel\b(?! with)|^independent tasks\b/i.test(name)) return true;
  return null;
}

/** A list that marks some tasks or phases as parallel or sequential means something by leaving others unmarked. */
function orderOf(tasks: Outlined["tasks"], phases: readonly Phase[]): OrderRule {
  const marked = tasks.some((task) => task.parallel !== null) || phases.some((phase) => phase.parallel !== null);
  return marked ? "barriers" : "none";
}
