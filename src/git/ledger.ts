import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  copyFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { configText, forLedger, parseSettings, valueOf, type Setting, type Settings } from "./config.ts";
import { execute, executeNow, type GitResult } from "./execute.ts";
import { neverEnding, repositoryOf, type Repository } from "./repository.ts";
import type { Refused } from "./run.ts";
import { gitEnvironment } from "./settings.ts";
import { textOf } from "./textOf.ts";

/**
 * Our own repository directory: config, HEAD, info and indexes are written by us alone; its objects and refs are the user's, by
 * links. Git commands of ours run on nothing else, so that no config, hook, filter, index, HEAD or lock that somebody else can write
 * is ever read. It can be deleted at any time: it is written again, and holds nothing that is not in objects and refs.
 */
export interface Ledger {
  readonly repository: Repository;
  readonly folder: string;
  /** What its files must hold, by their path in it. */
  readonly files: ReadonlyMap<string, string>;
  /** Where its links must lead. */
  readonly links: ReadonlyMap<string, string>;
  readonly env: NodeJS.ProcessEnv;
  readonly settings: Settings;
  readonly stop: AbortSignal | undefined;
  /** Whether attributes or settings may make what git stores of a file differ from its bytes. */
  readonly converts: boolean;
  /** Answers that stay the same for as long as a run lives, by the question. */
  readonly memo: Map<string, Promise<string>>;
}

/** Milliseconds that a command which reads a folder of somebody else may take. */
const longest = 20 * 60_000;

interface Wanted {
  /** Where it lies. */
  readonly folder: string;
  readonly env?: NodeJS.ProcessEnv | undefined;
  readonly stop?: AbortSignal | undefined;
}

/** Opens our repository of a run, which lies in git's own folder, where no `git clean` comes. Two processes. */
export async function openLedger(
  project: string,
  run: string,
  { env = process.env, stop }: Pick<Wanted, "env" | "stop"> = {},
): Promise<({ readonly ok: true } & { readonly ledger: Ledger }) | Refused> {
  const repository = repositoryOf(project);
  if (!repository.ok) return repository;
  const asked = await execute(repository.common, listing, {
    env: listingEnvironment(repository, env),
    timeout: 60_000,
    stop,
  });
  if (asked.code !== 0) return { ok: false, reason: `git's settings cannot be read: ${asked.err.trim()}` };
  const folder = join(repository.common, "orchestrate", run);
  const ledger = ledgerOf(repository, parseSettings(asked.out), { folder, env, stop });
  try {
    writeLedger(ledger);
    mkdirSync(join(repository.common, "logs/refs"), { recursive: true });
    // Nobody else is at work for this run any more: what a killed git left would stop the next one.
    for (const place of ["refs/orchestrate", "refs/heads/orchestrate"]) dropLocks(join(repository.common, place, run));
  } catch (error) {
    return { ok: false, reason: `${folder} could not be written: ${String(error)}` };
  }
  return { ok: true, ledger };
}

/** Where the ledgers of all runs lie. */
export function ledgersFolder({ common }: Pick<Repository, "common">): string {
  return join(common, "orchestrate");
}

/** A repository directory of ours for a moment, to look at the user's repository, or to move its refs. It is gone afterwards. */
export async function withLedger<T>(project: string, work: (ledger: Ledger) => Promise<T>): Promise<T | Refused> {
  const repository = repositoryOf(project);
  if (!repository.ok) return repository;
  const folder = mkdtempSync(join(tmpdir(), "orchestrate-git-"));
  try {
    const asked = await execute(repository.common, listing, {
      env: listingEnvironment(repository, process.env),
      timeout: 60_000,
    });
    if (asked.code !== 0) return { ok: false, reason: `git's settings cannot be read: ${asked.err.trim()}` };
    const ledger = ledgerOf(repository, parseSettings(asked.out), { folder });
    writeLedger(ledger);
    return await work(ledger);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** A command that only looks, for code that cannot wait; null where it fails, or takes longer than `timeout` ms (0: no limit but ours). */
export function lookNow(project: string, args: readonly string[], timeout = 0): string | null {
  const repository = repositoryOf(project);
  if (!repository.ok) return null;
  const folder = mkdtempSync(join(tmpdir(), "orchestrate-git-"));
  try {
    const settings = args[0] === "status" ? settingsNow(repository, timeout) : formatOf(repository);
    if (settings === null) return null;
    const ledger = ledgerOf(repository, settings, { folder });
    writeLedger(ledger);
    const index = join(repository.gitDir, "index");
    const where = { GIT_DIR: folder, GIT_WORK_TREE: repository.top, GIT_INDEX_FILE: index };
    // In the checkout: paths are those that a person sees there.
    const at = join(repository.top, repository.prefix);
    const said = executeNow(at, args, { env: { ...ledger.env, ...where }, timeout: timeout || longest });
    return said.code === 0 ? said.out : null;
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function settingsNow(repository: Repository, timeout: number): Settings | null {
  const env = listingEnvironment(repository, process.env);
  const asked = executeNow(repository.common, listing, { env, timeout: timeout || 60_000 });
  return asked.code === 0 ? parseSettings(asked.out) : null;
}

/** What commands that read no file of a checkout need to know of a repository: how its objects and refs are kept. No process. */
function formatOf({ common }: Repository): Settings {
  const text = textOf(join(common, "config")) ?? "";
  const own = ["objectformat", "refstorage"].flatMap((key) => {
    const value = new RegExp(`^\\s*${key}\\s*=\\s*"?([a-z0-9]+)"?\\s*$`, "im").exec(text)?.[1];
    return value === undefined ? [] : [{ name: `extensions.${key}`, value }];
  });
  return { own, theirs: [] };
}

export interface Call {
  /** The folder whose content it reads or writes: never its git. */
  readonly tree?: string | undefined;
  /** Where it starts: our own folder when left out, which lies in no tree but the user's checkout. */
  readonly cwd?: string | undefined;
  /** The index of ours that it works on, full path. */
  readonly index?: string | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly input?: string | undefined;
  readonly timeout?: number | undefined;
  readonly encoding?: "utf8" | "latin1" | undefined;
}

/**
 * Runs git on our repository. Throws only after the ledger was told to stop: a command that was killed for that must not be read as
 * an answer. Somebody else's change to our own config is refused, not run.
 */
export async function git(ledger: Ledger, args: readonly string[], call: Call = {}): Promise<GitResult> {
  ledger.stop?.throwIfAborted();
  const wrong = mend(ledger);
  if (wrong !== null) return { code: -1, out: "", err: wrong };
  // An index of ours has one user: whoever held its lock was killed.
  if (call.index !== undefined) rmSync(`${call.index}.lock`, { force: true });
  const result = await execute(call.cwd ?? ledger.folder, args, {
    env: {
      ...ledger.env,
      GIT_DIR: ledger.folder,
      ...(call.tree === undefined ? {} : { GIT_WORK_TREE: call.tree }),
      ...(call.index === undefined ? {} : { GIT_INDEX_FILE: call.index }),
      ...call.env,
    },
    input: call.input,
    encoding: call.encoding,
    timeout: call.timeout ?? longest,
    stop: ledger.stop,
  });
  if (call.index !== undefined && result.code === -1) rmSync(`${call.index}.lock`, { force: true });
  ledger.stop?.throwIfAborted();
  return result;
}

/** For commands that look at the user's own checkout: its files, and its index, which nothing of ours writes. */
export function inCheckout({ repository }: Ledger): Pick<Call, "tree" | "env" | "cwd"> {
  const { top, gitDir } = repository;
  return { tree: top, cwd: top, env: { GIT_INDEX_FILE: join(gitDir, "index") } };
}

const listing = ["config", "--list", "--show-scope", "-z"];

/** Reading settings runs nothing, whatever they say. */
function listingEnvironment({ gitDir }: Repository, env: Readonly<NodeJS.ProcessEnv>): NodeJS.ProcessEnv {
  return { ...gitEnvironment(env), GIT_DIR: gitDir };
}

function ledgerOf(repository: Repository, settings: Settings, { folder, env = process.env, stop }: Wanted): Ledger {
  const { common, gitDir } = repository;
  const own = forLedger(settings);
  const all = [...settings.theirs, ...own];
  const has = (name: string): boolean => valueOf(all, name) !== null;
  const given = (variable: string): boolean => env[variable] !== undefined;
  const defaults: Setting[] = [
    { name: "core.repositoryformatversion", value: own.some(({ name }) => name.startsWith("extensions.")) ? "1" : "0" },
    { name: "core.bare", value: "true" },
    ...(has("core.logallrefupdates") ? [] : [{ name: "core.logallrefupdates", value: "true" }]),
    ...(has("user.name") || given("GIT_COMMITTER_NAME") ? [] : [{ name: "user.name", value: "Orchestrate" }]),
    ...(has("user.email") || given("GIT_COMMITTER_EMAIL") || given("EMAIL")
      ? []
      : [{ name: "user.email", value: "orchestrate@localhost" }]),
    ...lfs(repository, settings),
  ];
  const partial = promisors(settings);
  const files = new Map([
    ["config", configText([...defaults, ...own, ...partial])],
    // A branch that nobody has: no ref that moves is ever ours to stand on.
    ["HEAD", `${headOf(gitDir)}\n`],
  ]);
  for (const name of ["exclude", "attributes"]) {
    const text = textOf(join(common, "info", name));
    if (text !== null) files.set(`info/${name}`, `${text}\n`);
  }
  const sparse = textOf(join(gitDir, "info/sparse-checkout"));
  if (sparse !== null) files.set("info/sparse-checkout", `${sparse}\n`);
  const links = new Map([
    ["objects", join(common, "objects")],
    ["refs", join(common, "refs")],
    ["packed-refs", join(common, "packed-refs")],
    ["shallow", join(common, "shallow")],
    ["logs/refs", join(common, "logs/refs")],
  ]);
  for (const name of ["reftable", "git-crypt"]) if (existsSync(join(common, name))) links.set(name, join(common, name));
  for (const name of readdirSync(gitDir)) if (name.startsWith("sharedindex.")) links.set(name, join(gitDir, name));
  const base = gitEnvironment(env, partial.length > 0 ? [] : [["protocol.allow", "never"]]);
  return {
    repository,
    folder,
    files,
    links,
    // What is missing in a partial clone comes from the remote that it was cloned from, or the base cannot be checked out.
    env: partial.length > 0 ? { ...base, GIT_NO_LAZY_FETCH: undefined } : { ...base, GIT_ALLOW_PROTOCOL: "" },
    settings,
    stop,
    converts:
      ["core.autocrlf", "core.eol", "core.attributesfile"].some(has) ||
      files.has("info/attributes") ||
      existsSync(join(env["XDG_CONFIG_HOME"] ?? join(env["HOME"] ?? "/", ".config"), "git/attributes")),
    memo: new Map(),
  };
}

/** What HEAD of the user's checkout says, for commands that look from there. */
function headOf(gitDir: string): string {
  const head = textOf(join(gitDir, "HEAD")) ?? "";
  return /^(?:ref: refs\/[^\n]+|[0-9a-f]{40,64})$/.test(head) ? head : "ref: refs/heads/none";
}

/** A worker's `.lfsconfig` must not say where Git LFS asks for files, and sends the user's credentials to. */
function lfs({ common, top }: Repository, settings: Settings): Setting[] {
  if (!settings.theirs.some(({ name }) => name.startsWith("filter.lfs."))) return [];
  const remote = valueOf(settings.own, "remote.origin.url");
  const url =
    valueOf([...settings.theirs, ...settings.own], "lfs.url") ??
    /^\s*url\s*=\s*(\S+)\s*$/m.exec(textOf(join(top, ".lfsconfig")) ?? "")?.[1] ??
    (remote !== null && /^https?:/.test(remote)
      ? `${remote.replace(/\/+$/, "").replace(/(?:\.git)?$/, ".git")}/info/lfs`
      : remote);
  return [
    { name: "lfs.url", value: url ?? "https://lfs.invalid" },
    { name: "lfs.skipdownloaderrors", value: "true" },
    ...(valueOf(settings.own, "lfs.storage") === null ? [{ name: "lfs.storage", value: join(common, "lfs") }] : []),
  ];
}

/** The remotes of a partial clone: without them files of the base may be missing. */
function promisors({ own }: Settings): Setting[] {
  const names = own.flatMap(({ name, value }) => {
    const remote = /^remote\.(.+)\.promisor$/s.exec(name)?.[1];
    return remote !== undefined && (value === null || /^(?:true|yes|on|1)$/i.test(value)) ? [remote] : [];
  });
  return own.filter(({ name }) =>
    names.some((remote) => ["url", "promisor", "partialclonefilter"].some((key) => name === `remote.${remote}.${key}`)),
  );
}

/** Writes everything that is missing. What belongs to nobody else may be replaced here. */
function writeLedger({ folder, files, links }: Ledger): void {
  mkdirSync(join(folder, "indexes"), { recursive: true, mode: 0o700 });
  for (const [name, text] of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    if (lstatSync(join(folder, name), { throwIfNoEntry: false })?.isFile() === false)
      rmSync(join(folder, name), { recursive: true, force: true });
    if (textOf(join(folder, name)) !== text.trim()) writeFileSync(join(folder, name), text, { mode: 0o600 });
  }
  for (const [name, target] of links) link(target, join(folder, name));
}

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found?.isSymbolicLink() === true && readlinkSync(path) === target) return;
  rmSync(path, { recursive: true, force: true });
  if (process.platform !== "win32") symlinkSync(target, path);
  // Only folders can be linked there by everybody; a copy is enough to look.
  else if (lstatSync(target, { throwIfNoEntry: false })?.isDirectory() === true) symlinkSync(target, path, "junction");
  else if (existsSync(target)) copyFileSync(target, path);
}

/** Makes our directory whole again where it was deleted. Why it cannot be used, if somebody else wrote into it. */
function mend(ledger: Ledger): string | null {
  const { folder, files, links } = ledger;
  try {
    const stuck = neverEnding(ledger.repository);
    if (stuck !== null) return stuck;
    for (const [name, text] of files) {
      const there = textOf(join(folder, name));
      if (there === null && lstatSync(join(folder, name), { throwIfNoEntry: false }) === undefined) {
        writeLedger(ledger);
        return null;
      }
      if (there !== text.trim())
        return `${join(folder, name)} was changed, and only Orchestrate writes there: something that runs as you did. Look who, then delete ${folder}: it is written anew`;
    }
    for (const [name, target] of links)
      if (process.platform !== "win32" && readlinkSync(join(folder, name)) !== target)
        return `${join(folder, name)} leads elsewhere now, and only Orchestrate writes there: look who did that, then delete ${folder}`;
    return null;
  } catch {
    try {
      writeLedger(ledger);
      return null;
    } catch (error) {
      return `${folder} could not be written: ${String(error)}`;
    }
  }
}

/** Removes the locks that killed commands of ours left on refs of ours. */
function dropLocks(folder: string): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" }))
    if (name.endsWith(".lock")) rmSync(resolve(folder, name), { force: true });
}
