import type { Phase, SetAside } from "../../model/list.ts";
import type { ListedTask, Reference, TaskStatus } from "../../model/task.ts";
import { resolveFields, type Missing } from "../dependencies.ts";
import { readEstimate } from "../estimate.ts";
import type { Detection, Format, FormatList, Source } from "../format.ts";
import { filesIn, listed, nothing } from "../listed.ts";
import type { MarkdownLine } from "../markdown/scan.ts";
import { mergeFiles } from "../paths.ts";
import { statusOf } from "../statusField.ts";

/** Org mode: headings with a keyword such as TODO. */
export const org: Format = {
  name: "org",
  title: "Org file",
  path: /(?:^|\/)(?:todos?|tasks?|plan|roadmap|backlog)[^/]*\.org$/i,
  page: { where: "the file", order: "what it states; `:ORDERED:` one after another", ticked: "its keyword" },
  waits: {
    kind: "none",
    why: "in Org a heading is named by an id of its own: write `:BLOCKER: ids(ID)` into its properties",
  },
  detect,
  read,
};

interface Keywords {
  /** Each with what it means. */
  readonly all: ReadonlyMap<string, TaskStatus>;
  readonly open: string;
  readonly done: string;
}

const usual =
  "TODO NEXT STARTED DOING IN-PROGRESS INPROGRESS WAITING WAIT HOLD BLOCKED SOMEDAY | DONE CANCELLED CANCELED";

/** From lines such as `#+TODO: TODO(t) WAIT(w@/!) | DONE(d)`; without a bar the last one is the finished one. */
function keywordsOf(lines: readonly MarkdownLine[]): Keywords {
  const own = lines.flatMap(({ text }) => /^#\+(?:SEQ_|TYP_)?TODO:(.*)$/i.exec(text)?.[1] ?? []);
  const all = new Map<string, TaskStatus>();
  let [open, done] = ["", ""];
  for (const line of own.length > 0 ? own : [usual]) {
    const words = line
      .replaceAll(/\([^()]*\)/g, "")
      .split(/\s+/)
      .filter((word) => word !== "");
    const bar = words.indexOf("|") < 0 ? words.length - 1 : words.indexOf("|");
    for (const [index, word] of words.entries()) {
      if (word === "|") continue;
      const said = meaningOf(word);
      const finished = index >= bar;
      all.set(
        word,
        finished ? (said === "cancelled" || said === "skipped" ? said : "done") : said === "done" ? "pending" : said,
      );
      if (finished && done === "" && all.get(word) === "done") done = word;
      if (!finished && open === "") open = word;
    }
  }
  return { all, open: open === "" ? "TODO" : open, done: done === "" ? "DONE" : done };
}

function meaningOf(word: string): TaskStatus {
  if (/^(?:DROP(?:PED)?|KILL(?:ED)?|REJECTED|NO|ABORT(?:ED)?)$/.test(word)) return "cancelled";
  return statusOf(word === "SOMEDAY" || word === "MAYBE" ? "deferred" : word.replace(/^(?:WAIT|HOLD)$/, "waiting"));
}

function detect({ file, markdown: { lines } }: Source): Detection | null {
  if (/\.(?:md|markdown)$/i.test(file)) return null;
  const { all } = keywordsOf(lines);
  const headings = lines.filter(({ text }) => all.has(/^\*+\s+([A-Z-]+)(?:\s|$)/.exec(text)?.[1] ?? ""));
  if (headings.length === 0) return null;
  // One star is a bullet of Markdown as well.
  const sure =
    file.endsWith(".org") ||
    lines.some(({ text }) => /^(?:#\+[A-Z_]+:|\s*:PROPERTIES:|\*{2,}\s+(?:TODO|DONE)\s)/i.test(text));
  return sure ? { score: 0.9, evidence: `${headings.length} headings with a keyword such as TODO` } : null;
}

interface Heading {
  readonly line: MarkdownLine;
  readonly level: number;
  readonly keyword: string | null;
  readonly title: string;
  readonly parent: number;
  readonly body: MarkdownLine[];
  readonly properties: Map<string, { value: string; line: MarkdownLine }>;
}

function headingsOf(lines: readonly MarkdownLine[], keywords: Keywords): Heading[] {
  const headings: Heading[] = [];
  const open: number[] = [];
  let drawer = false;
  let block = false;
  for (const line of lines) {
    const { text } = line;
    const current = headings.at(-1);
    if (/^\s*#\+(?:BEGIN|END)_/i.test(text)) block = /BEGIN_/i.test(text);
    const found = block ? null : /^(\*+)\s+(.*)$/.exec(text);
    if (found) {
      const level = found[1]?.length ?? 1;
      const [first = "", ...rest] = (found[2] ?? "").split(/\s+/);
      const keyword = keywords.all.has(first) ? first : null;
      const words = keyword === null ? (found[2] ?? "") : rest.join(" ");
      while (open.length > 0 && (headings[open.at(-1) ?? 0]?.level ?? 0) >= level) open.pop();
      const parent = open.at(-1) ?? -1;
      open.push(headings.length);
      headings.push({ line, level, keyword, title: plainTitle(words), parent, body: [], properties: new Map() });
      drawer = false;
    } else if (/^\s*:PROPERTIES:\s*$/i.test(text)) drawer = true;
    else if (drawer && /^\s*:END:\s*$/i.test(text)) drawer = false;
    else if (drawer) {
      const [, key, value = ""] = /^\s*:([\w-]+)\+?:\s*(.*)$/.exec(text) ?? [];
      if (key !== undefined) current?.properties.set(key.toUpperCase(), { value: value.trim(), line });
    } else if (!/^\s*(?:CLOSED|SCHEDULED|DEADLINE):/.test(text)) current?.body.push(line);
  }
  return headings;
}

/** Without priority, counter and tags. */
function plainTitle(words: string): string {
  if (words.length > 2000) return words.trim();
  return words
    .replace(/\s+:[\w@#%:]+:\s*$/, "")
    .replace(/^\[#.\]\s*/, "")
    .replaceAll(/\s*\[\d*(?:\/\d*|%)\]/g, "")
    .trim();
}

const missing: Missing = { counts: "unmet", where: "no heading of this file has that id or title" };

function read(source: Source, firstNumber: number): FormatList {
  const { lines } = source.markdown;
  const keywords = keywordsOf(lines);
  const headings = headingsOf(lines, keywords);
  const numbers = new Map<number, string>();
  for (const [index, { keyword, properties }] of headings.entries())
    if (keyword !== null) numbers.set(index, properties.get("CUSTOM_ID")?.value || String(firstNumber + numbers.size));
  const groups = new Map<number, number>();
  for (const index of numbers.keys()) {
    const group = nearest(headings, index, (at) => !numbers.has(at));
    if (group >= 0 && !groups.has(group)) groups.set(group, groups.size);
  }
  const elders = new Map<number, string>();
  const latest = new Map<number, string>();
  for (const [index, id] of numbers) {
    const parent = headings[index]?.parent ?? -1;
    const elder = latest.get(parent);
    if (elder !== undefined) elders.set(index, elder);
    latest.set(parent, id);
  }
  const tasks = [...numbers].map(([index, id]) => taskOf({ headings, numbers, elders, groups, keywords }, index, id));
  const byName = namesOf(headings, numbers);
  const resolved = resolveFields(tasks, missing, (text) => byName(text));
  const none = { number: null, kind: null, story: null, parallel: null, ordered: false, parent: null };
  return {
    ...nothing,
    ...resolved,
    title: lines.flatMap(({ text }) => /^#\+TITLE:\s*(.+)$/i.exec(text)?.[1]?.trim() ?? [])[0] ?? null,
    phases: [...groups.keys()].map((at): Phase => {
      const heading = headings[at];
      return {
        ...none,
        name: heading?.title ?? "",
        place: heading?.line.place ?? { file: source.file, line: 1, column: 1 },
      };
    }),
    ...asideIn(source),
  };
}

/** The nearest heading above that passes, or -1. */
function nearest(headings: readonly Heading[], index: number, test: (at: number) => boolean): number {
  let at = headings[index]?.parent ?? -1;
  while (at >= 0 && !test(at)) at = headings[at]?.parent ?? -1;
  return at;
}

/** Boxes in Org are steps of their heading. */
function asideIn({ file, markdown }: Source): Pick<FormatList, "setAside" | "boxes"> {
  const setAside = markdown.lines.flatMap(({ boxed, text, place }): SetAside[] =>
    boxed ? [{ file, line: place.line, text, reason: "a step: in Org the headings with a keyword are the tasks" }] : [],
  );
  return { setAside, boxes: setAside.length };
}

interface Known {
  readonly headings: readonly Heading[];
  /** The ids of the headings that are tasks. */
  readonly numbers: ReadonlyMap<number, string>;
  /** The task before each under the same heading. */
  readonly elders: ReadonlyMap<number, string>;
  readonly groups: ReadonlyMap<number, number>;
  readonly keywords: Keywords;
}

function taskOf({ headings, numbers, elders, groups, keywords }: Known, index: number, id: string): ListedTask {
  const heading = headings[index] as Heading;
  const { line, title, properties, body, parent } = heading;
  const keyword = heading.keyword ?? keywords.open;
  const status = keywords.all.get(keyword) ?? "pending";
  const group = nearest(headings, index, (at) => !numbers.has(at));
  const above = nearest(headings, index, (at) => numbers.has(at));
  const before = elders.get(index) ?? null;
  const ordered = /^t$/i.test(headings[parent]?.properties.get("ORDERED")?.value ?? "");
  const estimate = readEstimate(effortIn(properties.get("EFFORT")?.value ?? ""));
  const column = line.text.indexOf(keyword) + 1;
  const { file } = line.place;
  const isDone = status === "done";
  return listed({
    id,
    title: title === "" ? id : title,
    body: body
      .map(({ text }) => text)
      .join("\n")
      .trim(),
    source: line.place,
    status,
    parent: numbers.get(above) ?? null,
    phase: group < 0 ? null : (headings[group]?.title ?? null),
    phaseIndex: groups.get(group) ?? null,
    files: mergeFiles(filesIn(title, ...body.map(({ text }) => asCode(text)))),
    estimate: estimate === "wrong" ? null : estimate,
    lines: [{ text: title, place: line.place }, ...body.map(({ text, place }) => ({ text, place }))],
    dependsOn: [
      ...["BLOCKER", "DEPENDS", "DEPENDS_ON", "BLOCKED_BY", "AFTER"].flatMap((key) =>
        referencesIn(properties, key, before),
      ),
      ...(ordered && before !== null
        ? [{ text: before, place: line.place, kind: "order" as const, evidence: "its siblings are :ORDERED:" }]
        : []),
    ],
    blocks: referencesIn(properties, "TRIGGER", null),
    box: {
      file,
      line: line.place.line,
      column,
      was: keyword,
      done: isDone ? keyword : keywords.done,
      open: keywords.open,
      lineText: line.text,
    },
  });
}

/** `=path=` and `~path~` are code in Org. */
function asCode(text: string): string {
  return text.replaceAll(/(?<=^|\s)([=~])(\S+)\1(?=$|[\s.,;:)])/g, "`$2`");
}

/** `1:30` is an hour and a half. */
function effortIn(value: string): string {
  const [, hours, minutes] = /^(\d+):(\d\d)$/.exec(value) ?? [];
  return hours === undefined ? value : `${Number(hours) * 60 + Number(minutes)}m`;
}

/** `ids(a "b")`, `previous-sibling`, `a b`, `a(NEXT)` or the title of a heading. */
function referencesIn(properties: Heading["properties"], key: string, before: string | null): Reference[] {
  const property = properties.get(key);
  if (!property || property.value === "") return [];
  const place = { ...property.line.place, column: Math.max(1, property.line.text.indexOf(property.value) + 1) };
  const evidence = `:${key}: ${property.value}`;
  const reference = (text: string): Reference => ({ text, place, evidence });
  const ids = [...property.value.matchAll(/\bids\(([^()]*)\)/g)].flatMap(
    ([, inside = ""]) => inside.match(/[^\s"]+/g) ?? [],
  );
  const rest = property.value.replaceAll(/\b[\w-]+!?\([^()]*\)!?/g, (all) =>
    all.startsWith("ids(") ? "" : (/^([\w-]+)\([A-Z]+\)$/.exec(all)?.[1] ?? ""),
  );
  const words = rest
    .split(/[,;]/)
    .map((part) => part.trim())
    .filter((part) => part !== "");
  return [
    ...ids.map((id) => reference(id.replace(/^id:/, ""))),
    ...words.flatMap((part) =>
      part === "previous-sibling"
        ? before === null
          ? []
          : [reference(before)]
        : /^[a-z]+-siblings?$/.test(part)
          ? []
          : [reference(part)],
    ),
  ];
}

/** Headings by id, by whole title, then by a word that only one title has. */
function namesOf(headings: readonly Heading[], numbers: ReadonlyMap<number, string>): (text: string) => string | null {
  const ids = new Map<string, string>();
  const titles: { title: string; id: string }[] = [];
  for (const [index, id] of numbers) {
    const heading = headings[index];
    const own = heading?.properties.get("ID")?.value;
    if (own !== undefined) ids.set(own, id);
    titles.push({ title: (heading?.title ?? "").toLowerCase(), id });
  }
  const given = new Set(numbers.values());
  return (text) => {
    if (given.has(text)) return text;
    const known = ids.get(text.replace(/^id:/, ""));
    if (known !== undefined) return known;
    const wanted = text.toLowerCase();
    const exact = titles.filter(({ title }) => title === wanted);
    const near = exact.length > 0 ? exact : titles.filter(({ title }) => ` ${title} `.includes(` ${wanted} `));
    return near.length === 1 ? (near[0]?.id ?? null) : null;
  };
}
