import type { Diagnostic } from "../../model/diagnostic.ts";
import type { TaskList } from "../../model/list.ts";
import { isOpen } from "../../model/isOpen.ts";
import type { ListedTask } from "../../model/task.ts";

/** Open tasks that a worker could not begin on, or that must run alone, for want of words. */
export function taskFindings(list: TaskList): Diagnostic[] {
  const open = list.tasks.filter((task) => isOpen(task) && !task.gate);
  const vague = new Map(open.map((task) => [task, vagueTitle(task)]));
  // What is vague names no file either: once is enough.
  return [...[...vague.values()].flat(), ...withoutFiles(open.filter((task) => vague.get(task)?.length === 0))];
}

const filler = /\b(?:stuff|things?|misc(?:ellaneous)?|etc|various|whatever|somehow|some fixes|tbd|to-?do|wip)\b/i;
const fewWords = 5;

/** Only words of ASCII are counted: not every script puts blanks between them. */
function vagueTitle(task: ListedTask): Diagnostic[] {
  if (task.body.trim() !== "" || task.files.length > 0 || task.acceptance.length > 0) return [];
  const words = task.title.split(/\s+/).filter((word) => /[A-Za-z0-9]/.test(word));
  const ascii = /^[\x20-\x7e]+$/.test(task.title);
  const vague = ascii && (words.length < 2 || (words.length <= fewWords && filler.test(task.title)));
  if (!vague) return [];
  return [
    {
      severity: "warning",
      rule: "vague-title",
      message: `\`${task.id}\` says only “${task.title}”, and nothing stands below it`,
      expected: "what to do, and how to know that it is done",
      fix: "name the change and the files it is made in",
      place: task.source,
    },
  ];
}

/** One line for a list that names no files at all, otherwise one for each task. */
function withoutFiles(open: readonly ListedTask[]): Diagnostic[] {
  const nameless = open.filter((task) => task.files.length === 0);
  const [first] = nameless;
  if (first === undefined) return [];
  const shared = {
    severity: "warning" as const,
    rule: "no-files",
    expected: "the paths that it changes, such as `in src/auth/login.ts`",
    fix: "name them: tasks whose files nobody knows run alone in one working tree",
  };
  if (nameless.length === open.length && open.length > 1)
    return [{ ...shared, message: `None of the ${open.length} open tasks names a file`, place: first.source }];
  return nameless.map((task) => ({ ...shared, message: `\`${task.id}\` names no file`, place: task.source }));
}
