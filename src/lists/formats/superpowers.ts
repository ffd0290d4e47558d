import { readBy } from "../markdown/boxes.ts";
import type { Detection, Format, FormatList, Source } from "../format.ts";
import { describe, headingTask } from "./markdown.ts";
import { scan, type MarkdownDocument } from "../markdown/scan.ts";
import { inSequence } from "../sequence.ts";

/** superpowers plans (`docs/superpowers/plans/`, `docs/plans/`): headings `### Task 1: …`, whose boxes are steps. */
export const superpowers: Format = {
  name: "superpowers",
  title: "superpowers plan",
  path: /(?:^|\/)docs\/(?:superpowers\/)?plans\/[^/]+\.md$/,
  page: { where: "the file", order: "one after another; steps belong to their task", ticked: "the ledger" },
  detect,
  read,
};

const taskNumber = /^(?:\[[ xX]\]\s*)?Task\s+(\d+(?:\.\d+)*[a-z]?)\b/;

function detect({ markdown, file }: Source): Detection | null {
  const tasks = markdown.headings.filter(({ name }) => taskNumber.test(name)).length;
  if (tasks === 0) return null;
  const count = (test: RegExp): number => markdown.lines.filter(({ text }) => test.test(text)).length;
  const steps = count(/^\s*(?:- \[[ xX]\]\s+)?(?:#{2,6}\s+)?(?:\*\*)?Step \d+[a-z]?\s*[:.]/);
  const files = count(/^\s*(?:[-*]\s+)?(?:\*\*)?(?:Create|Modify|Test|Consumes|Produces)(?:\*\*)?:/);
  const named = markdown.lines.slice(0, 40).some(({ text }) => /superpowers|executing-plans|For Claude/i.test(text));
  const placed = superpowers.path?.test(file) === true;
  const signs = [steps > 0, files > 0, named, placed].filter(Boolean).length;
  if (signs === 0) return null;
  const evidence = `${tasks} headings such as "Task 1: …", ${steps} steps, ${files} lines such as \`Create: …\``;
  return { score: [0, 0.6, 0.8, 0.9, 0.9][signs] ?? 0.9, evidence };
}

function read(source: Source, firstNumber: number): FormatList {
  const rules = { decide: headingTask, describe, containers: "never", order: inSequence } as const;
  return readBy(source, firstNumber, rules, mended(source));
}

/**
 * Plans hold whole files, and a fence among them that does not close turns every later one inside out. A heading of a
 * task that is missing outside ends the bare fence that swallowed it.
 */
function mended(source: Source): MarkdownDocument {
  const { markdown } = source;
  const outside = new Set(markdown.headings.flatMap(({ name }) => taskNumber.exec(name)?.[1] ?? []));
  const swallowed = new Set<number>();
  for (const [index, line] of markdown.lines.entries()) {
    if (line.kind !== "code" || line.fence !== "" || !line.text.startsWith("#")) continue;
    const number = taskNumber.exec(line.text.replace(/^#{1,6}\s+/, ""))?.[1];
    if (number !== undefined && !outside.has(number)) swallowed.add(index);
  }
  if (swallowed.size === 0) return markdown;
  return scan(source.text, source.file, source.frontMatter.end, swallowed);
}
