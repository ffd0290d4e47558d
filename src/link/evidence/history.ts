import type { Doubt, Lock } from "../../model/graph.ts";
import type { CoChange, Repository } from "../../model/repository.ts";
import type { ListedTask } from "../../model/task.ts";
import { strong } from "./finding.ts";
import { placeOf } from "../statements/mention.ts";
import { writerKey, type Writers } from "./writers.ts";

/** Files that history always changes together: a lock where it is sure, a doubt where it is likely. */
export function changedTogether(
  tasks: readonly ListedTask[],
  writers: Writers,
  repository: Repository,
): { readonly locks: Lock[]; readonly doubts: Doubt[] } {
  const locks: Lock[] = [];
  const doubts: Doubt[] = [];
  for (const change of repository.coChanges) {
    const [one, other] = change.files;
    const changing = new Map<number, string>();
    for (const path of [one, other])
      for (const task of writers.get(writerKey(path, repository)) ?? [])
        if (!changing.has(task)) changing.set(task, path);
    const holders = [...changing]
      .toSorted(([a], [b]) => a - b)
      .flatMap(([index, path]) => {
        const task = tasks[index];
        return task === undefined ? [] : { task, path };
      });
    // writers of one file alone are kept apart by that file
    if (new Set(holders.map(({ path }) => path)).size < 2) continue;
    const words = `git history changes ${one} and ${other} together, in ${change.together} of ${change.of} commits`;
    const confidence = confidenceOf(change);
    if (confidence >= strong) {
      locks.push({
        on: `${one} and ${other}`,
        kind: "history",
        capacity: 1,
        holders: holders.map(({ task, path }) => ({
          task: task.id,
          amount: 1,
          evidence: `changes ${path}, and ${words}`,
          source: placeOf(task, path),
        })),
      });
      continue;
    }
    for (const [position, first] of holders.entries())
      for (const second of holders.slice(position + 1))
        if (first.path !== second.path)
          doubts.push({
            effect: "apart",
            tasks: [first.task.id, second.task.id],
            evidence: words,
            source: placeOf(second.task, second.path),
            confidence,
          });
  }
  return { locks, doubts };
}

/** Nine of ten commits and five at least are sure. */
function confidenceOf({ together, of }: CoChange): number {
  return together >= 5 && together >= 0.9 * of ? 0.9 : (0.6 * together) / of;
}
