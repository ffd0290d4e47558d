import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseReport, reportForm } from "../../../run/report.ts";
import { ignoredAmong, there } from "../../../git/ignored.ts";
import { snapshot } from "../../../git/snapshot.ts";
import { treeAt } from "../../../git/tree.ts";
import { scopesMeet } from "../../../link/locks/scopesMeet.ts";
import type { WorkPlace } from "../../../model/event.ts";
import type { PlannedTask } from "../../../model/plan.ts";
import type { Report } from "../../../model/report.ts";
import { runCheck } from "../../../process/check.ts";
import type { Effect, Happening, Judgement } from "../engine/effect.ts";
import { checkEnvironment, folderIn } from "./setUp.ts";
import { review } from "./review.ts";
import type { Surroundings } from "./surroundings.ts";
import { isOurs } from "../engine/place.ts";
import { readEnd, type WorkerEnd } from "../keeper/files.ts";

type Judged = Pick<Extract<Happening, { type: "judged" }>, "report" | "judgement" | "spent">;

/** The run was stopped meanwhile: what a killed check says counts for nothing, and the next supervisor looks again. */
const interrupted: Judgement = { kind: "trouble", reason: "it was interrupted" };

/**
 * Looks at what a worker left in its worktree, whatever it says of it: commits it, compares it with the task's files, runs
 * the task's own checks, and lets the reviewer read it. May be done again from the start at any time.
 */
export async function inspect(
  { task: id, claim, place }: Extract<Effect, { do: "verify" }>,
  surroundings: Surroundings,
): Promise<Judged> {
  const task = surroundings.index.tasks.get(id);
  const end = readEnd(join(surroundings.project, place.folder));
  if (task === undefined || end === null)
    return { report: null, judgement: { kind: "short", reason: "what its worker said was lost" } };
  const report = reportIn(end, id);
  if (typeof report === "string") {
    const reason = `${report}. End with exactly this form:\n${reportForm(id)}`;
    return { report: null, judgement: { kind: "short", reason } };
  }
  const said = { status: report.status, summary: report.summary, files: report.files };
  switch (report.status) {
    case "NEEDS_CONTEXT":
      return { report: said, judgement: { kind: "question", question: report.summary } };
    case "BLOCKED":
      return { report: said, judgement: { kind: "failed", reason: withDenials(`blocked: ${report.summary}`, end) } };
    case "DONE":
    case "DONE_WITH_CONCERNS": {
      const spent = { tokens: 0, dollars: 0 };
      return { report: said, spent, judgement: await look(task, claim, place, report, end, surroundings, spent) };
    }
    default: {
      const never: never = report.status;
      throw new Error(`unknown status ${String(never)}`);
    }
  }
}

function reportIn(end: WorkerEnd, task: string): Report | string {
  if (end.report === null) return parseReport(end.text, task);
  return { ...end.report, task };
}

async function look(
  task: PlannedTask,
  claim: string,
  place: WorkPlace,
  report: Report,
  end: WorkerEnd,
  surroundings: Surroundings,
  spent: { tokens: number; dollars: number },
): Promise<Judgement> {
  const { index, project, state, aborted, ledger } = surroundings;
  const { config } = index.plan;
  const folder = folderIn(place.worktree, surroundings);
  const title = `${task.id}: ${task.title.replaceAll(/\s+/g, " ").slice(0, 100)}`;
  const again = (reason: string): Extract<Judgement, { kind: "short" }> => ({ kind: "short", reason });
  if (!isOurs(place))
    return {
      ...again("your worktree was made by version 0.1.0, which this version does not go on in: do the task again."),
      blameless: true,
    };
  if (!existsSync(join(project, place.worktree)))
    return again("your worktree was deleted before anybody had looked at your work. Do it again.");
  const tree = treeAt(ledger, join(project, place.worktree));
  if (!tree.ok)
    return again(`${tree.reason}. Nobody can look at your work there: do it again in the folder that you get now.`);
  const told = state.tasks.get(task.id)?.history ?? [];
  const message = `${title}\n\nOrchestrate-Task: ${task.id}`;
  const work = await snapshot(ledger, tree, { ref: place.branch, base: place.base, message, told });
  if (!work.ok) return { kind: "trouble", reason: work.reason };
  if (work.kind === "unmerged") return { kind: "short", reason: work.reason, unmerged: work.files };
  if (work.kind === "trouble") return again(work.reason);

  const concerns: string[] = report.status === "DONE_WITH_CONCERNS" ? [report.summary] : [];
  if (end.permissionDenials.length > 0) concerns.push(denialsOf(end));
  const writable = task.files.filter((file) => file.access !== "read");
  const untouched = writable.filter(
    ({ path }) => !/[*?{]/.test(path) && !work.files.some((changed) => scopesMeet(path, changed)),
  );
  const ignored = await ignoredAmong(
    ledger,
    tree,
    untouched.map((file) => file.path),
  );
  const hidden = `git ignores ${list(ignored)}, so that no commit can hold what is there`;
  if (ignored.length > 0) concerns.push(hidden);
  const named = there(tree, report.files).filter((path) => !work.files.includes(path) && !ignored.includes(path));
  const alsoHidden = await ignoredAmong(ledger, tree, named);
  if (alsoHidden.length > 0)
    concerns.push(
      `git ignores ${list(alsoHidden)}, which it reported: that is in no commit, and stays in its worktree`,
    );
  if (work.files.length === 0) {
    if (ignored.length > 0 && !told.some((reason) => reason.includes(hidden)))
      return {
        kind: "short",
        reason: `nothing changed that git sees: ${hidden}. Do the task in another file and name that under OUTSIDE, or report BLOCKED.`,
      };
    if (ignored.length > 0 && report.status === "DONE")
      return { kind: "failed", reason: `${hidden}, and nothing else changed` };
    // Resolved in favour of the others, nothing of its own may be left.
    const resolved = (state.tasks.get(task.id)?.conflicts ?? 0) > 0;
    if (report.status === "DONE" && !resolved && (!task.gate || writable.length > 0)) {
      const what =
        writable.length === 0
          ? "no file changed"
          : `nothing changed in your worktree (${list(writable.map((file) => file.path))})`;
      return {
        kind: "short",
        reason: `${what}: do the task, or, if that is right, report DONE_WITH_CONCERNS and say why nothing had to change.`,
      };
    }
    if (report.status === "DONE" && !resolved && !end.ranCommands && end.report === null)
      return {
        kind: "short",
        reason: "no file changed and no command ran: nothing was done. Do the task, then report.",
      };
    if (!task.gate) concerns.push("changed no file");
  }
  const own = new Set(work.files.filter((path) => writable.some((file) => scopesMeet(file.path, path))));
  if (work.files.length > 0 && writable.length > 0 && own.size === 0 && ignored.length === 0)
    return {
      kind: "short",
      reason: `none of the task's files changed (${list(writable.map((file) => file.path))}), only ${list(work.files)}.`,
    };
  const missing = task.files.filter(
    ({ access, path }) =>
      access === "create" && isLiteral(path) && !ignored.includes(path) && !existsSync(join(folder, path)),
  );
  if (missing.length > 0)
    return { kind: "short", reason: `${list(missing.map((file) => file.path))} should exist now and does not.` };
  const kept = task.files.filter(
    (file) => file.access === "delete" && isLiteral(file.path) && existsSync(join(folder, file.path)),
  );
  if (kept.length > 0)
    return { kind: "short", reason: `${list(kept.map((file) => file.path))} should be gone now and is still there.` };
  const sources = work.files.filter((path) => index.plan.source.includes(path));
  if (sources.length > 0)
    return { kind: "short", reason: `you changed ${list(sources)}, which is ticked for you: undo that change.` };

  const outside = writable.length === 0 ? [] : work.files.filter((path) => !own.has(path));
  const strayed = outside.filter((path) => !report.outside.some((one) => one.path === path));
  if (strayed.length > 0 && config.straying === "refuse")
    return {
      kind: "short",
      reason: `you changed ${list(strayed)}, which is not one of the task's files: undo it, or, if the task cannot be done without it, say so in a line \`OUTSIDE: path: why\`.`,
    };
  for (const one of report.outside)
    if (outside.includes(one.path)) concerns.push(`changed ${one.path} as well: ${one.reason}`);

  for (const command of task.verify) {
    const { result, output } = await runCheck(command, folder, config.checkTimeout, {
      env: checkEnvironment(surroundings),
      aborted,
    });
    if (aborted.aborted) return interrupted;
    if (result !== "passed")
      return {
        kind: "short",
        reason: `the check \`${command}\` ${result === "timed-out" ? "ran out of time" : "failed"}. The end of what it printed:\n${output.trimEnd()}`,
      };
  }
  if (config.reviewer !== undefined && work.files.length > 0) {
    const reviewed = await review(task, claim, place, surroundings);
    spent.tokens += reviewed.tokens;
    spent.dollars += reviewed.dollars;
    if (aborted.aborted) return interrupted;
    if (reviewed.trouble !== null) return { kind: "trouble", reason: reviewed.trouble };
    if (reviewed.objection !== null) return { kind: "short", reason: reviewed.objection };
  }
  concerns.push(...work.leftOut);
  const aside = `${place.worktree}.left-1`;
  if (existsSync(join(project, aside)))
    concerns.push(
      `the folder that was its worktree before could not be used any more; what was in it lies in ${aside}`,
    );
  return { kind: "verified", commit: work.commit, files: work.files, strayed, concerns };
}

function withDenials(reason: string, end: WorkerEnd): string {
  return end.permissionDenials.length === 0 ? reason : `${reason.replace(/\.?$/, ".")} ${denialsOf(end)}`;
}

/** What a worker was not allowed to use, as the rules that would allow it. */
function denialsOf({ permissionDenials }: WorkerEnd): string {
  const rules = permissionDenials.map((denial) => {
    const [, shell, command] = /^(Bash|PowerShell): (.*)/.exec(denial) ?? [];
    return shell === undefined ? (denial.split(":", 1)[0] ?? denial) : `${shell}(${command ?? ""})`;
  });
  const named = [...new Set(rules)].map((rule) => `\`${rule.replaceAll("`", "'")}\``);
  return `Its worker was not allowed to use ${list(named)}; such rules stand in allowedTools of .orchestrate.yml.`;
}

function isLiteral(path: string): boolean {
  return !path.endsWith("/") && !/[*?{]/.test(path);
}

function list(paths: readonly string[]): string {
  return paths.length <= 3 ? paths.join(", ") : `${paths.slice(0, 3).join(", ")} and ${paths.length - 3} more`;
}
