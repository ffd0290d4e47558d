import { existsSync, lstatSync, readdirSync, realpathSync, renameSync, rmdirSync, rmSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import type { Delivery } from "./deliver.ts";
import { branchesInUse, type Use } from "./inUse.ts";
import { ignoredAmong, there } from "./ignored.ts";
import { git, ledgersFolder, withLedger, type Ledger } from "./ledger.ts";
import { moveRefs } from "./mergeTree.ts";
import { branchPrefix, integrationWorktree, pins, worktreesFolder } from "./names.ts";
import { refused, type Refused } from "./run.ts";
import { cannotHold, withoutSetup, changesOf } from "./snapshot.ts";
import { textOf } from "./textOf.ts";
import { contentOf, handedOver, linksOf, treeAt, type Handed, type Tree } from "./tree.ts";

/** What was removed (or would be), and what stays and why. Worktrees by their path from the project, refs by their name. */
export interface Cleaned {
  readonly ok: true;
  readonly removed: readonly string[];
  readonly kept: readonly { readonly what: string; readonly why: string }[];
}

interface Options {
  /** Only say what would happen. */
  readonly dry: boolean;
  /** What the run merged, as for `deliver`; null where that is not known. */
  readonly merged: Pick<Delivery, "base" | "tasks"> | null;
  /**
   * Whose work is in which tree: the last task that worked there, by its ref, and the files that its workers reported. Trees and
   * files are named from the project.
   */
  readonly places: readonly {
    readonly worktree: string;
    readonly ref: string;
    readonly reported?: readonly string[] | undefined;
  }[];
}

interface Look {
  readonly ledger: Ledger;
  readonly run: string;
  readonly options: Options;
  /** Where the run's refs stand. */
  readonly own: ReadonlyMap<string, string>;
  readonly contained: (...commits: readonly string[]) => Promise<boolean>;
}

/**
 * Removes the trees and refs of a run that has ended, as far as their work is contained in branches outside `orchestrate/RUN/` (local
 * ones, or remote ones as last fetched), as it is or in another form that `deliver` gives it. A tree stays when anything in it is in
 * no commit, and its refs with it; so does a branch that a checkout stands on, rebases or bisects. What git ignores in a removed tree
 * goes with it, unless a worker reported it as its work.
 */
export async function cleanRun(project: string, run: string, options: Options): Promise<Cleaned | Refused> {
  return withLedger(project, async (ledger): Promise<Cleaned | Refused> => {
    const refs = await refsIn(ledger);
    if (!refs.ok) return refs;
    const isOwn = (ref: string): boolean =>
      ref.startsWith(`refs/heads/${branchPrefix}/${run}/`) || ref.startsWith(`${pins(run)}/`);
    const own = new Map([...refs.tips].filter(([ref]) => isOwn(ref)));
    const theirs = [...refs.tips].flatMap(([ref, commit]) =>
      isOwn(ref) || ref.startsWith("refs/orchestrate/") || ref.includes(`/${branchPrefix}/${run}/`) ? [] : commit,
    );
    const contained = async (...commits: readonly string[]): Promise<boolean> => {
      const input = [...commits, ...new Set(theirs.map((tip) => `^${tip}`))].join("\n");
      const left = await git(ledger, ["rev-list", "--max-count=1", "--stdin"], { input });
      return left.code === 0 && left.out.trim() === "";
    };
    const uses = branchesInUse(ledger.repository);
    if (uses === null)
      return { ok: false, reason: `which branches are checked out cannot be read in ${ledger.repository.common}` };
    const last = options.merged === null ? null : await inAnotherForm(ledger, options.merged, theirs, contained);
    if (last !== null) theirs.push(last);
    return remove({ ledger, run, options, own, contained }, uses);
  });
}

async function remove(look: Look, uses: readonly Use[]): Promise<Cleaned> {
  const { ledger, run, options, own, contained } = look;
  const { project } = ledger.repository;
  const removed: string[] = [];
  const kept: { what: string; why: string }[] = [];
  const folder = join(resolve(project), worktreesFolder(run));
  const keptRefs = new Set<string>();
  for (const name of namesIn(folder)) {
    const path = join(folder, name);
    // What a killed removal left, or a copy that was cut short.
    if (/^\.(?:gone|copy)-/.test(name)) {
      if (!options.dry) rmSync(path, { recursive: true, force: true, maxRetries: 5 });
      continue;
    }
    const place = options.places.find(({ worktree }) => resolve(project, worktree) === path);
    const what = relative(resolve(project), path);
    const here = options.places.filter(({ worktree }) => resolve(project, worktree) === path);
    const reported = here.flatMap((one) => one.reported ?? []);
    const why =
      (await whyKept(look, path, place?.ref ?? null)) ??
      (await whyIgnoredKept(ledger, path, reported)) ??
      (options.dry ? null : removeTree(ledger, path));
    if (why === null) removed.push(what);
    else {
      kept.push({ what, why });
      if (place !== undefined)
        for (const kind of ["task", "start"]) keptRefs.add(place.ref.replace("/task/", `/${kind}/`));
    }
  }
  const gone: { ref: string; to: null; old: string }[] = [];
  for (const [ref, tip] of own) {
    const what = ref.replace(/^refs\/heads\//, "");
    const use = uses.find((one) => one.ref === ref && !isRemoved(one.where, folder, removed, project));
    const isNote = ref.startsWith(`${pins(run)}/start/`);
    if (use !== undefined)
      kept.push({
        what,
        why: use.where.startsWith(folder) ? "its worktree is kept" : `it is ${use.what} in ${use.where}`,
      });
    else if (isNote && keptRefs.has(ref)) continue;
    else if (!isNote && !(await contained(tip)))
      kept.push({ what, why: `its work (${tip.slice(0, 12)}) is in no branch of yours` });
    else if (keptRefs.has(ref)) kept.push({ what, why: "its worktree is kept" });
    else {
      gone.push({ ref, to: null, old: tip });
      // Nobody has seen the others.
      if (ref.startsWith("refs/heads/")) removed.push(what);
    }
  }
  if (options.dry) return { ok: true, removed, kept };
  // What is kept needs where the run began.
  const needed = kept.length > 0 ? [`${pins(run)}/base`, `${pins(run)}/merged`] : [];
  const moved = await moveRefs(
    ledger,
    gone.filter(({ ref }) => !needed.includes(ref)),
    `orchestrate: ${run} cleaned`,
  );
  if (!moved.ok) kept.push({ what: branchPrefix, why: moved.reason });
  removeEmpty(folder);
  if (kept.length === 0)
    rmSync(join(ledgersFolder(ledger.repository), run), { recursive: true, force: true, maxRetries: 5 });
  return { ok: true, removed, kept };
}

function isRemoved(where: string, folder: string, removed: readonly string[], project: string): boolean {
  return (
    dirname(where) === realFolder(folder) && removed.includes(relative(resolve(project), join(folder, basename(where))))
  );
}

function realFolder(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}

async function refsIn(ledger: Ledger): Promise<{ ok: true; tips: Map<string, string> } | Refused> {
  const format = "--format=%(refname)%00%(objectname)%00%(symref)";
  const asked = await git(ledger, ["for-each-ref", format, "refs/heads/", "refs/remotes/", "refs/orchestrate/"]);
  if (asked.code !== 0) return refused("the branches cannot be listed", asked);
  const lines = asked.out.split("\n").map((line) => line.split("\0"));
  // One that only points to another branch holds nothing when that is gone.
  const tips = lines.flatMap(([ref = "", tip = "", symref]): [string, string][] => (symref === "" ? [[ref, tip]] : []));
  return { ok: true, tips: new Map(tips) };
}

/**
 * The run's last merge, where all that was merged is in branches of the user's in another form: each task's own commits (our merges
 * add nothing to them), or a commit with the tree of each merge, as in a stack. Null where anything is missing.
 */
async function inAnotherForm(
  ledger: Ledger,
  { base, tasks }: NonNullable<Options["merged"]>,
  theirs: readonly string[],
  contained: (...commits: readonly string[]) => Promise<boolean>,
): Promise<string | null> {
  const last = tasks.at(-1)?.commit;
  if (last === undefined) return null;
  const parts = tasks.flatMap(({ commit }) => [`${commit}^2`, `${commit}^{tree}`]);
  const asked = await git(ledger, ["rev-parse", ...parts]);
  if (asked.code !== 0 || !(await contained(base))) return null;
  const ids = asked.out.trim().split("\n");
  if (await contained(...ids.filter((_, index) => index % 2 === 0))) return last;
  const input = [...theirs, `^${base}`].join("\n");
  const log = await git(ledger, ["log", "--format=%T", "--stdin"], { input });
  const trees = new Set(log.out.split("\n"));
  return log.code === 0 && ids.every((id, index) => index % 2 === 0 || trees.has(id)) ? last : null;
}

/** Why a tree must stay; null where nothing is lost with it. */
async function whyKept(look: Look, path: string, ref: string | null): Promise<string | null> {
  const { ledger, run, own, contained } = look;
  // In the gate's tree nobody works: what lies there was left by checks.
  if (path === join(resolve(ledger.repository.project), integrationWorktree(run))) return null;
  const lock = textOf(join(adminOf(ledger, path) ?? path, "locked"));
  if (lock !== null && lock !== "initializing") return `it is locked (${lock || "no reason given"})`;
  const tree = treeAt(ledger, path);
  if (!tree.ok) return tree.reason;
  const handed = ref === null ? null : await handedOver(ledger, ref);
  if (handed !== null && !handed.ok) return handed.reason;
  const content = await committed(look, tree, handed);
  if (!content.ok) return content.reason;
  const commit = ref === null ? null : (own.get(ref) ?? handed?.start.commit ?? null);
  const holding = commit === null ? await anyWith(look, content.tree) : commit;
  if (holding === null) return "what is in it is in no commit";
  const differ = commit === null ? [] : await changesOf(ledger, commit, content.tree);
  if (!Array.isArray(differ)) return differ.reason;
  if (differ.length > 0) {
    const few = differ.slice(0, 3).map((change) => change.path);
    return `it has uncommitted work (${few.join(", ")}${differ.length > 3 ? ` and ${differ.length - 3} more` : ""})`;
  }
  return (await contained(holding)) ? null : `its work (${holding.slice(0, 12)}) is in no branch of yours`;
}

/** Why a tree must stay for files that its workers reported and git ignores: no commit holds them. */
async function whyIgnoredKept(ledger: Ledger, path: string, reported: readonly string[]): Promise<string | null> {
  const tree = treeAt(ledger, path);
  const only = tree.ok ? await ignoredAmong(ledger, tree, there(tree, reported)) : [];
  return only.length === 0
    ? null
    : `git ignores ${only.slice(0, 3).join(", ")}, which its worker reported: copy what you want of it, then remove the folder yourself`;
}

/** Everything in a tree as a tree object, without what was there before its worker. */
async function committed(
  { ledger, run, own }: Look,
  tree: Tree,
  handed: Handed | null,
): Promise<{ ok: true; tree: string } | Refused> {
  const begin: Pick<Handed, "notes"> & { start: Pick<Handed["start"], "commit"> } = handed ?? {
    notes: { included: [], known: [] },
    start: { commit: [...own.values()][0] ?? "HEAD" },
  };
  const trouble = await cannotHold(ledger, tree, {
    notes: begin.notes,
    start: { ...begin.start, tree: "", parents: [] },
  });
  if (trouble !== null)
    return { ok: false, reason: `it holds what no commit can hold (${trouble.paths.slice(0, 3).join(", ")})` };
  // The run's own index knows every file's times; a copy of it is ours to write.
  const known = join(ledgersFolder(ledger.repository), run, "indexes", basename(tree.root));
  if (existsSync(known) && !existsSync(tree.index)) {
    const { copyFileSync } = process.getBuiltinModule("node:fs");
    copyFileSync(known, tree.index);
  }
  // A submodule that its worker fetched itself may hold its commits, and their only copy.
  const fetched = (await linksOf(ledger, begin.start.commit)).filter(
    (path) => existsSync(join(tree.root, path, ".git")) && !begin.notes.known.includes(`${path}/.git`),
  );
  if (fetched.length > 0)
    return {
      ok: false,
      reason: `what its worker did in the submodule ${fetched.slice(0, 3).join(", ")} is in no commit here`,
    };
  const content = await contentOf(ledger, tree, begin.notes.included);
  if (!content.ok || handed === null) return content;
  const changes = await changesOf(ledger, handed.tree, content.tree);
  return Array.isArray(changes) ? withoutSetup(ledger, tree, handed, content.tree, changes) : changes;
}

/** A commit of the run's with exactly this tree; null where there is none. */
async function anyWith({ ledger, own }: Look, tree: string): Promise<string | null> {
  const commits = [...own].flatMap(([ref, commit]) => (ref.includes("/start/") ? [] : commit));
  if (commits.length === 0) return null;
  const asked = await git(ledger, ["log", "--no-walk=unsorted", "--format=%T %H", "--stdin"], {
    input: commits.join("\n"),
  });
  return (
    asked.out
      .split("\n")
      .find((line) => line.startsWith(`${tree} `))
      ?.split(" ")[1] ?? null
  );
}

/** Removes a tree's folder: first from its place, so that a kill leaves no half of one there. Null, or why it could not be. */
function removeTree(ledger: Ledger, path: string): string | null {
  const gone = join(dirname(path), `.gone-${basename(path)}`);
  const admin = adminOf(ledger, path);
  try {
    rmSync(gone, { recursive: true, force: true, maxRetries: 5 });
    renameSync(path, gone);
    rmSync(gone, { recursive: true, force: true, maxRetries: 5 });
    // Of a worktree that version 0.1.0 made.
    if (admin !== null) rmSync(admin, { recursive: true, force: true, maxRetries: 5 });
    return null;
  } catch (error) {
    return `it could not be removed: ${String(error)}`;
  }
}

/** Git's own folder for a linked worktree, as version 0.1.0 made them; null for a tree of today's. */
function adminOf(ledger: Ledger, path: string): string | null {
  const link = join(path, ".git");
  const led = lstatSync(link, { throwIfNoEntry: false })?.isFile() === true ? textOf(link) : null;
  const admin = led?.startsWith("gitdir:") === true ? resolve(path, led.slice("gitdir:".length).trim()) : null;
  return admin !== null && dirname(admin) === join(ledger.repository.common, "worktrees") ? admin : null;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).toSorted();
  } catch {
    return [];
  }
}

function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Something is kept in it, or it was never there.
  }
}
