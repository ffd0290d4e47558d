import { basename, dirname, join, resolve } from "node:path";
import type { Diagnostic, Outcome } from "../model/diagnostic.ts";
import { nearest } from "../text/nearest.ts";
import { findLists, isNamedAsPlan, listFolderOf, mayBeList } from "../lists/readList.ts";
import type { World } from "./command.ts";
import { documentsIn, exists, findFiles, isFolder, readSource, type Source } from "./sources.ts";

/** A file to read: its name as people know it, and where it is. `path` is null for standard input. */
export interface Located {
  readonly file: string;
  readonly path: string | null;
}

/**
 * The files that sources stand for: `-` is standard input, a folder is the one list in it, and a file that stands for
 * a folder (`epic.md`) brings the others of its list. `format` chooses where lists of several formats stand.
 */
export function locate(sources: readonly string[], world: World, format?: string): Outcome<Located[]> {
  const files: Located[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const source of sources) {
    if (source === "-") {
      files.push({ file: "inline", path: null });
      continue;
    }
    const path = resolve(world.cwd, source);
    if (!exists(path)) {
      diagnostics.push(missing(source, path));
    } else if (isFolder(path)) {
      const found = listOf(source, path, format);
      if (found.ok) files.push(...found.value);
      else diagnostics.push(...found.diagnostics);
    } else {
      files.push(...withOthers(source, path));
    }
  }
  return diagnostics.length > 0 ? { ok: false, diagnostics } : { ok: true, value: files };
}

/** The one list of a folder: the one that stands directly in it, else the only one below it. */
function listOf(folder: string, path: string, format: string | undefined): Outcome<Located[]> {
  const names = findFiles(path, (name) => mayBeList(join(path, name)));
  const sure = listsOf(path, names);
  // A plan is the list where nothing is named as one: `plan.md` beside `tasks.md` is not.
  const plans = sure.length > 0 ? [] : findFiles(path, isNamedAsPlan, 2);
  const all = sure.length > 0 ? sure : listsOf(path, plans, true);
  const asked = all.filter((list) => list.format === format?.split(":", 1)[0]);
  const lists = asked.length > 0 ? asked : all;
  const direct = lists.filter(({ files }) => files.some((file) => !file.includes("/")));
  const candidates = direct.length > 0 ? direct : lists;
  const [only] = candidates;
  if (only !== undefined && candidates.length === 1) return located(folder, path, only.files);
  if (candidates.length > 1) {
    const shown = candidates.map((list) => ({
      name: nameOf(folder, list.files),
      note: ` (${list.format}: ${list.evidence})`,
    }));
    const folders = candidates.some(({ files }) => files.length > 1);
    return several(folder, shown, folders ? "lists" : "files");
  }
  // No evidence of a list: a file named like one is read all the same, to say what is wrong with it.
  const near = names.filter((name) => !name.includes("/"));
  const named = near.length > 0 ? near : names;
  const files = named.length > 0 ? named : documentsIn(path);
  if (files.length === 1) return located(folder, path, files);
  if (files.length > 1)
    return several(
      folder,
      files.map((file) => ({ name: join(folder, file), note: "" })),
      "files",
    );
  return failure({
    severity: "error",
    rule: "no-list",
    message: `\`${folder}\` holds no task list`,
    expected: "a file such as `tasks.md` in it",
    fix: "name the file",
    place: { file: folder, line: 1, column: 1 },
  });
}

/** Opens files and sees which are lists. What cannot be read is none. */
function listsOf(path: string, names: readonly string[], anyName = false): ReturnType<typeof findLists> {
  const sources = names.flatMap((file): Source[] => {
    const read = readSource(join(path, file), join(path, file));
    return read.ok ? [read.value] : [];
  });
  const start = join(path, "/").length;
  return findLists(sources, anyName).map((list) => ({ ...list, files: list.files.map((file) => file.slice(start)) }));
}

/** A file, and the others of the list that it stands for when what they say bears that out. */
function withOthers(source: string, path: string): Located[] {
  const own = listFolderOf(path);
  if (own === null || !isFolder(own.folder)) return [{ file: source, path }];
  const { folder, belongs } = own;
  const names = findFiles(folder, (name) => belongs(join(folder, name)));
  // Alone, it stands for nothing but itself.
  if (names.length < 2) return [{ file: source, path }];
  const mine = path.slice(folder.length).replace(/^\//, "");
  const list = listsOf(folder, names).find(({ files }) => files.includes(mine));
  const prefix = source.endsWith(mine) ? source.slice(0, -mine.length) : join(folder, "/");
  return list
    ? list.files.map((file) => ({ file: prefix + file, path: join(folder, file) }))
    : [{ file: source, path }];
}

function located(folder: string, path: string, files: readonly string[]): Outcome<Located[]> {
  return { ok: true, value: files.map((file) => ({ file: join(folder, file), path: join(path, file) })) };
}

/** A list of one file by that, one of several by the folder that holds them all. */
function nameOf(folder: string, files: readonly string[]): string {
  const [first = "", ...others] = files.map((file) => join(folder, file));
  let common = first;
  for (const file of others) while (common !== "." && !file.startsWith(`${common}/`)) common = dirname(common);
  return common;
}

function several(folder: string, lists: readonly { name: string; note: string }[], what: string): Outcome<never> {
  const shown = lists.slice(0, 8).map(({ name, note }) => `\`${name}\`${note}`);
  const rest = lists.length > 8 ? ` and ${lists.length - 8} more` : "";
  const notes = lists.some(({ note }) => note !== "");
  return failure({
    severity: "error",
    rule: "several-lists",
    message: `\`${folder}\` holds ${lists.length} ${what} that may be meant: ${shown.join(", ")}${rest}`,
    expected: "one task list",
    fix: `name the one you mean${notes ? ", or its format with `--format`" : ""}`,
    place: { file: folder, line: 1, column: 1 },
  });
}

function missing(source: string, path: string): Diagnostic {
  const folder = dirname(path);
  const near = nearest(basename(path), documentsIn(folder));
  const hint =
    near === null
      ? "name the task list or the folder that holds it"
      : `did you mean \`${join(dirname(source), near)}\`?`;
  return {
    severity: "error",
    rule: "unreadable",
    message: `\`${source}\` cannot be read: no such file or directory`,
    expected: "a file or a folder that exists",
    fix: hint,
    place: { file: source, line: 1, column: 1 },
  };
}

function failure(diagnostic: Diagnostic): { ok: false; diagnostics: Diagnostic[] } {
  return { ok: false, diagnostics: [diagnostic] };
}
