import type { Config } from "../../model/config.ts";
import type { Lock } from "../../model/graph.ts";
import type { ListedTask } from "../../model/task.ts";
import { overlaps, parseScope } from "./scope.ts";

/** A task's use of a resource, and the words that say so. */
interface Use {
  readonly task: ListedTask;
  readonly evidence: string;
}

/** A lock for each named resource that more tasks use than may at once: resources of the list, and those by rule. */
export function resourceLocks(
  tasks: readonly ListedTask[],
  { resources, resourceRules }: Pick<Config, "resources" | "resourceRules">,
): Lock[] {
  const capacityOf = new Map(Object.entries(resources));
  const users = new Map<string, Map<string, Use>>();
  const add = (resource: string, use: Use): void => {
    const known = users.get(resource) ?? new Map<string, Use>();
    users.set(resource, known);
    if (!known.has(use.task.id)) known.set(use.task.id, use);
  };
  for (const task of tasks) for (const name of task.resources) add(name, { task, evidence: `uses ${name}` });
  for (const [rule, resource] of Object.entries(resourceRules)) {
    for (const task of tasks)
      if (applies(rule, task)) add(resource, { task, evidence: `uses ${resource}, by the rule \`${rule}\`` });
  }
  return [...users].flatMap(([name, uses]) => {
    const capacity = capacityOf.get(name) ?? 1;
    if (uses.size <= capacity) return [];
    return {
      on: name,
      kind: "resource" as const,
      capacity,
      holders: [...uses.values()].map(({ task, evidence }) => ({
        task: task.id,
        amount: 1,
        evidence,
        source: task.source,
      })),
    };
  });
}

/** A rule with a `/`, `.` or `*` is a glob of files, any other is words of the title. */
function applies(rule: string, task: ListedTask): boolean {
  if (!/[/.*]/.test(rule))
    return ` ${task.title
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u)
      .join(" ")} `.includes(` ${rule.toLowerCase()} `);
  const glob = parseScope(rule);
  return (
    glob !== null &&
    task.files.some(({ path }) => {
      const scope = parseScope(path);
      return scope !== null && overlaps(glob, scope);
    })
  );
}
