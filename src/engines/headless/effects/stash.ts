import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { runGit } from "../../../git/run.ts";
import { shellWord } from "../../../text/escape.ts";

/** Its lines are a commit and the entry's message. */
const noteName = "stash.txt";

/**
 * Notes in an attempt's folder what is in the repository's stash before a worker begins: all worktrees share the one stash, so
 * that a `git stash pop` in any of them takes the person's.
 */
export async function noteStash(project: string, folder: string): Promise<void> {
  const entries = await stashOf(project);
  if (entries === null || entries.length === 0) return;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, noteName), entries.join("\n"), { mode: 0o600 });
}

/** A concern for each entry that is gone since a worker of the task began, in this attempt or one before. Who took it is not known. */
export async function goneFromStash(project: string, folder: string): Promise<string[]> {
  const tries = dirname(folder);
  const noted = new Set(readdirSync(tries).flatMap((name) => linesOf(join(tries, name, noteName))));
  const left = noted.size === 0 ? null : await stashOf(project);
  if (left === null) return [];
  // Another entry pushed or dropped changes the number of an entry, not its commit.
  const commits = new Set(left.map((entry) => entry.split(" ", 1)[0]));
  return [...noted].flatMap((entry) => {
    const [commit = ""] = entry.split(" ", 1);
    const message = entry.slice(commit.length + 1);
    return commits.has(commit)
      ? []
      : `the stash entry "${message}" is gone since a worker began; if it was not you who took it: \`git stash store -m ${shellWord(message)} ${commit}\``;
  });
}

async function stashOf(project: string): Promise<string[] | null> {
  const listed = await runGit(project, ["stash", "list", "--format=%H %gs"]);
  return listed.code === 0 ? listed.out.split("\n").filter((line) => line !== "") : null;
}

function linesOf(path: string): string[] {
  try {
    return readFileSync(path, "utf8").split("\n");
  } catch {
    return [];
  }
}
