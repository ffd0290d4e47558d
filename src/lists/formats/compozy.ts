import { declared, filesAsEntries, has, type Entry } from "../declared.ts";
import { readFields } from "../fields.ts";
import { together } from "../format.ts";
import { filesIn } from "../listed.ts";
import { mergeFiles } from "../paths.ts";
import { inField } from "../write/syntax.ts";

/** Compozy: `.compozy/tasks/<name>/task_01.md` and its table `_tasks.md`. */
export const compozy = declared({
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
  entries: (source) =>
    filesAsEntries(source, /(?:^|\/)task_\d+\.md$/).filter(
      (entry) => has(entry, "status") && has(entry, "type", "complexity"),
    ),
  own: () => true,
  evidence: "files task_NN.md with `status`, `type` and `complexity`",
  score: 0.9,
  fields: { id: stemOf, title: ["title"], status: ["status"], waits: ["dependencies"], mentions: [] },
  tick: { done: "completed", open: "pending" },
  missing: { counts: "unmet", where: "no file of that name beside it" },
  sorted: true,
  aside: "a step of a task: in Compozy the files are the tasks",
  listTitle: (source) => {
    const table = together(source).find(({ file }) => /(?:^|\/)_tasks\.md$/.test(file));
    return table?.markdown.headings[0]?.name.replace(/\s*[—–-]\s*Task List$/i, "") ?? null;
  },
  // Files are named in lists and tables; prose tells of others.
  more: (entry) => {
    const lines = entry.source.markdown.lines.filter(
      ({ text, kind }) => (kind === "item" || kind === "table") && readFields(text).length === 0 && text.length < 2000,
    );
    return { files: mergeFiles(filesIn(...lines.map(({ text }) => text))) };
  },
});

function stemOf({ source: { file } }: Entry): string {
  return file.slice(file.lastIndexOf("/") + 1).replace(/\.md$/, "");
}
