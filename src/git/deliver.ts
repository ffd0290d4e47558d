import { contains } from "./bringUpToDate.ts";
import { branchesInUse, type Use } from "./inUse.ts";
import { git, withLedger, type Ledger } from "./ledger.ts";
import { commitTree, mergeTrees, moveRefs, withoutSide } from "./mergeTree.ts";
import { integrationBranch, slugOf } from "./names.ts";
import { mergedRef } from "./mergeQueue.ts";
import { fromProject } from "./repository.ts";
import { refused, type Refused } from "./run.ts";

/** How a run's merged work is handed over: merged into one branch, as each task's own branch, or as a line of one commit a task. */
export interface Delivery {
  /** A name that `branchNameProblem` has nothing against. */
  readonly into: string;
  readonly as: "merge" | "branches" | "stack";
  /** Where the run began. */
  readonly base: string;
  /** Where its integration branch stands. */
  readonly head: string;
  /** In the order in which they were merged, each with its merge commit. */
  readonly tasks: readonly { readonly task: string; readonly commit: string }[];
}

/** The branches that hold the work now, in order, each with its commit. */
export interface Delivered {
  readonly ok: true;
  readonly branches: readonly { readonly branch: string; readonly commit: string }[];
}

/**
 * Hands over the work of a run as branches of the user's, without any checkout. Refuses to move a branch that a worktree stands
 * on, rebases or bisects, and, for `branches` and `stack`, one that exists with other content. Called again it finds its own branches done.
 */
export function deliver(project: string, run: string, delivery: Delivery): Promise<Delivered | Refused> {
  return withLedger(project, async (ledger): Promise<Delivered | Refused> => {
    const { as, tasks } = delivery;
    if (tasks.length === 0) return { ok: false, reason: "nothing was merged in this run: there is nothing to deliver" };
    switch (as) {
      case "merge":
        return mergeInto(ledger, run, delivery);
      case "branches":
        return ownBranches(ledger, delivery);
      case "stack":
        return stack(ledger, delivery);
      default: {
        const never: never = as;
        throw new Error(`unknown delivery ${String(never)}`);
      }
    }
  });
}

async function mergeInto(ledger: Ledger, run: string, { into, base, head }: Delivery): Promise<Delivered | Refused> {
  const ref = `refs/heads/${into}`;
  const tip = (await git(ledger, ["rev-parse", "--quiet", "--verify", ref])).out.trim();
  if (tip !== "" && (await contains(ledger, tip, head))) return { ok: true, branches: [{ branch: into, commit: tip }] };
  const integration = await nameOf(ledger, run, head);
  const uses = branchesInUse(ledger.repository);
  if (uses === null)
    return {
      ok: false,
      reason: `which branches are checked out cannot be read in ${ledger.repository.common}, and so none is moved. In the checkout of ${into}, type: git merge --no-ff ${integration}`,
    };
  const use = uses.find((one) => one.ref === ref);
  if (use !== undefined)
    return {
      ok: false,
      reason: `${into} is ${use.what} in ${use.where}, which is left as it is. ${whatToType(use.what, integration)}`,
    };
  const ours = tip === "" ? base : tip;
  const merge = await mergeTrees(ledger, ours, head);
  if (!merge.ok) return merge;
  if (!merge.clean) {
    const files = merge.files.map((file) => fromProject(ledger.repository, withoutSide(file)));
    return {
      ok: false,
      reason: `${integration} conflicts with ${into} in ${[...new Set(files)].join(", ")}. Check out ${into} and type: git merge --no-ff ${integration}`,
    };
  }
  const message = `Merge branch '${integrationBranch(run)}' into ${into}\n`;
  const made = await commitTree(ledger, { tree: merge.tree, parents: [ours, head], message });
  if (!made.ok) return made;
  const old = tip === "" ? null : tip;
  const moved = await moveRefs(ledger, [{ ref, to: made.commit, old }], `orchestrate: ${run}`);
  if (!moved.ok) return { ok: false, reason: `${into} could not be moved: ${moved.reason}` };
  return { ok: true, branches: [{ branch: into, commit: made.commit }] };
}

/** How what a run merged is called in a command: its branch, or our own ref where somebody moved that. */
async function nameOf(ledger: Ledger, run: string, head: string): Promise<string> {
  const branch = integrationBranch(run);
  const tip = (await git(ledger, ["rev-parse", "--quiet", "--verify", `refs/heads/${branch}`])).out.trim();
  return tip === head ? branch : mergedRef(run);
}

function whatToType(what: Use["what"], integration: string): string {
  switch (what) {
    case "checked out":
      return `To merge, type there: git merge --no-ff ${integration}`;
    case "being rebased":
      return "Type there: git rebase --continue (or git rebase --abort), then call `merge` again";
    case "being bisected":
      return "Type there: git bisect reset, then call `merge` again";
    default: {
      const never: never = what;
      throw new Error(`unknown use ${String(never)}`);
    }
  }
}

/** What was merged of each task is the second parent of its merge. */
async function ownBranches(ledger: Ledger, { into, tasks }: Delivery): Promise<Delivered | Refused> {
  const asked = await git(ledger, ["rev-parse", ...tasks.map(({ commit }) => `${commit}^2`)]);
  if (asked.code !== 0) return refused("the tasks' own work cannot be found", asked);
  const commits = asked.out.split("\n");
  return create(
    ledger,
    tasks.map(({ task }, index) => ({ branch: `${into}-${slugOf(task)}`, commit: commits[index] ?? "" })),
  );
}

/** One commit a task, each on the one before. Made with the merge's own author and dates, so that they come out the same again. */
async function stack(ledger: Ledger, { into, base, tasks }: Delivery): Promise<Delivered | Refused> {
  const fields = ["%T", "%an", "%ae", "%aI", "%cn", "%ce", "%cI", "%B"].join("%x01");
  const ids = tasks.map(({ commit }) => commit);
  const asked = await git(ledger, ["log", "--no-walk=unsorted", "-z", `--format=${fields}`, ...ids]);
  if (asked.code !== 0) return refused("the merges of this run cannot be read", asked);
  const branches: { branch: string; commit: string }[] = [];
  for (const [index, text] of asked.out.split("\0").slice(0, tasks.length).entries()) {
    const [tree = "", name = "", email = "", date = "", who = "", mail = "", when = "", message = ""] =
      text.split("\u0001");
    const env = {
      GIT_AUTHOR_NAME: name,
      GIT_AUTHOR_EMAIL: email,
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_NAME: who,
      GIT_COMMITTER_EMAIL: mail,
      GIT_COMMITTER_DATE: when,
    };
    const parents = [branches.at(-1)?.commit ?? base];
    const made = await commitTree(ledger, { tree, parents, message, env });
    if (!made.ok) return made;
    branches.push({ branch: `${into}-${index + 1}-${slugOf(tasks[index]?.task ?? "")}`, commit: made.commit });
  }
  return create(ledger, branches);
}

/** Makes all branches or none. Those that are there already must be the same. */
async function create(ledger: Ledger, branches: Delivered["branches"]): Promise<Delivered | Refused> {
  const refs = branches.map(({ branch }) => `refs/heads/${branch}`);
  const asked = await git(ledger, ["for-each-ref", "--format=%(refname)%00%(objectname)", ...refs]);
  if (asked.code !== 0) return refused("the branches cannot be read", asked);
  const there = new Map(
    asked.out
      .split("\n")
      .map((line) => line.split("\0"))
      .map(([ref = "", commit = ""]) => [ref, commit]),
  );
  const other = branches.find(({ branch, commit }) => (there.get(`refs/heads/${branch}`) ?? commit) !== commit);
  if (other !== undefined)
    return { ok: false, reason: `the branch ${other.branch} exists already, with other content: choose another name` };
  const missing = branches.filter(({ branch }) => !there.has(`refs/heads/${branch}`));
  if (missing.length === 0) return { ok: true, branches };
  const moves = missing.map(({ branch, commit }) => ({ ref: `refs/heads/${branch}`, to: commit, old: null }));
  const made = await moveRefs(ledger, moves, "orchestrate: delivered");
  return made.ok
    ? { ok: true, branches }
    : { ok: false, reason: `the branches could not be made, none was: ${made.reason}` };
}
