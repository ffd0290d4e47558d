import { isSeq } from "yaml";
import type { Diagnostic } from "../../model/diagnostic.ts";
import { inField } from "../write/syntax.ts";
import { resolveFields } from "../dependencies.ts";
import type { Detection, Format, FormatList, Source } from "../format.ts";
import { filesIn, listed, nothing } from "../listed.ts";
import { chooseRegion } from "../markdown/regions.ts";
import { readMarkdown } from "./markdown.ts";
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

function detect({ frontMatter, markdown }: Source): Detection | null {
  const todos = itemsOf(valueOf(frontMatter.data?.root, "todos"));
  const own = todos.filter((todo) => valueOf(todo, "content") !== null && valueOf(todo, "id", "status") !== null);
  if (todos.length === 0 && isSeq(valueOf(frontMatter.data?.root, "todos"))) {
    const { best } = chooseRegion(markdown, false, null);
    return best ? { score: 0.7, evidence: `a Cursor plan without todos, read by ${best.evidence}` } : null;
  }
  return own.length === 0 ? null : { score: 0.95, evidence: `${own.length} todos in front matter` };
}

function read(source: Source, firstNumber: number): FormatList {
  const { data } = source.frontMatter;
  if (itemsOf(valueOf(data?.root, "todos")).length === 0) return fromText(source, firstNumber);
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

/** A plan whose todos nobody filled in: its text is the list. What it says of tasks of other plans is no order in this one. */
function fromText(source: Source, firstNumber: number): FormatList {
  const made = readMarkdown(source, firstNumber, false);
  const ids = new Set(made.tasks.map(({ writtenId }) => writtenId));
  const letters = new Set([...ids].map((id) => /^[A-Z]{2,12}-/.exec(id)?.[0] ?? ""));
  const diagnostics: Diagnostic[] = [];
  const tasks = made.tasks.map((task) => {
    const lines = task.lines.map((line) => {
      const text = line.text.replaceAll(/\b([A-Z]{2,12}-)\d{1,6}\b/g, (id: string, prefix: string, at: number) => {
        if (ids.has(id) || !letters.has(prefix)) return id;
        diagnostics.push({
          severity: "info",
          rule: "external-dependency",
          message: `\`${task.id}\` names \`${id}\`, which is no task of this plan; it counts as met`,
          expected: "ids of this plan",
          fix: "nothing, if it is done there",
          place: { ...line.place, column: at + 1 },
        });
        return "_".repeat(id.length);
      });
      return { ...line, text };
    });
    return { ...task, lines: lines.filter(({ text }) => !/:\**\s*(?:_{3,}\s*(?:\([^()]*\))?[,;\s]*)+$/.test(text)) };
  });
  return { ...made, tasks, diagnostics: [...made.diagnostics, ...diagnostics] };
}
