/** In force in every call, whatever anybody's config says: nothing runs, nothing asks, nothing is fetched, nothing happens behind our back. */
const fixed: readonly (readonly [string, string])[] = [
  ["core.hooksPath", "/dev/null"],
  ["core.fsmonitor", "false"],
  ["core.untrackedCache", "false"],
  ["core.splitIndex", "false"],
  ["core.alternateRefsCommand", "false"],
  ["core.quotePath", "false"],
  // Locks of refs are held for an instant: whoever meets one waits.
  ["core.filesRefLockTimeout", "15000"],
  ["core.packedRefsTimeout", "15000"],
  ["index.version", "2"],
  ["index.skipHash", "false"],
  ["index.sparse", "false"],
  ["advice.addEmbeddedRepo", "false"],
  ["commit.gpgSign", "false"],
  ["gc.auto", "0"],
  ["i18n.commitEncoding", "utf-8"],
  ["log.showSignature", "false"],
  ["maintenance.auto", "false"],
  ["rerere.enabled", "false"],
  ["submodule.recurse", "false"],
];

/** Of git's own variables these are the user's wishes; all others point a command at another place than the one meant. */
const kept =
  /^GIT_(?:(?:AUTHOR|COMMITTER)_(?:NAME|EMAIL)|CONFIG_(?:GLOBAL|SYSTEM|NOSYSTEM|COUNT|KEY_\d+|VALUE_\d+)|EXEC_PATH|SSL.*|PROXY.*)$/;

/** An environment without the variables by which git would act on another repository, index or work tree than the one it stands in. */
export function withoutGit(env: Readonly<NodeJS.ProcessEnv>): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("GIT_") || kept.test(name)));
}

/** The environment of every git command of ours, but for where it works. */
export function gitEnvironment(
  env: Readonly<NodeJS.ProcessEnv>,
  more: readonly (readonly [string, string])[] = [],
): NodeJS.ProcessEnv {
  const own = withoutGit(env);
  return {
    ...own,
    ...variables([...fixed, ...more], Number(own["GIT_CONFIG_COUNT"] ?? 0) || 0),
    LC_ALL: "C",
    LANGUAGE: "",
    GIT_EDITOR: ":",
    GIT_NO_LAZY_FETCH: "1",
    GIT_NO_REPLACE_OBJECTS: "1",
    GIT_OPTIONAL_LOCKS: "0",
    GIT_PAGER: "cat",
    GIT_PROTOCOL_FROM_USER: "0",
    GIT_TERMINAL_PROMPT: "0",
  };
}

/** Settings as variables, after those that the environment has already: names may hold any character, which `-c` could not carry. */
function variables(settings: readonly (readonly [string, string])[], before: number): Record<string, string> {
  const env: Record<string, string> = { GIT_CONFIG_COUNT: String(before + settings.length) };
  for (const [index, [name, value]] of settings.entries()) {
    env[`GIT_CONFIG_KEY_${before + index}`] = name;
    env[`GIT_CONFIG_VALUE_${before + index}`] = value;
  }
  return env;
}
