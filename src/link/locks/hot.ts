import type { Config } from "../../model/config.ts";
import type { Lock } from "../../model/graph.ts";
import type { Repository } from "../../model/repository.ts";
import type { ListedTask } from "../../model/task.ts";
import { writes } from "./claims.ts";
import { hotClasses, type HotClass } from "./hotClasses.ts";
import { placeOf } from "../statements/mention.ts";
import { overlaps, parseScope, type Scope } from "./scope.ts";

/** A task's part of a hot class: it names a file of it, or says that it changes one without naming which. */
interface Holder {
  readonly task: ListedTask;
  readonly names: boolean;
  readonly evidence: string;
  /** Words of its text that the evidence rests on. */
  readonly words: string;
}

/**
 * Locks for files that tasks would probably both touch: one for each class of hot files, and one for each index file that
 * hands on what several tasks add beside it.
 */
export function hotLocks(tasks: readonly ListedTask[], config: Config, repository: Repository | null): Lock[] {
  const rules = new Map(Object.entries(config.hot));
  const languages = repository === null ? null : languagesOf(repository.files);
  const suspects = maybeHot(tasks);
  const known = hotClasses.flatMap((hot) => {
    const rule = rules.get(hot.key);
    if (rule === "off" || (languages !== null && !speaks(hot, languages))) return [];
    return classLock(hot, rule ?? [], rule === undefined ? suspects : tasks);
  });
  const own = [...rules].flatMap(([key, rule]) => {
    if (rule === "off" || hotClasses.some((hot) => hot.key === key)) return [];
    return classLock({ key, name: key, shared: true, file: /(?!)/, words: null, languages: [] }, rule, tasks);
  });
  const barrels = rules.get("barrels") === "off" ? [] : barrelLocks(tasks, repository?.barrels ?? []);
  return [...known, ...own, ...barrels];
}

function speaks(hot: HotClass, languages: ReadonlySet<string>): boolean {
  return hot.languages.length === 0 || hot.languages.some((language) => languages.has(language));
}

function languagesOf(files: readonly string[]): Set<string> {
  return new Set(files.map((path) => path.slice(path.lastIndexOf(".") + 1)));
}

function classLock(hot: HotClass, globs: readonly string[], tasks: readonly ListedTask[]): Lock[] {
  const extra = globs.flatMap((glob) => parseScope(glob) ?? []);
  const holders = tasks.flatMap((task) => holderOf(hot, extra, task) ?? []);
  // two tasks that name different files of a class that shares nothing are kept apart by no class
  if (holders.length < 2 || (!hot.shared && holders.every((holder) => holder.names))) return [];
  const capacity = hot.shared ? 1 : holders.length;
  return [
    {
      on: hot.name,
      kind: "hot",
      capacity,
      holders: holders.map(({ task, names, evidence, words }) => ({
        task: task.id,
        amount: hot.shared || names ? 1 : capacity,
        evidence,
        source: placeOf(task, words),
      })),
    },
  ];
}

/**
 * The tasks that may belong to a class: none of them in most lists, which one look at all titles and one at all paths
 * tells. A pattern costs most in its first looks.
 */
function maybeHot(tasks: readonly ListedTask[]): readonly ListedTask[] {
  const titles = tasks.map((task) => task.title.slice(0, 500)).join("\n");
  const paths = tasks.flatMap((task) => task.files.map(({ path }) => path)).join("\n");
  return anyWords.test(titles) || anyFile.test(paths) ? tasks : [];
}

const anyFile = new RegExp(hotClasses.map(({ file }) => file.source).join("|"), "im");
const anyWords = new RegExp(hotClasses.flatMap(({ words }) => (words === null ? [] : [words.source])).join("|"), "im");

function holderOf(hot: HotClass, extra: readonly Scope[], task: ListedTask): Holder | null {
  const file = task.files.find(({ path, access }) => writes(access) && (hot.file.test(path) || meets(extra, path)));
  if (file !== undefined) return { task, names: true, evidence: `changes ${file.path}`, words: file.path };
  const said = hot.words?.exec(task.title.slice(0, 500));
  if (said === undefined || said === null || denied(task.title.slice(0, said.index))) return null;
  return { task, names: false, evidence: `says “${said[0]}”`, words: said[0] };
}

function meets(scopes: readonly Scope[], path: string): boolean {
  const scope = scopes.length === 0 ? null : parseScope(path);
  return scope !== null && scopes.some((other) => overlaps(scope, other));
}

/** `without adding a dependency`: a denial among the last words before. */
function denied(before: string): boolean {
  return /\b(?:no|not|never|without|avoid|don't|do not)\b[\w\s]{0,20}$/i.test(before.slice(-40));
}

/** Whoever adds a file beside an index file probably adds a line to it. */
function barrelLocks(tasks: readonly ListedTask[], barrels: readonly string[]): Lock[] {
  const byFolder = new Map(barrels.map((path) => [folderOf(path), path]));
  const adding = new Map<string, { task: ListedTask; path: string }[]>();
  for (const task of tasks) {
    const seen = new Set<string>();
    for (const { path, access } of task.files) {
      const barrel = access === "create" ? byFolder.get(folderOf(path)) : undefined;
      if (barrel === undefined || seen.has(barrel) || task.files.some((file) => file.path === barrel)) continue;
      seen.add(barrel);
      const known = adding.get(barrel);
      if (known === undefined) adding.set(barrel, [{ task, path }]);
      else known.push({ task, path });
    }
  }
  return [...adding].flatMap(([barrel, added]) => {
    const named = tasks.flatMap((task) =>
      task.files.some(({ path, access }) => path === barrel && writes(access)) ? { task, path: barrel } : [],
    );
    const holders = [...added, ...named];
    return holders.length < 2
      ? []
      : {
          on: `${barrel} (index file)`,
          kind: "hot" as const,
          capacity: 1,
          holders: holders.map(({ task, path }) => ({
            task: task.id,
            amount: 1,
            evidence: path === barrel ? `changes ${barrel}` : `adds ${path}, which ${barrel} hands on`,
            source: placeOf(task, path),
          })),
        };
  });
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}
