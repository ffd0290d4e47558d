import type { Phase, ProseLine, SetAside } from "../../model/list.ts";
import type { Box, ListedTask, Reference } from "../../model/task.ts";
import { resolveFields } from "../dependencies.ts";
import type { Detection, Format, FormatList, Source } from "../format.ts";
import { planStem } from "./gsd.ts";
import { listed, nothing } from "../listed.ts";
import { headingPath, type MarkdownLine } from "../markdown/scan.ts";

/** GSD: `.planning/ROADMAP.md`, with phases that depend on each other and the plans of each. */
export const gsdRoadmap: Format = {
  name: "gsd-roadmap",
  title: "GSD ROADMAP.md",
  path: /(?:^|\/)\.planning\/ROADMAP\.md$/,
  page: { where: "the file", order: "what it states", ticked: "its box" },
  hidden: [".planning"],
  waits: { kind: "none", why: "a GSD roadmap knows dependencies between phases only, not between plans" },
  detect,
  read,
};

const phaseName = /^[\s*_`#]*Phase\s+((?:[A-Za-z]+-)?\d+(?:\.\d+)*[A-Z]?)(?:\s*\(INSERTED\))?\s*[:—–-]\s*(.+)$/;
const dependsOn = /^\s*(?:[-*+]\s+)?\**Depends on\**\s*:\**\s*(.*)$/i;

function detect({ markdown }: Source): Detection | null {
  const phases = markdown.headings.filter(({ name }) => phaseName.test(name)).length;
  const waits = markdown.lines.filter(({ text }) => text.length < 400 && dependsOn.test(text)).length;
  const roadmap = markdown.headings.some(({ name, level }) => level === 1 && /^Roadmap\b/i.test(name));
  const plans = markdown.lines.some(({ text }) => /^\**Plans\**:/.test(text));
  if (phases === 0 || !(roadmap ? phases > 1 || plans || waits > 0 : plans && waits > 0)) return null;
  return { score: roadmap ? 0.9 : 0.6, evidence: `${phases} phase headings, ${waits} of them with \`Depends on\`` };
}

/** What is known of a phase: its entry in the list of phases, its heading, and what stands below that. */
interface Entry {
  readonly id: string;
  title: string;
  line: MarkdownLine;
  box: Box | null;
  done: boolean;
  readonly waits: Reference[];
  stated: boolean;
  readonly plans: ListedTask[];
  readonly body: string[];
}

function read({ file, markdown }: Source): FormatList {
  const entries = new Map<string, Entry>();
  const setAside: SetAside[] = [];
  const prose: ProseLine[] = [];
  const entry = (id: string, title: string, line: MarkdownLine): Entry => {
    const known = entries.get(id) ?? {
      id,
      title,
      line,
      box: null,
      done: false,
      waits: [],
      stated: false,
      plans: [],
      body: [],
    };
    entries.set(id, known);
    return known;
  };
  let open: Entry | null = null;
  let level = 0;
  for (const line of markdown.lines) {
    const own =
      line.text.length < 1000 ? phaseName.exec(line.item?.content ?? (line.kind === "heading" ? line.text : "")) : null;
    const [, id, rest = ""] = own ?? [];
    if (line.kind === "heading") {
      const depth = markdown.headings[line.heading]?.level ?? 0;
      if (id !== undefined) {
        open = entry(id, titleOf(rest), line);
        open.line = line;
        level = depth;
        open.done ||= /✅|\bCOMPLETED?\b/.test(rest);
      } else if (depth <= level) open = null;
      else open?.body.push(line.text);
      continue;
    }
    const mark = line.item?.box ?? null;
    const box = mark && {
      file,
      line: line.place.line,
      column: mark.column,
      was: mark.state,
      done: "x",
      lineText: line.text,
    };
    if (id !== undefined && mark) {
      const phase = entry(id, titleOf(rest), line);
      phase.box = box;
      phase.done ||= /^[xX]$/.test(mark.state);
      continue;
    }
    const plan = open && mark ? planStem(/^[*`[]*([\w.-]+)/.exec(line.item?.content ?? "")?.[1] ?? "") : null;
    if (open && plan && mark && box) {
      open.plans.push(planOf(plan.id, line, box));
      continue;
    }
    if (line.boxed)
      setAside.push({ file, line: line.place.line, text: line.text, reason: "neither a phase nor a plan" });
    const waits = open && line.text.length < 1000 ? dependsOn.exec(line.text)?.[1] : undefined;
    if (open && waits !== undefined) {
      open.stated = true;
      open.waits.push(...referencesIn(waits, line));
    }
    if (open) open.body.push(line.text);
    else if (!["blank", "rule", "fence", "frontMatter", "comment"].includes(line.kind)) {
      const { text, place, fence, heading } = line;
      prose.push({ text, place, fence, headings: headingPath(markdown.headings, heading), phaseIndex: null });
    }
  }
  return {
    ...listOf([...entries.values()]),
    title: markdown.headings.find((one) => one.level === 1)?.name ?? null,
    setAside,
    prose,
    boxes: markdown.boxes,
  };
}

function listOf(entries: readonly Entry[]): FormatList {
  const phases = entries.map(({ id, title, line, stated }): Phase => ({
    name: `Phase ${id}: ${title}`,
    number: id,
    kind: null,
    story: null,
    parallel: null,
    ordered: !stated,
    parent: null,
    place: line.place,
  }));
  const tasks = entries.flatMap((phase, phaseIndex) => {
    const done = phase.done || (phase.plans.length > 0 && phase.plans.every(({ status }) => status === "done"));
    const whole = listed({
      id: phase.id,
      title: phase.title,
      body: phase.body.join("\n").trim(),
      source: phase.line.place,
      status: done ? "done" : "pending",
      dependsOn: phase.waits,
      box: phase.box,
    });
    const named = { phase: phases[phaseIndex]?.name ?? null, phaseIndex };
    return [whole, ...phase.plans.map((plan) => ({ ...plan, parent: phase.id }))].map((task) => ({
      ...task,
      ...named,
    }));
  });
  const where = "another milestone: GSD waits only for phases of the roadmap";
  return { ...nothing, ...resolveFields(tasks, { counts: "met", where }), phases, order: "sequence" };
}

function titleOf(rest: string): string {
  return rest
    .replace(/\*\*.*$/, "")
    .replace(/\s*(?:✅|[—–-]\s*COMPLETED?\b).*$/, "")
    .trim();
}

function planOf(id: string, line: MarkdownLine, box: Box): ListedTask {
  const content = line.item?.content ?? "";
  const title = content.replace(/^[*`[]*[\w.-]+[`*\]]*\s*[:—–-]?\s*/, "");
  return listed({
    id,
    title: title === "" ? id : title,
    source: { ...line.place, column: line.item?.column ?? 1 },
    status: /^[xX]$/.test(box.was) ? "done" : "pending",
    box,
  });
}

/** `Phase 1, Phase 2.1`, `Phases 1 and 2`, `1`; notes in brackets do not count, and `Nothing` is none. */
function referencesIn(text: string, line: MarkdownLine): Reference[] {
  const plain = text.replaceAll(/\([^)]*\)/g, " ");
  if (/^[\s*_]*(?:nothing|none|n\/a|—|-)/i.test(plain)) return [];
  const from = line.text.indexOf(text);
  return [...plain.matchAll(/(?<![\w.])((?:[A-Z]+-)?\d+(?:\.\d+)*[A-Z]?)(?![\w%])/g)].map(([id]) => ({
    text: id,
    place: { ...line.place, column: Math.max(0, from + text.indexOf(id)) + 1 },
  }));
}
