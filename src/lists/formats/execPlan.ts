import type { SetAside } from "../../model/list.ts";
import { readBy } from "../markdown/boxes.ts";
import type { Detection, Format, FormatList, Source } from "../format.ts";
import { filesIn } from "../listed.ts";
import type { Heading, MarkdownDocument, MarkdownLine } from "../markdown/scan.ts";
import type { Verdict } from "../markdown/walk.ts";
import { mergeFiles } from "../paths.ts";
import { inSequence } from "../sequence.ts";
import { describe } from "./markdown.ts";

/** Codex ExecPlan: a living document with the boxes of its work under Progress, and milestones told in sections of their own. */
export const execPlan: Format = {
  name: "exec-plan",
  title: "ExecPlan",
  path: /(?:^|\/)(?:exec-?plans?\/.+|(?:PLANS?|EXEC_?PLAN)[^/]*)\.md$/i,
  hidden: [".agent", ".agents", ".codex"],
  page: { where: "the file", order: "one after another", ticked: "its box under Progress" },
  detect,
  read,
};

const sections =
  /^(?:surprises (?:&|and) discoveries|decision log|outcomes (?:&|and) retrospective|purpose\b.*\bbig picture|context and orientation|plan of work|concrete steps|validation (?:&|and) acceptance|idempotence (?:&|and) \w+|interfaces and dependencies|artifacts and notes)$/i;
const milestone = /^milestone\s+(\d+(?:\.\d+)?[a-z]?)\b/i;

function isProgress(name: string): boolean {
  return /^progress$/i.test(name.replaceAll(/[*:`]/g, "").trim());
}

/** Boxes under the heading Progress. */
function progressOf({ lines, headings }: MarkdownDocument): MarkdownLine[] {
  return lines.filter(({ item, heading }) => item?.box != null && isProgress(headings[heading]?.name ?? ""));
}

function milestonesOf({ headings }: MarkdownDocument): { number: string; heading: Heading; index: number }[] {
  return headings.flatMap((heading, index) => {
    const number = milestone.exec(heading.name)?.[1];
    return number === undefined ? [] : [{ number, heading, index }];
  });
}

function detect({ markdown }: Source): Detection | null {
  const own = markdown.headings.filter(({ name }) => sections.test(name.trim())).length;
  if (own < 3 || !markdown.headings.some(({ name }) => isProgress(name))) return null;
  const boxes = progressOf(markdown).length;
  const milestones = milestonesOf(markdown).length;
  if (boxes + milestones === 0) return null;
  const what = boxes > 0 ? `${boxes} boxes under Progress` : `${milestones} milestones`;
  return { score: 0.85, evidence: `${what}, and ${own} sections of an ExecPlan such as Decision Log` };
}

function read(source: Source, firstNumber: number): FormatList {
  const { markdown } = source;
  const milestones = milestonesOf(markdown);
  const progress = progressOf(markdown);
  const named = new Set(progress.flatMap(({ item }) => milestoneIn(item?.content ?? "") ?? []));
  // Where Progress goes by milestones, those that it does not name yet are still to do.
  const byMilestones = progress.length === 0 || named.size > 0;
  const decide = (line: MarkdownLine): Verdict => {
    const heading = markdown.headings[line.heading];
    if (line.kind === "heading") {
      const number = milestone.exec(heading?.name ?? "")?.[1];
      if (number === undefined || named.has(number)) return null;
      return byMilestones ? "task" : null;
    }
    if (!line.item?.box) return null;
    return isProgress(heading?.name ?? "")
      ? "task"
      : { aside: `under the heading "${heading?.name ?? ""}": in an ExecPlan the boxes of Progress are the tasks` };
  };
  const made = readBy(source, firstNumber, {
    decide,
    describe,
    containers: "never",
    order: inSequence,
    adjust: (task) => {
      const title = task.title.replace(/^\(?\d{4}-\d\d-\d\d[T ]?[\d:]*\s*(?:Z|UTC)?\)?\s*(?:[-–—:]\s*)?/, "");
      const own = milestones.find(({ number }) => number === milestoneIn(title));
      if (!own || task.source.line === own.heading.line + 1) return { ...task, title };
      const next = markdown.headings.slice(own.index + 1).find(({ level }) => level <= own.heading.level);
      const told = markdown.lines.slice(own.heading.line + 1, next?.line).map(({ text }) => text);
      const body = [task.body, ...told].join("\n").trim();
      return { ...task, title, body, files: mergeFiles([...task.files, ...filesIn(...told)]) };
    },
  });
  const told = byMilestones ? [] : milestones;
  const setAside = told.map(({ heading: { name, line } }): SetAside => {
    const reason = "a milestone whose work Progress lists in smaller steps";
    return { file: source.file, line: line + 1, text: name, reason };
  });
  return { ...made, setAside: [...made.setAside, ...setAside].toSorted((a, b) => a.line - b.line) };
}

function milestoneIn(text: string): string | null {
  return /\bmilestone\s+(\d+(?:\.\d+)?[a-z]?)\b/i.exec(text.slice(0, 200))?.[1] ?? null;
}
