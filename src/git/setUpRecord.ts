import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { lstat, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";
import { gitFolder } from "./baseCommit.ts";
import { textOf } from "./textOf.ts";

/** In a worktree's admin folder: what `setup` left that git shows, each as `DIGEST PATH`, from the top, ended by a NUL. */
const record = "orchestrate-setup";

/** What `setup` left in a worktree and git showed then: paths from its top, with what stood there. Starts no process. */
function recordedIn(worktree: string): Map<string, string> {
  const admin = gitFolder(worktree);
  const entries = admin === null ? [] : (textOf(join(admin, record)) ?? "").split("\0");
  return new Map(entries.flatMap((entry) => (entry === "" ? [] : [[entry.slice(41), entry.slice(0, 40)]])));
}

/** What `setup` left in a worktree that git showed then, as paths from its top. Starts no process. */
export function leftBySetup(worktree: string): string[] {
  return [...recordedIn(worktree).keys()];
}

/** Those of these paths, from the top of a worktree, that `setup` made or changed there and nobody has changed since. */
export async function asSetUp(worktree: string, paths: readonly string[]): Promise<ReadonlySet<string>> {
  const recorded = recordedIn(worktree);
  const same = new Set<string>();
  for (const path of recorded.size === 0 ? [] : paths)
    if (recorded.has(path) && recorded.get(path) === (await digestOf(join(worktree, path)))) same.add(path);
  return same;
}

/** Takes what stands at these paths of a worktree for what `setup` left there. */
export async function writeRecord(worktree: string, paths: readonly string[]): Promise<void> {
  const admin = gitFolder(worktree);
  if (admin === null) return;
  let text = "";
  for (const path of paths) text += `${await digestOf(join(worktree, path))} ${path}\0`;
  writeFileSync(join(admin, record), text);
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash("sha1");
  try {
    const found = await lstat(path);
    if (found.isSymbolicLink()) hash.update(`link ${await readlink(path)}`);
    else hash.update(`file ${found.mode & 0o100} `).update(await readFile(path));
  } catch {
    hash.update("nothing");
  }
  return hash.digest("hex");
}
