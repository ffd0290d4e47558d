import type { Repository } from "../../model/repository.ts";
import type { FileScope } from "../../model/fileScope.ts";
import type { ListedTask } from "../../model/task.ts";
import { hotClasses } from "../locks/hotClasses.ts";

/** How the files of tasks are told apart: where the project lies, and which full paths end with a bare name. */
interface Known {
  readonly repository: Repository | null;
  readonly lists: ReadonlySet<string>;
  readonly byName: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * The tasks with the files that they mean: absolute paths below the project are the project's own; a bare name such as
 * `service.ts` stands for the file of that name that the list names in full (for any of them where there are several);
 * and the list itself is nobody's file, since ticking it is our part.
 */
export function meantFiles(
  tasks: readonly ListedTask[],
  sources: readonly string[],
  repository: Repository | null,
): readonly ListedTask[] {
  const inside = tasks.map((task) => (repository === null ? task : withinProject(task, repository)));
  const byName = new Map<string, Set<string>>();
  for (const { files } of inside) {
    for (const { path } of files) {
      const cut = path.lastIndexOf("/");
      if (cut <= 0 || cut === path.length - 1 || /[*?{[]/.test(path)) continue;
      const name = path.slice(cut + 1);
      const known = byName.get(name);
      if (known === undefined) byName.set(name, new Set([path]));
      else known.add(path);
    }
  }
  const lists = new Set([
    "tasks.md",
    ...sources.flatMap((source) => [source, source.slice(source.lastIndexOf("/") + 1)]),
  ]);
  return inside.map((task) => meant(task, { repository, lists, byName }));
}

function meant(task: ListedTask, known: Known): ListedTask {
  if (task.files.every(({ path }) => path.includes("/") && !known.lists.has(path))) return task;
  const files = task.files.flatMap((file): FileScope[] => {
    if (known.lists.has(file.path)) return [];
    if (file.path.includes("/") || isOfRoot(file.path, known.repository)) return [file];
    const own = task.files.filter(({ path }) => path.endsWith(`/${file.path}`));
    // the same task names it in full
    if (own.length > 0) return [];
    const [only, ...others] = known.byName.get(file.path) ?? [];
    if (only === undefined) return [file];
    return [{ ...file, path: others.length === 0 ? only : `**/${file.path}` }];
  });
  return { ...task, files };
}

/** Files that stand at the top of a project, if nothing is known of this one: manifests, `README.md`, dot files. */
function isOfRoot(name: string, repository: Repository | null): boolean {
  if (repository !== null && repository.files.length > 0) return repository.files.includes(name);
  return /^(?:\.|[A-Z]+\b)/.test(name) || hotClasses.some((hot) => hot.key === "manifests" && hot.file.test(name));
}

function withinProject(task: ListedTask, { root, ignoreCase }: Repository): ListedTask {
  const folder = `${root}/`;
  const inside = (path: string): boolean =>
    ignoreCase ? path.toLowerCase().startsWith(folder.toLowerCase()) : path.startsWith(folder);
  if (!task.files.some(({ path }) => inside(path))) return task;
  return {
    ...task,
    files: task.files.map((file) =>
      inside(file.path) ? { ...file, path: file.path.slice(folder.length) || "./" } : file,
    ),
  };
}
