import { isScalar } from "yaml";
import type { Box, TaskStatus } from "../model/task.ts";
import type { Data } from "./data.ts";
import type { Source } from "./format.ts";
import { textOf } from "./values.ts";

const meanings = new Map<string, TaskStatus>([
  ...["done", "completed", "complete", "closed", "finished", "accepted"].map((word) => [word, "done"] as const),
  ...["inprogress", "doing", "started", "active", "running", "wip", "claimed", "forreview", "review", "inreview"].map(
    (word) => [word, "running"] as const,
  ),
  ...["blocked", "onhold", "needsinput", "hooked", "pinned", "waiting"].map((word) => [word, "needs-input"] as const),
  ...["deferred", "skipped", "postponed"].map((word) => [word, "skipped"] as const),
  ...["cancelled", "canceled", "wontfix", "wontdo", "tombstone", "abandoned", "superseded"].map(
    (word) => [word, "cancelled"] as const,
  ),
]);

/** What a tool's status word means; words nobody knows (`To Do`, `open`, `ready-for-dev`) mean that it is still to do. */
export function statusOf(word: string | null): TaskStatus {
  return meanings.get((word ?? "").toLowerCase().replaceAll(/[^a-z]/g, "")) ?? "pending";
}

/** Beyond this a line with several statuses is not changed: each task would carry the whole of it. */
const longestSharedLine = 4000;

/**
 * The place of a status in JSON or YAML. `done` and `open` are the tool's own words. Null when the value does not
 * stand on one line as its characters are.
 */
export function statusBox(
  source: Pick<Source, "file" | "markdown">,
  data: Data,
  node: unknown,
  words: { readonly done: string; readonly open: string },
  meaning: TaskStatus = statusOf(textOf(node)),
): Box | null {
  const was = textOf(node);
  if (was === null || was === "" || !isScalar(node)) return null;
  const place = data.at(node);
  const lineText = source.markdown.lines[place.line - 1]?.text ?? "";
  const start = place.column - 1;
  const quote = /["']/.exec(lineText[start] ?? "")?.[0] ?? "";
  if (!lineText.startsWith(was + quote, start + quote.length)) return null;
  if (lineText.length > longestSharedLine && !source.file.endsWith(".jsonl")) return null;
  const isDone = was === "true" || meaning === "done";
  const column = start + quote.length + 1;
  return {
    file: source.file,
    line: place.line,
    column,
    was,
    done: isDone ? was : words.done,
    open: words.open,
    lineText,
  };
}
