import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/**
 * The folder for what belongs to a person and not to a project: `$XDG_STATE_HOME/orchestrate`, by default
 * `~/.local/state/orchestrate`. No repository and no pull request can put anything into it.
 */
export function userStateFolder(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const named = env["XDG_STATE_HOME"];
  const home = env["HOME"] ?? "";
  // A relative path is to be ignored, says the specification: it would lead into whatever folder this is.
  const state = named !== undefined && isAbsolute(named) ? named : join(home === "" ? homedir() : home, ".local/state");
  return join(state, "orchestrate");
}

/** A folder below it, made if need be and closed to everybody else. Throws the system's error. */
export function makeUserState(name: string, env?: Readonly<Record<string, string | undefined>>): string {
  const folder = join(userStateFolder(env), name);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}
