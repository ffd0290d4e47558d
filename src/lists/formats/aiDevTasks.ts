import { readBy } from "../markdown/boxes.ts";
import type { Detection, Format, FormatList, Source } from "../format.ts";
import { describe } from "./markdown.ts";
import { asideOver } from "../markdown/headingSort.ts";
import { inSequence } from "../sequence.ts";
import { readTaskText } from "../taskText.ts";

/** snarktank/ai-dev-tasks: `tasks/tasks-<name>.md`, boxes `1.0` with `1.1` under them, one sub-task at a time. */
export const aiDevTasks: Format = {
  name: "ai-dev-tasks",
  title: "ai-dev-tasks list",
  path: /(?:^|\/)tasks\/tasks-[^/]+\.md$/,
  page: { where: "the file", order: "one after another", ticked: "its box" },
  detect,
  read,
};

function detect({ markdown, file }: Source): Detection | null {
  const parents = markdown.lines.filter(({ item }) => item?.box && /^(?:\*\*)?\d+\.0\s/.test(item.content)).length;
  if (parents === 0) return null;
  const files = markdown.headings.some(({ name }) => /^Relevant Files\b/i.test(name));
  const placed = aiDevTasks.path?.test(file) === true;
  if (!files && !placed && parents < 2) return null;
  return { score: files || placed ? 0.8 : 0.4, evidence: `${parents} boxes such as 1.0 with parts such as 1.1` };
}

function read(source: Source, firstNumber: number): FormatList {
  return readBy(source, firstNumber, {
    decide: ({ item }, { headings }) => {
      if (!item?.box) return null;
      const aside = asideOver(headings, readTaskText(item.content, item.number).id !== null);
      return aside === undefined ? "task" : { aside: `under the heading "${aside}"` };
    },
    describe,
    containers: "wordless",
    order: inSequence,
  });
}
