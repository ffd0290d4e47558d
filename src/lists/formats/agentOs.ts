import type { Phase } from "../../model/list.ts";
import type { ListedTask, TaskStatus } from "../../model/task.ts";
import { readBy } from "../markdown/boxes.ts";
import { readFields } from "../fields.ts";
import type { Detection, Format, FormatList, Source } from "../format.ts";
import { describe, headingTask } from "./markdown.ts";
import type { Heading, MarkdownDocument, MarkdownLine } from "../markdown/scan.ts";
import { asideOver } from "../markdown/headingSort.ts";
import { inSequence } from "../sequence.ts";
import { readTaskText } from "../taskText.ts";
import type { Context, Verdict } from "../markdown/walk.ts";

/**
 * Agent OS: `agent-os/specs/<date-name>/tasks.md` with headings `Task Group 2: …` (dependencies and implementer belong to
 * the group), and `.agent-os/specs/…` with boxes `1.` and `1.1`. Some lists have headings alone.
 */
export const agentOs: Format = {
  name: "agent-os",
  title: "Agent OS tasks.md",
  path: /(?:^|\/)\.?agent-os[^/]*\/specs\/[^/]+\/tasks\.md$/,
  page: { where: "the file", order: "groups as they depend on each other", ticked: "its box" },
  hidden: [".agent-os"],
  detect,
  read,
};

const groupHeading = /^Task Group\s+(\d+(?:\.\d+)*[a-z]?)\b/i;
const numberedHeading = /^\d+(?:\.\d+)*\.?\s/;

function detect({ markdown, file }: Source): Detection | null {
  const groups = markdown.headings.filter(({ name }) => groupHeading.test(name)).length;
  if (groups > 0) return { score: 0.9, evidence: `${groups} headings such as "Task Group 1: …"` };
  const named =
    markdown.headings.some(({ name, level }) => level === 1 && /^Spec Tasks$/i.test(name)) ||
    markdown.lines.slice(0, 20).some(({ text }) => /@\.?agent-os\//.test(text));
  const placed = /(?:^|\/)\.?agent-os[^/]*\//.test(file);
  if (!named && !placed) return null;
  const boxes = markdown.lines.filter(({ item }) => item?.box).length;
  if (boxes === 0 && headingsOf(markdown) === null) return null;
  const words = named ? "the words of its template" : "its folder";
  return { score: named ? 0.85 : 0.6, evidence: `${words}, ${boxes} boxes` };
}

/** Which headings are tasks where no boxes are; null when boxes are. */
function headingsOf(document: MarkdownDocument): RegExp | null {
  const has = (test: RegExp): boolean => document.headings.filter(({ name }) => test.test(name)).length >= 2;
  if (document.headings.some(({ name }) => groupHeading.test(name))) return null;
  if (has(/^Task \d+[:.]/)) return /^Task \d+[:.]/;
  return !document.lines.some(({ item }) => item?.box) && has(numberedHeading) ? numberedHeading : null;
}

function read(source: Source, firstNumber: number): FormatList {
  const { markdown } = source;
  const headings = headingsOf(markdown);
  const made = readBy(source, firstNumber, {
    decide: headings ? (line, context) => decideHeading(line, context, headings) : decideBox,
    describe: describeGroup,
    statusOf,
    containers: headings ? "never" : "always",
    order: inSequence,
    adjust: (task) => adjust(task, headings),
  });
  return { ...made, tasks: withImplementers(made) };
}

function decideHeading(line: MarkdownLine, context: Context, headings: RegExp): Verdict {
  if (line.item) return headingTask(line, context);
  return headings.test(context.headings.at(-1) ?? "") ? "task" : null;
}

function decideBox({ item }: MarkdownLine, { headings, inside }: Context): Verdict {
  if (!item?.box) return null;
  const hasId = readTaskText(item.content, item.number).id !== null;
  const aside = asideOver(headings, hasId);
  if (aside !== undefined) return { aside: `under the heading "${aside}"` };
  const step = inside !== null && !hasId;
  return step ? { aside: `a step of the task on line ${inside.line.place.line}` } : "task";
}

/** `[~]` is what its users write for deferred work. */
function statusOf(state: string): TaskStatus | null {
  return state === "~" ? "skipped" : null;
}

function describeGroup(heading: Heading): Omit<Phase, "name" | "parent" | "place"> {
  const group = groupHeading.exec(heading.name)?.[1];
  return group === undefined ? describe(heading) : { ...describe(heading), number: group, ordered: true };
}

function adjust(task: ListedTask, headings: RegExp | null): ListedTask {
  const found = headings === numberedHeading ? /^(\d+(?:\.\d+)*)\.?\s+/.exec(task.title) : null;
  return found?.[1] === undefined
    ? task
    : { ...task, id: found[1], writtenId: found[1], title: task.title.slice(found[0].length) };
}

/** `**Assigned implementer:** api-engineer` below a group's heading names the agent of its tasks. */
function withImplementers({ tasks, prose }: FormatList): FormatList["tasks"] {
  const agents = new Map<number, string>();
  for (const { text, phaseIndex } of prose) {
    if (phaseIndex === null || agents.has(phaseIndex)) continue;
    for (const { name, value } of readFields(text))
      if (/^assigned (?:implementer|agent|subagent)$/.test(name)) agents.set(phaseIndex, value.replaceAll("`", ""));
  }
  return tasks.map((task) => ({
    ...task,
    agent: task.agent ?? (task.phaseIndex === null ? null : (agents.get(task.phaseIndex) ?? null)),
  }));
}
