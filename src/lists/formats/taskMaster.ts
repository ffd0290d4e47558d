import { inField } from "../write/syntax.ts";
import { isMap, isSeq, type Node } from "yaml";
import type { FileAccess } from "../../model/fileScope.ts";
import type { ListedTask, Reference } from "../../model/task.ts";
import type { Data } from "../data.ts";
import { onlyDoneSatisfies, resolveFields, type Missing } from "../dependencies.ts";
import { together, type Detection, type Format, type FormatList, type Source } from "../format.ts";
import { filesIn, listed, nothing, notThis, warn } from "../listed.ts";
import { normalise } from "../paths.ts";
import { statusBox, statusOf } from "../statusField.ts";
import { booleanOf, itemsOf, referencesOf, textOf, textsOf, valueOf } from "../values.ts";

/** Task Master: `.taskmaster/tasks/tasks.json` with tags, the same without (before tags), or a bare array. */
export const taskMaster: Format = {
  name: "task-master",
  title: "Task Master tasks.json",
  path: /(?:^|\/)\.taskmaster\/tasks\/tasks\.json$/,
  folder: (path) => {
    const own = /^(.*\.taskmaster)\/(?:tasks\/tasks|state)\.json$/.exec(path);
    return own?.[1] ?? (/(?:^|\/)tasks\.json$/.test(path) ? path : null);
  },
  main: /(?:^|\/)tasks\.json$/,
  page: {
    where: "the file or `.taskmaster/`; `task-master:TAG` for another tag",
    order: "what it states",
    ticked: "its status",
  },
  hidden: [".taskmaster"],
  waits: inField("dependencies"),
  detect,
  read,
};

/** Its tags, each with its tasks; a file without tags is one tag of no name. */
function tagsOf(root: unknown): { tag: string | null; tasks: readonly Node[] }[] {
  if (isSeq(root)) return [{ tag: null, tasks: itemsOf(root) }];
  if (!isMap(root)) return [];
  const tasks = root.get("tasks", true);
  if (isSeq(tasks)) return [{ tag: null, tasks: itemsOf(tasks) }];
  return root.items.flatMap(({ key, value }) => {
    const own = valueOf(value, "tasks");
    return isSeq(own) ? [{ tag: textOf(key) ?? "", tasks: itemsOf(own) }] : [];
  });
}

function isTask(node: Node): boolean {
  if (textOf(valueOf(node, "id")) === null || textOf(valueOf(node, "title")) === null) return false;
  return ["dependencies", "details", "testStrategy", "subtasks"].some((key) => valueOf(node, key) !== null);
}

function detect(source: Source): Detection | null {
  for (const { data } of together(source)) {
    const tags = tagsOf(data?.root);
    const count = tags.reduce((sum, { tasks }) => sum + tasks.filter(isTask).length, 0);
    if (count === 0) continue;
    const named = tags.flatMap(({ tag }) => tag ?? []);
    const where =
      named.length === 0 ? "" : ` in ${named.length === 1 ? "the tag" : `${named.length} tags:`} ${named.join(", ")}`;
    return { score: 0.9, evidence: `${count} tasks with \`dependencies\`, \`details\` or \`subtasks\`${where}` };
  }
  return null;
}

function read(source: Source): FormatList {
  const file = together(source).find(({ data }) => tagsOf(data?.root).length > 0);
  if (!file?.data) return notThis(source, "a `tasks.json` of Task Master");
  const { data } = file;
  const tags = tagsOf(data.root);
  const state = together(source).find((one) => valueOf(one.data?.root, "currentTag") !== null);
  const current = textOf(valueOf(state?.data?.root, "currentTag"));
  const wanted = source.part ?? current ?? "master";
  const chosen = tags.find(({ tag }) => tag === wanted) ?? (source.part === null ? tags[0] : undefined);
  const names = tags.map(({ tag }) => `\`${tag ?? ""}\``).join(", ");
  const place = { file: file.file, line: 1, column: 1 };
  if (!chosen) {
    const unknown = warn("unknown-tag", `Unexpected tag \`${wanted}\``, `one of ${names}`, "name one of these", place);
    return { ...nothing, diagnostics: [{ ...unknown, severity: "error" }] };
  }
  const written = chosen.tasks.flatMap((node) => family(node, file, data));
  const ids = new Set(written.map(({ id }) => id));
  const resolved = resolveFields(written, missing, (text, task) => relative(text, task, ids));
  const settled = onlyDoneSatisfies(resolved.tasks);
  const diagnostics = [...resolved.diagnostics, ...settled.diagnostics];
  if (tags.length > 1) {
    const why = source.part === null && current === wanted ? ", the one in use" : "";
    const message = `Reading the tag \`${chosen.tag ?? ""}\`${why}; the file has ${names}`;
    const fix = "nothing, or name another one: `--format task-master:TAG`";
    diagnostics.push({ severity: "info", rule: "other-tags", message, fix, place });
  }
  return { ...nothing, title: chosen.tag, tasks: settled.tasks, diagnostics };
}

const missing: Missing = { counts: "unmet", where: "Task Master never counts it as done" };

/**
 * Inside a task a plain number is the part of that number; only where there is none, the task. (Task Master itself
 * takes numbers below 100 for parts, whether there is one or not.)
 */
function relative(text: string, task: ListedTask, ids: ReadonlySet<string>): string | Missing | null {
  if (ids.has(text) && (task.parent === null || text.includes("."))) return text;
  if (task.parent === null) return null;
  const sibling = `${task.parent}.${text}`;
  if (ids.has(sibling) && (sibling !== task.id || !ids.has(text))) return sibling;
  if (ids.has(text) && text !== task.parent) return text;
  return text === task.parent ? { counts: "unmet", where: "it is a part of that task" } : null;
}

/** A task and its parts, whose ids are dotted. */
function family(node: Node, source: Source, data: Data): ListedTask[] {
  const task = taskOf(node, source, data, null);
  const parts = itemsOf(valueOf(node, "subtasks")).filter((part) => isMap(part));
  return [task, ...parts.map((part) => taskOf(part, source, data, task.id))];
}

function taskOf(node: Node, source: Source, data: Data, parent: string | null): ListedTask {
  const text = (...keys: string[]): string | null => textOf(valueOf(node, ...keys));
  const number = text("id") ?? "";
  const id = parent === null || number.startsWith(`${parent}.`) ? number : `${parent}.${number}`;
  const [description, details, tests] = [text("description"), text("details"), text("testStrategy")];
  const status = valueOf(node, "status");
  const body = [description, details, tests === null ? null : `Test strategy: ${tests}`];
  return listed({
    id,
    title: text("title") ?? description ?? id,
    body: body.filter((part) => part !== null && part !== "").join("\n\n"),
    source: data.at(node),
    status: statusOf(textOf(status)),
    parent,
    files: [...itemsOf(valueOf(node, "relevantFiles")).flatMap(relevantFile), ...filesIn(description, details)],
    acceptance: textsOf(valueOf(node, "acceptanceCriteria")),
    optional: booleanOf(valueOf(node, "optional")) === true,
    dependsOn: referencesOf(data, valueOf(node, "dependencies")).map(asGraph),
    box: statusBox(source, data, status, { done: "done", open: "pending" }),
  });
}

/** The tool keeps these itself: a machine-written graph. */
export function asGraph(reference: Reference): Reference {
  return { ...reference, kind: "graph" };
}

function relevantFile(node: Node): { path: string; access: FileAccess }[] {
  const path = textOf(valueOf(node, "path"));
  const action = textOf(valueOf(node, "action"));
  const access = action === "create" ? "create" : action === "reference" ? "read" : "modify";
  return path === null ? [] : [{ path: normalise(path), access }];
}
