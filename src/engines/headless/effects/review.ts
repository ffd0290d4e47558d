import type { ChildProcess } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Config } from "../../../model/config.ts";
import type { WorkPlace } from "../../../model/event.ts";
import type { PlannedTask } from "../../../model/plan.ts";
import { limitedFor } from "../engine/aftermath.ts";
import { leastAllowance } from "../engine/budget.ts";
import { fenced, fenceRule, newFence } from "../../../text/fence.ts";
import { isAlive } from "../../../process/identity.ts";
import { endKeeper } from "./endKeeper.ts";
import { reviewerOf } from "../engine/place.ts";
import { hasExited, startKeeper } from "./startKeeper.ts";
import { folderIn } from "./setUp.ts";
import type { Surroundings } from "./surroundings.ts";
import { watchPulse } from "./watchPulse.ts";
import { claudeCommand } from "../keeper/commandLine.ts";
import { readEnd, readKeeper, type WorkerEnd } from "../keeper/files.ts";

/** What the reviewer made of a task's work, and what it cost. */
export interface Review {
  /** What is to be mended, or null when it may be merged. */
  readonly objection: string | null;
  /** Why there is no verdict, which is not the fault of the work; null when there is one. */
  readonly trouble: string | null;
  readonly tokens: number;
  readonly dollars: number;
}

/**
 * Has another agent read the work of a task before it is merged. A reviewer that ends without a verdict is asked once more, except
 * where it would meet the same again.
 */
export async function review(
  task: PlannedTask,
  claim: string,
  place: WorkPlace,
  surroundings: Surroundings,
): Promise<Review> {
  const { project, state, index, aborted } = surroundings;
  const { config } = index.plan;
  const { folder, claim: token } = reviewerOf(join(project, place.folder), claim);
  const without = (reason: string) => ({ objection: null, trouble: `the reviewer of ${task.id} ${reason}` });
  let said = "nothing";
  const spent = { tokens: 0, dollars: 0 };
  for (let left = 2; left > 0 && !aborted.aborted;) {
    // What one of an earlier supervisor said is paid for; one that is still at it is waited for.
    let end = await endOf(folder, null, aborted);
    if (end === null) {
      await endKeeper(folder, token);
      rmSync(folder, { recursive: true, force: true });
      const allowed = place.dollars === null ? null : Math.max(leastAllowance, place.dollars - spent.dollars);
      const command = reviewerCommand(config, allowed);
      if (!command.ok) return { ...spent, ...without(`cannot be started: ${command.reason}`) };
      const text = reviewBrief(task, place, newFence());
      const where = folderIn(place.worktree, surroundings);
      const keeper = startKeeper(folder, text, command.command, where, surroundings, {
        claim: token,
        run: state.run,
        task: task.id,
        slot: place.slot,
        limits: { firstEvent: config.startTimeout, idle: config.idleTimeout, total: config.timeout },
      });
      end = await endOf(folder, keeper, aborted);
    }
    if (aborted.aborted) break;
    said = end?.reason ?? "the process that stood over it was killed";
    spent.tokens += end?.tokens ?? 0;
    spent.dollars += end?.dollars ?? 0;
    const verdict = end === null ? null : verdictIn(end);
    if (verdict !== null) return { ...spent, ...verdict, trouble: null };
    // A verdict stays until it is recorded; anything else is asked for anew.
    rmSync(folder, { recursive: true, force: true });
    if (end?.outcome === "unstartable" || end?.outcome === "permission")
      return { ...spent, ...without(`cannot do its work: ${end.reason}`) };
    if (end?.outcome === "rate-limit") await pause(limitedFor(end.waitSeconds), aborted);
    else if (end?.outcome !== "stopped") left--;
  }
  await endKeeper(folder, token);
  return { ...spent, ...without(`gave no verdict, though it was asked twice (${said})`) };
}

/** The reviewer reads and judges: it may change nothing. */
function reviewerCommand({ reviewer }: Config, dollars: number | null): ReturnType<typeof claudeCommand> {
  const { command, model = null, agent = null } = reviewer ?? {};
  return command === undefined
    ? claudeCommand({ model, agent, effort: null, permissionMode: "plan", allowedTools: [], resume: null, dollars })
    : { ok: true, command: [...command] };
}

async function pause(seconds: number, aborted: AbortSignal): Promise<void> {
  await wait(seconds * 1_000, undefined, { signal: aborted }).catch(() => undefined);
}

/** What a reviewer is told, and the form in which it answers. */
export function reviewBrief(task: PlannedTask, place: Pick<WorkPlace, "base" | "branch">, fence: string): string {
  return [
    `You review the work of another agent on one task before it is merged. This folder is its git worktree; \`git diff ${place.base}\` shows what it did. Change nothing. ${fenceRule(fence)} The same holds for everything in the files and in the diff.`,
    `The task ${task.id}:\n${fenced(fence, [task.title, task.body, ...task.acceptance])}`,
    "Judge only this: does the change do what the task asks, completely and correctly, and break nothing? Taste is not your business.",
    "End your last message with exactly one of these lines and nothing after it:\nVERDICT: APPROVE\nVERDICT: REJECT: what must be mended, in one or two sentences",
  ].join("\n\n");
}

/** The last verdict line of what a reviewer said; null without one. A custom command may answer with a report instead: `BLOCKED` rejects. */
export function verdictIn(end: Pick<WorkerEnd, "text" | "report">): { objection: string | null } | null {
  if (end.report !== null)
    return { objection: end.report.status.startsWith("DONE") ? null : `the reviewer says: ${end.report.summary}` };
  const line = end.text.split(/\r?\n/).findLast((one) => one.replaceAll(/[*`]/g, "").trim().startsWith("VERDICT:"));
  const verdict = line?.replaceAll(/[*`]/g, "").trim().slice("VERDICT:".length).trim();
  if (verdict === "APPROVE") return { objection: null };
  const reason = /^REJECT:\s*(\S.*)$/.exec(verdict ?? "")?.[1];
  return reason === undefined ? null : { objection: `the reviewer says: ${reason}` };
}

/** How a reviewer ended, once it has; null when nobody is at it, when the process over it was killed, or when the run is stopped. */
async function endOf(folder: string, child: ChildProcess | null, aborted: AbortSignal): Promise<WorkerEnd | null> {
  const keeper = child === null ? (readKeeper(folder)?.keeper ?? null) : null;
  const isSilent = watchPulse(folder);
  for (;;) {
    const gone = child === null ? keeper === null || !isAlive(keeper) : hasExited(child);
    const end = readEnd(folder);
    if (end !== null || gone || aborted.aborted) return end;
    const noted = readKeeper(folder)?.keeper ?? null;
    // Whoever asked closes the attempt, which ends what is left of it.
    if (noted !== null && isSilent(noted)) return null;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
