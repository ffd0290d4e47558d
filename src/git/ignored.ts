import { posix } from "node:path";
import type { Ledger } from "./ledger.ts";
import { ignoredPaths, type Tree } from "./tree.ts";

/** Those of these paths (from the project, no globs, there or not) that git ignores and does not track; none when git cannot say. */
export async function ignoredAmong(ledger: Ledger, tree: Tree, paths: readonly string[]): Promise<string[]> {
  if (paths.length === 0) return [];
  const { prefix } = ledger.repository;
  const fromTop = new Map(paths.map((path) => [posix.join(prefix, path), path]));
  return (await ignoredPaths(ledger, tree, [...fromTop.keys()])).flatMap((path) => fromTop.get(path) ?? []);
}
