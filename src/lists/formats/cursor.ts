import { inField } from "../write/syntax.ts";
import { resolveFields } from "../dependencies.ts";
import type { Detection, Format, FormatList, Source } from "../format.ts";
import { filesIn, listed, nothing } from "../listed.ts";
import { statusBox, statusOf } from "../statusField.ts";
import { itemsOf, referencesOf, textOf, valueOf } from "../values.ts";

/** Cursor: `.cursor/plans/<name>.plan.md`, whose tasks are the `todos` of its front matter. */
export const cursor: Format = {
  name: "cursor",
  title: "Cursor plan",
  path: /\.plan\.md$/,
  folder: (path) => (path.endsWith(".plan.md") ? path : null),
  page: { where: "the file", order: "one after another, unless it states", ticked: "its front matter" },
  hidden: [".cursor"],
  waits: inField("dependencies"),
  detect,
  read,
};

function detect({ frontMatter }: Source): Detection | null {
  const todos = itemsOf(valueOf(frontMatter.data?.root, "todos"));
  const own = todos.filter((todo) => valueOf(todo, "content") !== null && valueOf(todo, "id", "status") !== null);
  return own.length === 0 ? null : { score: 0.95, evidence: `${own.length} todos in front matter` };
}

function read(source: Source): FormatList {
  const { data } = source.frontMatter;
  const tasks = itemsOf(valueOf(data?.root, "todos")).flatMap((todo, index) => {
    const content = textOf(valueOf(todo, "content"));
    if (content === null || !data) return [];
    const status = valueOf(todo, "status");
    return listed({
      id: textOf(valueOf(todo, "id")) ?? String(index + 1),
      title: content,
      source: data.at(todo),
      status: statusOf(textOf(status)),
      files: filesIn(content),
      dependsOn: referencesOf(data, valueOf(todo, "dependencies")),
      box: statusBox(source, data, status, { done: "completed", open: "pending" }),
    });
  });
  const setAside = source.markdown.lines.flatMap(({ boxed, text, place }) =>
    boxed
      ? [
          {
            file: source.file,
            line: place.line,
            text,
            reason: "in a Cursor plan the todos of the front matter are the tasks",
          },
        ]
      : [],
  );
  // Cursor works through its todos from the top; with dependencies, those hold instead.
  const stated = tasks.some(({ dependsOn }) => dependsOn.length > 0);
  const resolved = resolveFields(tasks, { counts: "unmet", where: "no todo of this plan" });
  const title = textOf(valueOf(data?.root, "name"));
  return { ...nothing, ...resolved, title, order: stated ? "none" : "sequence", setAside, boxes: setAside.length };
}
