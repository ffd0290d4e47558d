import { realpathSync, statSync } from "node:fs";
import { dirname, join, posix, relative, resolve, sep } from "node:path";
import type { Refused } from "./run.ts";
import { textOf } from "./textOf.ts";

/** Where a project lies in git. All paths are absolute; those of git with symbolic links resolved. */
export interface Repository {
  readonly ok: true;
  readonly project: string;
  /** Folder of the checkout that the project is in. */
  readonly top: string;
  /** Git's folder of this checkout: its HEAD and index. */
  readonly gitDir: string;
  /** Git's folder that all worktrees share: objects and refs. */
  readonly common: string;
  /** The project within the checkout, as `packages/a`; empty at the top. */
  readonly prefix: string;
}

/** The repository of a project's folder, found by our own reads: no process, and nothing that its config says counts. */
export function repositoryOf(project: string): Repository | Refused {
  const none = (why: string): Refused => ({ ok: false, reason: `${project} ${why}` });
  let real: string;
  try {
    real = realpathSync(project);
  } catch {
    return none("does not exist");
  }
  for (let top = real; ; top = dirname(top)) {
    const gitDir = gitDirOf(top);
    if (gitDir !== null) {
      const common = commonOf(gitDir);
      const prefix = relative(top, real).split(sep).join("/");
      const stuck = neverEnding({ gitDir, common });
      if (stuck !== null) return { ok: false, reason: stuck };
      return { ok: true, project: resolve(project), top, gitDir, common, prefix };
    }
    if (isGitDir(top))
      return none(
        top === real ? "is a bare repository: run in a checkout of it" : "lies in git's own folder, not in a checkout",
      );
    if (top === dirname(top)) return none("is not in a git repository");
  }
}

/** Git's folder for a checkout at `top`; null where there is none, or one that git would not take for one. */
export function gitDirOf(top: string): string | null {
  const at = join(top, ".git");
  const found = statSync(at, { throwIfNoEntry: false });
  if (found?.isDirectory() === true) return isGitDir(at) ? realpathSync(at) : null;
  const led = found?.isFile() === true ? textOf(at) : null;
  if (led?.startsWith("gitdir:") !== true) return null;
  const gitDir = resolve(top, led.slice("gitdir:".length).trim());
  return isGitDir(gitDir) ? realpathSync(gitDir) : null;
}

function commonOf(gitDir: string): string {
  const shared = textOf(join(gitDir, "commondir"));
  return shared === null ? gitDir : realpathSync(resolve(gitDir, shared));
}

/** What git reads in every command, and would wait at for ever if it were a pipe. */
const read = ["config", "HEAD", "packed-refs", "shallow", "objects/info/alternates"];
const readOfCheckout = ["config.worktree", "commondir", "HEAD", "index"];

/** A sentence about a file of git's own that is no regular file, so that git would wait for it; null where there is none. */
export function neverEnding({ gitDir, common }: Pick<Repository, "gitDir" | "common">): string | null {
  const paths = [...read.map((name) => join(common, name)), ...readOfCheckout.map((name) => join(gitDir, name))];
  for (const path of paths) {
    if (!isFileOrNothing(path))
      return `${path} is not a regular file, and git would wait at it: move it away, and find out what put it there`;
  }
  return null;
}

function isFileOrNothing(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() !== false;
  } catch {
    // Links in a circle, or a folder that may not be entered.
    return false;
  }
}

function isGitDir(folder: string): boolean {
  if (textOf(join(folder, "HEAD")) === null) return false;
  const shared = textOf(join(folder, "commondir"));
  const common = shared === null ? folder : resolve(folder, shared);
  return ["objects", "refs"].every((name) => statSync(join(common, name), { throwIfNoEntry: false })?.isDirectory());
}

/** A path from the top of the checkout as seen from the project, with `../` where it lies outside. */
export function fromProject({ prefix }: { readonly prefix: string }, path: string): string {
  return prefix === "" ? path : posix.relative(prefix, path);
}
