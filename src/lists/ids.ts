import type { Diagnostic } from "../model/diagnostic.ts";
import type { Place } from "../model/place.ts";
import type { ListedTask } from "../model/task.ts";

const safe = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$/;
const device = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/**
 * Whether an id may become the name of a file or a branch: ASCII letters, digits, `.`, `_`, `-`, at most 64, starting
 * with a letter, digit or `_`; no `..`, no dot or `.lock` at the end, no name that Windows keeps for a device.
 */
function isSafeId(id: string): boolean {
  return safe.test(id) && !id.includes("..") && !/(?:\.|\.lock)$/i.test(id) && !device.test(id);
}

/** Names the second task with an id `T001#2`, and reports ids that are used twice or cannot be file names. */
export function uniqueIds(drafts: readonly ListedTask[]): { tasks: ListedTask[]; diagnostics: Diagnostic[] } {
  const seen = new Map<string, { place: Place; count: number; latest: string }>();
  const diagnostics: Diagnostic[] = [];
  const tasks = drafts.map((task): ListedTask => {
    if (!isSafeId(task.writtenId)) diagnostics.push(badId(task.writtenId, task.source));
    const parent = task.parent === null ? null : (seen.get(task.parent)?.latest ?? task.parent);
    const before = seen.get(task.writtenId);
    if (!before) {
      seen.set(task.writtenId, { place: task.source, count: 1, latest: task.writtenId });
      return { ...task, id: task.writtenId, parent };
    }
    before.count += 1;
    before.latest = `${task.writtenId}#${before.count}`;
    diagnostics.push(duplicate(task, before.latest, before.place));
    return { ...task, id: before.latest, parent };
  });
  return { tasks, diagnostics };
}

function badId(id: string, place: Place): Diagnostic {
  return {
    severity: "error",
    rule: "bad-id",
    message: `Unexpected task id \`${id.slice(0, 80)}\``,
    expected: "1 to 64 letters, digits, `.`, `_` or `-`, starting with a letter, digit or `_`",
    fix: "rename the task: its id becomes the name of files and branches",
    place,
  };
}

function duplicate(task: ListedTask, id: string, first: Place): Diagnostic {
  return {
    severity: "warning",
    rule: "duplicate-id",
    message: `Unexpected second task with the id \`${task.writtenId}\` (the first: line ${first.line} of ${first.file})`,
    expected: "each id once",
    fix: `rename one of them; until then this one is called \`${id}\``,
    place: task.source,
    related: [{ message: `first \`${task.writtenId}\``, place: first }],
  };
}
