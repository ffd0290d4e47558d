import { existsSync, lstatSync, mkdirSync, realpathSync, renameSync, utimesSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { git, type Ledger } from "./ledger.ts";
import { commitTree, moveRefs, type Clash } from "./mergeTree.ts";
import { copyIndex, writeOwnGit } from "./ownGit.ts";
import { refused, words, type Refused } from "./run.ts";
import { walk } from "./walk.ts";

/** A folder in which a worker, or the gate, works. */
export interface Tree {
  /** Its top: absolute, symbolic links resolved. */
  readonly root: string;
  /** The project within it. The same as `root` unless the project is a folder of its repository. */
  readonly folder: string;
  /** Our index of it. */
  readonly index: string;
}

/**
 * What a tree held when it was handed to a worker: a commit of ours under `refs/orchestrate/RUN/start/`, whose tree is everything in
 * the folder (what `setup` left in it too), and whose parent is where the work begins.
 */
export interface Handed {
  readonly tree: string;
  readonly start: { readonly commit: string; readonly tree: string; readonly parents: readonly string[] };
  /** The work begins in the middle of a merge of both parents, which was in conflict. */
  readonly merging: boolean;
  readonly notes: Notes;
}

/** Kept in the message of that commit. Paths are from the top. */
interface Notes {
  /** Copies of ignored files of the user's: never committed. */
  readonly included: readonly string[];
  /** What no commit can hold and was there before the worker. */
  readonly known: readonly string[];
}

/** A tree at a path of ours. Refuses one that leads elsewhere: our checkout would write there. */
export function treeAt(ledger: Ledger, path: string): ({ readonly ok: true } & Tree) | Refused {
  const { project, prefix } = ledger.repository;
  try {
    mkdirSync(dirname(path), { recursive: true });
    const parent = realpathSync(dirname(path));
    if (parent !== join(realpathSync(project), relative(project, dirname(path))))
      return { ok: false, reason: `${dirname(path)} leads out of the project by a symbolic link (to ${parent})` };
    const root = join(parent, basename(path));
    const found = lstatSync(root, { throwIfNoEntry: false });
    if (found !== undefined && !found.isDirectory())
      return {
        ok: false,
        reason: `${path} is ${found.isSymbolicLink() ? "a symbolic link" : "not a folder"}: it was replaced`,
      };
    if (found !== undefined && (found.mode & 0o700) !== 0o700)
      return { ok: false, reason: `${path} cannot be read and written any more` };
    return { ok: true, root, folder: join(root, prefix), index: join(ledger.folder, "indexes", basename(path)) };
  } catch (error) {
    return { ok: false, reason: `${path} could not be looked at: ${String(error)}` };
  }
}

/**
 * Puts exactly a commit's files in a tree, whatever was there; what is ignored in it stays. May be done again after a kill. One
 * process for a new tree, two for one that is there; one more in a repository with submodules, which stay empty.
 */
export async function layOut(ledger: Ledger, tree: Tree, commit: string): Promise<{ readonly ok: true } | Refused> {
  const isNew = !existsSync(tree.root);
  try {
    mkdirSync(tree.root, { recursive: true });
  } catch (error) {
    return { ok: false, reason: `the folder ${tree.root} could not be made: ${String(error)}` };
  }
  const at = { tree: tree.root, index: tree.index };
  const args = ["read-tree", "--reset", "-u", commit];
  let done = await git(ledger, args, at);
  // An index that cannot be used is only a memory of ours.
  if (done.code !== 0 && existsSync(tree.index) && /index/.test(done.err)) {
    copyIndexAside(tree.index);
    done = await git(ledger, args, at);
  }
  if (done.code !== 0) return refused(`${tree.root} could not be set to ${commit}`, done);
  if (!isNew) {
    const cleaned = await git(ledger, ["clean", "-ffdq"], at);
    if (cleaned.code !== 0) return refused(`${tree.root} could not be cleaned`, cleaned);
  }
  const links = await linksOf(ledger, commit);
  if (links.length > 0) {
    const skipped = await git(ledger, ["update-index", "--skip-worktree", "-z", "--stdin"], {
      ...at,
      input: links.join("\0"),
    });
    if (skipped.code !== 0) return refused(`the submodules of ${tree.root} could not be set apart`, skipped);
  }
  // The project's folder may hold nothing that is under version control yet.
  mkdirSync(tree.folder, { recursive: true });
  return { ok: true };
}

function copyIndexAside(index: string): void {
  renameSync(index, `${index}.broken`);
}

/** Submodules, which no worker can add or change: they are the same in every commit of a run. */
export async function linksOf(ledger: Ledger, commit: string): Promise<readonly string[]> {
  const known = ledger.memo.get("links");
  const asked =
    known ??
    git(ledger, ["ls-tree", "-r", "-z", commit]).then(({ out }) =>
      out
        .split("\0")
        .flatMap((line) => (line.startsWith("160000 ") ? line.slice(line.indexOf("\t") + 1) : []))
        .join("\0"),
    );
  ledger.memo.set("links", asked);
  const list = await asked;
  return list === "" ? [] : list.split("\0");
}

/** Gives a tree its own repository at a commit, with a conflict laid out in it as git itself would leave it. */
export async function giveGit(
  ledger: Ledger,
  tree: Tree,
  {
    branch,
    head,
    merging,
    clashes,
  }: { branch: string | null; head: string; merging: string | null; clashes: readonly Clash[] },
): Promise<{ readonly ok: true } | Refused> {
  try {
    await writeOwnGit(ledger, tree.root, { branch, head, merging, index: tree.index });
    if (clashes.length === 0) return { ok: true };
    const index = join(ledger.folder, "indexes", `${basename(tree.index)}.merging`);
    copyIndex(tree.index, index);
    const zero = "0".repeat(head.length);
    const input = clashes
      .flatMap(({ path, stages }) => [
        `0 ${zero}\t${path}\0`,
        ...stages.map(({ stage, mode, id }) => `${mode} ${id} ${stage}\t${path}\0`),
      ])
      .join("");
    const staged = await git(ledger, ["update-index", "-z", "--index-info"], { index, input });
    if (staged.code !== 0) return refused(`the conflict could not be laid out in ${tree.root}`, staged);
    renameSync(index, join(tree.root, ".git/index"));
    return { ok: true };
  } catch (error) {
    return { ok: false, reason: `${tree.root} could not be given a repository of its own: ${String(error)}` };
  }
}

/**
 * Takes note of everything in a tree before its worker begins: what differs from its commit then is not the worker's. `start` is a
 * commit, for a merge in conflict one of both sides. Two processes, four where setup ran or files are converted.
 */
export async function handOver(
  ledger: Ledger,
  tree: Tree,
  {
    ref,
    start,
    startTree,
    included,
    setUp,
  }: { ref: string; start: string; startTree: string; included: readonly string[]; setUp: boolean },
): Promise<{ readonly ok: true } | Refused> {
  const walked = await walk(tree.root);
  const known = walked.troubles.map(({ path }) => path);
  let id = startTree;
  if (setUp || walked.attributes || ledger.converts) {
    // So old that git looks at every file's content again, not at its times.
    utimesSync(tree.index, 1, 1);
    const content = await contentOf(ledger, tree, included);
    if (!content.ok) return content;
    id = content.tree;
  }
  const notes: Notes = { included, known };
  const made = await commitTree(ledger, { tree: id, parents: [start], message: `${JSON.stringify(notes)}\n` });
  if (!made.ok) return made;
  return moveRefs(ledger, [{ ref: startRef(ref), to: made.commit }], "orchestrate: handed over");
}

/** Everything in a tree that git does not ignore, as a tree object. Two processes. */
export async function contentOf(
  ledger: Ledger,
  tree: Tree,
  except: readonly string[],
): Promise<{ readonly ok: true; readonly tree: string } | (Refused & { readonly words: string })> {
  const at = { tree: tree.root, index: tree.index };
  // To name what it ignores, if only to leave it out, is an error to git.
  const ignored = except.length === 0 ? [] : await ignoredPaths(ledger, tree, except);
  const kept = except.filter((path) => !ignored.includes(path));
  const input = [":/", ...kept.map((path) => `:(top,exclude,literal)${path}`)].join("\0");
  // In a sparse checkout a worker may need a file that lies outside of it.
  const args = ["add", "--all", "--sparse", "--pathspec-from-file=-", "--pathspec-file-nul"];
  const added = await git(ledger, args, { ...at, input });
  if (added.code !== 0) return { ...refused(`what is in ${tree.root} could not be added`, added), words: words(added) };
  const written = await git(ledger, ["write-tree"], at);
  if (written.code !== 0)
    return { ...refused(`what is in ${tree.root} could not be written`, written), words: words(written) };
  return { ok: true, tree: written.out.trim() };
}

/** Those of these paths, from the top of a tree, that git ignores there; none when it cannot say. One process. */
export async function ignoredPaths(ledger: Ledger, tree: Tree, paths: readonly string[]): Promise<string[]> {
  const at = { tree: tree.root, index: tree.index, input: paths.join("\0") };
  const said = await git(ledger, ["check-ignore", "-z", "--stdin"], at);
  return said.code === 0 ? said.out.split("\0").filter((path) => path !== "") : [];
}

/** What a task's tree held when its worker got it; null where no worker ever got one. One process. */
export async function handedOver(
  ledger: Ledger,
  ref: string,
): Promise<({ readonly ok: true } & Handed) | null | Refused> {
  const from = startRef(ref);
  const format = "--format=%H%x00%T%x00%P%x00%B%x01";
  const asked = await git(ledger, ["log", "--no-walk=unsorted", format, from, `${from}^`, "--"]);
  if (asked.code !== 0) {
    const there = await git(ledger, ["for-each-ref", from]);
    return there.code === 0 && there.out === "" ? null : refused(`${from} cannot be read`, asked);
  }
  const [handed, start] = asked.out.split("\u0001").map((entry) => {
    const [commit = "", tree = "", parents = "", message = ""] = entry.replace(/^\n/, "").split("\0");
    return { commit, tree, parents: parents.split(" ").filter(Boolean), message };
  });
  if (handed === undefined || start === undefined) return { ok: false, reason: `${from} is not a commit of ours` };
  const merging = start.message.includes(`\n${openMerge}\n`);
  return { ok: true, tree: handed.tree, start, merging, notes: notesIn(handed.message) };
}

/** In the message of a merge whose conflict a worker is to resolve. */
export const openMerge = "Orchestrate-Open: yes";

/** The ref of what a task's worker was handed, beside that of its work. */
export function startRef(ref: string): string {
  return ref.replace("/task/", "/start/");
}

function notesIn(message: string): Notes {
  const strings = (value: unknown): string[] =>
    Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
  try {
    const notes = JSON.parse(message) as Record<string, unknown>;
    return { included: strings(notes["included"]), known: strings(notes["known"]) };
  } catch {
    return { included: [], known: [] };
  }
}

/** Moves a tree that cannot be used any more out of the way, with all that is in it. Where it went; null where nothing is there. */
export function setAside(path: string): string | null {
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return null;
  for (let free = 1; ; free += 1) {
    const to = `${path}.left-${free}`;
    if (lstatSync(to, { throwIfNoEntry: false }) !== undefined) continue;
    renameSync(path, to);
    return to;
  }
}
