import {
  constants,
  copyFileSync,
  lstatSync,
  mkdirSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { stateFolder } from "../run/current.ts";
import { refused, runGit, type Refused } from "./run.ts";
import { textOf } from "./textOf.ts";

/** Patterns, in the form of `.gitignore`, of ignored files that every worktree gets a copy of: `.env`, local settings. */
const includeFile = ".worktreeinclude";

/** In a worktree's admin folder: the files copied into it, from the project, each ended by a NUL. They are never committed for a worker. */
const record = "orchestrate-included";

/** The files that were copied into a worktree, from the project. Starts no process. */
export function includedIn(admin: string): string[] {
  return (textOf(join(admin, record)) ?? "").split("\0").filter((path) => path !== "");
}

/**
 * Copies the files of the project that its `.worktreeinclude` names and that git ignores into a worktree's project folder. What is
 * there already stays. A symbolic link is copied as a link, and only when it leads to a place within the project. Paths are from
 * the project. No process without a `.worktreeinclude`, else two.
 */
export async function copyIncluded(
  project: string,
  { path, folder, admin }: { readonly path: string; readonly folder: string; readonly admin: string },
): Promise<{ readonly ok: true; readonly files: string[] } | Refused> {
  const list = join(project, includeFile);
  if (!lstatSync(list, { throwIfNoEntry: false })?.isFile()) return { ok: true, files: [] };
  const ignored = await ignoredFiles(project, list);
  if (!ignored.ok) return ignored;
  try {
    // First what may come, then the copies: a kill in between leaves no copy without a record.
    const all = new Set([...includedIn(admin), ...ignored.files]);
    writeFileSync(join(admin, record), [...all].map((file) => `${file}\0`).join(""));
    const scratch = join(dirname(path), `.copy-${process.pid}`);
    return { ok: true, files: ignored.files.filter((file) => copy(project, path, join(folder, file), file, scratch)) };
  } catch (error) {
    return { ok: false, reason: `what ${includeFile} names could not be copied to ${folder}: ${String(error)}` };
  }
}

/** Files that match, and that git would never add: a copy of one in a worktree is never committed. */
async function ignoredFiles(project: string, list: string): Promise<{ ok: true; files: string[] } | Refused> {
  const matching = await runGit(project, ["ls-files", "-z", "--others", "--ignored", `--exclude-from=${list}`]);
  if (matching.code !== 0) return refused(`the files that ${includeFile} names could not be listed`, matching);
  const own = matching.out.split("\0").filter((path) => path !== "" && path.split("/")[0] !== stateFolder);
  if (own.length === 0) return { ok: true, files: [] };
  const checked = await runGit(project, ["check-ignore", "-z", "--stdin"], { input: `${own.join("\0")}\0` });
  // 1 means that none is ignored.
  if (checked.code > 1 || checked.code < 0) return refused("git could not say which files it ignores", checked);
  return { ok: true, files: checked.out.split("\0").filter((path) => path !== "" && !path.endsWith("/")) };
}

/** Whether the file was copied. `top` is the worktree, with symbolic links resolved; `scratch` a path beside it for what is not whole yet. */
function copy(project: string, top: string, to: string, file: string, scratch: string): boolean {
  const from = join(project, file);
  const found = lstatSync(from, { throwIfNoEntry: false });
  if (found === undefined || lstatSync(to, { throwIfNoEntry: false }) !== undefined) return false;
  // A folder of the worktree may be a symbolic link, which whoever wrote the base commit chose.
  let parent = dirname(to);
  while (lstatSync(parent, { throwIfNoEntry: false }) === undefined) parent = dirname(parent);
  if (!isWithin(top, realpathSync(parent))) return false;
  mkdirSync(dirname(to), { recursive: true });
  if (found.isSymbolicLink()) {
    const target = readlinkSync(from);
    if (isAbsolute(target) || !isWithin(project, resolve(dirname(from), target))) return false;
    symlinkSync(target, to);
    return true;
  }
  if (!found.isFile()) return false;
  // Whole or not at all: a copy that a kill cut short is not taken for the file later.
  try {
    copyFileSync(from, scratch, constants.COPYFILE_FICLONE);
    renameSync(scratch, to);
  } finally {
    rmSync(scratch, { force: true });
  }
  return true;
}

function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
