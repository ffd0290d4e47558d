import { refused, runGit, type Refused } from "./run.ts";

/** What two commits come to when they are merged, as objects alone: no checkout, no index, no ref is touched. */
export type MergedTree =
  | { readonly ok: true; readonly clean: true; readonly tree: string }
  | { readonly ok: true; readonly clean: false; readonly files: readonly string[] };

/** Merges two commits. `files` are those in conflict, from the top of the repository. One process. */
export async function mergeTrees(
  folder: string,
  ours: string,
  theirs: string,
  env: Readonly<Record<string, string>> = {},
): Promise<MergedTree | Refused> {
  const asked = ["merge-tree", "--write-tree", "-z", "--name-only", "--no-messages", ours, theirs];
  const result = await runGit(folder, asked, { env });
  const [tree = "", ...files] = result.out.split("\0").filter((field) => field !== "");
  if (result.code === 0) return { ok: true, clean: true, tree };
  if (result.code === 1 && /^[0-9a-f]{40,64}$/.test(tree)) return { ok: true, clean: false, files };
  return refused(`${theirs} could not be merged into ${ours}`, result);
}

/** A commit of a tree. `env` may fix who and when, and with it the commit's id. One process. */
export async function commitTree(
  folder: string,
  {
    tree,
    parents,
    message,
    env = {},
  }: { tree: string; parents: readonly string[]; message: string; env?: Readonly<Record<string, string>> },
): Promise<{ readonly ok: true; readonly commit: string } | Refused> {
  const args = ["commit-tree", tree, ...parents.flatMap((parent) => ["-p", parent])];
  const result = await runGit(folder, args, { input: message, env });
  if (result.code !== 0) return refused("a commit could not be written", result);
  return { ok: true, commit: result.out.trim() };
}

/** Lines that begin and end a conflict in a file of text. */
export function hasConflictMarkers(text: string): boolean {
  return /^<{7}(?: .*)?$/m.test(text) && /^>{7}(?: .*)?$/m.test(text);
}

/** The message of a task's merge: its id and title on one line, and trailers that say whose it is. */
export function mergeMessage(run: string, task: string, title: string): string {
  const plain = [...title.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, " ").trim()].slice(0, 200).join("");
  return `${plain === "" ? task : `${task}: ${plain}`}\n\nOrchestrate-Task: ${task}\nOrchestrate-Run: ${run}\n`;
}
