import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import { gitFolder } from "./baseCommit.ts";
import { execute, type GitResult } from "./execute.ts";
import { textOf } from "./textOf.ts";

/** In force in every call, whatever the repository says: nothing of its own runs, nothing asks, nothing happens behind our back. */
const fixed: readonly (readonly [string, string])[] = [
  ["core.hooksPath", "/dev/null"],
  ["core.fsmonitor", ""],
  ["core.quotePath", "false"],
  ["commit.gpgSign", "false"],
  ["commit.cleanup", "whitespace"],
  ["i18n.commitEncoding", "utf-8"],
  ["log.showSignature", "false"],
  ["merge.verifySignatures", "false"],
  ["merge.autoStash", "false"],
  ["merge.stat", "false"],
  ["merge.log", "false"],
  ["rerere.enabled", "false"],
  ["branch.autoSetupMerge", "false"],
  ["submodule.recurse", "false"],
  ["gc.auto", "0"],
  ["maintenance.auto", "false"],
  ["protocol.ext.allow", "never"],
  ["advice.detachedHead", "false"],
];

/** Git's own merge of text, for files that an attribute gives to a driver: what git does where the driver is not defined. */
const textMerge = "git merge-file -q --marker-size=%L -L ours -L base -L theirs %A %O %B || exit 1";

/** Settings that name a program, or choose one. Any worker can write them into the repository's own config, so its value never counts. */
const programs: readonly (readonly [RegExp, string])[] = [
  [/^filter\..+\.(?:clean|smudge|process)$/s, ""],
  [/^filter\..+\.required$/s, "false"],
  [/^merge\..+\.driver$/s, textMerge],
  [/^merge\.default$/, "text"],
  [/^core\.sshcommand$/, "ssh"],
  [/^remote\..+\.uploadpack$/s, "git-upload-pack"],
  [/^credential\.(?:.+\.)?helper$/s, ""],
];

/** What a look at a repository's configuration came to: variables for the environment of every further call there. */
interface Settings {
  readonly env: Readonly<Record<string, string>>;
  /** The configuration includes other files: it may change without a trace in its own file. */
  readonly includes: boolean;
}

const known = new Map<string, Promise<Settings | GitResult>>();

/**
 * The variables that make git harmless in `folder`, or the failed look at its configuration. One process, again only when the
 * repository's own config file has changed since, or includes others. A program that the repository's own config names is
 * replaced by what the user's or the system's config says, or by nothing.
 */
export async function settingsFor(
  folder: string,
  surroundings: NodeJS.ProcessEnv,
): Promise<{ readonly env: Readonly<Record<string, string>> } | GitResult> {
  const key = stampOf(folder);
  let looked = known.get(key);
  if (looked === undefined) {
    looked = look(folder, surroundings);
    known.set(key, looked);
    const settings = await looked;
    if ("code" in settings || settings.includes) known.delete(key);
  }
  return await looked;
}

async function look(folder: string, surroundings: NodeJS.ProcessEnv): Promise<Settings | GitResult> {
  const listed = await execute(folder, ["config", "--list", "--show-scope", "-z"], { env: surroundings });
  if (listed.code !== 0) return listed;
  const fields = listed.out.split("\0");
  const trusted = new Map<string, string>();
  const own = new Set<string>();
  let includes = false;
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const scope = fields[at] ?? "";
    const entry = fields[at + 1] ?? "";
    const end = entry.indexOf("\n");
    const name = end < 0 ? entry : entry.slice(0, end);
    const foreign = scope === "local" || scope === "worktree";
    // Set by a worker for its own worktree, this would have us clean and reset the user's checkout.
    if (scope === "worktree" && name === "core.worktree" && isLinked(folder))
      return { code: -1, out: "", err: `${folder} has a setting core.worktree, which leads git to another folder` };
    if (foreign) own.add(name);
    else trusted.set(name, end < 0 ? "true" : entry.slice(end + 1));
    includes ||= foreign && /^include(?:if\..+)?\.path$/s.test(name);
  }
  const replaced = [...own].flatMap((name): [string, string][] => {
    const neutral = programs.find(([pattern]) => pattern.test(name));
    return neutral === undefined ? [] : [[name, trusted.get(name) ?? neutral[1]]];
  });
  const has = (variable: string, ...names: string[]): boolean =>
    surroundings[variable] !== undefined || names.some((name) => own.has(name) || trusted.has(name));
  const env = { ...variables([...fixed, ...replaced], surroundings) };
  if (!has("GIT_AUTHOR_NAME", "user.name", "author.name")) env["GIT_AUTHOR_NAME"] = "Orchestrate";
  if (!has("GIT_COMMITTER_NAME", "user.name", "committer.name")) env["GIT_COMMITTER_NAME"] = "Orchestrate";
  if (!has("GIT_AUTHOR_EMAIL", "user.email", "author.email") && surroundings["EMAIL"] === undefined)
    env["GIT_AUTHOR_EMAIL"] = "orchestrate@localhost";
  if (!has("GIT_COMMITTER_EMAIL", "user.email", "committer.email") && surroundings["EMAIL"] === undefined)
    env["GIT_COMMITTER_EMAIL"] = "orchestrate@localhost";
  return { env, includes };
}

function isLinked(folder: string): boolean {
  const git = gitFolder(folder);
  return git !== null && textOf(join(git, "commondir")) !== null;
}

/** Settings as variables, after those that the environment has already: names may hold any character, which `-c` could not carry. */
function variables(
  settings: readonly (readonly [string, string])[],
  surroundings: NodeJS.ProcessEnv,
): Record<string, string> {
  const before = Number(surroundings["GIT_CONFIG_COUNT"] ?? 0) || 0;
  const env: Record<string, string> = { GIT_CONFIG_COUNT: String(before + settings.length) };
  for (const [index, [name, value]] of settings.entries()) {
    env[`GIT_CONFIG_KEY_${before + index}`] = name;
    env[`GIT_CONFIG_VALUE_${before + index}`] = value;
  }
  return env;
}

/** Changes whenever one of the repository's config files does: a change time cannot be set back. */
function stampOf(folder: string): string {
  const git = gitFolder(folder);
  if (git === null) return "";
  const shared = textOf(join(git, "commondir"));
  const common = shared === null ? git : resolve(git, shared);
  return [join(common, "config"), join(common, "config.worktree"), join(git, "config.worktree")]
    .flatMap((path, index) => {
      const found = statSync(path, { bigint: true, throwIfNoEntry: false });
      if (found !== undefined) return [`${path} ${found.ino} ${found.size} ${found.ctimeNs}`];
      return index === 0 ? [path] : [];
    })
    .join("\n");
}
