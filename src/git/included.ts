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
} from "node:fs";
import { dirname, isAbsolute, join, posix, relative, resolve, sep } from "node:path";
import { stateFolder } from "../run/current.ts";
import { git, inCheckout, type Ledger } from "./ledger.ts";
import { refused, type Refused } from "./run.ts";
import type { Tree } from "./tree.ts";

/** Patterns, in the form of `.gitignore`, of ignored files that every worktree gets a copy of: `.env`, local settings. */
const includeFile = ".worktreeinclude";

/**
 * Copies the files of the project that its `.worktreeinclude` names and that git ignores into a tree. What is there already stays. A
 * symbolic link is copied as a link, and only when it leads to a place within the project. Returns all of them, from the top of the
 * tree: they are never committed. No process without a `.worktreeinclude`, else two.
 */
export async function copyIncluded(
  ledger: Ledger,
  { root, folder }: Tree,
): Promise<{ readonly ok: true; readonly files: string[] } | Refused> {
  const { project, prefix } = ledger.repository;
  const list = join(project, includeFile);
  if (!lstatSync(list, { throwIfNoEntry: false })?.isFile()) return { ok: true, files: [] };
  const ignored = await ignoredFiles(ledger, list);
  if (!ignored.ok) return ignored;
  try {
    const scratch = join(dirname(root), `.copy-${process.pid}`);
    for (const file of ignored.files) copy(project, root, join(folder, file), file, scratch);
    return { ok: true, files: ignored.files.map((file) => posix.join(prefix, file)) };
  } catch (error) {
    return { ok: false, reason: `what ${includeFile} names could not be copied to ${folder}: ${String(error)}` };
  }
}

/** Files that match, from the project, and that git would never add: a copy of one in a tree is never committed. */
async function ignoredFiles(ledger: Ledger, list: string): Promise<{ ok: true; files: string[] } | Refused> {
  const { prefix } = ledger.repository;
  const at = inCheckout(ledger);
  const below = prefix === "" ? [] : ["--", `:(top,literal)${prefix}`];
  const asked = ["ls-files", "-z", "--others", "--ignored", `--exclude-from=${list}`, ...below];
  const matching = await git(ledger, asked, at);
  if (matching.code !== 0) return refused(`the files that ${includeFile} names could not be listed`, matching);
  const own = matching.out
    .split("\0")
    .filter((path) => path !== "" && posix.relative(prefix, path).split("/")[0] !== stateFolder);
  if (own.length === 0) return { ok: true, files: [] };
  const checked = await git(ledger, ["check-ignore", "-z", "--stdin"], { ...at, input: `${own.join("\0")}\0` });
  // 1 means that none is ignored.
  if (checked.code > 1 || checked.code < 0) return refused("git could not say which files it ignores", checked);
  const files = checked.out.split("\0").filter((path) => path !== "" && !path.endsWith("/"));
  return { ok: true, files: files.map((path) => posix.relative(prefix, path)) };
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
