import { lstatSync, readlinkSync, realpathSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { isOpen } from "../model/isOpen.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { ListedTask } from "../model/task.ts";
import { stateFolder } from "../run/current.ts";

/**
 * Paths in the project that lead out of it by symbolic links: a task that changes such a file would change somebody
 * else's, and a run whose own folder is a link would keep its journal there. Reading by way of a link is nobody's harm.
 */
export function linksOut(project: string, tasks: readonly ListedTask[]): Diagnostic[] {
  const root = realPath(project) ?? project;
  const known = new Map<string, string | null>();
  return [...stateLinks(project), ...tasks.filter(isOpen).flatMap((task) => claimsOut(task, project, root, known))];
}

function stateLinks(project: string): Diagnostic[] {
  return [stateFolder, `${stateFolder}/runs`].filter((path) => isLink(join(project, path))).map(stateLink);
}

function stateLink(path: string): Diagnostic {
  return {
    severity: "error",
    rule: "state-link",
    message: `Unexpected symbolic link \`${path}\`: what a run keeps would be written elsewhere`,
    expected: "a folder, or nothing",
    fix: "remove the link",
    place: { file: path, line: 1, column: 1 },
  };
}

function claimsOut(task: ListedTask, project: string, root: string, known: Map<string, string | null>): Diagnostic[] {
  return task.files.flatMap(({ path, access }): Diagnostic[] => {
    const full = resolve(project, fixedPart(path));
    // What stands outside by its own words is told of elsewhere.
    if (access === "read" || !isInside(project, full)) return [];
    const real = existingPath(full, project, known);
    if (real === null || isInside(root, real)) return [];
    return [
      {
        severity: "error",
        rule: "link-out",
        message: `Unexpected symbolic link on the way to \`${path}\` of \`${task.id}\`: it leads out of the project, to \`${real}\``,
        expected: "files of the project",
        fix: "name the file in the project that was meant, or do this task by hand",
        place: task.source,
      },
    ];
  });
}

/** The folders of a path before its first pattern. */
function fixedPart(path: string): string {
  const parts = path.replaceAll("\\", "/").split("/");
  const pattern = parts.findIndex((part) => /[*?{]/.test(part));
  return parts.slice(0, pattern < 0 ? parts.length : pattern).join("/") || ".";
}

/** Where a path, or the nearest folder above it that exists, really is. A link to nothing is where it points to. */
function existingPath(full: string, project: string, known: Map<string, string | null>): string | null {
  const before = known.get(full);
  if (before !== undefined) return before;
  const found =
    realPath(full) ?? targetOf(full) ?? (full === project ? null : existingPath(dirname(full), project, known));
  known.set(full, found);
  return found;
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === "" || (way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    return false;
  }
}

function targetOf(path: string): string | null {
  try {
    return resolve(dirname(path), readlinkSync(path));
  } catch {
    return null;
  }
}

function realPath(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}
