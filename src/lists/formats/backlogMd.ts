import { inField } from "../write/syntax.ts";
import { isMap } from "yaml";
import type { ListedTask } from "../../model/task.ts";
import { resolveFields, type Missing } from "../dependencies.ts";
import { together, type Detection, type Format, type FormatList, type Source } from "../format.ts";
import { bodyOf, boxesAside, filesFrom, filesIn, listed, nothing } from "../listed.ts";
import { byNumber, partsBehindWholes } from "../order.ts";
import { mergeFiles } from "../paths.ts";
import { statusBox, statusOf } from "../statusField.ts";
import { referencesOf, textOf, textsOf, valueOf } from "../values.ts";

/** Backlog.md: `backlog/tasks/<id> - <title>.md`, with the finished ones in `completed/`. */
export const backlogMd: Format = {
  name: "backlog-md",
  title: "Backlog.md tasks",
  path: /(?:^|\/)backlog\/tasks\//,
  folder: (path) => {
    const parts = /^(.*\/)?([A-Za-z]+-\d+(?:\.\d+)*(?: - |-+)[^/]*\.md|config\.yml)$/.exec(path);
    const folder = parts?.[1] ?? "";
    return parts && !/(?:^|\/)(?:drafts|archive)\//.test(folder)
      ? folder.replace(/(?<=^|\/)(?:tasks|completed)\/$/, "")
      : null;
  },
  main: /(?:^|\/)backlog\/config\.yml$/,
  page: { where: "the backlog's folder", order: "what it states", ticked: "its front matter" },
  waits: inField("dependencies"),
  detect,
  read,
};

function field(source: Source, ...keys: string[]): string | null {
  return textOf(valueOf(source.frontMatter.data?.root, ...keys));
}

function isTask(source: Source): boolean {
  const root = source.frontMatter.data?.root;
  const own = ["created_date", "assignee", "acceptance_criteria", "ordinal", "labels"];
  return (
    isMap(root) &&
    /^[A-Za-z]+-\d/.test(field(source, "id") ?? "") &&
    field(source, "title") !== null &&
    own.filter((key) => root.has(key)).length >= 2
  );
}

function detect(source: Source): Detection | null {
  const tasks = together(source).filter(isTask);
  if (tasks.length === 0) return null;
  return { score: 0.9, evidence: `${tasks.length} files with \`id\`, \`title\`, \`assignee\` and \`created_date\`` };
}

const missing: Missing = { counts: "met", where: "not among these tasks: archived, a draft, or on another branch" };

function read(source: Source): FormatList {
  const files = together(source);
  const written = files.filter(isTask).map(taskOf);
  written.sort((a, b) => byNumber(a.id.toLowerCase(), b.id.toLowerCase()));
  const { tasks, diagnostics } = resolveFields(written, missing);
  const config = files.find(({ file }) => file.endsWith("config.yml"));
  return {
    ...nothing,
    ...boxesAside(files, "an acceptance criterion: in Backlog.md the files are the tasks"),
    title: textOf(valueOf(config?.data?.root, "project_name")),
    tasks: partsBehindWholes(withParents(tasks)),
    diagnostics,
  };
}

/** `task-7.2` is a part of `task-7`, whatever the case, the padding or an older prefix say. */
function withParents(tasks: readonly ListedTask[]): ListedTask[] {
  const key = (id: string): string =>
    id
      .toLowerCase()
      .replace(/^[a-z]+-/, "")
      .replaceAll(/(?<!\d)0+(?=\d)/g, "");
  const byKey = new Map(tasks.map((task) => [key(task.id), task.id]));
  return tasks.map((task) => ({
    ...task,
    parent: task.parent === null ? null : (byKey.get(key(task.parent)) ?? null),
  }));
}

function taskOf(source: Source): ListedTask {
  const { data } = source.frontMatter;
  const root = data?.root;
  const id = field(source, "id") ?? "";
  const { body, acceptance } = bodyOf(source);
  const status = valueOf(root, "status");
  return listed({
    id,
    title: field(source, "title") ?? id,
    body,
    source: data?.place([]) ?? { file: source.file, line: 1, column: 1 },
    status: /(?:^|\/)completed\//.test(source.file) ? "done" : statusOf(textOf(status)),
    parent: field(source, "parent_task_id", "parent"),
    files: mergeFiles([...filesFrom(textsOf(valueOf(root, "modified_files"))), ...filesIn(...body.split("\n"))]),
    acceptance,
    dependsOn: data ? referencesOf(data, valueOf(root, "dependencies")) : [],
    box: data ? statusBox(source, data, status, { done: "Done", open: "To Do" }) : null,
  });
}
