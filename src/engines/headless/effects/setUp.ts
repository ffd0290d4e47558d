import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { slugOf } from "../../../git/names.ts";
import { repositoryOf } from "../../../git/repository.ts";
import { noteSetup, openMerge } from "../../../git/setUpTraces.ts";
import { runCheck } from "../../../process/check.ts";
import { tokenVariable } from "../../../process/sweep.ts";
import type { Surroundings } from "./surroundings.ts";

/** Where to work in a worktree: the project's own folder in it. */
export async function folderIn(worktree: string, { project }: Pick<Surroundings, "project">): Promise<string> {
  const repository = await repositoryOf(project);
  return join(project, worktree, repository.ok ? repository.prefix : "");
}

/**
 * Runs the person's own commands in a tree that is new, once. A folder beside the run's events remembers which are ready. What they
 * leave that git shows is noted: it is not a worker's work.
 */
export async function setUp(
  { folder, taken }: { readonly folder: string; /** It stood there already. */ readonly taken: boolean },
  surroundings: Surroundings,
): Promise<{ readonly ok: true } | { readonly ok: false; readonly reason: string; readonly hopeless: boolean }> {
  const { index, aborted } = surroundings;
  const { setup, timeout } = index.plan.config;
  // The folder of the project within its repository may have the same name in every tree.
  const ready = join(surroundings.folder, "ready", slugOf(folder));
  if (!taken) rmSync(ready, { force: true });
  if (setup.length === 0 || existsSync(ready)) return { ok: true };
  const before = await openMerge(folder);
  for (const command of setup) {
    const env = checkEnvironment(surroundings);
    const { result, output } = await runCheck(command, folder, timeout, { env, aborted });
    if (result !== "passed") {
      await noteSetup(folder, before);
      return {
        ok: false,
        // Where it never passed there is no use in trying the next tree; where it did, the network may be down for a while.
        hopeless: !existsSync(dirname(ready)),
        reason: `the setup command \`${command}\` ${result === "timed-out" ? "ran out of time" : "failed"}: ${output.trim().slice(-500)}`,
      };
    }
  }
  await noteSetup(folder, before);
  mkdirSync(dirname(ready), { recursive: true });
  writeFileSync(ready, "");
  return { ok: true };
}

/** The person's own environment, and by whom it is used: what a killed supervisor leaves running is found by that. */
export function checkEnvironment({ env, token }: Surroundings): NodeJS.ProcessEnv {
  return { ...env, [tokenVariable]: token };
}
