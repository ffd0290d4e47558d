import { constants, type Dirent, type Stats } from "node:fs";
import { lstat, readdir } from "node:fs/promises";

/** Something in a worker's folder that no commit can hold, or that would keep git from reading the folder. */
export interface Trouble {
  /** From the top of the tree. */
  readonly path: string;
  readonly kind: "git" | "special" | "attributes" | "unreadable";
  /** What it is, as the end of a sentence that begins with its path. */
  readonly what: string;
}

export interface Walked {
  readonly troubles: readonly Trouble[];
  /** A file of attributes is in it: git may store files otherwise than as they are. */
  readonly attributes: boolean;
}

/** Files that git itself reads in every folder. */
const readByGit = /^\.git(?:ignore|attributes|modules)$/i;
/** Bytes of such a file that anybody wrote by hand. */
const largest = 1024 * 1024;
/** More than this many are not listed. */
const most = 50;

/**
 * Looks at everything in a worker's folder without following a link or opening a file: whatever is not a regular file, a folder or a
 * link, folders that cannot be read, and any spelling of `.git` below the root. The root's own `.git` is the worker's affair.
 */
export async function walk(root: string): Promise<Walked> {
  const troubles: Trouble[] = [];
  let attributes = false;
  const say = (path: string, kind: Trouble["kind"], what: string): void => {
    if (troubles.length < most) troubles.push({ path: Buffer.from(path, "latin1").toString("utf8"), kind, what });
  };
  // Names are bytes here, one character each: not every name is text.
  const at = (path: string): Buffer => Buffer.concat([Buffer.from(`${root}/`), Buffer.from(path, "latin1")]);
  const look = async (folder: string): Promise<string[]> => {
    let entries: Dirent<Buffer>[];
    try {
      if (!readable(await lstat(at(folder)))) throw new Error("EACCES");
      entries = await readdir(at(folder), { withFileTypes: true, encoding: "buffer" });
    } catch {
      say(folder === "" ? "." : folder, "unreadable", "is a folder that cannot be read");
      return [];
    }
    const folders: string[] = [];
    for (const entry of entries) {
      const bytes = entry.name.toString("latin1");
      const name = entry.name.toString("utf8");
      const path = folder === "" ? bytes : `${folder}/${bytes}`;
      if (isDotGit(name)) {
        if (folder !== "" || name !== ".git") say(path, "git", "makes that folder a repository of its own for git");
      } else if (readByGit.test(name)) {
        attributes ||= /attributes$/i.test(name);
        const found = await lstat(at(path)).catch(() => null);
        if (found !== null && !found.isFile())
          say(path, "attributes", `is ${nameOf(found)}, and must be a regular file`);
        else if (found !== null && found.size > largest) say(path, "attributes", "is larger than 1 MB");
      } else if (entry.isDirectory()) folders.push(path);
      else if (!entry.isFile() && !entry.isSymbolicLink()) say(path, "special", `is ${nameOf(entry)}`);
    }
    return folders;
  };
  const open = [""];
  while (open.length > 0) open.push(...(await Promise.all(open.splice(-16).map(look))).flat());
  return { troubles: troubles.toSorted((a, b) => (a.path < b.path ? -1 : 1)), attributes };
}

/** Its owner may list and enter it: what root could read, a worker's own user cannot. */
function readable({ mode }: Stats): boolean {
  const needed = constants.S_IRUSR | constants.S_IXUSR;
  return process.platform === "win32" || (mode & needed) === needed;
}

function nameOf(found: Dirent<Buffer> | Stats): string {
  if (found.isFIFO()) return "a named pipe, which no commit can hold";
  if (found.isSocket()) return "a socket, which no commit can hold";
  if (found.isBlockDevice() || found.isCharacterDevice()) return "a device, which no commit can hold";
  if (found.isSymbolicLink()) return "a symbolic link";
  if (found.isDirectory()) return "a folder";
  return "no regular file";
}

/** Characters that file systems of other machines leave out of a name. */
const ignorable = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;

/** Whether some machine takes the name for `.git`: in other letters, as Windows shortens it, with what a file system leaves out. */
export function isDotGit(name: string): boolean {
  const plain = name.replaceAll(ignorable, "").toLowerCase();
  // Windows drops dots and spaces at the end, and `:` begins a stream of the same file.
  const [stem = ""] = plain.split(":");
  return (
    /^(?:\.git|git~1)$/.test(stem.replace(/[. ]+$/, "")) || /^(?:\.git|git~1)$/.test(plain.split(/[\\/]/).at(-1) ?? "")
  );
}
