import { runGit } from "./run.ts";

/** Those of these paths (from `folder`, no globs, there or not) that git ignores and does not track; none when git cannot say. */
export async function ignoredAmong(folder: string, paths: readonly string[]): Promise<string[]> {
  if (paths.length === 0) return [];
  const said = await runGit(folder, ["check-ignore", "-z", "--stdin"], { input: paths.join("\0") });
  return said.code === 0 ? said.out.split("\0").filter((path) => path !== "") : [];
}
