import { readBy } from "../markdown/boxes.ts";
import type { Detection, Format, FormatList, Source } from "../format.ts";
import { describe, readMarkdown, shapeOf } from "./markdown.ts";
import { isCriteriaHeading } from "../markdown/headingSort.ts";
import type { MarkdownLine } from "../markdown/scan.ts";
import { inSequence } from "../sequence.ts";
import { readTaskText } from "../taskText.ts";
import type { Context, Verdict } from "../markdown/walk.ts";

/**
 * OpenSpec: `openspec/changes/<change>/tasks.md`, groups `## 1. Setup` with boxes `1.1`. Its parser takes every box with
 * a blank or an `x` for a task, and "tasks are ordered by dependency"; criteria are none all the same.
 */
export const openspec: Format = {
  name: "openspec",
  title: "OpenSpec tasks.md",
  path: /(?:^|\/)openspec\/(?:.*\/)?[^/]+\.md$/,
  page: { where: "the file", order: "one after another", ticked: "its box" },
  detect,
  read,
};

function detect({ markdown, file }: Source): Detection | null {
  const grouped = markdown.lines.filter(({ item, heading }) => {
    const group = /^(\d+)\.\s/.exec(markdown.headings[heading]?.name ?? "")?.[1];
    return group !== undefined && item?.box != null && item.content.replace("**", "").startsWith(`${group}.`);
  }).length;
  const placed = /(?:^|\/)openspec\//.test(file);
  if (grouped > 0) {
    const evidence = `${grouped} boxes such as 1.1 under headings such as "1. Setup"`;
    return { score: placed ? 0.8 : 0.62, evidence };
  }
  const shape = placed ? shapeOf(markdown) : null;
  return shape ? { score: 0.6, evidence: `a list of tasks (${shape}) in an OpenSpec folder` } : null;
}

function read(source: Source, firstNumber: number): FormatList {
  const boxes = source.markdown.lines.some(({ item }) => item?.box && known(item.box.state));
  if (!boxes || shapeOf(source.markdown) === "headings") {
    const made = readMarkdown(source, firstNumber, false);
    return { ...made, ...inSequence(made) };
  }
  return readBy(source, firstNumber, {
    decide,
    describe,
    containers: "wordless",
    order: inSequence,
  });
}

function known(state: string): boolean {
  return /^[\sxX]?$/.test(state);
}

function decide({ item }: MarkdownLine, { headings }: Context): Verdict {
  if (!item?.box) return null;
  const criteria = readTaskText(item.content, item.number).id === null ? headings.find(isCriteriaHeading) : undefined;
  if (criteria !== undefined) return { aside: `under the heading "${criteria}"` };
  return known(item.box.state) ? "task" : { aside: `\`[${item.box.state}]\` is no state of an OpenSpec box` };
}
