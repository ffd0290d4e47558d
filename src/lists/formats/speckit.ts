import type { Phase } from "../../model/list.ts";
import type { Detection, Format, FormatList, Source } from "../format.ts";
import type { Heading, MarkdownLine } from "../markdown/scan.ts";
import { asideOver } from "../markdown/headingSort.ts";
import { titleOf } from "../markdown/boxes.ts";
import { leftOut } from "../markdown/leftOut.ts";
import { outline } from "../markdown/outline.ts";
import { readTaskText } from "../taskText.ts";
import { walk, type Context, type Verdict } from "../markdown/walk.ts";

/** GitHub spec-kit: `specs/NNN-name/tasks.md`, in the template of today and the one before October 2025. */
export const speckit: Format = {
  name: "speckit",
  title: "GitHub spec-kit tasks.md",
  path: /(?:^|\/)specs\/[^/]+\/tasks\.md$/,
  page: { where: "the file", order: "phases in order; `[P]` side by side; stories side by side", ticked: "its box" },
  hidden: [".specify"],
  detect,
  read,
};

function detect({ markdown }: Source): Detection | null {
  let ids = 0;
  let marks = 0;
  for (const { item } of markdown.lines) {
    if (!item?.box) continue;
    if (/^(?:\[P\] ?)?[*`[~]{0,3}(?:T\d{3,}|[A-Z][A-Z0-9]*-\d{3})[a-z]?\b/.test(item.content)) ids += 1;
    if (/\[(?:P|US\d+)\]/.test(item.content.slice(0, 60))) marks += 1;
  }
  if (ids === 0) return null;
  const phases = markdown.headings.filter(({ name }) => /^(?:Phase \w|Wave \d)/.test(name)).length;
  const template =
    markdown.headings.some(({ name }) => /^(?:Task )?Format\b|^Path Conventions/.test(name)) ||
    markdown.lines.slice(0, 40).some(({ text }) => text.includes("Design documents from"));
  const evidence = [`${ids} boxes with ids such as T001`];
  if (marks > 0) evidence.push(`${marks} marked [P] or [US1]`);
  if (phases > 0) evidence.push(`${phases} phase headings`);
  if (template) evidence.push("words of the template");
  const signs = [marks > 0, phases > 0, template].filter(Boolean).length;
  return { score: [0.4, 0.6, 0.8, 0.9][signs] ?? 0.4, evidence: evidence.join(", ") };
}

function read(source: Source, firstNumber: number): FormatList {
  const { markdown } = source;
  const walked = walk(markdown, decide);
  const parent = (heading: number): number => markdown.headings[heading]?.parent ?? -1;
  const level1 = markdown.headings.filter(({ level }) => level === 1).length;
  const made = outline(markdown, walked, {
    // The outermost heading below the title: sub-headings such as "Tests" do not divide a phase.
    phaseOf: (heading) => {
      let at = heading;
      for (let up = parent(at); up >= 0; up = parent(at)) {
        if ((markdown.headings[up]?.level ?? 1) === 1 && level1 === 1) break;
        at = up;
      }
      return markdown.headings[at]?.level === 1 && level1 === 1 ? -1 : at;
    },
    describe,
    firstNumber,
  });
  return {
    ...made,
    title: markdown.headings.find(({ level }) => level === 1)?.name.replace(/^Tasks?:\s*/, "") ?? null,
    order: "barriers",
    setAside: [...walked.setAside, ...leftOut(markdown, walked, made, titleOf(markdown))].toSorted(
      (a, b) => a.line - b.line,
    ),
    boxes: markdown.boxes,
    options: source.frontMatter.options,
    diagnostics: [...markdown.diagnostics, ...made.diagnostics],
  };
}

function decide(line: MarkdownLine, { headings, inside }: Context): Verdict {
  const { item } = line;
  if (!item) return null;
  const hasId = item.box !== null && readTaskText(item.content).id !== null;
  const aside = asideOver(headings, hasId);
  if (!item.box) {
    // A state that search-and-replace ran over: `- [5] T069 …`.
    const accident = /^\[\w\]\s+T\d{3}/.test(item.content) && aside === undefined;
    return accident ? { aside: `\`${item.content.slice(0, 3)}\` is no state of a box` } : null;
  }
  if (aside !== undefined) return { aside: `under the heading "${aside}"` };
  if (!hasId && inside) return { aside: `a step of the task on line ${inside.line.place.line}` };
  return "task";
}

function describe({ name }: Heading): Omit<Phase, "name" | "parent" | "place"> {
  const story = /\bUser Stor(?:y|ies)\s+(\d+)|\bUS(\d+)\b/i.exec(name);
  const kind = story
    ? "story"
    : /\bfoundation(?:al|s)?\b|\bblocking prerequisites\b/i.test(name)
      ? "foundational"
      : /\bpolish\b|\bcross-cutting\b/i.test(name)
        ? "polish"
        : /\bset-?up\b/i.test(name)
          ? "setup"
          : null;
  return {
    number: /^(?:Phase|Wave|Stage|Step|Milestone)\s+([\d.]+|N\b)/i.exec(name)?.[1]?.replace(/\.$/, "") ?? null,
    kind,
    story: story ? `US${story[1] ?? story[2]}` : null,
    parallel: null,
    // User stories wait for the foundation, not for each other.
    ordered: kind !== "story",
  };
}
