import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { repositoryOf } from "../../../git/repository.ts";
import { withoutGit } from "../../../git/settings.ts";
import { contentOf, type Tree } from "../../../git/tree.ts";
import { runCheck } from "../../../process/check.ts";
import { tokenVariable } from "../../../process/sweep.ts";
import type { Surroundings } from "./surroundings.ts";

/** Where to work in a worktree: the project's own folder in it. */
export function folderIn(worktree: string, { project }: Pick<Surroundings, "project">): string {
  const repository = repositoryOf(project);
  return join(project, worktree, repository.ok ? repository.prefix : "");
}

/** `ran`: it did something just now, or left something that git shows. */
type Ready =
  | { readonly ok: true; readonly ran: boolean }
  | { readonly ok: false; readonly reason: string; readonly hopeless: boolean };

/**
 * Runs the person's own commands in a tree that was laid out at a commit: once, and again each time where they leave something that git
 * shows, because that went when the tree was laid out. A folder beside the run's events remembers which trees are ready.
 */
export async function setUp(
  tree: Tree & { /** The tree object that it was laid out as. */ readonly start: string; readonly isNew: boolean },
  surroundings: Surroundings,
): Promise<Ready> {
  const { index, aborted, ledger } = surroundings;
  const { setup, timeout } = index.plan.config;
  if (setup.length === 0) return { ok: true, ran: false };
  const ready = join(surroundings.folder, "ready", basename(tree.root));
  const own = createHash("sha256").update(JSON.stringify(setup)).digest("hex");
  if (!tree.isNew && markIn(ready) === `${own} clean`) return { ok: true, ran: false };
  rmSync(ready, { force: true });
  for (const command of setup) {
    const env = checkEnvironment(surroundings);
    const { result, output } = await runCheck(command, tree.folder, timeout, { env, aborted });
    if (result !== "passed")
      return {
        ok: false,
        // Where it never passed there is no use in trying the next tree; where it did, the network may be down for a while.
        hopeless: !existsSync(dirname(ready)),
        reason: `the setup command \`${command}\` ${result === "timed-out" ? "ran out of time" : "failed"}: ${output.trim().slice(-500)}`,
      };
  }
  const left = await contentOf(ledger, tree, []);
  mkdirSync(dirname(ready), { recursive: true });
  writeFileSync(ready, `${own} ${left.ok && left.tree === tree.start ? "clean" : "shown"}`);
  return { ok: true, ran: true };
}

function markIn(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

/**
 * The person's own environment, and by whom it is used: what a killed supervisor leaves running is found by that. Git finds the tree
 * that it stands in or none, never the person's checkout around it, whatever repository the person's own shell points at.
 */
export function checkEnvironment({ env, token, ledger }: Surroundings): NodeJS.ProcessEnv {
  return { ...withoutGit(env), GIT_CEILING_DIRECTORIES: ceilingOf(ledger.repository.project), [tokenVariable]: token };
}

/** The folder of all trees, above which git looks for no repository. */
export function ceilingOf(project: string): string {
  return join(project, ".orchestrate/worktrees");
}
