import type { Lock } from "../../model/graph.ts";
import type { ListedTask } from "../../model/task.ts";
import type { TextLine } from "../../model/place.ts";
import { logicalLines } from "../statements/logicalLines.ts";
import type { Context } from "../statements/ids.ts";
import { readReferences } from "../statements/references.ts";
import { isCode } from "../statements/stated.ts";
import { words } from "../statements/words.ts";

/** `conflicts with T3`, `Conflicts: T3`, `must not run at the same time as T3`: what follows names the others. */
const namesOthers =
  /(?:\bconflict(?:s|ing)?\s+with\b|(?:^|[|(;[])[\s>*_+•-]*conflicts?(?:\s+with)?[*_]*\s*[:：]|\b(?:must\s+not|can(?:no|')t|cannot|never|not)\s+(?:be\s+)?(?:run|start(?:ed)?|done)?\s*(?:in\s+parallel|concurrently|together|at\s+the\s+same\s+time|simultaneously|alongside)\s+(?:with|as)\b)[\s:：*]*/iu;
/** `T1 and T2 conflict on x`, `T1, T2: both modify x`, `All modify: x`: what stands before names them. */
const namesThem =
  /\b(?:(?<who>all|both|each)(?:\s+(?:of\s+(?:them|these)|(?:of\s+these\s+)?(?:sub-?)?tasks|three|four))?\s+(?:modif(?:y|ies)|touch(?:es)?|edits?|changes?|updates?|writes?(?:\s+to)?|share|need\s+to\s+(?:modify|edit|change|touch))|conflict\b|(?:must\s+not|can(?:no|')t|cannot|should\s+not|never)\s+(?:be\s+)?(?:run|done|start(?:ed)?)\s+(?:in\s+parallel|concurrently|together|at\s+the\s+same\s+time|simultaneously))/iu;
const denied = /\b(?:no|not|never|without|don['’]t|doesn['’]t|zero)\s+(?:\w+\s+)?conflict/i;
const shouted = /\bconflict(?:s|ing)?\b/i;
const path =
  /`([^`\s]{1,200})`|((?:[\w@.-]+\/)+[\w@.-]+\.\w{1,8}|[\w-]+\.(?:[cm]?[jt]sx?|py|rs|go|rb|java|json|ya?ml|toml|md|css|html))/;

/** A line that says that tasks get in each other's way. */
interface Said {
  readonly tasks: readonly number[];
  /** Each of `tasks` against the first only, rather than all against all. */
  readonly star: boolean;
  readonly on: string | null;
  readonly line: TextLine;
  readonly words: string;
}

/** Locks for what the list itself calls a conflict, in a task's own lines, a field, or a sentence between tasks. */
export function statedLocks(context: Context): Lock[] {
  const said: Said[] = [];
  for (const [index, task] of context.names.tasks.entries())
    for (const [row, line] of logicalLines(task.lines).entries()) {
      if (line.fence != null && isCode(line.fence)) continue;
      // a line below the task that is not indented may speak of others
      const one = readLine(context, line, index, row > 0 && /^[^\s>*+•-]/.test(line.text));
      if (one !== null) said.push(one);
    }
  for (const line of context.groups.list.prose) {
    if (line.fence !== null && isCode(line.fence)) continue;
    const one = readLine(context, line, null, true);
    if (one !== null) said.push(one);
  }
  return once(said.flatMap((one) => locksOf(one, context.names.tasks)));
}

function readLine(context: Context, line: TextLine, self: number | null, ofList: boolean): Said | null {
  const { text } = line;
  if (!/conflict|\b(?:all|both|each)\b|parallel|concurrent|together|same time|simultan|alongside/i.test(text))
    return null;
  if (denied.test(text)) return null;
  const on = pathIn(text);
  const others = namesOthers.exec(text);
  if (others !== null) {
    const after = idsAt(context, words(text.slice(others.index + others[0].length)), 0);
    const named = ofList ? idsIn(context, text.slice(0, others.index)) : [];
    const before = named.length > 0 || self === null ? named : [self];
    const tasks = after.filter((index) => !before.includes(index));
    const [first] = before;
    if (tasks.length === 0 || first === undefined) return null;
    return { tasks: [first, ...tasks], star: true, on, line, words: text.trim() };
  }
  const them = namesThem.exec(text);
  if (them === null) return null;
  const named = idsIn(context, text.slice(0, them.index));
  const own = ofList || (self !== null && named.includes(self)) ? named : [];
  const shares = them.groups?.["who"] !== undefined;
  // words of a task about something else: `both modify` there counts only beside the ids of tasks
  if (shares && on === null && !shouted.test(text)) return null;
  if (own.length > 1) return { tasks: own, star: false, on, line, words: text.trim() };
  const everybody = /^all\b/i.test(text.replace(/^[\s>*_+•-]+/, ""));
  if (!ofList || !shares || !everybody || named.length > 0) return null;
  return { tasks: tasksAbove(context, line), star: false, on, line, words: text.trim() };
}

/** The tasks that `all` means: those of the innermost heading above the line that has any, otherwise the whole list. */
function tasksAbove(context: Context, line: TextLine): readonly number[] {
  const phase = "phaseIndex" in line && typeof line.phaseIndex === "number" ? line.phaseIndex : null;
  const ofPhase = phase === null ? [] : (context.groups.byPhase[phase] ?? []);
  return ofPhase.length > 1 ? ofPhase : context.names.tasks.map((_, index) => index);
}

/** The first list of tasks in a text. */
function idsIn(context: Context, text: string): readonly number[] {
  const cut = words(text);
  for (let at = 0; at < cut.length; at += 1) {
    const tasks = idsAt(context, cut, at);
    if (tasks.length > 0) return tasks;
  }
  return [];
}

function idsAt(context: Context, cut: Parameters<typeof readReferences>[1], at: number): readonly number[] {
  const { operands } = readReferences(context, cut, at, { numbers: true, named: false });
  const tasks = operands.flatMap((operand) => (operand.kind === "tasks" && !operand.whole ? operand.tasks : []));
  return [...new Set(tasks)];
}

function pathIn(text: string): string | null {
  const [, quoted, bare] = path.exec(text) ?? [];
  return quoted !== undefined && /[./]/.test(quoted) ? quoted : (bare ?? null);
}

function locksOf({ tasks: indices, star, on, line, words: evidence }: Said, tasks: readonly ListedTask[]): Lock[] {
  const ids = indices.flatMap((index) => tasks[index]?.id ?? []);
  const [first = "", ...rest] = ids;
  const holdersOf = (held: readonly string[]): Lock["holders"] =>
    held.map((task) => ({ task, amount: 1, evidence, source: line.place }));
  if (!star)
    return ids.length < 2
      ? []
      : [{ on: on ?? "a conflict that the list states", kind: "stated", capacity: 1, holders: holdersOf(ids) }];
  return rest.map((other) => ({
    on: on ?? `${first} and ${other}`,
    kind: "stated",
    capacity: 1,
    holders: holdersOf([first, other]),
  }));
}

/** `T1` conflicts with `T2` and `T2` with `T1` is one conflict. */
function once(locks: readonly Lock[]): Lock[] {
  const seen = new Set<string>();
  return locks.filter(({ holders }) => {
    const key = holders
      .map(({ task }) => task)
      .toSorted()
      .join("\n");
    return !seen.has(key) && seen.add(key) !== undefined;
  });
}
