import type { ListedTask, TaskStatus } from "../../model/task.ts";
import { readBy } from "../markdown/boxes.ts";
import type { Detection, Format, FormatList, Source } from "../format.ts";
import { describe } from "./markdown.ts";
import type { MarkdownDocument, MarkdownLine } from "../markdown/scan.ts";
import { inSequence } from "../sequence.ts";
import type { Context, Draft, Verdict } from "../markdown/walk.ts";

/**
 * Conductor: `conductor/tracks/<id>/plan.md`. Boxes `- [ ] Task: …` under phases; deeper boxes are steps; the manual
 * verification that ends a phase holds everything. Ids stand in comments (`<!-- id: 3 -->`) or in bold (`**1.1 …**`).
 */
export const conductor: Format = {
  name: "conductor",
  title: "Conductor plan.md",
  path: /(?:^|\/)conductor\/(?:tracks|archive)\/.*plan\.md$/,
  page: { where: "the file", order: "one after another; manual checks are gates", ticked: "its box" },
  detect,
  read,
};

const verification = /\b(?:User Manual|Automated) Verification\b/i;
const idComment = /<!--\s*id:\s*([A-Za-z0-9][\w.-]{0,40})\s*-->/;

function detect({ markdown, file }: Source): Detection | null {
  const phases = markdown.headings.filter(({ name }) => /^Phase \d/i.test(name)).length;
  const boxes = markdown.lines.filter(({ item }) => item?.box);
  const tasks = boxes.filter(({ item }) => /^\**Task:/i.test(item?.content ?? "")).length;
  if (phases === 0 || boxes.length === 0) return null;
  const has = (test: RegExp): boolean => markdown.lines.some(({ text }) => test.test(text));
  const signs = [
    [tasks > 0, `${tasks} boxes such as "Task: …"`],
    [has(/Conductor - /) || has(/\*\*Track ID:?\*\*/), "its own words"],
    [has(/\[checkpoint: [\w ]+\]/i) || has(/^\*\*Phase Checkpoint/), "checkpoints"],
    [has(idComment), "ids in comments"],
    [/(?:^|\/)conductor\//.test(file), "its folder"],
  ] as const;
  const seen = signs.flatMap(([yes, what]) => (yes ? [what] : []));
  if (seen.length === 0) return null;
  return { score: seen.length > 1 ? 0.9 : 0.65, evidence: `${phases} phases, ${seen.join(", ")}` };
}

function read(source: Source, firstNumber: number): FormatList {
  const checks = checkpointLines(source.markdown);
  const made = readBy(source, firstNumber, {
    decide: (line, context) => decide(line, context, checks),
    describe: (heading) => ({ ...describe(heading), ordered: true }),
    statusOf,
    containers: "never",
    order: inSequence,
    adjust,
  });
  return { ...made, tasks: renumbered(made.tasks) };
}

/** Lines of the list below a label such as `**Phase Checkpoint:**`. */
function checkpointLines(document: MarkdownDocument): ReadonlySet<number> {
  const found = new Set<number>();
  let below = false;
  for (const { kind, text, place } of document.lines) {
    if (kind === "item" && below) found.add(place.line);
    else if (kind === "text" && !/^\s/.test(text)) below = /^\*\*(?:Phase )?Checkpoint\b/i.test(text);
    else if (kind === "heading" || kind === "rule") below = false;
  }
  return found;
}

function decide(line: MarkdownLine, { headings, inside }: Context, checks: ReadonlySet<number>): Verdict {
  if (!line.item?.box) return null;
  if (inside) return { aside: `a step of the task on line ${inside.line.place.line}` };
  if (checks.has(line.place.line)) return { aside: "a check of the phase's checkpoint" };
  const aside = headings.find((name) =>
    /^(?:verification|acceptance|definition of done|success criteria|checklist|final verification)\b(?! phase)/i.test(
      name,
    ),
  );
  return aside === undefined ? "task" : { aside: `under the heading "${aside}"` };
}

function statusOf(state: string): TaskStatus | null {
  return state === "~" ? "running" : null;
}

function adjust(task: ListedTask, { line }: Draft): ListedTask {
  const id = idComment.exec(line.text)?.[1];
  const title = withoutCommit(task.title.replace(idComment, "").trim()).replace(/^Task:\s*/i, "");
  return {
    ...task,
    ...(id === undefined ? {} : { id, writtenId: id }),
    title: title === "" ? task.title : title,
    gate: task.gate || verification.test(title),
  };
}

/** A title without the commit that finished its task: `… abc1234`, `… [abc1234]`. */
function withoutCommit(title: string): string {
  const space = title.lastIndexOf(" ");
  return /^\[?[0-9a-f]{7,40}\]?$/.test(title.slice(space + 1)) ? title.slice(0, Math.max(space, 0)).trimEnd() : title;
}

/** Tasks without an id are numbered by position: where that number is another's id, they get one above all. */
function renumbered(tasks: FormatList["tasks"]): FormatList["tasks"] {
  const given = new Set(tasks.flatMap((task) => (isGiven(task) ? task.writtenId : [])));
  if (given.size === 0) return tasks;
  let next = Math.max(
    0,
    ...[...given]
      .map(Number)
      .filter((number) => Number.isInteger(number))
      .slice(0, 100_000),
  );
  return tasks.map((task) => {
    if (isGiven(task)) return task;
    next += 1;
    return { ...task, id: String(next), writtenId: String(next) };
  });
}

function isGiven(task: ListedTask): boolean {
  return idComment.test(task.lines[0]?.text ?? "") || /[^\d]/.test(task.writtenId);
}
