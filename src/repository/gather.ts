import { statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { changedTogether, trackedFiles } from "../git/history.ts";
import { repositoryOf } from "../git/repository.ts";
import type { Repository } from "../model/repository.ts";
import type { ListedTask } from "../model/task.ts";
import { textOfRegular } from "../process/readRegular.ts";
import { handsOn, isBarrelName } from "./barrel.ts";
import { importLines, languageOf } from "./importLines.ts";
import { indexFiles, resolveImport } from "./resolveImport.ts";

/** No more files are read, or asked of history. */
const mostFiles = 300;
/** Bytes: a larger file was not written by hand. */
const largest = 500_000;
/** Milliseconds that git may take for one answer; without it there is less evidence, nothing else. */
const patience = 3000;

/** What the repository says about the files that tasks name. Looks only as far as two tasks need it; changes nothing. */
export function gatherRepository(project: string, tasks: readonly ListedTask[]): Repository {
  const nothing = {
    root: resolve(project).replaceAll("\\", "/").replace(/\/$/, ""),
    ignoreCase: ignoresCase(project),
    files: [],
    barrels: [],
    imports: new Map<string, readonly string[]>(),
    coChanges: [],
  };
  const naming = tasks.filter((task) => task.files.length > 0);
  // Titles that name no file may still mean a place of this project.
  const worthIt = naming.length > 1 || tasks.length - naming.length > 1;
  const files = !worthIt || !repositoryOf(project).ok ? null : trackedFiles(project, patience);
  if (files === null) return nothing;
  const tracked = new Set(files);
  const named = [...new Set(naming.flatMap((task) => task.files.map(({ path }) => path)))];
  const known = named.filter((path) => tracked.has(path)).slice(0, mostFiles);
  const index = indexFiles(files);
  const imports = known.flatMap((path) => {
    if (languageOf(path) === null) return [];
    const found = importLines(path, read(project, path)).flatMap((line) => resolveImport(index, path, line));
    return [[path, [...new Set(found)].filter((other) => other !== path)] as const];
  });
  return {
    ...nothing,
    files,
    barrels: barrelsBeside(project, naming, files),
    imports: new Map(imports),
    coChanges: known.length < 2 ? [] : changedTogether(project, known, patience),
  };
}

/** Index files of the folders that tasks add files to, if they hand on what lies beside them. */
function barrelsBeside(project: string, tasks: readonly ListedTask[], files: readonly string[]): string[] {
  const folders = new Set(
    tasks.flatMap((task) => task.files.flatMap(({ path, access }) => (access === "create" ? dirname(path) : []))),
  );
  return files
    .filter((path) => isBarrelName(basename(path)) && folders.has(dirname(path)))
    .slice(0, mostFiles)
    .filter((path) => handsOn(read(project, path)));
}

/** A tracked link is not followed: what it leads to may be anything, and a file of the project is read by its own name. */
function read(project: string, path: string): string {
  return textOfRegular(join(project, path), { limit: largest, follow: false }) ?? "";
}

/** Whether the project's folder is found under its name in other letters too. */
function ignoresCase(project: string): boolean {
  const folder = resolve(project);
  const name = basename(folder);
  const other = name === name.toUpperCase() ? name.toLowerCase() : name.toUpperCase();
  if (other === name) return false;
  const [here, there] = [folder, join(dirname(folder), other)].map((path) => statSync(path, { throwIfNoEntry: false }));
  return here !== undefined && there !== undefined && here.ino === there.ino && here.dev === there.dev;
}
