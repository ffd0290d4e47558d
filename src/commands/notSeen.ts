import { existsSync } from "node:fs";
import { join } from "node:path";
import { changedPaths } from "../git/changes.ts";
import { lookNow } from "../git/ledger.ts";
import { repositoryOf } from "../git/repository.ts";
import type { Plan } from "../model/plan.ts";
import { visible } from "../text/escape.ts";
import { earlierWork } from "./earlierWork.ts";

/** What headless workers will not have in their trees, a sentence each: to be said before a run starts. */
export function notSeen(project: string, plan: Plan): string[] {
  // The list itself need not be committed.
  const changed = (changedPaths(project) ?? []).filter((path) => !plan.source.includes(path));
  return [
    ...some("Not committed, and so not seen by any worker", changed),
    ...earlierWork(project, plan.base ?? "HEAD"),
    ...some(
      "Submodules, which workers see as empty folders, and in which nothing can be done for you",
      submodules(project),
    ),
  ];
}

function some(what: string, paths: readonly string[]): string[] {
  if (paths.length === 0) return [];
  const few = paths.slice(0, 3).map((path) => visible(path));
  return [`${what}: ${few.join(", ")}${paths.length > 3 ? ` and ${paths.length - 3} more` : ""}.`];
}

/** Submodules that are checked out, as seen from the project. The index is read only where one was ever initialised. */
function submodules(project: string): string[] {
  const repository = repositoryOf(project);
  if (!repository.ok || !existsSync(join(repository.common, "modules"))) return [];
  return (lookNow(project, ["ls-files", "--stage", "-z", ":/"]) ?? "").split("\0").flatMap((entry) => {
    const path = entry.slice(entry.indexOf("\t") + 1);
    return entry.startsWith("160000 ") && existsSync(join(project, path, ".git")) ? path : [];
  });
}
