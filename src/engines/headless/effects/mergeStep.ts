import { integrationWorktree } from "../../../git/names.ts";
import { mergeWork, treeAt } from "../../../git/mergeQueue.ts";
import { isAsSetUp } from "../../../git/setUpTraces.ts";
import { runCheck } from "../../../process/check.ts";
import type { CheckRun, Effect, Happening } from "../engine/effect.ts";
import { checkEnvironment, folderIn, setUp } from "./setUp.ts";
import type { Surroundings } from "./surroundings.ts";

type Measured = Pick<Extract<Happening, { type: "baseline" }>, "checks" | "trouble">;
type MergeEnd = Omit<Extract<Happening, { type: "merge-ended" }>, "type" | "tasks">;

/** Runs the checks of the whole tree on the base, in the worktree of the integration branch: what is red there is nobody's fault. */
export async function measureBase(surroundings: Surroundings): Promise<Measured> {
  const ready = await readyTree(surroundings);
  if (!ready.ok) return { checks: [], trouble: ready.reason };
  const checks = await runChecks(surroundings);
  return surroundings.aborted.aborted ? { checks: [], trouble: "it was interrupted" } : { checks, trouble: null };
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
  const ready = await readyTree(surroundings);
  if (!ready.ok) return { ...nothing, trouble: ready.reason };
  const { index, state, project } = surroundings;
  const work = tasks.flatMap((task) => {
    const own = state.tasks.get(task);
    const title = index.tasks.get(task)?.title ?? "";
    return own?.place === null || own?.commit === null || own === undefined
      ? []
      : [{ task, commit: own.commit, title: title.replaceAll(/\s+/g, " ").slice(0, 100) }];
  });
  let last: readonly CheckRun[] = [];
  const gate = async (): Promise<{ reason: string } | null> => {
    // What setup left that git shows went when the merged work was checked out.
    const again = await setUp({ ...ready, taken: await isAsSetUp(ready.folder) }, surroundings);
    if (!again.ok) return { reason: again.reason };
    last = await runChecks(surroundings);
    const red = last.find((check) => check.result !== "passed" && !wasRed(surroundings, check.command));
    if (red === undefined) return null;
    const how = red.result === "timed-out" ? "ran out of time" : "failed";
    return {
      reason: `merged with the work of the others, the check \`${red.command}\` ${how}. The end of what it printed:\n${red.output.trimEnd()}`,
    };
  };
  const done = await mergeWork(project, state.run, onto, work, gate);
  if (surroundings.aborted.aborted) return { ...nothing, trouble: "the run was stopped while it merged" };
  if (!done.ok) return { ...nothing, trouble: done.reason };
  const { merged, conflicts, reds } = done;
  return { merged, conflicts, reds, checks: last, trouble: null };
}

async function readyTree(
  surroundings: Surroundings,
): Promise<{ ok: true; folder: string } | { ok: false; reason: string }> {
  const { project, state } = surroundings;
  const tree = await treeAt(project, state.run, state.head ?? "");
  if (!tree.ok) return tree;
  const done = await setUp(tree, surroundings);
  return done.ok ? tree : done;
}

async function runChecks(surroundings: Surroundings): Promise<CheckRun[]> {
  const { state, index, aborted } = surroundings;
  const folder = await folderIn(integrationWorktree(state.run), surroundings);
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
