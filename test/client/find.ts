import { accessSync, constants, readFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { clientVersion } from "./version.ts";

/** Where the project keeps a client of its own. */
export const ownClient = resolve(".cache/claude");

/**
 * Where the real client is: `ORCHESTRATE_CLAUDE`, else `claude` on PATH, else the project's own copy; or null. In CI only the
 * version that the tests are written against will do.
 */
export function findClient(): string | null {
  const named = process.env["ORCHESTRATE_CLAUDE"];
  if (named !== undefined && named !== "") return isExecutable(resolve(named)) ? resolve(named) : null;
  const folders = inCi ? [] : (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const own = join(ownClient, "node_modules/.bin/claude");
  return [...folders.map((folder) => join(folder, "claude")), ...(isCurrent() ? [own] : [])].find(isExecutable) ?? null;
}

/** Whether the project's own copy is of the version that the tests are written against. */
function isCurrent(): boolean {
  try {
    const text = readFileSync(join(ownClient, "node_modules/@anthropic-ai/claude-code/package.json"), "utf8");
    return (JSON.parse(text) as { version?: unknown }).version === clientVersion;
  } catch {
    return false;
  }
}

/** Nothing that can be tested is skipped there. */
export const inCi = !["", "0", "false", undefined].includes(process.env["CI"]);

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

/** The client's path, for code that runs only where there is one. */
export function clientPath(): string {
  const found = findClient();
  if (found === null) throw new Error("there is no Claude Code client: name one in ORCHESTRATE_CLAUDE");
  return found;
}
