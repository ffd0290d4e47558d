import { posix } from "node:path";
import { git, type Ledger } from "./ledger.ts";
import type { Tree } from "./tree.ts";

/** Those of these paths (from the project, no globs, there or not) that git ignores and does not track; none when git cannot say. */
export async function ignoredAmong(ledger: Ledger, tree: Tree, paths: readonly string[]): Promise<string[]> {
  if (paths.length === 0) return [];
  const { prefix } = ledger.repository;
  const fromTop = new Map(paths.map((path) => [posix.join(prefix, path), path]));
  const at = { tree: tree.root, index: tree.index, input: [...fromTop.keys()].join("\0") };
  const said = await git(ledger, ["check-ignore", "-z", "--stdin"], at);
  return said.code === 0 ? said.out.split("\0").flatMap((path) => fromTop.get(path) ?? []) : [];
}
