import { copyFileSync, cpSync, existsSync, linkSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { configText, forTree, valueOf, type Setting } from "./config.ts";
import { git, type Ledger } from "./ledger.ts";
import { branchPrefix } from "./names.ts";
import { textOf } from "./textOf.ts";

/** Where a tree's own repository begins. */
export interface Beginning {
  /** Name of the branch that it is on; null for a detached HEAD. */
  readonly branch: string | null;
  readonly head: string;
  /** The other side of a merge that its worker is to finish. */
  readonly merging: string | null;
  /** Our index of the tree, which is copied. */
  readonly index: string;
}

/**
 * Gives a tree a repository of its own in the place of whatever is there: the user's history, refs, remotes and identity, and
 * objects that are found in the user's. What is done to it (commits, resets, hooks, stash, clean-ups) stays in it. No process but
 * one for all trees of a run.
 */
export async function writeOwnGit(
  ledger: Ledger,
  root: string,
  { branch, head, merging, index }: Beginning,
): Promise<void> {
  const { repository, settings } = ledger;
  const { common, gitDir } = repository;
  const folder = join(root, ".git");
  const refs = await refsOf(ledger);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  const files = new Map([
    ["HEAD", branch === null ? `${head}\n` : `ref: refs/heads/${branch}\n`],
    ["config", configText([...formOf(ledger), ...forTree(settings), ...hooksOf(ledger)])],
    ["packed-refs", refs],
    [
      "objects/info/alternates",
      objectsOf(common)
        .map((path) => `${path}\n`)
        .join(""),
    ],
  ]);
  if (branch !== null) files.set(`refs/heads/${branch}`, `${head}\n`);
  if (merging !== null) {
    files.set("MERGE_HEAD", `${merging}\n`);
    files.set("MERGE_MSG", "Merge the work that was integrated meanwhile\n");
    files.set("MERGE_MODE", "no-ff");
  }
  for (const [name, from] of [
    ["info/exclude", join(common, "info/exclude")],
    ["info/attributes", join(common, "info/attributes")],
    ["info/sparse-checkout", join(gitDir, "info/sparse-checkout")],
    ["shallow", join(common, "shallow")],
  ] as const) {
    const text = textOf(from);
    if (text !== null) files.set(name, `${text}\n`);
  }
  for (const name of ["objects/pack", "refs/heads", "refs/tags", "info"])
    mkdirSync(join(folder, name), { recursive: true });
  for (const [name, text] of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  // Keys of encrypted files, for the user's own filter.
  if (existsSync(join(common, "git-crypt")))
    cpSync(join(common, "git-crypt"), join(folder, "git-crypt"), { recursive: true });
  if (existsSync(index)) copyFileSync(index, join(folder, "index"));
}

/** A copy of an index; git only ever replaces one, so that a second name for it is enough. */
export function copyIndex(from: string, to: string): void {
  rmSync(to, { force: true });
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}

/** How the repository must be read, whatever the user's says. */
function formOf({ settings, env }: Ledger): Setting[] {
  const sha256 = valueOf(settings.own, "extensions.objectformat");
  const all = [...settings.theirs, ...settings.own];
  // A worker commits as we do where nobody has a name.
  const nobody = (name: string): boolean =>
    valueOf(all, `user.${name}`) === null && env[`GIT_COMMITTER_${name.toUpperCase()}`] === undefined;
  return [
    { name: "core.repositoryformatversion", value: sha256 === null ? "0" : "1" },
    { name: "core.bare", value: "false" },
    ...(nobody("name") ? [{ name: "user.name", value: "Orchestrate" }] : []),
    ...(nobody("email") ? [{ name: "user.email", value: "orchestrate@localhost" }] : []),
  ];
}

/** The user's own hooks, where they lie in git's folder. */
function hooksOf({ repository, settings }: Ledger): Setting[] {
  if (valueOf(settings.own, "core.hookspath") !== null) return [];
  const folder = join(repository.common, "hooks");
  try {
    return readdirSync(folder).some((name) => !name.endsWith(".sample"))
      ? [{ name: "core.hooksPath", value: folder }]
      : [];
  } catch {
    return [];
  }
}

/** The user's object store, and those that it borrows from itself. */
function objectsOf(common: string): string[] {
  const objects = join(common, "objects");
  const others = textOf(join(objects, "info/alternates"))?.split("\n") ?? [];
  return [objects, ...others.flatMap((line) => (line === "" || line.startsWith("#") ? [] : resolve(objects, line)))];
}

/** The user's branches, tags and remote branches, in the form of a file of packed refs. */
function refsOf(ledger: Ledger): Promise<string> {
  const known = ledger.memo.get("refs");
  if (known !== undefined) return known;
  const format = "--format=%(objectname) %(refname)%00%(symref)";
  const asked = git(ledger, ["for-each-ref", format, "refs/heads", "refs/tags", "refs/remotes"]).then(({ out }) =>
    out
      .split("\n")
      .flatMap((line) => {
        const [ref = "", symref] = line.split("\0");
        return symref === "" && !ref.includes(` refs/heads/${branchPrefix}/`) ? `${ref}\n` : [];
      })
      .join(""),
  );
  ledger.memo.set("refs", asked);
  return asked;
}
