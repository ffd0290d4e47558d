import type { CoChange } from "../model/repository.ts";
import { lookNow } from "./ledger.ts";

/** Commits that are looked at, newest first. */
const commits = 400;
/** A commit that changes more of the files than this is a sweep over all of them and says nothing about two. */
const sweep = 20;
/** Fewer times together, or a smaller part of all changes, is chance. */
const fewest = { together: 3, part: 0.6 };

/** Files under version control below `folder`, relative to it; null outside a repository or when git takes too long. */
export function trackedFiles(folder: string, timeout: number): string[] | null {
  return (
    lookNow(folder, ["ls-files", "-z"], timeout)
      ?.split("\0")
      .filter((path) => path !== "") ?? null
  );
}

/** Which of these files history changes together, surest first. One `git log` over the newest commits that touch them. */
export function changedTogether(folder: string, paths: readonly string[], timeout: number): CoChange[] {
  const log = lookNow(
    folder,
    [
      "--literal-pathspecs",
      "log",
      `--max-count=${commits}`,
      "--no-merges",
      "--no-renames",
      "--relative",
      "--name-only",
      "-z",
      "--format=%x01",
      "--",
      ...paths,
    ],
    timeout,
  );
  return log === null
    ? []
    : coChanges(log.split("\u0001").map((commit) => commit.split(/[\0\n]/).filter((path) => path !== "")));
}

/** The pairs of files that change together, of the files of each commit. */
export function coChanges(changes: readonly (readonly string[])[]): CoChange[] {
  const times = new Map<string, number>();
  const pairs = new Map<string, { files: [string, string]; together: number }>();
  for (const files of changes) {
    const sorted = [...new Set(files)].toSorted();
    for (const [at, file] of sorted.entries()) {
      times.set(file, (times.get(file) ?? 0) + 1);
      for (const other of sorted.length > sweep ? [] : sorted.slice(at + 1)) {
        const key = JSON.stringify([file, other]);
        const known = pairs.get(key);
        if (known === undefined) pairs.set(key, { files: [file, other], together: 1 });
        else known.together += 1;
      }
    }
  }
  return [...pairs.values()]
    .map(({ files, together }) => ({ files, together, of: Math.min(...files.map((file) => times.get(file) ?? 0)) }))
    .filter(({ together, of }) => together >= fewest.together && together >= fewest.part * of)
    .toSorted(
      (a, b) =>
        b.together / b.of - a.together / a.of ||
        b.together - a.together ||
        (a.files.join("\0") < b.files.join("\0") ? -1 : 1),
    );
}
