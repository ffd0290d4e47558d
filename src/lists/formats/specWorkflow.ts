import type { ListedTask, TaskStatus } from "../../model/task.ts";
import { readBy } from "../markdown/boxes.ts";
import type { Detection, Format, FormatList, Source } from "../format.ts";
import { describe } from "./markdown.ts";
import type { MarkdownLine } from "../markdown/scan.ts";
import { inSequence } from "../sequence.ts";
import { readTaskText } from "../taskText.ts";
import type { Context, Verdict } from "../markdown/walk.ts";

/** claude-code-spec-workflow (`.claude/specs/`) and spec-workflow-mcp (`.spec-workflow/specs/`): numbered boxes with `_Leverage_`, `_Prompt_`, `File:`. */
export const specWorkflow: Format = {
  name: "spec-workflow",
  title: "spec-workflow tasks.md",
  path: /(?:^|\/)(?:\.claude|\.spec-workflow)\/(?:specs|archive\/specs)\/[^/]+\/tasks\.md$/,
  page: { where: "the file", order: "one after another", ticked: "its box" },
  hidden: [".spec-workflow"],
  detect,
  read,
};

function detect({ markdown, file }: Source): Detection | null {
  const count = (test: RegExp): number => markdown.lines.filter(({ text }) => test.test(text)).length;
  const numbered = markdown.lines.filter(({ item }) => item?.box && hasNumber(item.content)).length;
  if (numbered === 0) return null;
  const own = count(/^\s*(?:[-*]\s+)?_(?:Leverage|Prompt|Blocked):/);
  const files = count(/^\s*(?:[-*]\s+)?Files?:\s/);
  const purposes = count(/^\s*(?:[-*]\s+)?Purpose:\s/);
  const evidence = `${numbered} numbered boxes`;
  if (own > 0) return { score: 0.9, evidence: `${evidence}, ${own} lines such as _Leverage: …_ or _Prompt: …_` };
  if (files > 0 && purposes > 0)
    return { score: 0.75, evidence: `${evidence}, ${files} with \`File:\` and ${purposes} with \`Purpose:\`` };
  if (specWorkflow.path?.test(file)) return { score: 0.65, evidence: `${evidence} in a folder of spec-workflow` };
  return null;
}

function hasNumber(content: string): boolean {
  return /^(?:\*\*)?\d+(?:\.\d+)*\s*\\?\.?\s/.test(content);
}

function read(source: Source, firstNumber: number): FormatList {
  return readBy(source, firstNumber, {
    decide,
    describe,
    statusOf,
    containers: "wordless",
    order: inSequence,
    adjust,
  });
}

/** Numbered boxes are tasks wherever they stand; the tool does not see others, but people may mean them. */
function decide({ item }: MarkdownLine, { headings, inside }: Context): Verdict {
  if (!item?.box) return null;
  if (readTaskText(item.content, item.number).id !== null) return "task";
  if (inside) return { aside: `a step of the task on line ${inside.line.place.line}` };
  const criteria = headings.find((name) => /criteria|checklist|guidelines|format|requirements/i.test(name));
  return criteria === undefined ? "task" : { aside: `under the heading "${criteria}", without a number` };
}

function statusOf(state: string): TaskStatus | null {
  return state === "-" ? "running" : state === "~" ? "needs-input" : null;
}

/** Its parser knows no `[X]`. */
function adjust(task: ListedTask): ListedTask {
  return { ...task, box: task.box ? { ...task.box, done: task.status === "done" ? task.box.was : "x" } : null };
}
