import { treeOf } from "../../../git/bringUpToDate.ts";
import { integrationWorktree } from "../../../git/names.ts";
import { gateTree, mergeWork } from "../../../git/mergeQueue.ts";
import type { Tree } from "../../../git/tree.ts";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { runCheck } from "../../../process/check.ts";
import type { CheckRun, Effect, Happening } from "../engine/effect.ts";
import { isOurs } from "../engine/place.ts";
import { checkEnvironment, setUp } from "./setUp.ts";
import type { Surroundings } from "./surroundings.ts";

type Measured = Pick<Extract<Happening, { type: "baseline" }>, "checks" | "trouble">;
type MergeEnd = Omit<Extract<Happening, { type: "merge-ended" }>, "type" | "tasks">;

/** Runs the checks of the whole tree on the base, in the tree of the gate: what is red there is nobody's fault. */
export async function measureBase(surroundings: Surroundings): Promise<Measured> {
  const { state, ledger, aborted } = surroundings;
  const isNew = gateIsNew(surroundings);
  const tree = await gateTree(ledger, state.run, state.head ?? "");
  if (!tree.ok) return { checks: [], trouble: tree.reason };
  const ready = await setUpGate(tree, state.head ?? "", isNew, surroundings);
  if (ready !== null) return { checks: [], trouble: ready };
  const checks = await runChecks(tree.folder, surroundings);
  return aborted.aborted ? { checks: [], trouble: "it was interrupted" } : { checks, trouble: null };
}

/**
 * Merges verified work, in order, behind the checks of the whole tree. A check that was red on the base counts for nothing. A
 * task that turns another one red is found and left out.
 */
export async function mergeStep(
  { tasks, onto }: Extract<Effect, { do: "merge" }>,
  surroundings: Surroundings,
): Promise<MergeEnd> {
  const nothing = { merged: [], conflicts: [], reds: [], checks: [] };
  const { index, state, ledger, aborted } = surroundings;
  const work = tasks.flatMap((task) => {
    const own = state.tasks.get(task);
    const title = index.tasks.get(task)?.title ?? "";
    return own?.place === null || own?.commit === null || own === undefined
      ? []
      : [{ task, commit: own.commit, title: title.replaceAll(/\s+/g, " ").slice(0, 100) }];
  });
  let last: readonly CheckRun[] = [];
  let isNew = gateIsNew(surroundings);
  // Without a setup and without checks there is nothing that could be red.
  const needed = index.plan.config.setup.length + index.plan.config.verify.length > 0;
  const gate = async (commit: string): Promise<{ reason: string } | null> => {
    if (!needed) return null;
    const tree = await gateTree(ledger, state.run, commit);
    if (!tree.ok) throw new Error(tree.reason);
    const again = await setUpGate(tree, commit, isNew, surroundings);
    isNew = false;
    if (again !== null) return { reason: again };
    last = await runChecks(tree.folder, surroundings);
    const red = last.find((check) => check.result !== "passed" && !wasRed(surroundings, check.command));
    if (red === undefined) return null;
    const how = red.result === "timed-out" ? "ran out of time" : "failed";
    return {
      reason: `merged with the work of the others, the check \`${red.command}\` ${how}. The end of what it printed:\n${red.output.trimEnd()}`,
    };
  };
  const done = await mergeWork(ledger, state.run, onto, work, gate);
  if (aborted.aborted) return { ...nothing, trouble: "the run was stopped while it merged" };
  if (!done.ok) return { ...nothing, trouble: done.reason };
  const { merged, conflicts, reds } = done;
  if (index.plan.config.freshTrees) for (const { task } of merged) removeTree(surroundings, task);
  return { merged, conflicts, reds, checks: last, trouble: null };
}

/** Nobody works in the tree of a merged task again, where each task gets a fresh one. */
function removeTree({ project, state }: Surroundings, task: string): void {
  const place = state.tasks.get(task)?.place;
  try {
    if (place !== null && place !== undefined && isOurs(place))
      rmSync(join(project, place.worktree), { recursive: true, force: true, maxRetries: 5 });
  } catch {
    // What cannot be removed is left to `clean`.
  }
}

function gateIsNew({ project, state }: Surroundings): boolean {
  return !existsSync(join(project, integrationWorktree(state.run)));
}

/** Null, or why the gate's tree is not ready. */
async function setUpGate(
  tree: Tree,
  commit: string,
  isNew: boolean,
  surroundings: Surroundings,
): Promise<string | null> {
  if (surroundings.index.plan.config.setup.length === 0) return null;
  const start = await treeOf(surroundings.ledger, commit);
  if (!start.ok) return start.reason;
  const done = await setUp({ ...tree, start: start.tree, isNew }, surroundings);
  return done.ok ? null : done.reason;
}

async function runChecks(folder: string, surroundings: Surroundings): Promise<CheckRun[]> {
  const { index, aborted } = surroundings;
  const checks: CheckRun[] = [];
  for (const command of index.plan.config.verify) {
    const env = checkEnvironment(surroundings);
    checks.push({ command, ...(await runCheck(command, folder, index.plan.config.checkTimeout, { env, aborted })) });
  }
  return checks;
}

function wasRed({ state }: Surroundings, command: string): boolean {
  return state.checks.some(
    (check) => check.when === "baseline" && check.command === command && check.result !== "passed",
  );
}
