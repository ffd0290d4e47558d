/** Options that keep a repository's own settings from running anything when we call git. */
const quiet = ["-c", "core.fsmonitor=", "-c", "core.hooksPath=/dev/null"];

/** What a git command that only looks prints; null where it fails, is not there, or takes longer than `timeout` ms (0: no limit). */
export function git(folder: string, args: readonly string[], timeout = 0): string | null {
  try {
    // Fetched when git is asked for the first time: a preview outside a repository does without it.
    return process.getBuiltinModule("node:child_process").execFileSync("git", [...quiet, ...args], {
      cwd: folder,
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
      timeout,
      stdio: ["ignore", "pipe", "ignore"],
      env: { ...process.env, GIT_OPTIONAL_LOCKS: "0", GIT_TERMINAL_PROMPT: "0" },
    });
  } catch {
    return null;
  }
}
