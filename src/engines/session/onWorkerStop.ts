import { judge } from "../../run/judge.ts";
import { parseReport, reportForm } from "../../run/report.ts";
import type { Checked, Event } from "../../model/event.ts";
import type { PlannedTask } from "../../model/plan.ts";
import type { Report } from "../../model/report.ts";
import { runCheck } from "../../process/check.ts";
import { checkEnvironment, checkTree, ending, fallsQuiet } from "./checks.ts";
import { gather } from "./evidence.ts";
import type { HookAnswer, HookInput } from "./hookInput.ts";
import { launchOfAgent } from "./onWorkerStart.ts";
import { now, record, type Run } from "../../run/store.ts";
import { fenced, fenceRule, newFence } from "../../text/fence.ts";
import { tickDone } from "../../run/tick.ts";
import type { Transcript } from "./transcript.ts";

/**
 * Answers the stop of a worker of ours: reads its report, looks at the work, runs the checks, and either records the task
 * as done or sends the worker back with the reason, a bounded number of times. An agent whose claim is not the task's
 * present one (a straggler of a lost attempt, one resumed after it was done, somebody else's agent) is let go without a word.
 */
export async function onWorkerStop(run: Run, input: HookInput, transcript: Transcript): Promise<HookAnswer> {
  // One that was briefed at its start has no mark in its first message.
  const launch = transcript.mark === null ? launchOfAgent(run, input) : null;
  const mark = launch === null ? transcript.mark : { run: run.state.run, ...launch };
  const own = mark === null || mark.run !== run.state.run ? undefined : run.state.tasks.get(mark.task);
  if (mark === null || own?.claim !== mark.claim || (own.status !== "running" && own.status !== "verifying"))
    return null;
  const task = run.index.tasks.get(mark.task);
  if (task === undefined) return null;
  const report = parseReport(input.last_assistant_message ?? "", task.id);
  if (typeof report === "string") return sendBack(run, task.id, report);

  const reported: Event = {
    type: "reported",
    at: now(),
    task: task.id,
    agent: input.agent_id ?? null,
    status: report.status,
    summary: report.summary,
    files: report.files,
  };
  const after = record(run, [reported]);
  switch (report.status) {
    case "NEEDS_CONTEXT":
      return conclude(record(after, [{ type: "needs-input", at: now(), task: task.id, question: report.summary }]));
    case "BLOCKED":
      return conclude(
        record(after, [{ type: "failed", at: now(), task: task.id, reason: `blocked: ${report.summary}` }]),
      );
    case "DONE":
    case "DONE_WITH_CONCERNS":
      return verify(after, task, report, transcript);
    default: {
      const never: never = report.status;
      throw new Error(`unknown status ${String(never)}`);
    }
  }
}

async function verify(run: Run, task: PlannedTask, report: Report, transcript: Transcript): Promise<HookAnswer> {
  const state = run.state.tasks.get(task.id);
  if (state === undefined) return null;
  const evidence = gather(run.project, task, state, transcript);
  const judged = judge(run.index, run.state, report, evidence);
  if ("reason" in judged) return sendBack(run, task.id, judged.reason);
  for (const command of task.verify) {
    const { result, output } = await runCheck(command, run.project, run.plan.config.checkTimeout, {
      env: checkEnvironment(process.env),
    });
    if (result !== "passed") return sendBack(run, task.id, red(command, result, output));
  }
  const files = [...new Set([...evidence.edits, ...evidence.changed])];
  let after = record(run, [
    { type: "done", at: now(), task: task.id, summary: report.summary, files, concerns: judged.concerns },
  ]);
  if (fallsQuiet(after, task.id)) {
    const checked = await checkTree(after, ending(after).length > 0 ? "end" : "quiet");
    const first = checked.reds[0];
    if (first !== undefined) return sendBack(checked.run, task.id, redTree(checked.run, task.id, first));
    after = checked.run;
  }
  return conclude(after);
}

/** Ticks what is done, ends the run when nothing is left, and lets the worker go. */
function conclude(run: Run): HookAnswer {
  const ticks = tickDone(run);
  const ticked = ticks.length === 0 ? run : record(run, ticks);
  const end = ending(ticked);
  if (end.length > 0) record(ticked, end);
  return null;
}

function sendBack(run: Run, task: string, reason: string): HookAnswer {
  const sent = run.state.tasks.get(task)?.sendBacks ?? 0;
  if (sent >= run.plan.config.sendBacks) {
    return conclude(
      record(run, [
        {
          type: "failed",
          at: now(),
          task,
          reason: sent === 0 ? reason : `sent back ${sent === 1 ? "once" : `${sent} times`}, and still: ${reason}`,
        },
      ]),
    );
  }
  record(run, [{ type: "sent-back", at: now(), task, reason }]);
  const fence = newFence();
  return {
    decision: "block",
    reason: `Not accepted. ${fenceRule(fence)}\n${fenced(fence, reason)}\nPut that right within your task. Then end with exactly this form:\n${reportForm(task)}`,
  };
}

function red(command: string, result: Checked["result"], output: string): string {
  return `the check \`${command}\` ${result === "timed-out" ? "ran out of time" : "failed"}. The end of what it printed:\n${output.trimEnd()}`;
}

/** Nobody else is at work when the tree is quiet, so the last worker mends it, whoever broke it. */
function redTree(run: Run, task: string, check: Checked): string {
  const others = run.state.unchecked.filter((one) => one !== task);
  const suspects =
    others.length === 0
      ? ""
      : ` Since the last green check ${others.join(", ")} ended too; nobody else is at work now, so mend it wherever it is and name the files under OUTSIDE.`;
  return `${red(check.command, check.result, check.output)}${suspects}`;
}
