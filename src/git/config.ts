/** One setting of git: its name as `git config --list` prints it, and its value; null for a name alone, which means true. */
export interface Setting {
  readonly name: string;
  readonly value: string | null;
}

/** Settings by the place that they come from. `own`: the repository's, in its own config or one that this includes. */
export interface Settings {
  readonly own: readonly Setting[];
  /** The user's and the system's. */
  readonly theirs: readonly Setting[];
}

/** What `git config --list --show-scope -z` printed. */
export function parseSettings(out: string): Settings {
  const own: Setting[] = [];
  const theirs: Setting[] = [];
  const fields = out.split("\0");
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const scope = fields[at] ?? "";
    const entry = fields[at + 1] ?? "";
    const end = entry.indexOf("\n");
    const setting = end < 0 ? { name: entry, value: null } : { name: entry.slice(0, end), value: entry.slice(end + 1) };
    (scope === "local" || scope === "worktree" ? own : theirs).push(setting);
  }
  return { own, theirs };
}

/** The last value of a setting; null where it has none. */
export function valueOf(settings: readonly Setting[], name: string): string | null {
  const found = settings.findLast((setting) => setting.name === name);
  return found === undefined ? null : (found.value ?? "true");
}

/** Settings of how files are written and read, which name no program and no place. */
const ofContent =
  /^(?:core\.(?:autocrlf|eol|safecrlf|filemode|symlinks|ignorecase|precomposeunicode|longpaths|protecthfs|protectntfs|checkstat|trustctime|bigfilethreshold|compression|loosecompression|sharedrepository|sparsecheckout|sparsecheckoutcone|excludesfile|attributesfile|logallrefupdates)|merge\.(?:conflictstyle|renames|renamelimit|directoryrenames|renormalize)|diff\.(?:renames|renamelimit)|(?:user|author|committer)\.(?:name|email)|extensions\.(?:objectformat|refstorage)|lfs\.storage)$/;

/** What our own repository takes over of a user's repository. Anything that could run a program or reach a network stays behind. */
export function forLedger({ own }: Settings): Setting[] {
  return own.filter(({ name }) => ofContent.test(name));
}

/** What does not fit another folder, would let it watch or tidy the user's, or is a secret of a build server. */
const notForTrees =
  /^(?:core\.(?:bare|worktree|repositoryformatversion|fsmonitor|untrackedcache|splitindex)|extensions\.(?!objectformat).*|include(?:if)?\..*|gc\..*|maintenance\..*|http\..*extraheader|http\.extraheader)$/s;

/** What a worker's own repository takes over: remotes, branches, identity, aliases, where hooks are. */
export function forTree({ own }: Settings): Setting[] {
  return own.filter(({ name }) => !notForTrees.test(name));
}

/** The text of a config file. */
export function configText(settings: readonly Setting[]): string {
  const lines = settings.flatMap(({ name, value }) => {
    const [section = "", ...rest] = name.split(".");
    const key = rest.pop() ?? "";
    const sub = rest.join(".");
    // No name that git itself prints holds these.
    if (!/^[A-Za-z0-9-]+$/.test(section) || !/^[A-Za-z][A-Za-z0-9-]*$/.test(key) || /[\n\0]/.test(sub)) return [];
    const head = rest.length === 0 ? `[${section}]` : `[${section} "${sub.replaceAll(/["\\]/g, "\\$&")}"]`;
    return value === null ? [head, `\t${key}`] : [head, `\t${key} = ${quoted(value)}`];
  });
  return `${lines.join("\n")}\n`;
}

function quoted(value: string): string {
  const escaped = value
    .replaceAll(/["\\]/g, "\\$&")
    .replaceAll("\n", "\\n")
    .replaceAll("\t", "\\t")
    .replaceAll("\b", "\\b");
  return `"${escaped}"`;
}
