import { inField } from "../write/syntax.ts";
import type { ListedTask } from "../../model/task.ts";
import { resolveFields, type Missing } from "../dependencies.ts";
import { readFields } from "../fields.ts";
import { together, type Detection, type Format, type FormatList, type Source } from "../format.ts";
import { bodyOf, boxesAside, filesIn, listed, nothing } from "../listed.ts";
import { byNumber } from "../order.ts";
import { mergeFiles } from "../paths.ts";
import { statusBox, statusOf } from "../statusField.ts";
import { referencesOf, textOf, valueOf } from "../values.ts";

/** Compozy: `.compozy/tasks/<name>/task_01.md` and its table `_tasks.md`. */
export const compozy: Format = {
  name: "compozy",
  title: "Compozy tasks",
  path: /(?:^|\/)\.compozy\/tasks\//,
  folder: (path) => {
    const parts = /^(.*\/)?(?:task_\d+|_tasks)\.md$/.exec(path);
    return parts ? (parts[1] ?? "") : null;
  },
  main: /(?:^|\/)_tasks\.md$/,
  page: { where: "the folder", order: "what it states", ticked: "its front matter" },
  hidden: [".compozy"],
  waits: inField("dependencies"),
  detect,
  read,
};

function stemOf({ file }: Source): string {
  return file.slice(file.lastIndexOf("/") + 1).replace(/\.md$/, "");
}

function tasksOf(source: Source): Source[] {
  return together(source).filter((one) => {
    const root = one.frontMatter.data?.root;
    return (
      /^task_\d+$/.test(stemOf(one)) && valueOf(root, "status") !== null && valueOf(root, "type", "complexity") !== null
    );
  });
}

function detect(source: Source): Detection | null {
  const tasks = tasksOf(source);
  if (tasks.length === 0) return null;
  return { score: 0.9, evidence: `${tasks.length} files task_NN.md with \`status\`, \`type\` and \`complexity\`` };
}

const missing: Missing = { counts: "unmet", where: "no file of that name beside it" };

function read(source: Source): FormatList {
  const written = tasksOf(source).map(taskOf);
  written.sort((a, b) => byNumber(a.id, b.id));
  const table = together(source).find((one) => stemOf(one) === "_tasks");
  return {
    ...nothing,
    ...boxesAside(together(source), "a step of a task: in Compozy the files are the tasks"),
    title: table?.markdown.headings[0]?.name.replace(/\s*[—–-]\s*Task List$/i, "") ?? null,
    ...resolveFields(written, missing),
  };
}

function taskOf(source: Source): ListedTask {
  const { data } = source.frontMatter;
  const root = data?.root;
  const id = stemOf(source);
  const { body, acceptance, heading } = bodyOf(source);
  const status = valueOf(root, "status");
  const named = source.markdown.lines.filter(({ text }) => readFields(text).length === 0 && text.length < 2000);
  return listed({
    id,
    title: textOf(valueOf(root, "title")) ?? heading ?? id,
    body,
    source: data?.place([]) ?? { file: source.file, line: 1, column: 1 },
    status: statusOf(textOf(status)),
    files: mergeFiles(
      filesIn(...named.filter(({ kind }) => kind === "item" || kind === "table").map(({ text }) => text)),
    ),
    acceptance,
    dependsOn: data ? referencesOf(data, valueOf(root, "dependencies")) : [],
    box: data ? statusBox(source, data, status, { done: "completed", open: "pending" }) : null,
  });
}
