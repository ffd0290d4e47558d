import type { ListedTask } from "../../model/task.ts";
import { readBy } from "../markdown/boxes.ts";
import type { Detection, Format, FormatList, Source } from "../format.ts";
import { describe } from "./markdown.ts";
import type { MarkdownDocument, MarkdownLine } from "../markdown/scan.ts";
import { inSequence } from "../sequence.ts";
import type { Context, Verdict } from "../markdown/walk.ts";

/**
 * Sisyphus and oh-my-opencode plans (`.sisyphus/plans/`, `.omo/plans/`): boxes `3.` under "TODOs" and `F1` to `F4` of the
 * final review, or headings `TODO 3: …`; most other boxes are criteria.
 */
export const sisyphus: Format = {
  name: "sisyphus",
  title: "Sisyphus plan",
  path: /(?:^|\/)\.(?:sisyphus|omo)\/plans\/[^/]+\.md$/,
  page: { where: "the file", order: "its dependency table and fields", ticked: "its box" },
  hidden: [".sisyphus", ".omo"],
  detect,
  read,
};

/** What its tasks are written as. */
type Shape = "boxes" | "todos" | "phases";

const todoHeading = /^(?:TODO|Task)\s+#?\d+[a-z]?\b/i;
const phaseHeading = /^Phase\s+\d+[a-z]?\s*[:.–—-]/i;

function detect({ markdown, file }: Source): Detection | null {
  const shape = shapeOf(markdown);
  if (!shape) return null;
  const has = (test: RegExp): boolean => markdown.lines.some(({ text }) => test.test(text));
  const heading = (test: RegExp): boolean => markdown.headings.some(({ name }) => test.test(name));
  const signs = [
    ["Parallelization notes", has(/^\s*(?:[-*]\s+)?\*\*(?:Parallelization|Can Run In Parallel|Parallelizable)\*\*/)],
    ['a heading "TODOs"', heading(/\bTODOs$/)],
    ['a heading "Must NOT Have"', heading(/^Must NOT Have/i)],
    ["agent profiles", has(/\*\*Recommended Agent Profile\*\*/)],
    ["its name", has(/\bsisyphus\b|\bprometheus\b/i)],
    ["its folder", /(?:^|\/)\.(?:sisyphus|omo)\//.test(file)],
  ] as const;
  const seen = signs.flatMap(([what, yes]) => (yes ? [what] : []));
  const strong = seen.filter((what) => what !== "its name" && what !== "its folder").length;
  if (strong === 0 && seen.length < (shape === "phases" ? 1 : 2)) return null;
  const score = strong > 1 ? 0.92 : strong === 1 || seen.includes("its folder") ? 0.7 : 0.4;
  return { score, evidence: `a plan with ${seen.join(", ")}` };
}

function shapeOf(document: MarkdownDocument): Shape | null {
  if (document.lines.some((line) => isTodo(line, under(document, line)))) return "boxes";
  if (document.headings.some(({ name }) => todoHeading.test(name))) return "todos";
  const phases = document.headings.filter(({ name }) => phaseHeading.test(name)).length;
  const steps = document.headings.some(({ name }) => /^\d+\.\d+\s/.test(name));
  return phases >= 2 && !steps ? "phases" : null;
}

function under(document: MarkdownDocument, line: MarkdownLine): string {
  return document.headings[line.heading]?.name ?? "";
}

/** A numbered box of the first level; those of the lists of criteria have no numbers. */
function isTodo({ item, indent }: MarkdownLine, heading: string): boolean {
  if (!item?.box || indent > 1) return false;
  if (/definition of done|checklist|criteria|evidence/i.test(heading)) return false;
  return /^(?:\*\*)?(?:(?:TODO|Task)\s+)?(?:\d+[a-z]?(?:\.\d+)*|F\d+)[.:)]/i.test(item.content);
}

function read(source: Source, firstNumber: number): FormatList {
  const shape = shapeOf(source.markdown) ?? "boxes";
  return readBy(source, firstNumber, {
    decide: (line, context) => decide(line, context, shape),
    describe,
    containers: "never",
    order: inSequence,
    adjust,
  });
}

function decide(line: MarkdownLine, { headings, inside }: Context, shape: Shape): Verdict {
  const name = headings.at(-1) ?? "";
  if (!line.item) {
    const test = shape === "todos" ? todoHeading : shape === "phases" ? phaseHeading : null;
    return test?.test(name) === true ? "task" : null;
  }
  if (!line.item.box) return null;
  if (shape === "boxes" && isTodo(line, name)) return "task";
  return {
    aside: inside
      ? `a criterion or step of the task on line ${inside.line.place.line}`
      : `under the heading "${name}", which holds no tasks`,
  };
}

function adjust(task: ListedTask): ListedTask {
  const text = task.lines.map((line) => line.text);
  const said = text.flatMap((line) => /Can (?:Run In )?Parallel(?:ize)?\W{1,6}(YES|NO)\b/i.exec(line)?.[1] ?? []);
  const found = /^(?:TODO|Phase)\s+#?(\d+[a-z]?)\s*[:.–—-]\s*/i.exec(task.title);
  const id = found?.[1] ?? task.writtenId;
  return {
    ...task,
    id,
    writtenId: id,
    title: found ? task.title.slice(found[0].length) : task.title,
    parallel: task.parallel ?? (/yes/i.test(said[0] ?? "") ? true : null),
  };
}
