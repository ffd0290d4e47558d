import type { Place } from "../../model/place.ts";
import type { ListedTask } from "../../model/task.ts";

/** Lines of a task that are searched for words: a huge body says no more than its beginning. */
const lines = 200;

/** Where a task's text has these words; its title line where they cannot be found. */
export function placeOf(task: ListedTask, words: string): Place {
  for (const line of task.lines.slice(0, lines)) {
    const at = words === "" ? -1 : line.text.indexOf(words);
    if (at !== -1) return { ...line.place, column: line.place.column + at };
  }
  return task.source;
}
