import { isSeq } from "yaml";
import { parseData } from "../data.ts";
import { declared, entriesAt, field, has, type Entry } from "../declared.ts";
import type { Source } from "../format.ts";
import { inField } from "../write/syntax.ts";

/** Taskwarrior: what `task export` writes, an array or, with `json.array=off`, a task a line. */
export const taskwarrior = declared({
  name: "taskwarrior",
  title: "Taskwarrior export",
  path: /(?:^|\/)(?:taskwarrior|task-export)[^/]*\.json$/,
  page: { where: "the file", order: "what it states", ticked: "its status; `task import` takes it back" },
  waits: inField("depends"),
  entries,
  own: (entry) => has(entry, "uuid") && has(entry, "status") && has(entry, "entry", "urgency", "modified"),
  evidence: "tasks with `uuid` and `status`",
  fields: {
    // As Taskwarrior shows them: a finished task has no number any more.
    id: (entry) => field(entry, "uuid")?.slice(0, 8) ?? null,
    title: ["description"],
    status: ["status"],
    waits: ["depends"],
    names: ["uuid", "id"],
  },
  statuses: { deleted: "cancelled", waiting: "pending", recurring: "skipped" },
  tick: { done: "completed", open: "pending" },
  missing: { counts: "met", where: "not in this export: Taskwarrior leaves finished tasks out unless asked for them" },
  graph: true,
});

function entries(source: Source): Entry[] {
  if (isSeq(source.data?.root)) return entriesAt(source);
  if (source.data || !/^\s*\{/.test(source.text.slice(0, 100))) return [];
  return source.markdown.lines.flatMap(({ text, place }) => {
    const line = text.trim().replace(/,$/, "");
    const data = line.startsWith("{") && line.includes('"uuid"') ? parseData(line, source.file, place.line) : null;
    return data?.ok && data.value.root ? [{ source, data: data.value, node: data.value.root }] : [];
  });
}
