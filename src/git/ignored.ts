import { lstatSync } from "node:fs";
import { join, posix } from "node:path";
import type { Ledger } from "./ledger.ts";
import { ignoredPaths, type Tree } from "./tree.ts";

/** Those of these paths, as somebody else wrote them, that name something within the project's folder in a tree, in its plain form. */
export function there(tree: Tree, paths: readonly string[]): string[] {
  const plain = paths.flatMap((path) => {
    const from = path.startsWith(`${tree.folder}/`) ? path.slice(tree.folder.length + 1) : path;
    const normal = posix.normalize(from).replace(/\/+$/, "");
    return posix.isAbsolute(normal) || /^\.{0,2}(?:\/|$)/.test(normal) || normal.includes("\0") ? [] : normal;
  });
  return [...new Set(plain)].filter((path) => isThere(tree.folder, path));
}

/** Not behind a link: git would not say anything of such a path, or of the others beside it. */
function isThere(folder: string, path: string): boolean {
  try {
    return path.split("/").every((_, at, parts) => {
      const found = lstatSync(join(folder, ...parts.slice(0, at + 1)));
      return at === parts.length - 1 || found.isDirectory();
    });
  } catch {
    return false;
  }
}

/** Those of these paths (from the project, no globs, there or not) that git ignores and does not track; none when git cannot say. */
export async function ignoredAmong(ledger: Ledger, tree: Tree, paths: readonly string[]): Promise<string[]> {
  if (paths.length === 0) return [];
  const { prefix } = ledger.repository;
  const fromTop = new Map(paths.map((path) => [posix.join(prefix, path), path]));
  return (await ignoredPaths(ledger, tree, [...fromTop.keys()])).flatMap((path) => fromTop.get(path) ?? []);
}
