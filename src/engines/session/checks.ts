import { runningTasks } from "../../run/whyNot.ts";
import type { Checked, Event } from "../../model/event.ts";
import { runCheck } from "../../process/check.ts";
import { identityOf } from "../../process/identity.ts";
import { now, record, type Run } from "../../run/store.ts";

/**
 * Runs the checks of the whole tree by our own hand and records what they said. While they run nothing is launched. A check
 * that was red before the run began stays red without blame: `reds` holds only what this run broke.
 */
export async function checkTree(run: Run, when: Checked["when"]): Promise<{ run: Run; reds: readonly Checked[] }> {
  const { verify, checkTimeout } = run.plan.config;
  if (verify.length === 0) return { run, reds: [] };
  const by = identityOf(process.pid);
  let after = by === null ? run : record(run, [{ type: "checking", at: now(), by }]);
  const checks: Checked[] = [];
  for (const [position, command] of verify.entries()) {
    const { result, output } = await runCheck(command, run.project, checkTimeout, {
      env: checkEnvironment(process.env),
    });
    const check: Checked = {
      type: "checked",
      at: now(),
      when,
      command,
      result,
      output,
      last: position === verify.length - 1,
    };
    checks.push(check);
    after = record(after, [check]);
  }
  const before = new Set(
    after.state.checks
      .filter((check) => check.when === "baseline" && check.result !== "passed")
      .map((check) => check.command),
  );
  return { run: after, reds: checks.filter((check) => check.result !== "passed" && !before.has(check.command)) };
}

/** What the session's own agents have, without what git set for a program that it started: that points at another repository. */
export function checkEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const isWish = (name: string): boolean => /^GIT_(?:AUTHOR|COMMITTER|SSH|SSL|PROXY|ASKPASS)/.test(name);
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("GIT_") || isWish(name)));
}

/** Whether `task`, the newest done one, leaves the tree quiet, so that its worker's hook is the one to run the checks. */
export function fallsQuiet(run: Run, task: string): boolean {
  return run.state.lastDone === task && runningTasks(run.state).length === 0 && run.state.unchecked.length > 0;
}

/** The event that ends a run when no task is left to do, or nothing. */
export function ending(run: Run): Event[] {
  if (run.state.finished !== null) return [];
  const over = [...run.state.tasks.values()].every(
    (task) => task.status === "done" || task.status === "cancelled" || task.status === "skipped",
  );
  return over ? [{ type: "finished", at: now(), ok: true }] : [];
}
