import type { Phase, OrderRule } from "../../model/list.ts";
import type { ListedTask } from "../../model/task.ts";
import { readBy } from "../markdown/boxes.ts";
import type { Detection, Format, FormatList, Source } from "../format.ts";
import { headingPath, type Heading, type MarkdownDocument, type MarkdownLine } from "../markdown/scan.ts";
import { asideOver, type Outlined } from "../markdown/outline.ts";
import { readTaskText } from "../taskText.ts";
import type { Context, Draft, Verdict } from "../markdown/walk.ts";

/** Any Markdown list: boxes, numbered items, headings such as `### Task 3: …`, or bullets under a heading "Tasks". */
export const markdown: Format = {
  name: "markdown",
  title: "Markdown task list",
  path: null,
  page: { where: "the file", order: "markers where it has any; numbered headings in order", ticked: "its box" },
  detect,
  read,
};

/** What counts as a task in a file: the first of these that it has. */
type Shape = "headings" | "boxes" | "numbers" | "bullets";

const taskHeading =
  /^(?:\*\*)?(?:\[[ xX]\]\s*)?(?:Task\s+(?:[A-Z]{1,4}-?)?|(?:TASK|STORY|ISSUE|T)-?)\d+(?:\.\d+)*[a-z]?\b\s*[:.)–—-]/;
/** Headings that are tasks, and the boxes under them their steps. */
export function headingTask(line: MarkdownLine, { headings, inside }: Context): Verdict {
  const { item } = line;
  if (!item) return taskHeading.test(headings.at(-1) ?? "") ? "task" : null;
  if (!item.box) return null;
  return {
    aside: inside ? `a step of the task on line ${inside.line.place.line}` : "outside the headings that are the tasks",
  };
}

const listHeading = /^(?:sub-?)?(?:tasks?|to-?dos?|task list|implementation (?:plan|tasks)|work items)\b/i;

function detect({ markdown: document }: Source): Detection | null {
  const shape = shapeOf(document, false);
  if (!shape) return null;
  const [score, what] = {
    headings: [0.25, "headings such as `Task 1: …`"],
    boxes: [0.2, "task boxes"],
    numbers: [0.1, "a numbered list"],
    bullets: [0.1, "a list under a heading such as `Tasks`"],
  }[shape] as [number, string];
  return { score, evidence: what };
}

function read(source: Source, firstNumber: number): FormatList {
  return readMarkdown(source, firstNumber, false);
}

/** `anyBullet`: plain bullets are tasks too, wherever they stand (a list typed by hand). */
export function readMarkdown(source: Source, firstNumber: number, anyBullet: boolean): FormatList {
  const shape = shapeOf(source.markdown, anyBullet);
  const letters = idLetters(source.markdown);
  return readBy(source, firstNumber, {
    decide: (line, { headings, inside }) => decide(line, headings, inside, shape, anyBullet),
    describe,
    containers: shape === "boxes" ? "wordless" : "never",
    order: ({ tasks, phases }) => ({ order: orderOf(tasks, phases), phases }),
    adjust: (task, draft) => (draft.line.item?.number == null ? withLetterId(task, letters) : task),
  });
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

/** The first way of writing tasks that a text has. */
export function shapeOf(document: MarkdownDocument, anyBullet: boolean): Shape | null {
  const has = (test: (line: MarkdownLine) => boolean): boolean =>
    document.lines.some((line) => line.item !== null && !underAside(document, line) && test(line));
  if (document.headings.filter(({ name }) => taskHeading.test(name)).length >= 2) return "headings";
  if (has((line) => line.boxed)) return "boxes";
  if (has((line) => line.item?.number != null)) return "numbers";
  return has((line) => anyBullet || listHeading.test(document.headings[line.heading]?.name ?? "")) ? "bullets" : null;
}

function underAside({ headings }: MarkdownDocument, { heading, item }: MarkdownLine): boolean {
  const hasId = item?.box != null && readTaskText(item.content, null).id !== null;
  return asideOver(headingPath(headings, heading), hasId) !== undefined;
}

function decide(
  line: MarkdownLine,
  headings: readonly string[],
  inside: Draft | null,
  shape: Shape | null,
  anyBullet: boolean,
): Verdict {
  const { item } = line;
  if (!item) return shape === "headings" ? headingTask(line, { headings, inside }) : null;
  const aside = asideOver(headings, item.box !== null && readTaskText(item.content, null).id !== null);
  if (item.box) {
    if (aside !== undefined) return { aside: `under the heading "${aside}"` };
    return shape === "headings" ? headingTask(line, { headings, inside }) : "task";
  }
  if (aside !== undefined || inside || line.indent > 3) return null;
  if (shape === "numbers") return item.number === null ? null : "task";
  if (shape !== "bullets") return null;
  return anyBullet || listHeading.test(headings.at(-1) ?? "") ? "task" : null;
}

/** Phases follow each other when their headings number them or call them phases; other headings only group. */
export function describe({ name }: Heading): Omit<Phase, "name" | "parent" | "place"> {
  const number = /^(?:Phase|Stage|Step|Wave|Milestone|Sprint|Part)\s+([\dA-Z][\d.]*)|^(\d+(?:\.\d+)*)[.):\s]/i.exec(
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
