import type { Phase, SetAside } from "../../model/list.ts";
import type { Place } from "../../model/place.ts";
import type { ListedTask, Reference, TaskStatus } from "../../model/task.ts";
import { resolveFields, type Missing } from "../dependencies.ts";
import { readEstimate } from "../estimate.ts";
import type { Detection, Format, FormatList, Source } from "../format.ts";
import { filesIn, listed, nothing } from "../listed.ts";
import type { MarkdownLine } from "../markdown/scan.ts";

/** A Mermaid flowchart or Gantt chart that is the list itself: where a file has no other tasks than those drawn. */
export const mermaid: Format = {
  name: "mermaid",
  title: "Mermaid flowchart or Gantt chart",
  path: /\.(?:mmd|mermaid)$/i,
  page: { where: "the file", order: "its arrows, or `after` in a Gantt chart", ticked: "the ledger" },
  waits: { kind: "none", why: "draw an arrow from the one to the other in the chart" },
  detect,
  read,
};

interface Step {
  readonly id: string;
  title: string;
  readonly place: Place;
  readonly group: string | null;
  readonly waits: Reference[];
  status: TaskStatus;
  estimate: number | null;
  gate: boolean;
}

interface Chart {
  readonly kind: "flowchart" | "gantt";
  readonly steps: Map<string, Step>;
  /** What shows a flow of control rather than of work: a decision, a word at an arrow. */
  readonly flows: boolean;
  readonly setAside: SetAside[];
}

function chartOf({ file, markdown }: Source): Chart | null {
  const all = markdown.lines;
  const whole = /\.(?:mmd|mermaid)$/i.test(file);
  const lines = whole ? all : all.filter(({ kind, fence }) => kind === "code" && /^mermaid\b/i.test(fence ?? ""));
  const head = lines.find(({ text }) => text.trim() !== "" && !/^\s*(?:%%|---)/.test(text));
  if (!head) return null;
  // Of several charts the first one counts.
  const start = lines.indexOf(head);
  const next = lines.findIndex((line, at) => at > start && line.place.line !== (lines[at - 1]?.place.line ?? 0) + 1);
  const [own, others] = next < 0 ? [lines.slice(start + 1), []] : [lines.slice(start + 1, next), lines.slice(next)];
  const chart = /^\s*(?:flowchart|graph)\b/i.test(head.text)
    ? flowchart(own)
    : /^\s*gantt\b/i.test(head.text)
      ? gantt(own)
      : null;
  for (const { text, place } of others)
    if (/^\s*(?:flowchart|graph|gantt)\b/i.test(text))
      chart?.setAside.push({ file, line: place.line, text, reason: "a second chart: the first one is the list" });
  return chart;
}

const longest = 2000;
const node = /^([\p{L}\p{N}_][\p{L}\p{N}_.-]*)\s*(?:(\(\(\(?|\(\[|\[\[|\[\(|\[\/|\[\\|\{\{?|[[({>])(.*))?$/u;
const arrow = /\s*(?:<?(?:--+|==+|-\.+-?)(?:[^->|=.[\](){}"]{0,60}(?:--+|==+|\.+-))?[>xo]?(?:\|[^|]*\|)?)\s*/;

function flowchart(lines: readonly MarkdownLine[]): Chart {
  const steps = new Map<string, Step>();
  const groups: string[] = [];
  const setAside: SetAside[] = [];
  let flows = false;
  const stepAt = (text: string, { place }: MarkdownLine): Step[] =>
    text.split(/\s+&\s+/).flatMap((part) => {
      const [, id, open, rest = ""] = node.exec(part.trim().replace(/:::[\w-]+$/, "")) ?? [];
      if (id === undefined) return [];
      flows ||= open === "{";
      const label = rest
        .replace(/[\])}/\\]+$/, "")
        .replaceAll(/^"|"$/g, "")
        .replaceAll(/<br\s*\/?>/gi, " ")
        .replaceAll("`", "")
        .trim();
      const known = steps.get(id);
      if (known) {
        if (label !== "") known.title = label;
        return [known];
      }
      const group = groups.at(-1) ?? null;
      const step: Step = {
        id,
        title: label === "" ? id : label,
        place,
        group,
        waits: [],
        status: "pending",
        estimate: null,
        gate: false,
      };
      steps.set(id, step);
      return [step];
    });
  for (const line of lines) {
    const text = line.text.trim().replace(/;$/, "");
    if (text.length > longest) {
      const { file, line: at } = line.place;
      setAside.push({ file, line: at, text: text.slice(0, 200), reason: "longer than any line of a chart" });
      continue;
    }
    const [, subgraph] = /^subgraph\s+(.+)$/.exec(text) ?? [];
    if (subgraph !== undefined)
      groups.push(/\[(.*)\]$/.exec(subgraph)?.[1]?.replaceAll('"', "") ?? subgraph.replaceAll('"', ""));
    else if (text === "end") groups.pop();
    if (
      subgraph !== undefined ||
      /^(?:end$|%%|direction\b|style\b|classDef\b|linkStyle\b|click\b|class\b)/.test(text)
    ) {
      const [, ids = "", name = ""] = /^class\s+([\w,]+)\s+(\w+)$/.exec(text) ?? [];
      for (const id of ids.split(",")) {
        const step = steps.get(id);
        if (step && /^(?:done|complete)/i.test(name)) step.status = "done";
      }
      continue;
    }
    // Words between quotes or brackets may hold what looks like an arrow.
    const labels: string[] = [];
    const masked = text.replaceAll(/"[^"]*"|\[[^\]]*\]|\([^)]*\)|\{[^}]*\}/g, (all) => {
      labels.push(all);
      return `\u0001${labels.length - 1}\u0002`;
    });
    flows ||= /\|[^|]*\S[^|]*\||--\s+[^->]+\s+--/.test(masked);
    const parts = masked
      .split(new RegExp(arrow, "g"))
      .map((part) => part.replaceAll(/\u0001(\d+)\u0002/g, (_, at: string) => labels[Number(at)] ?? ""));
    let before: Step[] = [];
    for (const part of parts) {
      const here = stepAt(part, line);
      for (const step of here)
        for (const { id } of before)
          if (!step.waits.some(({ text: other }) => other === id))
            step.waits.push({ text: id, place: line.place, kind: "section", evidence: text.slice(0, 300) });
      before = here;
    }
  }
  return { kind: "flowchart", steps, flows, setAside };
}

/** `Name :done, id, after a b, 3d`. Without `after` or a date a step follows the one before it. */
function gantt(lines: readonly MarkdownLine[]): Chart {
  const steps = new Map<string, Step>();
  let group: string | null = null;
  let latest: string | null = null;
  for (const line of lines) {
    const text = line.text.trim();
    const [, section] = /^section\s+(.+)$/.exec(text) ?? [];
    if (section !== undefined) group = section;
    const colon = text.lastIndexOf(":");
    if (
      section !== undefined ||
      colon < 1 ||
      /^(?:title|dateFormat|axisFormat|excludes|includes|todayMarker|tickInterval|weekday|click|%%)\b/.test(text)
    )
      continue;
    const fields = text
      .slice(colon + 1)
      .split(",")
      .map((part) => part.trim())
      .filter((part) => part !== "");
    const tags = new Set(fields.filter((part) => /^(?:done|active|crit|milestone|vert)$/.test(part)));
    const rest = fields.filter((part) => !tags.has(part));
    const isTime = (part: string): boolean =>
      /^(?:after\s|until\s|\d{1,4}[-/.:]|\d+(?:\.\d+)?(?:ms|[smhdwMy])$)/.test(part);
    const own = rest.find((part) => !isTime(part));
    const id = own ?? String(steps.size + 1);
    const after = rest.find((part) => part.startsWith("after "));
    const dated = rest.some((part) => /^\d{1,4}[-/.]/.test(part));
    const names = after === undefined ? (dated || latest === null ? [] : [latest]) : after.slice(6).split(/\s+/);
    const length = rest.find((part) => /^\d+(?:\.\d+)?[mhdw]$/.test(part)) ?? "";
    const estimate = readEstimate(length);
    const kind = after === undefined ? "order" : "section";
    steps.set(id, {
      id,
      title: text.slice(0, colon).trim(),
      place: line.place,
      group,
      waits: names.map((name) => ({ text: name, place: line.place, kind, evidence: text.slice(0, 300) })),
      status: tags.has("done") ? "done" : tags.has("active") ? "running" : "pending",
      estimate: estimate === "wrong" ? null : estimate,
      gate: tags.has("milestone"),
    });
    latest = id;
  }
  return { kind: "gantt", steps, flows: false, setAside: [] };
}

const aboutWork =
  /\b(?:plan|tasks?|to-?dos?|roadmap|backlog|milestones?|steps|work|implementation|schedule|sprint|next)\b|计划|任务|計画|タスク|план|задач/iu;
const work =
  /^(?:add|adopt|build|change|clean|configure|convert|create|define|deploy|design|develop|document|draft|extend|extract|fix|generate|implement|improve|install|integrate|introduce|migrate|move|port|prepare|publish|refactor|release|remove|rename|replace|research|review|rewrite|set up|setup|ship|split|test|update|upgrade|verify|wire|write)\b/i;

function detect(source: Source): Detection | null {
  const chart = chartOf(source);
  if (!chart || chart.steps.size < 2) return null;
  const steps = [...chart.steps.values()];
  const { markdown, file } = source;
  if (chart.kind === "flowchart") {
    // Charts of how something works go round, branch or name things. A plan names work, under a title that says so.
    if (chart.flows || isCyclic(steps)) return null;
    const named = steps.filter(({ title }) => work.test(title)).length;
    const titled = aboutWork.test(file) || markdown.headings.some(({ name }) => aboutWork.test(name));
    if (named * 2 < steps.length || (!titled && named < steps.length)) return null;
  }
  return {
    score: 0.05,
    evidence: `a ${chart.kind === "gantt" ? "Gantt chart" : "flowchart"} with ${steps.length} steps, and no other list`,
  };
}

/** Takes away steps that wait for none that is left, as long as there are any. */
function isCyclic(steps: readonly Step[]): boolean {
  const waits = new Map(steps.map(({ id, waits: all }) => [id, all.length]));
  const after = new Map<string, string[]>();
  for (const { id, waits: all } of steps)
    for (const { text } of all) {
      const known = after.get(text);
      if (known === undefined) after.set(text, [id]);
      else known.push(id);
    }
  const free = steps.flatMap(({ id, waits: all }) => (all.length === 0 ? id : []));
  let left = steps.length;
  for (let id = free.pop(); id !== undefined; id = free.pop()) {
    left -= 1;
    for (const next of after.get(id) ?? []) {
      const now = (waits.get(next) ?? 0) - 1;
      waits.set(next, now);
      if (now === 0) free.push(next);
    }
  }
  return left > 0;
}

const missing: Missing = { counts: "unmet", where: "no step of this chart" };

function read(source: Source): FormatList {
  const chart = chartOf(source);
  const steps = [...(chart?.steps.values() ?? [])];
  const names = [...new Set(steps.flatMap(({ group }) => group ?? []))];
  const indexes = new Map(names.map((name, index) => [name, index]));
  const tasks = steps.map(({ id, title, place, group, waits, status, estimate, gate }): ListedTask =>
    listed({
      id,
      title,
      source: place,
      status,
      estimate,
      gate,
      phase: group,
      phaseIndex: group === null ? null : (indexes.get(group) ?? null),
      files: filesIn(title),
      dependsOn: waits,
    }),
  );
  const none = { number: null, kind: null, story: null, parallel: null, ordered: false, parent: null };
  return {
    ...nothing,
    ...resolveFields(tasks, missing),
    setAside: chart?.setAside ?? [],
    title: source.markdown.headings[0]?.name ?? null,
    phases: names.map((name): Phase => {
      const place = steps.find(({ group }) => group === name)?.place ?? { file: source.file, line: 1, column: 1 };
      return { ...none, name, place };
    }),
  };
}
