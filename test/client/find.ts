import { accessSync, constants } from "node:fs";
import { delimiter, join, resolve } from "node:path";

/** Where the real client is: `ORCHESTRATE_CLAUDE`, else `claude` on PATH, else the project's own copy; or null. */
export function findClient(): string | null {
  const named = process.env["ORCHESTRATE_CLAUDE"];
  if (named !== undefined && named !== "") return isExecutable(resolve(named)) ? resolve(named) : null;
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const own = resolve(".cache/claude/node_modules/.bin/claude");
  return [...folders.map((folder) => join(folder, "claude")), own].find(isExecutable) ?? null;
}

export function hasTmux(): boolean {
  return (process.env["PATH"] ?? "")
    .split(delimiter)
    .some((folder) => folder !== "" && isExecutable(join(folder, "tmux")));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** What to say and do where there is none. */
export const clientIsMissing =
  "Unexpected lack of the Claude Code client, expected `claude` on PATH or its path in ORCHESTRATE_CLAUDE: " +
  "install it, or set ORCHESTRATE_NO_CLIENT=1 to leave these tests out";

/** The client's path, for code that runs only where there is one. */
export function clientPath(): string {
  const found = findClient();
  if (found === null) throw new Error(clientIsMissing);
  return found;
}
