import { git, type Ledger } from "./ledger.ts";
import { refused, type Refused } from "./run.ts";

/** A path in conflict: which of base, ours and theirs have it (1, 2, 3), with mode and object. */
export interface Clash {
  readonly path: string;
  readonly stages: readonly { readonly stage: 1 | 2 | 3; readonly mode: string; readonly id: string }[];
}

/** What two commits come to when they are merged, as objects alone: no checkout, no index, no ref is touched. `tree` holds the markers of a conflict. */
export type MergedTree =
  | { readonly ok: true; readonly clean: true; readonly tree: string }
  | {
      readonly ok: true;
      readonly clean: false;
      readonly tree: string;
      readonly files: readonly string[];
      readonly clashes: readonly Clash[];
      /** What git says of each conflict, in its order: `CONFLICT (modify/delete): …`. */
      readonly said: readonly string[];
    };

/** Merges two commits. `files` are those in conflict, from the top of the repository. One process. */
export async function mergeTrees(
  ledger: Ledger,
  ours: string,
  theirs: string,
  env: Readonly<Record<string, string>> = {},
): Promise<MergedTree | Refused> {
  const result = await git(ledger, ["merge-tree", "--write-tree", "-z", "--messages", ours, theirs], { env });
  const fields = result.out.split("\0");
  const tree = fields[0] ?? "";
  if (result.code === 0) return { ok: true, clean: true, tree };
  if (result.code !== 1 || !/^[0-9a-f]{40,64}$/.test(tree))
    return refused(`${theirs} could not be merged into ${ours}`, result);
  const stages = new Map<string, Clash["stages"][number][]>();
  let at = 1;
  for (; fields[at] !== "" && at < fields.length; at += 1) {
    const [, mode = "", id = "", stage = "", path = ""] = /^(\d+) (\S+) ([123])\t(.*)$/s.exec(fields[at] ?? "") ?? [];
    const known = stages.get(path) ?? [];
    known.push({ stage: Number(stage) as 1 | 2 | 3, mode, id });
    stages.set(path, known);
  }
  const said: string[] = [];
  // An empty field, then: how many paths, the paths, the kind, the words.
  for (at += 1; at < fields.length;) {
    const count = Number(fields[at]);
    const [kind = "", text = ""] = [fields[at + count + 1], fields[at + count + 2]];
    if (!Number.isInteger(count) || kind === "") break;
    if (kind.startsWith("CONFLICT"))
      said.push(
        text
          .replace(/^warning: /, "")
          .replaceAll(/ \([0-9a-f]{40,64} vs\. [0-9a-f]{40,64}\)/g, "")
          .trim(),
      );
    at += count + 3;
  }
  const clashes = [...stages].map(([path, own]) => ({ path, stages: own }));
  return { ok: true, clean: false, tree, files: clashes.map(({ path }) => path), clashes, said };
}

/** A commit of a tree. `env` may fix who and when, and with it the commit's id. One process. */
export async function commitTree(
  ledger: Ledger,
  {
    tree,
    parents,
    message,
    env = {},
  }: { tree: string; parents: readonly string[]; message: string; env?: Readonly<Record<string, string>> },
): Promise<{ readonly ok: true; readonly commit: string } | Refused> {
  const args = ["commit-tree", tree, ...parents.flatMap((parent) => ["-p", parent])];
  const result = await git(ledger, args, { input: message, env });
  if (result.code !== 0) return refused("a commit could not be written", result);
  return { ok: true, commit: result.out.trim() };
}

/** Moves refs in one step, all or none. `old`: where one must stand, null for nowhere; left out, it may stand anywhere. One process. */
export async function moveRefs(
  ledger: Ledger,
  moves: readonly { readonly ref: string; readonly to: string | null; readonly old?: string | null }[],
  message: string,
): Promise<{ readonly ok: true } | Refused> {
  const zero = "0".repeat(40);
  const input = moves
    .map(({ ref, to, old }) => {
      const from = old === undefined ? "" : (old ?? zero);
      return to === null
        ? `delete ${ref}\0${from}\0`
        : `update ${ref}\0${to}\0${from === zero ? "0".repeat(to.length) : from}\0`;
    })
    .join("");
  const moved = await git(ledger, ["update-ref", "-m", message, "-z", "--stdin"], { input });
  return moved.code === 0 ? { ok: true } : refused("refs could not be moved", moved);
}

/** A path as people know it: git lays one side of a conflict of kinds beside the other, under a name with the commit in it. */
export function withoutSide(path: string): string {
  return path.replace(/~[0-9a-f]{40,64}(?:_\d+)?$/, "");
}

/** Lines that begin and end a conflict in a file of text. */
export function hasConflictMarkers(text: string): boolean {
  return /^<{7}(?: .*)?$/m.test(text) && /^>{7}(?: .*)?$/m.test(text);
}

/** The message of a task's merge: its id and title on one line, and trailers that say whose it is. */
export function mergeMessage(run: string, task: string, title: string): string {
  const plain = [...title.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, " ").trim()].slice(0, 200).join("");
  return `${plain === "" ? task : `${task}: ${plain}`}\n\nOrchestrate-Task: ${task}\nOrchestrate-Run: ${run}\n`;
}
