import { isOpen } from "../model/isOpen.ts";
import type { Plan, PlannedTask } from "../model/plan.ts";
import type { RunState } from "../model/run.ts";
import { planHash } from "../plan/hash.ts";
import type { Revisions } from "./folding.ts";

/** A list that was read anew, in the run's own names. */
export interface Matched {
  readonly plan: Plan;
  /** Tasks that may be one of before in other words, each with that one's id: a person must say. */
  readonly held: Readonly<Record<string, string>>;
  /** Tasks whose id in the list belongs to another task of the run: the id there, and here. */
  readonly renamed: readonly { readonly listed: string; readonly id: string }[];
}

/** From this likeness on, 0 to 1, one text may be the other in other words. */
const alike = 0.5;

/**
 * Gives each task of a list that was read anew the id that it has in the run. An id is only a place in a list, or a number that people
 * change: it is the words that say which task it is. A task with the words of one that the run knows is that one, wherever it stands
 * now and whatever its number is. One that is only similar to a task that was worked on is held until a person says which it is. Every
 * other task is a new one, with an id that the run has never used: what happened under an id stays with what was done.
 */
export function matchTasks({ plan, revisions, state }: Known, next: Plan): Matched {
  const known = knownTasks(plan, revisions);
  const before = [...known.values()].filter(({ id }) => plan.tasks.some((task) => task.id === id));
  const old = [...before, ...[...known.values()].filter((task) => !before.includes(task))];
  const names = new Map<PlannedTask, string>();
  const left = new Set(old);
  const pair = (keyOf: (task: PlannedTask, ids: ReadonlySet<string>) => string): void => {
    const [oldIds, newIds] = [idsOf(old), idsOf(next.tasks)];
    const byKey = new Map<string, PlannedTask[]>();
    for (const task of left) {
      const key = keyOf(task, oldIds);
      byKey.set(key, [...(byKey.get(key) ?? []), task]);
    }
    const waiting = next.tasks.filter((task) => !names.has(task));
    // Of several with the same words, those that kept their id first, then in the order of the list.
    for (const sameId of [true, false])
      for (const task of waiting) {
        const found = names.has(task)
          ? undefined
          : byKey.get(keyOf(task, newIds))?.find((one) => left.has(one) && (!sameId || one.id === task.id));
        if (found === undefined) continue;
        names.set(task, found.id);
        left.delete(found);
      }
  };
  pair(wordsOf);
  pair(wordsWithoutIds);

  const used = new Set([...known.keys(), ...names.values()]);
  const held: Record<string, string> = {};
  for (const task of next.tasks) {
    if (names.has(task)) continue;
    const own = [...left].find(({ id }) => id === task.id);
    const similar = likest(
      task,
      [...left].filter(({ id }) => isTouched(state, id)),
    );
    if (own !== undefined && (!isOpen(task) || !isTouched(state, own.id) || isAnswer(state, own, similar))) {
      // Nothing was done under that id, or a person has seen to what came of it: it goes on with the new words.
      names.set(task, own.id);
      left.delete(own);
      continue;
    }
    const id = freshId(task.id, used);
    used.add(id);
    names.set(task, id);
    if (similar === null || !isOpen(task)) continue;
    held[id] = similar.id;
    left.delete(similar);
  }
  const renamed = next.tasks.flatMap((task) => {
    const id = names.get(task) ?? task.id;
    return id === task.id ? [] : [{ listed: task.id, id }];
  });
  return {
    plan: rename(next, new Map(next.tasks.map((task) => [task.id, names.get(task) ?? task.id]))),
    held,
    renamed,
  };
}

interface Known {
  readonly plan: Plan;
  readonly revisions: Revisions;
  readonly state: Pick<RunState, "tasks" | "gone">;
}

/** Every task that the run ever had, as it was written last. */
function knownTasks(plan: Plan, revisions: Revisions): Map<string, PlannedTask> {
  const known = new Map<string, PlannedTask>();
  for (const { plan: one } of revisions.values()) for (const task of one.tasks) known.set(task.id, task);
  for (const task of plan.tasks) known.set(task.id, task);
  return known;
}

function isTouched({ tasks, gone }: Known["state"], id: string): boolean {
  const own = tasks.get(id) ?? gone.get(id);
  return own !== undefined && own.startedAt !== null;
}

/** A person who rewords a task that failed or asked has answered it. */
function isAnswer({ tasks }: Known["state"], own: PlannedTask, similar: PlannedTask | null): boolean {
  return own === similar && ["failed", "needs-input", "conflicted"].includes(tasks.get(own.id)?.status ?? "");
}

function idsOf(tasks: readonly PlannedTask[]): ReadonlySet<string> {
  return new Set(tasks.map(({ id }) => id));
}

function wordsOf({ title, body }: PlannedTask): string {
  return `${title}\n${body}`.replaceAll(/\s+/g, " ").trim();
}

/** Its words where the ids of other tasks, which a renumbering changes, say nothing. */
function wordsWithoutIds(task: PlannedTask, ids: ReadonlySet<string>): string {
  return wordsOf(task)
    .replaceAll(/(\b(?:tasks?|steps?|on|after|needs|by)\s+|#)\d+(?:\.\d+)*\b/gi, "$1#")
    .replaceAll(/[A-Za-z]+[-_]?\d[\w.-]*|\d+(?:\.\d+)+/g, (word) => (ids.has(word.replace(/[.-]+$/, "")) ? "#" : word));
}

function likest(task: PlannedTask, among: readonly PlannedTask[]): PlannedTask | null {
  const scored = among
    .map((one) => ({ one, likeness: likeness(task, one) + (one.id === task.id ? 0.001 : 0) }))
    .filter((each) => each.likeness >= alike)
    .toSorted((a, b) => b.likeness - a.likeness);
  return scored[0]?.one ?? null;
}

/** The share of the words that two tasks have in common; names of files and things count most, words of every task least. */
function likeness(a: PlannedTask, b: PlannedTask): number {
  const [ofA, ofB] = [weights(a), weights(b)];
  const sum = (words: ReadonlyMap<string, number>): number =>
    [...words.values()].reduce((all, weight) => all + weight, 0);
  const total = sum(ofA) + sum(ofB);
  const shared = [...ofA].reduce((all, [word, weight]) => all + (ofB.has(word) ? weight : 0), 0);
  return total === 0 ? 0 : (2 * shared) / total;
}

const usual = new Set(
  "a an and the to of in for on with at by from into is are be it its this that all add create write implement make update fix change".split(
    " ",
  ),
);

function weights(task: PlannedTask): Map<string, number> {
  const words = wordsOf(task)
    .toLowerCase()
    .split(/\s+/)
    .map((word) => word.replaceAll(/^[^\p{L}\p{N}_/.]+|[^\p{L}\p{N}_/]+$/gu, ""))
    .filter((word) => word !== "");
  return new Map(words.map((word) => [word, usual.has(word) ? 0.25 : /[\d._/-]/.test(word) ? 3 : 1]));
}

function freshId(id: string, used: ReadonlySet<string>): string {
  if (!used.has(id)) return id;
  for (let number = 2; ; number++) if (!used.has(`${id}#${number}`)) return `${id}#${number}`;
}

/** The same plan with other ids. Its words stay as they stand in the list. */
function rename(plan: Plan, names: ReadonlyMap<string, string>): Plan {
  if ([...names].every(([from, to]) => from === to)) return plan;
  const named = (id: string): string => names.get(id) ?? id;
  const edge = <One extends { readonly from: string; readonly to: string }>(one: One): One => ({
    ...one,
    from: named(one.from),
    to: named(one.to),
  });
  const renamed: Plan = {
    ...plan,
    tasks: plan.tasks.map((task) => ({
      ...task,
      id: named(task.id),
      parent: task.parent === null ? null : named(task.parent),
    })),
    edges: plan.edges.map(edge),
    overruled: plan.overruled.map((one) => ({ edge: edge(one.edge), by: edge(one.by) })),
    conflicts: plan.conflicts.map((one) => ({ ...one, tasks: [named(one.tasks[0]), named(one.tasks[1])] })),
    locks: plan.locks.map((lock) => ({
      ...lock,
      holders: lock.holders.map((holder) => ({ ...holder, task: named(holder.task) })),
    })),
    questions: plan.questions.map((question) => ({ ...question, tasks: question.tasks.map(named) })),
    batches: plan.batches.map((batch) => batch.map(named)),
    criticalPath: plan.criticalPath.map(named),
  };
  return { ...renamed, hash: planHash(renamed) };
}
