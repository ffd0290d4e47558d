import { copyFileSync, existsSync, lstatSync, readdirSync, rmSync } from "node:fs";
import { join, posix } from "node:path";
import { git, type Ledger } from "./ledger.ts";
import { commitTree, hasConflictMarkers, mergeTrees, moveRefs, withoutSide, type MergedTree } from "./mergeTree.ts";
import { fromProject } from "./repository.ts";
import { refused, type Refused } from "./run.ts";
import { contentOf, handedOver, ignoredPaths, linksOf, type Handed, type Tree } from "./tree.ts";
import { walk } from "./walk.ts";

/** What a worker left in its folder. Paths are from the project, with `../` where they lie outside it. */
export type Snapshot =
  | {
      readonly ok: true;
      readonly kind: "work";
      readonly commit: string;
      /** What the work changes against the base. */
      readonly files: readonly string[];
      /** What lies in the folder and is not in the commit, each as a sentence. */
      readonly leftOut: readonly string[];
    }
  /** No commit can hold it, or none that may be delivered: `reason` is for its worker. */
  | { readonly ok: true; readonly kind: "trouble"; readonly reason: string; readonly paths: readonly string[] }
  /** Files of a merge that nobody has resolved, and why each counts as open. */
  | { readonly ok: true; readonly kind: "unmerged"; readonly files: readonly string[]; readonly reason: string };

interface Wanted {
  /** The task's ref, which is moved to the work. */
  readonly ref: string;
  readonly base: string;
  readonly message: string;
  /** What its worker was told before: a choice that it sticks to is taken. */
  readonly told: readonly string[];
}

interface Change {
  readonly path: string;
  readonly mode: string;
  readonly id: string;
}

/**
 * Commits everything in a worker's folder, whatever its own repository says, and pins it. Called again it says the same. Five
 * processes, one more each where it was sent back before, where setup left something, and for new links.
 */
export async function snapshot(ledger: Ledger, tree: Tree, wanted: Wanted): Promise<Snapshot | Refused> {
  const handed = await handedOver(ledger, wanted.ref);
  if (handed === null) return { ok: false, reason: `nothing is known of what the worker in ${tree.root} was given` };
  if (!handed.ok) return handed;
  const trouble = await cannotHold(ledger, tree, handed);
  if (trouble !== null) return trouble;
  if (!existsSync(tree.index)) {
    const read = await git(ledger, ["read-tree", handed.tree], { index: tree.index });
    if (read.code !== 0) return refused(`${handed.tree} could not be read`, read);
  }
  const content = await contentOf(ledger, tree, handed.notes.included);
  if (!content.ok)
    return {
      ok: true,
      kind: "trouble",
      paths: [],
      reason: `what is in your folder could not be committed: ${content.words}`,
    };
  const changes = await changesOf(ledger, handed.tree, content.tree);
  if (!Array.isArray(changes)) return changes;
  const links = await newLinks(ledger, tree, changes, wanted.told);
  if (!links.ok || "kind" in links) return links;
  const own = await withoutSetup(ledger, tree, handed, content.tree, changes, links.out);
  if (!own.ok) return own;
  if (handed.merging) {
    const open = await unresolved(ledger, handed, own.tree, wanted.told);
    if (open !== null) return open;
  }
  const parents = handed.merging ? handed.start.parents : [handed.start.commit];
  const same = own.tree === handed.start.tree && !handed.merging;
  const made = same
    ? { ok: true as const, commit: handed.start.commit }
    : await commitTree(ledger, { tree: own.tree, parents, message: wanted.message });
  if (!made.ok) return made;
  const pinned = await moveRefs(ledger, [{ ref: wanted.ref, to: made.commit }], "orchestrate: work");
  if (!pinned.ok) return pinned;
  const direct = handed.start.commit === wanted.base && own.tree === content.tree && handed.tree === handed.start.tree;
  const files = direct ? changes : await changesOf(ledger, wanted.base, made.commit, ["--merge-base"]);
  if (!Array.isArray(files)) return files;
  const modules = await linksOf(ledger, wanted.base);
  const unseen = modules.filter((path) => existsSync(join(tree.root, path, ".git")));
  const removed = modules.filter((path) => lstatSync(join(tree.root, path), { throwIfNoEntry: false }) === undefined);
  const shown = (paths: readonly string[]): string => list(paths.map((path) => fromProject(ledger.repository, path)));
  return {
    ok: true,
    kind: "work",
    commit: made.commit,
    files: files.map(({ path }) => fromProject(ledger.repository, path)),
    leftOut: [
      ...(unseen.length === 0 ? [] : [`what was done in the submodule ${shown(unseen)} is in no commit here`]),
      ...(removed.length === 0
        ? []
        : [`the submodule ${shown(removed)} was removed, which no commit here says: remove it yourself`]),
      ...(links.out.length === 0
        ? []
        : [`the symbolic link ${shown(links.out)} leads out of the worktree, and was left out`]),
    ],
  };
}

/** Whatever is in the folder that a commit would leave out without a word, or that would keep git from reading the rest. */
export async function cannotHold(
  ledger: Ledger,
  tree: Tree,
  { notes, start }: Pick<Handed, "notes" | "start">,
): Promise<Extract<Snapshot, { kind: "trouble" }> | null> {
  const links = await linksOf(ledger, start.commit);
  const inLink = (path: string): boolean => links.some((link) => path.startsWith(`${link}/`));
  const known = new Set(notes.known);
  const found = (await walk(tree.root)).troubles.filter(({ path }) => !known.has(path) && !inLink(path));
  const stray = links
    .filter((path) => !existsSync(join(tree.root, path, ".git")) && holdsFiles(join(tree.root, path)))
    .map((path) => ({
      path,
      kind: "git" as const,
      what: isFolder(join(tree.root, path))
        ? "is the folder of a submodule, of which no commit here holds the content"
        : "is the place of a submodule, and no folder any more",
    }));
  const certain = found.filter(({ kind, path }) => kind === "attributes" || path === ".");
  const rest = found.filter((one) => !certain.includes(one));
  const ignored = new Set(
    certain.length > 0 || rest.length === 0 ? [] : await ignoredPaths(ledger, tree, rest.map(whole)),
  );
  const troubles = [...certain, ...stray, ...rest.filter((one) => !ignored.has(whole(one)))];
  if (troubles.length === 0) return null;
  const shown = (path: string): string => fromProject(ledger.repository, path);
  const said = troubles.slice(0, 5).map(({ path, what }) => `${shown(path)} ${what}`);
  const more = troubles.length > 5 ? ` (and ${troubles.length - 5} more)` : "";
  const advice = troubles.some(({ kind }) => kind === "git")
    ? " What you made in such a folder is in no commit: move its files out of it, or give the repository another name than `.git`. A submodule cannot be delivered by a run; if the task cannot be done without that, report BLOCKED."
    : "";
  return {
    ok: true,
    kind: "trouble",
    paths: troubles.map(({ path }) => shown(path)),
    reason: `your work cannot be committed as it stands: ${said.join("; ")}${more}.${advice} Remove what is in the way, or make it readable, and report again.`,
  };
}

/** What a trouble takes with it: for a repository the folder that it makes one. */
function whole({ path, kind }: { readonly path: string; readonly kind: string }): string {
  return kind === "git" && path.includes("/") ? posix.dirname(path) : path;
}

/**
 * Repositories that came in while we looked, and links that lead out of the tree: a merge would put them into the user's checkout.
 * `out`: links that its worker was told of, and kept; they are left out.
 */
async function newLinks(
  ledger: Ledger,
  tree: Tree,
  changes: readonly Change[],
  told: readonly string[],
): Promise<Extract<Snapshot, { kind: "trouble" }> | { readonly ok: true; readonly out: readonly string[] } | Refused> {
  const shown = (path: string): string => fromProject(ledger.repository, path);
  const repositories = changes.filter(({ mode }) => mode === "160000").map(({ path }) => shown(path));
  if (repositories.length > 0) {
    rmSync(tree.index, { force: true });
    const reason = `${list(repositories)} became a git repository of its own while your work was looked at: no commit holds what is in it. Remove its .git, and report again.`;
    return { ok: true, kind: "trouble", paths: repositories, reason };
  }
  const links = changes.filter(({ mode }) => mode === "120000");
  if (links.length === 0) return { ok: true, out: [] };
  const targets = await blobs(
    ledger,
    links.map(({ id }) => id),
  );
  if (!Array.isArray(targets)) return targets;
  const out = links.filter(({ path }, at) => leadsOut(path, targets[at] ?? ""));
  const paths = out.map(({ path }) => path);
  const isKnown = (path: string): boolean =>
    told.some((reason) => reason.includes(`${shown(path)} leads out of your worktree`));
  if (paths.every(isKnown)) return { ok: true, out: paths };
  const said = paths.map((path) => `the symbolic link ${shown(path)} leads out of your worktree`);
  return {
    ok: true,
    kind: "trouble",
    paths: paths.map(shown),
    reason: `${said.join(", and ")}: brought to another checkout it would take the place of what is there. Remove it, or link to something within; what you only need here belongs where git ignores it.`,
  };
}

/** Judged by its words alone: an absolute target, or one above the top. */
function leadsOut(path: string, target: string): boolean {
  if (target.startsWith("/") || /^[A-Za-z]:|\\/.test(target)) return true;
  const end = posix.normalize(posix.join(posix.dirname(path), target));
  return end === ".." || end.startsWith("../") || end.split("/").some((part) => part.toLowerCase() === ".git");
}

/** The worker's own work: what `setup` left, or git stores otherwise than the commit has it, is put back where nobody changed it since. */
export async function withoutSetup(
  ledger: Ledger,
  tree: Tree,
  { tree: given, start }: Handed,
  content: string,
  changes: readonly Change[],
  drop: readonly string[] = [],
): Promise<{ readonly ok: true; readonly tree: string } | Refused> {
  if (given === start.tree && drop.length === 0) return { ok: true, tree: content };
  const changed = new Set(changes.map(({ path }) => path));
  // From what was given back to the commit: what an untouched path must be.
  const back = await changesOf(ledger, given, start.tree);
  if (!Array.isArray(back)) return back;
  const dropped = drop.map((path) => ({ path, mode: "000000", id: "0".repeat(content.length) }));
  const input = [...back.filter(({ path }) => !changed.has(path)), ...dropped]
    .map(({ path, mode, id }) => `${mode === "000000" ? "0" : mode} ${id}\t${path}\0`)
    .join("");
  if (input === "") return { ok: true, tree: content };
  // In a copy: the next look compares with what stands in the folder.
  const index = `${tree.index}.own`;
  copyFileSync(tree.index, index);
  const put = await git(ledger, ["update-index", "-z", "--index-info"], { index, input });
  if (put.code !== 0) return refused("what setup left could not be set apart", put);
  const written = await git(ledger, ["write-tree"], { index });
  rmSync(index, { force: true });
  return written.code === 0
    ? { ok: true, tree: written.out.trim() }
    : refused("the work could not be written", written);
}

/** Files of a merge in conflict that are not resolved in `content`. Two processes, one more for the marked files. */
async function unresolved(
  ledger: Ledger,
  { start }: Handed,
  content: string,
  told: readonly string[],
): Promise<Extract<Snapshot, { kind: "unmerged" }> | null | Refused> {
  const [ours = "", theirs = ""] = start.parents;
  const merge = await mergeTrees(ledger, ours, theirs);
  if (!merge.ok) return merge;
  if (merge.clean) return null;
  const changes = await changesOf(ledger, start.tree, content);
  if (!Array.isArray(changes)) return changes;
  const listed = await git(ledger, ["ls-tree", "-r", "-z", content, "--", ...merge.files]);
  if (listed.code !== 0) return refused("the files in conflict could not be read", listed);
  const there = listed.out.split("\0").flatMap((line) => {
    const [, mode = "", id = "", path = ""] = /^(\d+) \w+ (\S+)\t(.*)$/s.exec(line) ?? [];
    return mode.startsWith("100") ? [{ path, id }] : [];
  });
  const texts = await blobs(
    ledger,
    there.map(({ id }) => id),
  );
  if (!Array.isArray(texts)) return texts;
  const marked = there.filter((_, at) => hasConflictMarkers(texts[at] ?? "")).map(({ path }) => path);
  if (marked.length > 0) {
    const files = marked.map((path) => fromProject(ledger.repository, path));
    return { ok: true, kind: "unmerged", files, reason: `conflict markers are left in ${list(files)}: resolve them.` };
  }
  const undecided = await untouched(ledger, start.tree, merge, new Set(changes.map(({ path }) => path)), told);
  return undecided;
}

/** Conflicts without markers (binary, deleted against changed, a link or folder against a file) of which nothing was changed. */
async function untouched(
  ledger: Ledger,
  laidOut: string,
  merge: Extract<MergedTree, { clean: false }>,
  changed: ReadonlySet<string>,
  told: readonly string[],
): Promise<Extract<Snapshot, { kind: "unmerged" }> | null | Refused> {
  // What git had to lay beside a path of the same name has a name that nobody wants.
  const beside = merge.files.filter((path) => withoutSide(path) !== path && !changed.has(path));
  if (beside.length > 0) {
    const files = beside.map((path) => fromProject(ledger.repository, path));
    const reason = `${list(files)} is one side of the conflict, laid beside the other: move what you want of it to its place, and remove it.`;
    return { ok: true, kind: "unmerged", files, reason };
  }
  if (merge.files.some((path) => changed.has(path))) return null;
  const had = await git(ledger, ["ls-tree", "-r", "-z", laidOut, "--", ...merge.files]);
  const texts = await blobs(
    ledger,
    had.out.split("\0").flatMap((line) => (line.startsWith("100") ? (line.split(/[ \t]/)[2] ?? []) : [])),
  );
  if (!Array.isArray(texts)) return texts;
  // With markers it was text, and they are gone now.
  if (texts.some(hasConflictMarkers)) return null;
  const files = merge.files.map((path) => fromProject(ledger.repository, path));
  const reason = `the conflict in ${list(files)} is as it was handed to you (${merge.said.slice(0, 3).join(" ")}): decide what each file is to be and write that, or remove it; if it is right as it stands, report again and say why.`;
  return told.some((earlier) => earlier.includes(`the conflict in ${list(files)} is as it was handed to you`))
    ? null
    : { ok: true, kind: "unmerged", files, reason };
}

/** What differs between two trees or commits, as the second one has it. One process. */
export async function changesOf(
  ledger: Ledger,
  from: string,
  to: string,
  options: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<Change[] | Refused> {
  if (from === to) return [];
  const args = ["diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", ...options, from, to];
  const asked = await git(ledger, args, { env });
  if (asked.code !== 0) return refused(`the changes since ${from} cannot be listed`, asked);
  const fields = asked.out.split("\0").filter((field) => field !== "");
  return fields.flatMap((field, at) => {
    const [, mode = "", id = ""] = /^:\d+ (\d+) \S+ (\S+) /.exec(field) ?? [];
    return mode === "" || at % 2 === 1 ? [] : [{ path: fields[at + 1] ?? "", mode, id }];
  });
}

/** The contents of objects, one character a byte. One process. */
async function blobs(ledger: Ledger, ids: readonly string[]): Promise<string[] | Refused> {
  if (ids.length === 0) return [];
  const asked = await git(ledger, ["cat-file", "--batch"], {
    input: ids.map((id) => `${id}\n`).join(""),
    encoding: "latin1",
  });
  if (asked.code !== 0) return refused("what was written cannot be read", asked);
  const texts: string[] = [];
  for (let at = 0; at < asked.out.length;) {
    const end = asked.out.indexOf("\n", at);
    const size = Number(asked.out.slice(at, end).split(" ")[2]);
    if (end < 0 || !Number.isInteger(size))
      return { ok: false, reason: `${asked.out.slice(at, at + 60)}: no such object` };
    texts.push(asked.out.slice(end + 1, end + 1 + size));
    at = end + size + 2;
  }
  return texts;
}

function holdsFiles(path: string): boolean {
  if (!isFolder(path)) return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  try {
    return readdirSync(path).length > 0;
  } catch {
    return false;
  }
}

function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function list(paths: readonly string[]): string {
  return paths.length <= 3 ? paths.join(", ") : `${paths.slice(0, 3).join(", ")} and ${paths.length - 3} more`;
}
