import { inField } from "../write/syntax.ts";
import { isMap, isSeq, type Node } from "yaml";
import * as z from "zod";
import { configInput } from "../../model/config.ts";
import type { Diagnostic } from "../../model/diagnostic.ts";
import type { Phase } from "../../model/list.ts";
import type { Place } from "../../model/place.ts";
import { FileScope } from "../../model/fileScope.ts";
import type { Box, ListedTask, Reference } from "../../model/task.ts";
import { once } from "../../model/once.ts";
import { checkConfig, configKeys, mergeInputs } from "../config.ts";
import { explainIssues, toPlain, type Data } from "../data.ts";
import { readEstimate } from "../estimate.ts";
import type { Detection, Format, FormatList, Source } from "../format.ts";
import { leavesProject, normalise } from "../paths.ts";
import { badEstimate } from "../task.ts";
import { splitLines } from "../markdown/lines.ts";

/** One task of our own JSON or YAML list. */
const taskEntry = once(() => {
  const ids = z.array(z.string()).describe("ids of other tasks, ranges such as `T1-T4`, or names of phases");
  return z.strictObject({
    id: z.string().min(1).optional().describe("its number in the list when absent"),
    title: z.string().min(1),
    body: z.string().optional().describe("what to do, in full"),
    status: z.enum(["pending", "running", "done", "needs-input", "skipped", "cancelled"]).optional(),
    phase: z.string().optional().describe("tasks of one phase are shown together; it orders nothing"),
    dependsOn: ids.optional(),
    blocks: ids.optional(),
    files: z
      .array(z.union([z.string().min(1), FileScope.strict()]))
      .optional()
      .describe("paths, folders (`src/`) or globs; a plain text is modified"),
    resources: z.array(z.string()).optional().describe("named things that only one task at a time may use"),
    parallel: z.boolean().optional().describe("your word that it may run beside others"),
    agent: z.string().optional(),
    model: z.string().optional(),
    effort: z.enum(["low", "medium", "high", "xhigh", "max"]).optional(),
    estimate: z
      .union([z.number(), z.string()])
      .optional()
      .describe("minutes, or an amount such as `2h`, or a size such as `M`"),
    acceptance: z.array(z.string()).optional(),
    requirements: z.array(z.string()).optional(),
    verify: z.array(z.string()).optional().describe("commands that must pass before it counts as done"),
    optional: z.boolean().optional(),
    gate: z.boolean().optional().describe("runs alone, after everything before it and before everything after it"),
  });
});
type TaskEntry = z.infer<ReturnType<typeof taskEntry>>;

/** Our own list, as JSON or YAML. */
export const taskListFile = once(() =>
  z.strictObject({
    $schema: z.string().optional(),
    title: z.string().optional(),
    options: configInput().optional(),
    tasks: z.array(taskEntry()),
  }),
);

export const list: Format = {
  name: "list",
  title: "JSON or YAML list",
  path: /(?:^|\/)tasks\.(?:json|ya?ml)$/,
  page: { where: "[our own](schema/task-list.json)", order: "what it states", ticked: "its status" },
  waits: inField("dependsOn", "depends_on", "dependencies", "blockedBy", "blocked_by", "needs"),
  detect,
  read,
};

/** Under these keys a scalar means the characters that were written: `010` is not 8, `1.10` is not 1.1. */
const asWritten = new Set([
  "id",
  "title",
  "body",
  "phase",
  "dependsOn",
  "depends_on",
  "dependencies",
  "blockedBy",
  "blocked_by",
  "needs",
  "blocks",
  "files",
  "path",
  "resources",
  "acceptance",
  "requirements",
]);

function detect({ data }: Source): Detection | null {
  if (!isMap(data?.root)) return null;
  const tasks = data.root.get("tasks");
  if (!isSeq(tasks)) return null;
  return { score: 0.5, evidence: `a key \`tasks\` with ${tasks.items.length} entries` };
}

function read(source: Source): FormatList {
  const { data, file, text } = source;
  // Boxes inside the texts of a data file are no boxes of a list.
  const base: FormatList = {
    title: null,
    tasks: [],
    phases: [],
    prose: [],
    order: "none",
    setAside: [],
    boxes: 0,
    options: {},
    diagnostics: [],
  };
  if (!data || !isMap(data.root)) {
    const place = { file, line: 1, column: 1 };
    return {
      ...base,
      diagnostics: [
        {
          severity: "error",
          rule: "wrong-value",
          message: "Unexpected text",
          expected: "JSON or YAML with `tasks`",
          place,
        },
      ],
    };
  }
  const checked = taskListFile().safeParse(renamed(toPlain(data.root, asWritten)));
  if (!checked.success) return { ...base, diagnostics: faults(checked.error.issues, data) };
  const diagnostics: Diagnostic[] = [];
  const phases: Phase[] = [];
  const indexes = new Map<string, number>();
  for (const [index, { phase }] of checked.data.tasks.entries()) {
    if (phase === undefined || indexes.has(phase)) continue;
    indexes.set(phase, phases.length);
    const place = data.place(["tasks", index, "phase"]);
    phases.push({
      name: phase,
      number: null,
      kind: null,
      story: null,
      parallel: null,
      ordered: false,
      parent: null,
      place,
    });
  }
  const lines = splitLines(text).map((line) => line.text);
  const tasks = checked.data.tasks.map((entry, index) => taskOf(entry, index, data, indexes, lines, diagnostics));
  const options = checkConfig(data, data.root.get("options", true) as Node | null, ["options"]);
  return {
    ...base,
    title: checked.data.title ?? null,
    tasks,
    phases,
    options: mergeInputs(options.ok ? options.value : {}),
    diagnostics,
  };
}

/** Other spellings of `dependsOn` that people take along from other tools. */
const aliases = ["depends_on", "dependencies", "blockedBy", "blocked_by", "needs"];

/** The data with each task's dependencies under the one name; a list that says it twice is left as it is, to be refused. */
function renamed(plain: unknown): unknown {
  if (typeof plain !== "object" || plain === null || !("tasks" in plain) || !Array.isArray(plain.tasks)) return plain;
  const tasks = plain.tasks.map((task: unknown) => {
    if (typeof task !== "object" || task === null || "dependsOn" in task) return task;
    const alias = aliases.find((name) => name in task);
    if (alias === undefined) return task;
    return Object.fromEntries(
      Object.entries(task).map(([name, value]) => [name === alias ? "dependsOn" : name, value]),
    );
  });
  return { ...plain, tasks };
}

function faults(issues: readonly z.core.$ZodIssue[], data: Data): Diagnostic[] {
  return issues.flatMap((issue) => {
    const [first, , third] = issue.path;
    const known =
      first === "tasks"
        ? third === "files"
          ? Object.keys(FileScope.shape)
          : Object.keys(taskEntry().shape)
        : first === "options"
          ? configKeys()
          : Object.keys(taskListFile().shape);
    return explainIssues([issue], data, [], known);
  });
}

function taskOf(
  entry: TaskEntry,
  index: number,
  data: Data,
  phases: ReadonlyMap<string, number>,
  lines: readonly string[],
  diagnostics: Diagnostic[],
): ListedTask {
  const at = (...path: (string | number)[]): Place => data.place(["tasks", index, ...path]);
  const place = at();
  const id = entry.id ?? String(index + 1);
  const status = entry.status ?? "pending";
  return {
    id,
    writtenId: id,
    title: entry.title,
    body: entry.body ?? "",
    status,
    phase: entry.phase ?? null,
    phaseIndex: phases.get(entry.phase ?? "") ?? null,
    parent: null,
    files: (entry.files ?? []).map((file, item) => {
      const { path, access } = typeof file === "string" ? { path: file, access: "modify" as const } : file;
      if (access !== "read" && leavesProject(path)) diagnostics.push(outside(path, at("files", item)));
      return { path: normalise(path), access };
    }),
    resources: entry.resources ?? [],
    parallel: entry.parallel ?? null,
    agent: entry.agent ?? null,
    model: entry.model ?? null,
    effort: entry.effort ?? null,
    estimate: estimateOf(entry.estimate, at("estimate"), diagnostics),
    acceptance: entry.acceptance ?? [],
    requirements: entry.requirements ?? [],
    verify: entry.verify ?? [],
    optional: entry.optional ?? false,
    gate: entry.gate ?? false,
    source: place,
    lines: [entry.title, ...(entry.body ?? "").split("\n")].map((text, row) => ({
      text,
      place: at(row === 0 ? "title" : "body"),
    })),
    dependsOn: references(entry.dependsOn, (item) => at(dependsKey(data, index), item)),
    blocks: references(entry.blocks, (item) => at("blocks", item)),
    foundation: false,
    story: null,
    box: entry.status === undefined ? null : boxOf(status, at("status"), lines),
  };
}

/** Under which key the task says what it waits for. */
function dependsKey(data: Data, index: number): string {
  const tasks = isMap(data.root) ? data.root.get("tasks") : null;
  const task = isSeq(tasks) ? tasks.items[index] : null;
  return (isMap(task) ? aliases.find((name) => task.has(name)) : undefined) ?? "dependsOn";
}

/** Prose may speak of such a path, and is warned of while linking. A field claims it: nothing here may change it. */
function outside(path: string, place: Place): Diagnostic {
  return {
    severity: "error",
    rule: "outside-project",
    message: `Unexpected path outside the project: \`${path}\``,
    expected: "paths relative to the project; outside it a task may only read",
    fix: 'write the path as seen from the project\'s folder, or `{"path": …, "access": "read"}`, or do this by hand',
    place,
  };
}

function references(texts: readonly string[] | undefined, place: (index: number) => Place): Reference[] {
  return (texts ?? []).map((text, index) => ({ text, place: place(index) }));
}

function estimateOf(written: number | string | undefined, place: Place, diagnostics: Diagnostic[]): number | null {
  if (written === undefined) return null;
  const minutes =
    typeof written === "string" ? (readEstimate(written) ?? "wrong") : written > 0 && written < 1e6 ? written : "wrong";
  if (minutes !== "wrong") return minutes;
  diagnostics.push(badEstimate(String(written), place));
  return null;
}

/** A status that stands alone on its line (`status: pending`, `"status": "pending",`) can be changed there. */
function boxOf(status: string, { file, line, column }: Place, lines: readonly string[]): Box | null {
  const lineText = lines[line - 1] ?? "";
  const start = lineText.startsWith('"', column - 1) || lineText.startsWith("'", column - 1) ? column + 1 : column;
  const alone = /^\s*(?:-\s+)?["']?status["']?\s*:\s*["']?[a-z-]+["']?,?\s*(?:#.*)?$/.test(lineText);
  return alone && lineText.startsWith(status, start - 1)
    ? { file, line, column: start, was: status, done: "done", lineText }
    : null;
}
