import { inField } from "../write/syntax.ts";
import { isMap } from "yaml";
import type { Diagnostic } from "../../model/diagnostic.ts";
import type { ListedTask } from "../../model/task.ts";
import { resolveFields, type Missing } from "../dependencies.ts";
import { readEstimate } from "../estimate.ts";
import { together, type Detection, type Format, type FormatList, type Source } from "../format.ts";
import { bodyOf, boxesAside, filesIn, listed, nothing, warn } from "../listed.ts";
import { mergeFiles } from "../paths.ts";
import { statusBox, statusOf } from "../statusField.ts";
import { referencesOf, textOf, textsOf, valueOf } from "../values.ts";

/** ccpm: an epic's folder with a file for each task, `001.md` or, once it is an issue, `1234.md`. */
export const ccpm: Format = {
  name: "ccpm",
  title: "ccpm epic",
  path: /(?:^|\/)epics\//,
  folder: (path) => {
    const parts = /^(.*\/)?(?:(tasks\/)?\d+(-[^/]*)?|epic|github-mapping)\.md$/.exec(path);
    return parts && (parts[3] === undefined || parts[2] !== undefined)
      ? (parts[1] ?? "").replace(/tasks\/$/, "")
      : null;
  },
  main: /(?:^|\/)(?:epic|github-mapping)\.md$/,
  page: {
    where: "the epic's folder",
    order: "what it states; `conflicts_with` is never together",
    ticked: "its front matter",
  },
  hidden: [".claude"],
  waits: inField("depends_on", "dependencies"),
  detect,
  read,
};

function numberOf({ file }: Source): string | null {
  return /(?:^|\/)(\d+)(?:-[^/]*)?\.md$/.exec(file)?.[1] ?? null;
}

function isTask(source: Source): boolean {
  return numberOf(source) !== null && isMap(source.frontMatter.data?.root);
}

function field(source: Source, ...keys: string[]): string | null {
  return textOf(valueOf(source.frontMatter.data?.root, ...keys));
}

function detect(source: Source): Detection | null {
  const tasks = together(source).filter((one) => isTask(one) && field(one, "name") !== null);
  const marked = tasks.filter((one) =>
    ["depends_on", "parallel", "conflicts_with"].some((key) => valueOf(one.frontMatter.data?.root, key) !== null),
  );
  if (marked.every((one) => field(one, "status") === null)) return null;
  return {
    score: 0.9,
    evidence: `${tasks.length} numbered files with \`name\`, \`status\` and \`depends_on\` or \`parallel\``,
  };
}

function read(source: Source): FormatList {
  const files = together(source);
  const sources = files.filter(isTask);
  const ids = new Set(sources.map((one) => numberOf(one) ?? ""));
  const mapping = mappingOf(files);
  // Padded numbers beside issue numbers were given before the files were renamed: 008 is not issue 8.
  const renamed = ![...ids].some((id) => id.startsWith("0"));
  const find = (text: string): string | Missing | null => {
    const number = /^#?(\d+)(?:\.md)?$/.exec(text)?.[1];
    if (number === undefined) return null;
    const now = mapping.get(number);
    if (now !== undefined && ids.has(now) && !ids.has(number)) return now;
    if (ids.has(number)) return number;
    return renamed && number.startsWith("0")
      ? { counts: "unmet", where: "a number from before the files were renamed to issues, which no mapping explains" }
      : null;
  };
  const written = sources.map(taskOf);
  const { tasks, diagnostics } = resolveFields(written, missing, find);
  const conflicts = conflictsOf(sources, new Set(ids), find);
  const epic = files.find((one) => /(?:^|\/)epic\.md$/.test(one.file));
  return {
    ...nothing,
    ...boxesAside(files, "a criterion or a summary: in ccpm the files are the tasks"),
    title: epic ? field(epic, "name", "title") : null,
    tasks: tasks.map((task) => ({ ...task, resources: conflicts.locks.get(task.id) ?? [] })),
    diagnostics: [...diagnostics, ...conflicts.diagnostics],
  };
}

const missing: Missing = { counts: "unmet", where: "ccpm waits for every number it reads" };

function taskOf(source: Source): ListedTask {
  const data = source.frontMatter.data;
  const root = data?.root;
  const id = numberOf(source) ?? "";
  const { body, acceptance } = bodyOf(source);
  const status = valueOf(root, "status");
  const place = data?.place([]) ?? { file: source.file, line: 1, column: 1 };
  return listed({
    id,
    title: field(source, "title", "name") ?? id,
    body,
    source: place,
    status: statusOf(textOf(status)),
    parallel: isParallel(textOf(valueOf(root, "parallel")), textsOf(valueOf(root, "parallel"))),
    files: mergeFiles(filesIn(...body.split("\n"))),
    acceptance,
    estimate: estimateOf(source, body),
    dependsOn: data ? referencesOf(data, valueOf(root, "depends_on", "dependencies")) : [],
    box: data ? statusBox(source, data, status, { done: "closed", open: "open" }) : null,
  });
}

/** Also seen: `parallel: 1`, and a list of the tasks that may run beside it. */
function isParallel(word: string | null, list: readonly string[]): boolean | null {
  if (word === null) return list.length > 0 ? true : null;
  return /^(?:true|yes|1)$/i.test(word) ? true : /^(?:false|no|0)$/i.test(word) ? false : null;
}

function estimateOf(source: Source, body: string): number | null {
  const hours =
    field(source, "hours", "estimated_hours", "estimate_hours", "effort_hours") ??
    /^- \**Hours\**: *(\d+(?:\.\d+)?)/m.exec(body)?.[1];
  const minutes = Number(hours ?? Number.NaN) * 60;
  if (minutes > 0 && minutes < 1e6) return minutes;
  const read = readEstimate(field(source, "effort", "size", "estimate") ?? "");
  return read === "wrong" ? null : read;
}

/** `001.md → #171` in `github-mapping.md`, and in the epic. */
function mappingOf(files: readonly Source[]): ReadonlyMap<string, string> {
  const mapping = new Map<string, string>();
  for (const source of files.filter((one) => /(?:epic|github-mapping)\.md$/.test(one.file))) {
    for (const { text } of source.markdown.lines) {
      const pair = /(?<![\d#])(0\d{1,5})(?:\.md)?[`*]{0,3} {0,4}(?:→|->|=>|:) {0,4}[`*]{0,3}#?(\d{1,9})\b/.exec(text);
      if (pair?.[1] !== undefined && pair[2] !== undefined) mapping.set(pair[1], pair[2]);
    }
  }
  return mapping;
}

/** `conflicts_with`: each pair shares a lock of its own, so that the two never run together. */
function conflictsOf(
  sources: readonly Source[],
  ids: ReadonlySet<string>,
  find: (text: string) => string | Missing | null,
): { locks: Map<string, string[]>; diagnostics: Diagnostic[] } {
  const locks = new Map<string, string[]>();
  const diagnostics: Diagnostic[] = [];
  const add = (id: string, lock: string): void => {
    const known = locks.get(id) ?? [];
    if (!known.includes(lock)) locks.set(id, [...known, lock]);
  };
  for (const source of sources) {
    const { data } = source.frontMatter;
    const id = numberOf(source) ?? "";
    for (const { text, place } of data ? referencesOf(data, valueOf(data.root, "conflicts_with")) : []) {
      const found = find(text);
      const other = typeof found === "string" ? found : text;
      if (other === id) continue;
      if (!ids.has(other)) {
        const message = `\`${id}\` conflicts with \`${text}\`, which is no task of this epic`;
        diagnostics.push(
          warn("unknown-conflict", message, "the number of a task", "mend the number or remove it", place),
        );
        continue;
      }
      const lock = `conflict ${[id, other].toSorted((a, b) => Number(a) - Number(b)).join("-")}`;
      add(id, lock);
      add(other, lock);
    }
  }
  return { locks, diagnostics };
}
