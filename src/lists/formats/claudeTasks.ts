import { inField } from "../write/syntax.ts";
import type { ListedTask } from "../../model/task.ts";
import { resolveFields, type Missing } from "../dependencies.ts";
import { together, type Detection, type Format, type FormatList, type Source } from "../format.ts";
import { filesIn, listed, nothing } from "../listed.ts";
import { byNumber } from "../order.ts";
import { statusBox, statusOf } from "../statusField.ts";
import { asGraph } from "./taskMaster.ts";
import { referencesOf, textOf, valueOf } from "../values.ts";

/** Claude Code's own task folder: a file a task, `3.json`. */
export const claudeTasks: Format = {
  name: "claude-tasks",
  title: "Claude Code task folder",
  path: /(?:^|\/)\.claude\/tasks\//,
  folder: (path) => /^(.*\/)?\d+\.json$/.exec(path)?.[1] ?? (/^\d+\.json$/.test(path) ? "" : null),
  page: { where: "the folder", order: "what it states", ticked: "its status" },
  hidden: [".claude"],
  waits: inField("blockedBy"),
  detect,
  read,
};

function tasksOf(source: Source): Source[] {
  return together(source).filter(({ data }) => {
    const has = (key: string): boolean => valueOf(data?.root, key) !== null;
    return has("id") && has("subject") && (has("blockedBy") || has("blocks") || has("activeForm"));
  });
}

function detect(source: Source): Detection | null {
  const tasks = tasksOf(source);
  return tasks.length === 0
    ? null
    : { score: 0.95, evidence: `${tasks.length} files with \`subject\` and \`blockedBy\`` };
}

const missing: Missing = { counts: "met", where: "a task that was deleted" };

function read(source: Source): FormatList {
  const written = tasksOf(source).map(taskOf);
  written.sort((a, b) => byNumber(a.id, b.id));
  return { ...nothing, ...resolveFields(written, missing) };
}

function taskOf(source: Source): ListedTask {
  const { data } = source;
  const text = (key: string): string | null => textOf(valueOf(data?.root, key));
  const id = text("id") ?? "";
  const status = valueOf(data?.root, "status");
  const references = (key: string): ListedTask["dependsOn"] =>
    data ? referencesOf(data, valueOf(data.root, key)).map(asGraph) : [];
  return listed({
    id,
    title: text("subject") ?? id,
    body: text("description") ?? "",
    source: data?.place([]) ?? { file: source.file, line: 1, column: 1 },
    status: statusOf(textOf(status)),
    files: filesIn(text("subject"), text("description")),
    dependsOn: references("blockedBy"),
    blocks: references("blocks"),
    box: data ? statusBox(source, data, status, { done: "completed", open: "pending" }) : null,
  });
}
