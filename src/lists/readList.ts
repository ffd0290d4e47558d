import type { Diagnostic, Outcome } from "../model/diagnostic.ts";
import type { OrderRule, TaskList } from "../model/list.ts";
import { mergeInputs } from "./config.ts";
import { asSource, choose, chooseNamed } from "./choose.ts";
import { decode } from "./decode.ts";
import { together, type Format, type FormatList, type Source } from "./format.ts";
import { aiDevTasks } from "./formats/aiDevTasks.ts";
import { agentOs } from "./formats/agentOs.ts";
import { conductor } from "./formats/conductor.ts";
import { githubList } from "./formats/githubList.ts";
import { kiro } from "./formats/kiro.ts";
import { openspec } from "./formats/openspec.ts";
import { sisyphus } from "./formats/sisyphus.ts";
import { specWorkflow } from "./formats/specWorkflow.ts";
import { superpowers } from "./formats/superpowers.ts";
import { taskMaster } from "./formats/taskMaster.ts";
import { ccpm } from "./formats/ccpm.ts";
import { beads } from "./formats/beads.ts";
import { backlogMd } from "./formats/backlogMd.ts";
import { gsd } from "./formats/gsd.ts";
import { gsdRoadmap } from "./formats/gsdRoadmap.ts";
import { specKitty } from "./formats/specKitty.ts";
import { compozy } from "./formats/compozy.ts";
import { bmad } from "./formats/bmad.ts";
import { cursor } from "./formats/cursor.ts";
import { ralph } from "./formats/ralph.ts";
import { claudeTasks } from "./formats/claudeTasks.ts";
import { taskCopilot } from "./formats/taskCopilot.ts";
import { frontMatterFolder } from "./formats/frontMatterFolder.ts";
import { autoClaude } from "./formats/autoClaude.ts";
import { featureList } from "./formats/featureList.ts";
import { githubIssues } from "./formats/githubIssues.ts";
import { taskwarrior } from "./formats/taskwarrior.ts";
import { ticket } from "./formats/ticket.ts";
import { execPlan } from "./formats/execPlan.ts";
import { mermaid } from "./formats/mermaid.ts";
import { org } from "./formats/org.ts";
import { todoTxt } from "./formats/todoTxt.ts";
import { jira, linear } from "./formats/trackerCsv.ts";
import { uniqueIds } from "./ids.ts";
import { conflictMarkers } from "./conflictMarkers.ts";
import { inSequence } from "./sequence.ts";
import { inline } from "./formats/inline.ts";
import { list } from "./formats/ownList.ts";
import { markdown, weakRegions } from "./formats/markdown.ts";
import type { MarkdownDocument } from "./markdown/scan.ts";
import { openSource, type Opened } from "./source.ts";
import { speckit } from "./formats/speckit.ts";

/** Every format that can be read. Of two that score alike the one whose path fits wins, then the earlier. */
export const formats: readonly Format[] = [
  speckit,
  kiro,
  specWorkflow,
  openspec,
  superpowers,
  sisyphus,
  agentOs,
  conductor,
  githubList,
  aiDevTasks,
  list,
  inline,
  markdown,
  taskMaster,
  ccpm,
  beads,
  backlogMd,
  gsd,
  gsdRoadmap,
  specKitty,
  compozy,
  bmad,
  cursor,
  ralph,
  claudeTasks,
  taskCopilot,
  frontMatterFolder,
  featureList,
  ticket,
  autoClaude,
  taskwarrior,
  githubIssues,
  linear,
  jira,
  todoTxt,
  org,
  mermaid,
  execPlan,
];

interface ReadOptions {
  /** Name of the format; found by evidence when absent. */
  readonly format?: string | undefined;
}

/**
 * Reads one text as a task list. On success the list's diagnostics hold the warnings; on failure all that was found.
 * `file` is the path as the person gave it, or `inline`.
 */
export function readText(text: string, file: string, options: ReadOptions = {}): Outcome<TaskList> {
  const opened = openSource(text, file);
  return opened.ok ? readAll([opened.value], options, []) : opened;
}

/**
 * Reads several sources as one list. Files that make up a list that is a folder are read together. Ids stay unique
 * across the lists: a second `T001` becomes `T001#2`.
 */
export function readFiles(
  files: readonly { file: string; bytes: Uint8Array }[],
  options: ReadOptions = {},
): Outcome<TaskList> {
  const { opened, diagnostics } = openAll(files);
  return readAll(opened, options, diagnostics);
}

/** Hidden folders in which known tools keep lists. */
export const hiddenFolders: ReadonlySet<string> = new Set(formats.flatMap(({ hidden }) => hidden ?? []));

const listName = /(?:^|\/)(?:tasks?|todos?|task-?list)(?:[-_.][\w-]+)*\.(?:md|markdown|json|ya?ml|org)$/i;

/** Names under which plans stand that are lists only where nothing is named as one. */
const planName =
  /(?:^|\/)(?:[\p{L}\d]+[-_. ])*(?:(?:implementation|task)?[-_ ]?(?:plan|plans|roadmap|backlog|milestones|breakdown)|\p{L}*plan|tarefas|tareas|aufgaben|taches|tâches|\p{L}*(?:任务|計画|计划|タスク)\p{L}*)(?:[-_. ][\p{L}\d]+)*\.(?:md|markdown|org)$/iu;

/** Whether a file is named as plans are: `IMPLEMENTATION_PLAN.md`, `ROADMAP.md`. */
export function isNamedAsPlan(path: string): boolean {
  return planName.test(path);
}

/** Whether a file is named as task lists are. */
export function isNamedAsList(path: string): boolean {
  return listName.test(path);
}

/** Whether a file may be a list or a part of one, by its path alone: worth opening to see. */
export function mayBeList(path: string): boolean {
  return (
    isNamedAsList(path) ||
    formats.some((format) => format.path?.test(path) === true || (format.folder?.(path) ?? null) !== null)
  );
}

/** The folder whose list a file stands for when a person names it (`epic.md`), and which files may belong to that. */
export function listFolderOf(path: string): { folder: string; belongs: (path: string) => boolean } | null {
  for (const format of formats) {
    const folder = format.main?.test(path) === true ? (format.folder?.(path) ?? null) : null;
    if (folder !== null && folder !== path) return { folder, belongs: (other) => format.folder?.(other) === folder };
  }
  return null;
}

/**
 * Which lists stand in these files, each with its format and what shows it. Files that cannot be read hold none, and a
 * file whose name only another format asks for (`plan.md` beside task files) is no list of its own, unless `anyName`.
 */
export function findLists(
  files: readonly { file: string; bytes: Uint8Array }[],
  anyName = false,
): { files: string[]; format: string; evidence: string }[] {
  const found = choose(openAll(files).opened, formats).lists.filter(
    ({ format, files: members }) =>
      anyName ||
      members.some(
        ({ source: { file } }) =>
          isNamedAsList(file) || format.path?.test(file) === true || (format.folder?.(file) ?? null) !== null,
      ),
  );
  return found.map((list) => ({
    files: list.files.map(({ source }) => source.file),
    format: list.format.name,
    evidence: list.evidence,
  }));
}

function openAll(files: readonly { file: string; bytes: Uint8Array }[]): {
  opened: Opened[];
  diagnostics: Diagnostic[];
} {
  const opened: Opened[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const { file, bytes } of files) {
    const text = decode(bytes, file);
    const one = text.ok ? openSource(text.value, file) : text;
    if (one.ok) opened.push(one.value);
    else for (const fault of one.diagnostics) diagnostics.push(fault);
  }
  return { opened, diagnostics };
}

function readAll(files: readonly Opened[], options: ReadOptions, unread: readonly Diagnostic[]): Outcome<TaskList> {
  const { format: name } = options;
  const choice =
    name === undefined ? { ok: true as const, value: choose(files, formats) } : chooseNamed(files, formats, name);
  if (!choice.ok) return choice;
  const diagnostics = [
    ...choice.value.rest.flatMap(({ source, data }) =>
      data.length > 0 ? data : (refused(unclear(source.file, source.markdown)) ?? []),
    ),
    ...unread,
    ...files.flatMap(({ source }) => conflictMarkers(source)),
  ];
  const lists: TaskList[] = [];
  for (const { format, evidence, files: members } of choice.value.lists) {
    const faults = format.folder ? [] : members.flatMap((file) => file.frontMatter);
    if (faults.length > 0) {
      diagnostics.push(...faults);
      continue;
    }
    if (diagnostics.length > 0) continue;
    const source = asSource(members, format, name ?? null);
    const made = inOrderOfItsPlace(format, source.file, format.read(source, 1 + count(lists)));
    lists.push({
      ...made,
      format: format.name,
      detected: evidence,
      sources: together(source).map(({ file }) => file),
      diagnostics: [
        ...(source.others.length > 0 ? [readAs(format, evidence, source)] : []),
        ...(format.folder ? [] : source.frontMatter.diagnostics),
        ...made.diagnostics,
      ],
    });
  }
  return diagnostics.length > 0 ? { ok: false, diagnostics } : finish(lists);
}

/** Formats whose tool goes through a list from top to bottom. */
const oneAfterAnother: readonly Format[] = [kiro, openspec, agentOs, conductor, aiDevTasks, specWorkflow];

/** A list in the folder of such a tool keeps its order, also where its tasks are written as any Markdown list has them. */
function inOrderOfItsPlace(format: Format, file: string, made: FormatList): FormatList {
  const placed = format === markdown && oneAfterAnother.some(({ path }) => path?.test(file) === true);
  return placed && made.order === "none" ? { ...made, ...inSequence(made) } : made;
}

function readAs(format: Format, evidence: string, source: Source): Diagnostic {
  const message = `${together(source).length} files are read as one list, ${format.title}: ${evidence}`;
  const fix = "nothing, or name another format with `--format`";
  return { severity: "info", rule: "read-as", message, fix, place: { file: source.file, line: 1, column: 1 } };
}

function refused(outcome: Outcome<never>): Diagnostic[] | null {
  return outcome.ok ? null : outcome.diagnostics;
}

function count(lists: readonly TaskList[]): number {
  return lists.reduce((sum, one) => sum + one.tasks.length, 0);
}

/** A text in which no part is clearly a list: what it may mean is named, strongest first. */
function unclear(file: string, document: MarkdownDocument): Outcome<never> {
  const [one, other] = weakRegions(document);
  if (!one) return empty(file, document.boxes);
  const named = [one, ...(other ? [other] : [])];
  const [first, ...more] = named.map(({ line }) => `\`--format markdown:${line}\``);
  return fail(
    "empty-list",
    `No part of this file is clearly a task list; it may be ${named.map(({ line, what }) => `${what} (line ${line})`).join(" or ")}`,
    "tasks as boxes, or under a heading such as `Tasks`",
    `say that it is meant: ${[first, ...more].join(" or ")}; or write the tasks as \`- [ ] …\` lines`,
    file,
    one.line,
  );
}

function empty(file: string, boxes: number): Outcome<never> {
  const aside =
    boxes > 0
      ? ` (${boxes} ${boxes === 1 ? "box stands" : "boxes stand"} in code fences, comments, quotations, or under headings such as Notes or Checklist)`
      : "";
  const expected =
    "boxes (`- [ ] …`), a numbered list, headings such as `### Task 1: …`, a list under a heading `Tasks`, or JSON or YAML with `tasks`";
  return fail(
    "empty-list",
    `Unexpected text: no task found${aside}`,
    expected,
    "write the tasks as `- [ ] …` lines",
    file,
  );
}

function fail(rule: string, message: string, expected: string, fix: string, file: string, line = 1): Outcome<never> {
  return {
    ok: false,
    diagnostics: [{ severity: "error", rule, message, expected, fix, place: { file, line, column: 1 } }],
  };
}

const strictness: readonly OrderRule[] = ["none", "barriers", "sequence"];

/** Joins lists, makes ids unique, and fails when there is an error or no task. The strictest order rule holds for all. */
function finish(lists: readonly TaskList[]): Outcome<TaskList> {
  const [first] = lists;
  if (!first) return empty("inline", 0);
  const joined = lists.slice(1).reduce(join, first);
  const { tasks, diagnostics: idFaults } = uniqueIds(joined.tasks);
  const diagnostics = [...joined.diagnostics, ...idFaults];
  if (diagnostics.some(({ severity }) => severity === "error")) return { ok: false, diagnostics };
  if (tasks.length === 0) {
    const none = empty(first.sources[0] ?? "inline", joined.boxes);
    return none.ok ? none : { ok: false, diagnostics: [...none.diagnostics, ...diagnostics] };
  }
  return { ok: true, value: { ...joined, tasks, diagnostics } };
}

function join(left: TaskList, right: TaskList): TaskList {
  const shift = (index: number | null): number | null => (index === null ? null : index + left.phases.length);
  return {
    format: left.format === right.format ? left.format : `${left.format}, ${right.format}`,
    detected: `${left.detected}; ${right.detected}`,
    sources: [...left.sources, ...right.sources],
    title: left.title ?? right.title,
    tasks: [...left.tasks, ...right.tasks.map((task) => ({ ...task, phaseIndex: shift(task.phaseIndex) }))],
    phases: [...left.phases, ...right.phases.map((phase) => ({ ...phase, parent: shift(phase.parent) }))],
    prose: [...left.prose, ...right.prose.map((line) => ({ ...line, phaseIndex: shift(line.phaseIndex) }))],
    order: strictness[Math.max(strictness.indexOf(left.order), strictness.indexOf(right.order))] ?? "none",
    setAside: [...left.setAside, ...right.setAside],
    boxes: left.boxes + right.boxes,
    options: mergeInputs(left.options, right.options),
    diagnostics: [...left.diagnostics, ...right.diagnostics],
  };
}
