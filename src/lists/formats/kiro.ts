import type { ListedTask, TaskStatus } from "../../model/task.ts";
import { readBy } from "../markdown/boxes.ts";
import type { Detection, Format, FormatList, Source } from "../format.ts";
import { findWaves, withWaves } from "./kiroWaves.ts";
import { describe, headingTask } from "./markdown.ts";
import { readTaskHeading } from "../markdown/headingTask.ts";
import type { MarkdownDocument, MarkdownLine } from "../markdown/scan.ts";
import { inSequence } from "../sequence.ts";
import { readTaskText } from "../taskText.ts";
import type { Context, Draft, Verdict } from "../markdown/walk.ts";

/** Kiro and cc-sdd: `.kiro/specs/<feature>/tasks.md`, boxes `1.` and `1.1`, `(P)`, optional `*`, checkpoints, waves. */
export const kiro: Format = {
  name: "kiro",
  title: "Kiro or cc-sdd tasks.md",
  path: /(?:^|\/)\.kiro\/specs\/[^/]+\/tasks\.md$/,
  page: {
    where: "the file",
    order: "its `waves` graph, else one after another; `(P)` side by side",
    ticked: "its box",
  },
  hidden: [".kiro"],
  waits: { kind: "note", label: "Depends" },
  detect,
  read,
};

function detect({ markdown, file }: Source): Detection | null {
  const boxes = markdown.lines.filter(({ item }) => item?.box);
  const numbered = boxes.filter(({ item }) => /^\d+(?:\.\d+)*[a-z]?[.*]*\s/.test(item?.content ?? "")).length;
  const headings = markdown.headings.filter(({ name }) => /^\d+(?:\.\d+)*\.?\s/.test(name)).length;
  const named = taskHeadings(markdown);
  if (numbered === 0 && headings === 0 && named === 0) return null;
  const count = (test: RegExp): number => markdown.lines.filter(({ text }) => test.test(text)).length;
  const required = count(
    /^\s*(?:[-*]\s+)?_(?:Requirements?|Requisitos?|Anforderungen|Exigences|Требования|要件|需求|要求|요구사항)[:：]|\*\*Validates: Requirements/,
  );
  const own = [
    [count(/^\s*- \[.?\]\*?\s\d[\d.]*\s\(P\)\s/), "marked (P)"],
    [count(/^\s*- \[.?\]\*\s\d/), "optional (`[ ]*`)"],
    [
      count(/^\s*(?:[-*]\s+)?_(?:Boundary|Depends|Contracts):|\*\*Validates: Requirements/),
      "notes such as _Boundary: …_",
    ],
    [findWaves(markdown) === null ? 0 : 1, "graph of waves"],
  ] as const;
  const seen = own.flatMap(([number, what]) => (number > 0 ? `${number} ${what}` : []));
  const others = count(/^\s*(?:[-*]\s+)?_(?:Leverage|Prompt):/);
  const placed = /(?:^|\/)\.kiro\//.test(file);
  if (others > 0 && !placed) return null;
  if (seen.length === 0 && required === 0 && !placed) return null;
  if (required > 0) seen.unshift(`${required} lines such as _Requirements: 1.1_`);
  const evidence = [`${numbered || headings} numbered ${numbered > 0 ? "boxes" : "headings"}`, ...seen].join(", ");
  return { score: placed || seen.length > 1 ? 0.9 : 0.7, evidence };
}

function read(source: Source, firstNumber: number): FormatList {
  const boxes = source.markdown.lines.some(({ item }) => item?.box) && taskHeadings(source.markdown) < 2;
  const made = readBy(source, firstNumber, {
    decide: boxes ? decide : headingTask,
    describe,
    statusOf,
    containers: "always",
    order: inSequence,
    adjust,
  });
  const waves = findWaves(source.markdown);
  return waves ? withWaves(made, waves) : made;
}

/** Headings such as `## Task 1: …`, which some write instead of boxes: the boxes below them are steps. */
function taskHeadings({ headings }: MarkdownDocument): number {
  return headings.filter(({ name }) => readTaskHeading(name)?.kind === "strong").length;
}

function decide({ item }: MarkdownLine, { inside }: Context): Verdict {
  if (!item?.box) return null;
  if (!inside || readTaskText(item.content, item.number).id !== null) return "task";
  const above = readTaskText(inside.line.item?.content ?? "", inside.line.item?.number ?? null).id !== null;
  if (above) return { aside: `a step of the task on line ${inside.line.place.line}` };
  return "task";
}

/** `[~]` waits in Kiro's own queue: nobody has begun it. */
function statusOf(state: string): TaskStatus | null {
  return state === "-" ? "running" : state === "~" ? "pending" : null;
}

function adjust(task: ListedTask, { line }: Draft): ListedTask {
  const star = task.title.endsWith(" *");
  const boundary = task.lines.flatMap(({ text }) => /^\s*(?:[-*]\s+)?_Boundary:\s*([^_]+)/.exec(text)?.[1] ?? []);
  const components = boundary.flatMap((text) => text.split(",")).map((name) => name.trim());
  return {
    ...task,
    title: star ? task.title.slice(0, -2) : task.title,
    optional: task.optional || star || /\(optional\)/i.test(line.text),
    // Two tasks inside one component touch the same code, whatever files they name.
    resources: [...task.resources, ...components.filter((name) => name !== "" && name.length < 60)],
    gate: task.gate || /^(?:final )?checkpoint\b/i.test(task.title),
  };
}
