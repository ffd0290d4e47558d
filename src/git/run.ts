import { execute, type GitResult } from "./execute.ts";
import { settingsFor } from "./settings.ts";
import { gitStopped } from "./stop.ts";

/** Something was not done, and why: one or two sentences for a person, with git's own words in them. */
export interface Refused {
  readonly ok: false;
  readonly reason: string;
}

/** Of git's own variables these are the user's wishes; all others point a command at another place than its folder. */
const kept =
  /^GIT_(?:(?:AUTHOR|COMMITTER)_(?:NAME|EMAIL)|CONFIG_(?:GLOBAL|SYSTEM|NOSYSTEM|COUNT|KEY_\d+|VALUE_\d+)|EXEC_PATH|CEILING_DIRECTORIES|DISCOVERY_ACROSS_FILESYSTEM|SSH.*|SSL.*|PROXY.*)$/;

/**
 * Runs git in `folder`, and throws only after `stopGit`. Nothing that the repository's own config or attributes name is run: no
 * hook, no monitor, no filter, no merge driver (the user's own, from outside the repository, work as ever). Nothing asks, no
 * editor opens, messages are in English. `timeout` is in milliseconds, 0 for none.
 */
export async function runGit(
  folder: string,
  args: readonly string[],
  options: { readonly env?: Readonly<Record<string, string>>; readonly input?: string; readonly timeout?: number } = {},
): Promise<GitResult> {
  const { env = {}, ...rest } = options;
  const surroundings = environment();
  const settings = await settingsFor(folder, surroundings);
  gitStopped.throwIfAborted();
  if ("code" in settings) return settings;
  const result = await execute(folder, args, { ...rest, env: { ...surroundings, ...settings.env, ...env } });
  // One that was killed would be read as an answer, and files removed because of it.
  gitStopped.throwIfAborted();
  return result;
}

/** What went wrong, in git's own words: without its hints, on one line, at most 600 characters. */
export function words({ code, err, out }: GitResult): string {
  const lines = (err.trim() || out.trim()).split("\n").filter((line) => !line.startsWith("hint:"));
  const said = lines
    .map((line) => line.replace(/^(?:fatal|error|warning): /, "").trim())
    .filter((line) => line !== "")
    .join("; ");
  return said === "" ? `git ended with code ${code}` : said.length > 600 ? `${said.slice(0, 600)}…` : said;
}

/** A refusal: what could not be done, and what git said. */
export function refused(what: string, result: GitResult): Refused {
  return { ok: false, reason: `${what}: ${words(result)}` };
}

function environment(): NodeJS.ProcessEnv {
  const own = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_") || kept.test(name)),
  );
  return {
    ...own,
    LC_ALL: "C",
    LANGUAGE: "",
    GIT_TERMINAL_PROMPT: "0",
    GIT_EDITOR: ":",
    GIT_SEQUENCE_EDITOR: ":",
    GIT_MERGE_AUTOEDIT: "no",
    GIT_PAGER: "cat",
  };
}
