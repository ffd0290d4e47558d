import type { Lock } from "../../model/graph.ts";
import type { Place } from "../../model/place.ts";
import type { FileAccess } from "../../model/fileScope.ts";
import type { ListedTask } from "../../model/task.ts";
import { writes, type Claim, type Claims } from "./claims.ts";
import { placeOf } from "../statements/mention.ts";
import type { Statement } from "../statements/statement.ts";

/** A task's part of a lock while it is made. */
interface Part {
  readonly whole: boolean;
  readonly evidence: string;
  /** The scope as written, to be found in the task's text. */
  readonly written: string;
}

/**
 * One lock for every scope that somebody writes and somebody else uses. Writers of the scope itself take all of it;
 * whoever reads it or uses a scope that overlaps takes one unit, so that those do not shut out each other: where two of
 * them conflict, a lock of their own says so. Patterns of a crowd share one lock: each of them overlaps with each.
 */
export function fileLocks({ claims, overlapping, crowds }: Claims, tasks: readonly ListedTask[]): Lock[] {
  const parts = new Map<Claim, Map<number, Part>>();
  for (const claim of claims) {
    if (!hasWriter(claim)) continue;
    const held = new Map<number, Part>();
    for (const [task, access] of claim.holders)
      hold(held, task, writes(access), `${verb(access)} ${claim.scope.text}`, claim.written);
    parts.set(claim, held);
  }
  const shared: [Claim, Map<number, Part>][] = [];
  for (const [a, b] of overlapping) {
    const [ofA, ofB] = [parts.get(a), parts.get(b)];
    if (ofA !== undefined)
      for (const [task, access] of b.holders) hold(ofA, task, false, `${verb(access)} ${b.scope.text}`, b.written);
    if (ofB === undefined) continue;
    for (const [task, access] of a.holders) {
      // a writer of `a` already keeps everybody in `b` out through the lock of `a`
      if (!writes(access)) hold(ofB, task, false, `${verb(access)} ${a.scope.text}`, a.written);
    }
  }
  for (const [first, ...more] of crowds) {
    if (first === undefined) continue;
    const ofCrowd = new Map<number, Part>();
    for (const claim of [first, ...more])
      for (const [task, access] of claim.holders)
        hold(ofCrowd, task, writes(access), `${verb(access)} ${claim.scope.text}`, claim.written);
    const own = parts.get(first);
    // The lock of the first stands for all, where nobody else has a part in it.
    if (own !== undefined && own.size === first.holders.size) parts.set(first, ofCrowd);
    else shared.push([first, ofCrowd]);
  }
  return [...parts, ...shared].flatMap(([claim, held]) => {
    if (held.size < 2) return [];
    const holders = [...held].toSorted(([a], [b]) => a - b);
    return {
      on: claim.scope.text,
      kind: claim.scope.kind === "literal" ? ("file" as const) : ("glob" as const),
      capacity: holders.length,
      holders: holders.flatMap(([index, part]) => {
        const task = tasks[index];
        if (task === undefined) return [];
        const amount = part.whole ? holders.length : 1;
        return { task: task.id, amount, evidence: part.evidence, source: placeOf(task, part.written) };
      }),
    };
  });
}

/** "Whoever creates a file comes before whoever uses it", where one task alone creates it; a folder likewise, for what is listed later. */
export function creatorsFirst({ claims, overlapping }: Claims, tasks: readonly ListedTask[]): Statement[] {
  return [
    ...claims.flatMap((claim) => {
      const creator = claim.scope.kind === "literal" && claim.holders.size > 1 ? onlyCreator(claim) : null;
      return creator === null ? [] : usersAfter(creator, claim, claim, tasks);
    }),
    ...overlapping.flatMap(([folder, inside]) => {
      const creator = folder.scope.kind === "folder" ? onlyCreator(folder) : null;
      return creator === null
        ? []
        : usersAfter(creator, folder, inside, tasks).filter(({ after }) => creator < (after.tasks[0] ?? 0));
    }),
  ];
}

function onlyCreator({ holders }: Claim): number | null {
  const creators = [...holders].flatMap(([task, access]) => (access === "create" ? task : []));
  return creators.length === 1 ? (creators[0] ?? null) : null;
}

function usersAfter(creator: number, created: Claim, used: Claim, tasks: readonly ListedTask[]): Statement[] {
  return [...used.holders].flatMap(([user, access]): Statement[] =>
    user === creator
      ? []
      : [
          {
            before: { tasks: [creator], whole: false },
            after: { tasks: [user], whole: false },
            kind: "file",
            evidence: `\`${tasks[creator]?.id ?? ""}\` creates ${created.scope.text}, \`${tasks[user]?.id ?? ""}\` ${verb(access)} ${used === created ? "it" : used.scope.text}`,
            source: mentioned(tasks[user], used.written),
            confidence: 0.9,
          },
        ],
  );
}

function mentioned(task: ListedTask | undefined, path: string): Place | null {
  return task === undefined ? null : placeOf(task, path);
}

function hasWriter(claim: Claim): boolean {
  for (const access of claim.holders.values()) if (writes(access)) return true;
  return false;
}

function hold(held: Map<number, Part>, task: number, whole: boolean, evidence: string, written: string): void {
  const known = held.get(task);
  if (known === undefined || (whole && !known.whole)) held.set(task, { whole, evidence, written });
}

function verb(access: FileAccess): string {
  switch (access) {
    case "create":
      return "creates";
    case "modify":
      return "modifies";
    case "read":
      return "reads";
    case "delete":
      return "deletes";
  }
}
