import type { ListedTask } from "../model/task.ts";

/** Orders texts as people number them: `2` before `10`, `1.9` before `1.10`, otherwise by characters. */
export function byNumber(left: string, right: string): number {
  const [a, b] = [left.match(parts) ?? [], right.match(parts) ?? []];
  for (let index = 0; index < Math.min(a.length, b.length); index += 1) {
    const [x = "", y = ""] = [a[index], b[index]];
    if (x === y) continue;
    const difference = /^\d/.test(x) && /^\d/.test(y) ? Number(x) - Number(y) : 0;
    return difference !== 0 ? difference : x < y ? -1 : 1;
  }
  return a.length - b.length;
}

const parts = /\d+|\D+/g;

/**
 * Parts right behind the whole they belong to, otherwise in the order given. A part that waits for its own whole
 * stands by itself instead: in tools with issues the whole has work of its own.
 */
export function partsBehindWholes(tasks: readonly ListedTask[]): ListedTask[] {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const kept = tasks.map((task) => (isLoose(task, byId) ? { ...task, parent: null } : task));
  const children = new Map<string | null, ListedTask[]>();
  for (const task of kept) {
    const known = children.get(task.parent);
    if (known) known.push(task);
    else children.set(task.parent, [task]);
  }
  const ordered: ListedTask[] = [];
  const seen = new Set<string>();
  const stack = (children.get(null) ?? []).toReversed();
  for (let task = stack.pop(); task; task = stack.pop()) {
    ordered.push(task);
    if (seen.has(task.id)) continue;
    seen.add(task.id);
    for (const child of (children.get(task.id) ?? []).toReversed()) stack.push(child);
  }
  return ordered;
}

/** Without a whole in the list, a part of itself in a circle, or waiting for a whole of which it is a part. */
function isLoose(task: ListedTask, byId: ReadonlyMap<string, ListedTask>): boolean {
  const waits = new Set(task.dependsOn.map(({ text }) => text));
  const above = new Set<string>([task.id]);
  for (let id = task.parent; id !== null; id = byId.get(id)?.parent ?? null) {
    if (above.has(id) || !byId.has(id) || waits.has(id)) return true;
    above.add(id);
  }
  return false;
}
