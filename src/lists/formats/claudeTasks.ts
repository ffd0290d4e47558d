import { declared, filesAsEntries, has } from "../declared.ts";
import { inField } from "../write/syntax.ts";

/** Claude Code's own task folder: a file a task, `3.json`. */
export const claudeTasks = declared({
  name: "claude-tasks",
  title: "Claude Code task folder",
  path: /(?:^|\/)\.claude\/tasks\//,
  folder: (path) => /^(.*\/)?\d+\.json$/.exec(path)?.[1] ?? (/^\d+\.json$/.test(path) ? "" : null),
  page: { where: "the folder", order: "what it states", ticked: "its status" },
  hidden: [".claude"],
  waits: inField("blockedBy"),
  entries: (source) =>
    filesAsEntries(source, /./).filter(
      (entry) => has(entry, "id") && has(entry, "subject") && has(entry, "blockedBy", "blocks", "activeForm"),
    ),
  own: () => true,
  evidence: "files with `subject` and `blockedBy`",
  fields: {
    id: ["id"],
    title: ["subject"],
    body: ["description"],
    status: ["status"],
    waits: ["blockedBy"],
    blocks: ["blocks"],
    mentions: ["subject", "description"],
  },
  tick: { done: "completed", open: "pending" },
  missing: { counts: "met", where: "a task that was deleted" },
  graph: true,
  sorted: true,
});
