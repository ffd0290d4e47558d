import type { ListedTask } from "../../model/task.ts";
import type { SourceLine } from "../markdown/lines.ts";
import type { Edit } from "./edits.ts";

/** ` (depends on T003, T005)` at the end of a task's line, or the ids added to what stands there. */
export function onItsLine(task: ListedTask, ids: readonly string[], lines: readonly SourceLine[]): Edit | null {
  const line = lines[task.source.line - 1];
  if (!line) return null;
  const { file } = task.source;
  const words = line.text.trimEnd();
  const open = words.lastIndexOf("(");
  const said = words.endsWith(")") && /^\(depends on [^()]*[^()\s]\)$/i.test(words.slice(open));
  return said
    ? { file, offset: line.offset + words.length - 1, remove: 0, insert: `, ${ids.join(", ")}` }
    : { file, offset: line.offset + words.length, remove: 0, insert: ` (depends on ${ids.join(", ")})` };
}

/** `  - _Depends: 1.1, 1.2_` below a task's last line, or the ids added to the note that stands there. */
export function onANoteBelow(
  task: ListedTask,
  label: string,
  ids: readonly string[],
  lines: readonly SourceLine[],
  lineEnd: string,
): Edit | null {
  const { file, line: first } = task.source;
  const own = ownLines(task);
  for (const { text, place } of own) {
    const words = text.trimEnd();
    const start = words.indexOf(`_${label}:`);
    const offset = lines[place.line - 1]?.offset;
    if (start < 0 || !words.endsWith("_") || offset === undefined) continue;
    return { file, offset: offset + words.length - 1, remove: 0, insert: `, ${ids.join(", ")}` };
  }
  const last = own.findLast(({ text }) => text.trim() !== "")?.place.line ?? first;
  const [head, before] = [lines[first - 1], lines[last - 1]];
  if (!head || !before) return null;
  const indent = /^[ \t]*/.exec(head.text)?.[0] ?? "";
  const insert = `${lineEnd}${indent}  - _${label}: ${ids.join(", ")}_`;
  return { file, offset: before.offset + before.text.length, remove: 0, insert };
}

/** The lines that stand with the task: what it inherits from a box above stands elsewhere. */
function ownLines(task: ListedTask): ListedTask["lines"] {
  const { file, line } = task.source;
  return task.lines.filter(({ place }, index) => place.file === file && place.line === line + index);
}
