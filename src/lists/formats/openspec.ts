import { readBy } from "../markdown/boxes.ts";
import type { Detection, Format, FormatList, Source } from "../format.ts";
import { describe, headingTask, shapeOf } from "./markdown.ts";
import type { MarkdownLine } from "../markdown/scan.ts";
import { inSequence } from "../sequence.ts";
import type { Context, Verdict } from "../markdown/walk.ts";

/**
 * OpenSpec: `openspec/changes/<change>/tasks.md`, groups `## 1. Setup` with boxes `1.1`. Its parser takes every box with
 * a blank or an `x` for a task, whatever it stands under, and "tasks are ordered by dependency".
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
  const shape = placed ? shapeOf(markdown, false) : null;
  return shape ? { score: 0.6, evidence: `a list of tasks (${shape}) in an OpenSpec folder` } : null;
}

function read(source: Source, firstNumber: number): FormatList {
  const boxes = source.markdown.lines.some(({ item }) => item?.box && known(item.box.state));
  const headings = !boxes || shapeOf(source.markdown, false) === "headings";
  return readBy(source, firstNumber, {
    decide: (line, context) => decide(line, context, headings),
    describe,
    containers: "wordless",
    order: inSequence,
  });
}

function known(state: string): boolean {
  return /^[\sxX]?$/.test(state);
}

function decide(line: MarkdownLine, context: Context, headings: boolean): Verdict {
  const { item } = line;
  if (headings) return headingTask(line, context);
  if (!item?.box) return null;
  return known(item.box.state) ? "task" : { aside: `\`[${item.box.state}]\` is no state of an OpenSpec box` };
}
