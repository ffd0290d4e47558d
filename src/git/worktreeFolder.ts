import { lstatSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { olderThan, staleAfter } from "./locks.ts";
import type { Repository } from "./repository.ts";
import type { Refused } from "./run.ts";
import { textOf } from "./textOf.ts";

/** A worktree that git knows, and whose folder is there. */
export interface Standing {
  readonly ok: true;
  /** Git's own folder for it, within the repository's. */
  readonly admin: string;
}

/** In the admin folder of a worktree whose removal was decided and may be under way. */
export const removing = "orchestrate-removing";

/** The reason of the lock that git itself holds while it makes a worktree. */
export const underConstruction = "initializing";

/**
 * What stands at the path of a worktree of ours; null for nothing. Mends what a kill left: a half-made or half-removed worktree
 * is cleared away (nobody has worked in it yet, or its work was found safe before), an entry without its folder is dropped, a
 * lost `.git` file is written again. Refuses what is not provably ours. Starts no process.
 */
export async function standing(repository: Repository, path: string): Promise<Standing | null | Refused> {
  try {
    return await look(repository, path);
  } catch (error) {
    return { ok: false, reason: `${path} could not be looked at or mended: ${String(error)}` };
  }
}

async function look({ common, project }: Repository, path: string): Promise<Standing | null | Refused> {
  const inside = realParent(path);
  if (inside !== null && isOutside(realpathSync(project), inside))
    return { ok: false, reason: `${path} leads out of the project by a symbolic link (to ${inside})` };
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found !== undefined && !found.isDirectory())
    return { ok: false, reason: `${path} is not a folder; a worktree should be made there: move it away` };
  const admin = adminFolder(common, path);
  if (admin === null) {
    if (found === undefined || readdirSync(path).length === 0) return null;
    return {
      ok: false,
      reason: `${path} holds files but is not a worktree of this repository: move it away, or remove it`,
    };
  }
  const lock = join(admin, "locked");
  // A git that outlived its parent may still be making it.
  for (let tries = 0; textOf(lock) === underConstruction && !olderThan(lock, staleAfter()) && tries < 100; tries += 1)
    await wait(100);
  if (textOf(lock) === underConstruction || textOf(join(admin, removing)) !== null) {
    clear(admin, path);
    return null;
  }
  if (found === undefined) {
    const locked = textOf(lock);
    if (locked !== null)
      return { ok: false, reason: `the worktree ${path} is gone but locked (${locked || "no reason given"})` };
    clear(admin, path);
    return null;
  }
  const link = join(path, ".git");
  const led = textOf(link);
  if (led === null || !led.startsWith("gitdir:") || resolve(path, led.slice("gitdir:".length).trim()) !== admin) {
    if (lstatSync(link, { throwIfNoEntry: false })?.isDirectory())
      return { ok: false, reason: `${path} has become a repository of its own (it has a folder .git)` };
    rmSync(link, { force: true });
    writeFileSync(link, `gitdir: ${admin}\n`);
  }
  return { ok: true, admin };
}

/** Removes a worktree's folder, then its entry: after a kill in between the entry still says what was meant. */
function clear(admin: string, path: string): void {
  rmSync(path, { recursive: true, force: true, maxRetries: 5 });
  rmSync(admin, { recursive: true, force: true, maxRetries: 5 });
}

/** Git's own folder for the worktree at a path, found by what stands in it; null where git knows none there. */
function adminFolder(common: string, path: string): string | null {
  const folder = join(common, "worktrees");
  const wanted = new Set([path, join(realParent(path) ?? "", relative(dirname(path), path))]);
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return null;
  }
  for (const name of names) {
    const admin = join(folder, name);
    const back = textOf(join(admin, "gitdir"));
    if (back !== null && wanted.has(dirname(resolve(admin, back)))) return admin;
  }
  return null;
}

/** The nearest folder above a path that exists, with symbolic links resolved and the rest of the way to the path's parent added. */
function realParent(path: string): string | null {
  for (let at = dirname(path); at !== dirname(at); at = dirname(at)) {
    try {
      return join(realpathSync(at), relative(at, dirname(path)));
    } catch {
      // Not there yet.
    }
  }
  return null;
}

function isOutside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === ".." || way.startsWith(`..${sep}`) || resolve(way) === way;
}
