import { isNamedAsPlan, isImperative, isRecord } from "./evidence.ts";
import { readTaskText } from "../taskText.ts";
import { findFiles } from "../paths.ts";
import { asideOver, sortOf, type HeadingSort } from "./headingSort.ts";
import { readTaskHeading, type TaskHeading } from "./headingTask.ts";
import { headingPath, saysHow, stageLevel, type MarkdownDocument } from "./scan.ts";
import { taskRowsOf, type TaskRow } from "./tables.ts";

/** What the tasks of a list are written as. */
export type Shape = "headings" | "boxes" | "rows" | "lines" | "numbers" | "bullets";

/** A part of a document that may be its list. */
export interface Region {
  readonly shape: Shape;
  /** Indexes of the lines that are its tasks. */
  readonly tasks: ReadonlySet<number>;
  /** Above `enough` it is a list; the higher, the surer. */
  readonly score: number;
  /** What was seen, in words. */
  readonly evidence: string;
  /** Its order is the order of the work: steps, or numbered parts of a plan. */
  readonly ordered: boolean;
}

/** Which part of a document is the list, which other is as good, and what the rows of its tables say. */
export interface Choice {
  readonly best: Region | null;
  readonly rival: Region | null;
  /** Parts that are too weak to be taken without being asked for. */
  readonly weak: readonly Region[];
  readonly rows: ReadonlyMap<number, TaskRow>;
}

const enough = 4;

/**
 * Finds the list in a document by evidence: ids, boxes, dependencies, fields, the words of headings, titles that tell
 * somebody to do something. `typed`: whatever looks like an item is one. `wanted` is the line of the region that a
 * person asked for.
 */
export function chooseRegion(document: MarkdownDocument, typed: boolean, wanted: number | null): Choice {
  const view = viewOf(document);
  const rows = taskRowsOf(document);
  const boxes = boxRegion(view);
  const all = [
    ...headingRegions(view),
    ...boxes,
    ...rowRegion(view, rows),
    ...lineRegion(view),
    ...(boxes.length === 0 ? itemRegions(view, typed) : []),
  ];
  all.sort((a, b) => b.score - a.score || first(a) - first(b));
  if (wanted !== null) {
    const asked = all.find((region) => first(region) === wanted) ?? nearestTo(all, wanted, document);
    return { best: asked, rival: null, weak: all, rows };
  }
  const [top] = all;
  if (!top || top.score < enough) return { best: null, rival: null, weak: all.filter(({ score }) => score > 0), rows };
  const best = withOtherIds(view, top, all, rows);
  const rival = all.find((region) => region !== top && isRival(view, region, best, rows)) ?? null;
  return { best, rival, weak: [], rows };
}

export function first({ tasks }: Region): number {
  return Math.min(...[...tasks].slice(0, 1));
}

function nearestTo(regions: readonly Region[], wanted: number, { lines }: MarkdownDocument): Region | null {
  const heading = lines[wanted]?.heading ?? -1;
  return (
    regions.find((region) => [...region.tasks].some((line) => line >= wanted && lines[line]?.heading === heading)) ??
    null
  );
}

/** What is looked at again and again: headings with their sorts and ends, and counts up to each line. */
interface View {
  readonly document: MarkdownDocument;
  readonly paths: readonly (readonly string[])[];
  readonly sorts: readonly (HeadingSort | null)[];
  readonly tasks: readonly (TaskHeading | null)[];
  /** Index of the first line behind what stands under a heading. */
  readonly ends: readonly number[];
  readonly fieldsUpTo: readonly number[];
  readonly boxesUpTo: readonly number[];
  /** Its name or title says that it is a list. */
  readonly named: boolean;
  /** Its title says that it is a record: a decision, findings, a retrospective. */
  readonly record: boolean;
}

const field =
  /^\s*(?:[-*+]\s+|\|\s*)?(?:\*\*|__|_)?(?:depends?(?:[ _]on)?|dependenc(?:y|ies)|blocked[ _]by|blocks|files?|status|state|priority|estimate[ds]?(?: \w+)?|effort|complexity|size|owner|assigned(?: \w+)?|assignee|acceptance(?: criteria)?|artifacts?|task[ _]id|id|agent|prerequisites?|dependencias?|dependências?|d[eé]pendances?|abhängig\w*|зависимости|estado|statut|статус|prioridade?|priorit[éà]t?|приоритет|responsável|responsable|prazo|estimaci[oó]n|estimativa|estimation|aufwand|fichiers?(?: \p{L}+)?|archivos?|arquivos?|dateien|依赖|依賴|依存|前置|优先级|優先度?|状态|状態|预估|工时|估时|見積|验收(?:标准)?|受け入れ条件|完了条件|文件|ファイル|负责人|担当|复杂度|의존성?|우선순위|상태)(?:\*\*|__|_)?\s*(?:[:：]|\|)/iu;

function viewOf(document: MarkdownDocument): View {
  const { headings, lines } = document;
  const paths = headings.map((_, index) => headingPath(headings, index));
  const ends = headings.map(() => lines.length);
  const open: number[] = [];
  for (const [index, { level, line }] of headings.entries()) {
    while (open.length > 0 && (headings[open.at(-1) ?? 0]?.level ?? 0) >= level) ends[open.pop() ?? 0] = line;
    open.push(index);
  }
  const fieldsUpTo = [0];
  const boxesUpTo = [0];
  for (const line of lines) {
    const said = line.kind !== "code" && line.text.length < 1000 && field.test(line.text) ? 1 : 0;
    fieldsUpTo.push((fieldsUpTo.at(-1) ?? 0) + said);
    boxesUpTo.push((boxesUpTo.at(-1) ?? 0) + (line.item?.box ? 1 : 0));
  }
  const title = headings[0]?.name ?? lines.find(({ text }) => text.trim() !== "")?.text.slice(0, 200) ?? "";
  const sort = sortOf(title);
  return {
    document,
    paths,
    sorts: headings.map(({ name }) => sortOf(name)),
    tasks: headings.map(({ name, level }) => (level === stageLevel ? null : readTaskHeading(name))),
    ends,
    fieldsUpTo,
    boxesUpTo,
    named: sort === "tasks" || sort === "plan" || isNamedAsPlan(document.file),
    record: isRecord(
      title,
      headings.map(({ name }) => name),
    ),
  };
}

/** Whether the heading, or the nearest above it that says anything, is about tasks. */
function sortAbove(view: View, heading: number): HeadingSort | null {
  for (let at = heading; at >= 0; at = view.document.headings[at]?.parent ?? -1) {
    const sort = view.sorts[at];
    if (sort != null) return sort;
  }
  return null;
}

function share(view: View, members: readonly number[], upTo: readonly number[]): number {
  const { headings } = view.document;
  const having = members.filter((member) => {
    const line = headings[member]?.line ?? 0;
    return (upTo[view.ends[member] ?? 0] ?? 0) > (upTo[line + 1] ?? 0);
  });
  return members.length === 0 ? 0 : having.length / members.length;
}

const headingBase = { strong: 6, box: 7, label: 3, id: 3, number: 1, phase: 1 } as const;

/** Headings that are tasks: those of one kind together. Nothing under notes, criteria or a decision is one. */
function headingRegions(view: View): Region[] {
  const boxCount = view.boxesUpTo.at(-1) ?? 0;
  const families = new Map<string, number[]>();
  for (const [index, task] of view.tasks.entries()) {
    if (task === null || outside(view, index, task)) continue;
    const family = task.kind === "label" ? `label ${task.label}` : task.kind;
    const known = families.get(family);
    if (known) known.push(index);
    else families.set(family, [index]);
  }
  const regions = [...families].flatMap(([family, members]): Region[] => {
    const kind = view.tasks[members[0] ?? 0]?.kind ?? "number";
    const own = kind === "number" ? numberedLevel(view, members) : withoutGroups(view, members);
    const fields = share(view, own, view.fieldsUpTo);
    const boxes = share(view, own, view.boxesUpTo);
    const sure = kind === "strong" || kind === "box";
    // A heading that says nothing of itself and has boxes below it groups them.
    if (own.length === 0 || (!sure && (own.length < 2 || (boxes > 0.5 && fields < 0.5)))) return [];
    // Without a word about itself it does not stand up to as many boxes elsewhere.
    if (!sure && fields < 0.5 && boxes === 0 && boxCount * 2 >= own.length) return [];
    const names = own.map((index) => view.tasks[index]?.title ?? "");
    const above = own.map((index) => sortAbove(view, view.document.headings[index]?.parent ?? -1));
    const about = above.filter((sort) => sort === "tasks" || sort === "plan").length * 2 > own.length;
    const score =
      headingBase[kind] +
      (fields >= 0.5 ? 4 : fields > 0 ? 1 : 0) +
      // Were the boxes the tasks, what stands under most of these headings would be lost.
      (boxes > 0 && boxes <= 0.5 && fields > 0 ? 4 : 0) +
      (about || view.named ? 2 : 0) +
      (most(names, isImperative) ? 2 : 0) +
      (most(own, (index) => namesFiles(view, index)) ? 1 : 0) -
      (view.record && !sure ? 6 : 0);
    const lines = own.flatMap((index) => view.document.headings[index]?.line ?? []);
    const example = view.document.headings[own[0] ?? 0]?.name.slice(0, 40) ?? "";
    const steps = kind === "number" || family === "label step" || kind === "phase";
    const ordered =
      steps && (above.includes("plan") || (!above.includes("tasks") && sortOf(view.paths[0]?.[0] ?? "") !== "tasks"));
    return [
      {
        shape: "headings",
        tasks: new Set(lines),
        score,
        evidence: `${own.length === 1 ? "a heading" : "headings"} such as \`${example}\``,
        ordered,
      },
    ];
  });
  return regions.filter((region) => !regions.some((other) => other !== region && holds(view, region, other)));
}

/** Whether the headings of one region only group those of another: an epic its stories. Of Task and Step, Step gives way. */
function holds(view: View, region: Region, other: Region): boolean {
  if (other.score < enough) return false;
  const within = [...other.tasks].filter((line) =>
    inside(view, view.document.headings[view.document.lines[line]?.heading ?? -1]?.parent ?? -1, region),
  );
  if (within.length * 2 > other.tasks.size) return region.score < headingBase.strong + 2 || region.score <= other.score;
  const around = [...region.tasks].filter((line) =>
    inside(view, view.document.headings[view.document.lines[line]?.heading ?? -1]?.parent ?? -1, other),
  );
  return (
    around.length * 2 > region.tasks.size && !(other.score < headingBase.strong + 2 || other.score <= region.score)
  );
}

function most<Item>(items: readonly Item[], test: (item: Item) => boolean): boolean {
  return items.filter(test).length * 5 >= items.length * 3;
}

function namesFiles(view: View, heading: number): boolean {
  const { headings, lines } = view.document;
  const start = headings[heading]?.line ?? 0;
  return lines
    .slice(start, Math.min(view.ends[heading] ?? 0, start + 12))
    .some(({ text }) => findFiles(text).length > 0);
}

/** Whether a heading is no task whatever its spelling: the words say what it is, or what it stands under. */
function outside(view: View, index: number, task: TaskHeading): boolean {
  const path = view.paths[index] ?? [];
  if (asideOver(path.slice(0, -1), task.id !== null && task.kind === "strong") !== undefined) return true;
  const above = sortAbove(view, view.document.headings[index]?.parent ?? -1);
  if (task.kind === "strong" || task.kind === "box") return false;
  return above === "prose" || above === "criteria" || (task.kind !== "label" && view.sorts[index] !== null);
}

/** Numbered headings of one level, or of several where they go on counting: `### 7.` and then `#### 8.`. */
function numberedLevel(view: View, members: readonly number[]): number[] {
  const { headings } = view.document;
  const ids = new Set(members.map((index) => view.tasks[index]?.id));
  const member = new Set(members);
  const nested = members.some((index) => {
    for (let at = headings[index]?.parent ?? -1; at >= 0; at = headings[at]?.parent ?? -1)
      if (member.has(at)) return true;
    return false;
  });
  if (!nested && ids.size === members.length) return [...members];
  // `1.1` under `1.` are the tasks, and `1.` their phase; a second `1.` inside a task is a part of what it says.
  const parts = members.filter((index) => view.tasks[index]?.id?.includes("."));
  if (parts.length * 2 > members.length && new Set(parts.map((index) => view.tasks[index]?.id)).size === parts.length)
    return parts;
  const level = Math.min(...members.map((index) => headings[index]?.level ?? 6));
  return members.filter((index) => headings[index]?.level === level);
}

/** Members without those that only hold other members: a heading right above another with nothing between. */
function withoutGroups(view: View, members: readonly number[]): number[] {
  const { headings, lines } = view.document;
  const member = new Set(members);
  return members.filter((index) => {
    const [start, next] = [headings[index]?.line ?? 0, headings[index + 1]?.line ?? 0];
    const holds = member.has(index + 1) && headings[index + 1]?.parent === index;
    return !holds || lines.slice(start + 1, next).some(({ kind }) => kind !== "blank" && kind !== "rule");
  });
}

/** Boxes; under a heading Checklist only where there are no others. */
function boxRegion(view: View): Region[] {
  const own = new Set<number>();
  const checklist = new Set<number>();
  const commands = new Set<number>();
  for (const [index, line] of view.document.lines.entries()) {
    if (!line.item?.box) continue;
    const path = view.paths[line.heading] ?? [];
    const aside = asideOver(path, readTaskText(line.item.content, line.item.number).id !== null);
    if (aside === undefined) (isAbout(view, index) || !isCommand(line.item.content) ? own : commands).add(index);
    else if (sortOf(aside) === "tasks") checklist.add(index);
  }
  const said = [...own].filter((line) => isAbout(view, line)).length;
  // Beside boxes under a heading such as Tasks, one that holds nothing but a command is a check that was run.
  if (said === 0) for (const line of commands) own.add(line);
  const tasks = own.size > 0 ? [...own].toSorted((a, b) => a - b) : [...checklist];
  if (tasks.length === 0) return [];
  const score = own.size === 0 ? 4 : said * 2 > own.size ? 8 : 6;
  return [{ shape: "boxes", tasks: new Set(tasks), score, evidence: "task boxes", ordered: false }];
}

function isCommand(content: string): boolean {
  return /^`[^`]+`(?:\s*[(（].*)?$/.test(content);
}

function rowRegion(view: View, rows: ReadonlyMap<number, TaskRow>): Region[] {
  if (rows.size === 0) return [];
  const all = [...rows.values()];
  const score =
    (all.every(({ id }) => id !== null) ? 5 : 3) +
    (all.some(({ after }) => after !== null) ? 2 : 0) +
    (all.some(({ box }) => box !== null) ? 1 : 0) +
    (all.length > 1 ? 1 : 0) +
    (view.named ? 1 : 0);
  return [{ shape: "rows", tasks: new Set(rows.keys()), score, evidence: "a table of tasks", ordered: false }];
}

const plainLine = /^(?:\*\*)?(?:T-?\d+|[A-Z]{1,6}-?\d+(?:\.\d+)?)(?:\*\*)?\s*:\s*(\[depends_on:)?/;

/** Lines of text that each begin with an id: `T1: [depends_on: []] Create the schema`. */
function lineRegion(view: View): Region[] {
  const tasks = new Set<number>();
  let stated = 0;
  for (const [index, line] of view.document.lines.entries()) {
    const found = line.kind === "text" || line.kind === "item" ? plainLine.exec(line.item?.content ?? line.text) : null;
    if (!found || line.item?.box || (found[1] === undefined && line.kind === "item")) continue;
    tasks.add(index);
    if (found[1] !== undefined) stated += 1;
  }
  if (tasks.size === 0 || (tasks.size < 2 && stated === 0)) return [];
  const score = (stated > 0 ? 7 : 1) + (view.named ? 2 : 0);
  return [{ shape: "lines", tasks, score, evidence: "lines such as `T1: …`", ordered: false }];
}

/** Numbered items and bullets, by the heading they stand under; those that are as good as each other are one list. */
function itemRegions(view: View, typed: boolean): Region[] {
  const { document } = view;
  const groups = new Map<string, number[]>();
  let label: HeadingSort | null = null;
  const stageHeadings = stagesOf(document);
  let outer: number | null = null;
  for (const [index, line] of document.lines.entries()) {
    if (line.kind === "heading") label = null;
    else if (line.kind === "text" && line.indent === 0)
      label = line.text.length < 80 ? sortOf(line.text.trim().replace(/[:：]\**\s*$/, "")) : null;
    if (line.kind === "heading" || (line.kind !== "item" && line.indent === 0 && line.kind !== "blank")) outer = null;
    if (!line.item || line.indent > 3) continue;
    // An item below another one says how that is done.
    if (outer !== null && line.indent > outer) continue;
    outer = line.indent;
    if (asideOver(view.paths[line.heading] ?? [], false) !== undefined) continue;
    const sort = label ?? sortAbove(view, line.heading);
    if (!typed && (sort === "prose" || sort === "criteria")) continue;
    const shape = line.item.number === null ? "bullets" : "numbers";
    // the stages of a list are one list
    const under = stageHeadings.has(line.heading) ? "stages" : line.heading;
    const key = `${shape} ${under} ${label ?? ""}`;
    const known = groups.get(key);
    if (known) known.push(index);
    else groups.set(key, [index]);
  }
  const mainly = mainlyList(document);
  const regions = [...groups].flatMap(([key, lines]): Region[] => {
    const [shape, , own] = key.split(" ") as ["numbers" | "bullets", string, string];
    const heading = document.lines[lines[0] ?? 0]?.heading ?? -1;
    const near = own !== "" ? own : (view.sorts[heading] ?? null);
    const about = near === "tasks" || near === "plan";
    const top = heading < 0 || (view.document.headings[heading]?.parent ?? -1) < 0;
    const above = sortAbove(view, heading);
    const inList = above === "tasks" || above === "plan";
    const contents = lines.map((index) => document.lines[index]?.item?.content ?? "");
    const stages = stageHeadings.has(heading);
    if (shape === "bullets" && !typed && !stages && !(about || (inList && !top && !isTitleOnly(view, heading))))
      return [];
    const score =
      (shape === "numbers" ? 1 : 0) +
      (typed || stages ? 6 : 0) +
      (about ? 4 : inList || view.named ? 2 : 0) +
      (mainly && !view.record ? 3 : 0) +
      (document.headings.length < 2 ? 1 : 0) +
      (most(contents, isImperative) ? 2 : 0) +
      (most(contents, (text) => findFiles(text).length > 0) ? 1 : 0) -
      (view.record ? 6 : 0);
    const name = document.headings[heading]?.name;
    const what = shape === "numbers" ? "a numbered list" : "a list";
    return [
      {
        shape,
        tasks: new Set(lines),
        score,
        evidence: name === undefined ? what : `${what} under \`${name.slice(0, 60)}\``,
        ordered: false,
      },
    ];
  });
  return joined(regions, mainly || typed);
}

/**
 * Headings that group what stands under them as stages: lines such as `Stage 1 (Sequential):`, and headings called so where one
 * of their level says how its items run.
 */
function stagesOf({ headings }: MarkdownDocument): ReadonlySet<number> {
  const levels = new Set(
    headings.flatMap(({ name, level }) => (isNumberedStage(name) && saysHow.test(name) ? level : [])),
  );
  return new Set(
    headings.flatMap(({ name, level }, index) =>
      level === stageLevel || (levels.has(level) && isNumberedStage(name)) ? index : [],
    ),
  );
}

function isNumberedStage(name: string): boolean {
  return /^(?:stage|phase|batch|wave|round)\s+\d/i.test(name);
}

/** Whether only the document's title says that a heading is about tasks. */
function isTitleOnly(view: View, heading: number): boolean {
  for (let at = heading; at >= 0; at = view.document.headings[at]?.parent ?? -1)
    if ((view.document.headings[at]?.parent ?? -1) >= 0 && (view.sorts[at] === "tasks" || view.sorts[at] === "plan"))
      return false;
  return true;
}

/** Whether most of a text, headings aside, is items. */
function mainlyList({ lines }: MarkdownDocument): boolean {
  let items = 0;
  let others = 0;
  let inItem = false;
  for (const { kind, indent, text } of lines) {
    if (kind === "item") inItem = true;
    else if (kind === "heading" || (kind === "text" && indent === 0))
      inItem &&= kind === "text" && !/^\S.*[.:：]$/.test(text);
    if (kind === "blank" || kind === "heading" || kind === "rule" || kind === "frontMatter" || kind === "comment")
      continue;
    if (inItem) items += 1;
    else others += 1;
  }
  return items * 5 >= (items + others) * 3;
}

/** Regions under different headings are phases of one list when all are of one kind and as good, and the text is one list. */
function joined(regions: readonly Region[], mainly: boolean): Region[] {
  const numbers = regions.filter(({ shape }) => shape === "numbers");
  const kinds = numbers.length > 0 ? [numbers, regions.filter(({ shape }) => shape === "bullets")] : [regions];
  return kinds.flatMap((kind) => {
    const best = Math.max(...kind.map(({ score }) => score));
    const together = kind.filter(({ score }) => (mainly ? score >= enough : score === best && best >= 6));
    if (together.length < 2) return kind;
    const tasks = new Set(together.flatMap((region) => [...region.tasks]).toSorted((a, b) => a - b));
    const evidence = together[0]?.evidence ?? "";
    return [
      { ...(together[0] as Region), tasks, score: best, evidence },
      ...kind.filter((region) => !together.includes(region)),
    ];
  });
}

/** Tasks by id that stand in another shape, such as a table for some and headings for others, belong to the list too. */
function withOtherIds(view: View, top: Region, all: readonly Region[], rows: ReadonlyMap<number, TaskRow>): Region {
  const ids = idsOf(view, top, rows);
  if (ids.size === 0 || ids.size < top.tasks.size) return top;
  const shapes = new Set([...ids].map(letters));
  const added = all.flatMap((region) => {
    if (region === top || (region.shape !== "headings" && region.shape !== "rows")) return [];
    return [...region.tasks].filter((line) => {
      const id = idAt(view, line, rows);
      if (id === null || ids.has(id) || !shapes.has(letters(id)) || !/[A-Z]/.test(id)) return false;
      ids.add(id);
      return true;
    });
  });
  return added.length === 0 ? top : { ...top, tasks: new Set([...top.tasks, ...added].toSorted((a, b) => a - b)) };
}

function letters(id: string): string {
  return /^[A-Za-z]*/.exec(id)?.[0] ?? "";
}

function idAt(view: View, index: number, rows: ReadonlyMap<number, TaskRow>): string | null {
  const line = view.document.lines[index];
  const row = rows.get(index);
  if (row) return row.id;
  if (line?.kind === "heading") return view.tasks[line.heading]?.id ?? null;
  return line?.item ? readTaskText(line.item.content, line.item.number).id : null;
}

function idsOf(view: View, region: Region, rows: ReadonlyMap<number, TaskRow>): Set<string> {
  return new Set([...region.tasks].flatMap((line) => idAt(view, line, rows) ?? []));
}

/** Whether another part is as good as the chosen one, and neither inside it nor a view of the same tasks. */
function isRival(view: View, region: Region, best: Region, rows: ReadonlyMap<number, TaskRow>): boolean {
  if (region.score < enough || region.score < best.score - 1) return false;
  const ids = idsOf(view, best, rows);
  const own = idsOf(view, region, rows);
  if (own.size > 0 && [...own].filter((id) => ids.has(id)).length * 2 >= own.size) return false;
  const apart = [...region.tasks]
    .filter((line) => !isCheck(view, line))
    .filter((line) => !inside(view, view.document.lines[line]?.heading ?? -1, best) && !best.tasks.has(line));
  if (apart.length * 4 < region.tasks.size || apart.length * 2 < best.tasks.size) return false;
  const strong = best.score >= headingBase.strong + 2;
  return region.shape !== "boxes" || best.shape !== "headings" || !strong || apart.some((line) => isAbout(view, line));
}

/** Boxes of a checklist or a gate: they show that the work is done. */
function isCheck(view: View, line: number): boolean {
  const name = view.document.headings[view.document.lines[line]?.heading ?? -1]?.name ?? "";
  return (
    view.document.lines[line]?.item?.box != null &&
    /\b(?:check(?:s|list)?|gates?|readiness|sign-?off)\b|检查|清单|チェック/iu.test(name)
  );
}

function isAbout(view: View, line: number): boolean {
  const sort = sortAbove(view, view.document.lines[line]?.heading ?? -1);
  return sort === "tasks" || sort === "plan";
}

/** Whether a heading is a task of the region, or stands under one. */
function inside({ document: { headings } }: View, heading: number, { shape, tasks }: Region): boolean {
  if (shape !== "headings") return false;
  for (let at = heading; at >= 0; at = headings[at]?.parent ?? -1) if (tasks.has(headings[at]?.line ?? -1)) return true;
  return false;
}
