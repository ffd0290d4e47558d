import { randomBytes } from "node:crypto";
import { dispatch } from "../../run/dispatch.ts";
import { whyNot } from "../../run/whyNot.ts";
import { visible } from "../../text/escape.ts";
import { oneLine } from "../../text/oneLine.ts";
import { clip } from "../../text/layout.ts";
import { claimTask } from "../../run/claim.ts";
import { allow, deny, markIn, type HookAnswer, type HookInput, type Marked } from "./hookInput.ts";
import { launchLine } from "./news.ts";
import { openRun, type Run } from "../../run/store.ts";

/**
 * Answers an `Agent` call that carries our mark: claims the task in the journal and puts the brief in, or refuses with the
 * reason. Several such hooks run at once; whichever claim stands first in the journal wins.
 */
export function onAgentCall(run: Run | null, input: HookInput, client: number): HookAnswer {
  const named = markIn(input);
  if (named === null) return null;
  if (run === null) return deny(`Not launched: no run ${named.run} is open here.`);
  const refusal = refuse(run, named, input.session_id);
  if (refusal !== null) return deny(`Not launched: ${oneLine(refusal)}.${insteadOf(run)}`);
  const claimed = claimTask(run, named.task, input.tool_use_id ?? randomBytes(8).toString("hex"), client);
  const task = run.index.tasks.get(named.task);
  if ("refusal" in claimed || task === undefined)
    return deny(`Not launched: ${"refusal" in claimed ? oneLine(claimed.refusal) : "no such task"}.${insteadOf(run)}`);
  const config = run.plan.config;
  const model = task.model ?? config.model;
  const effort = task.effort ?? config.effort;
  const { run_in_background: _, ...asked } = input.tool_input ?? {};
  // In the background, whatever the model asked for: a foreground agent would hold the next launches back until its whole message ends.
  return allow({
    ...asked,
    description: `${task.id} ${clip(visible(task.title.replaceAll("`", "")), 48)}`,
    prompt: claimed.brief,
    subagent_type: task.agent ?? config.agent ?? "orchestrate:worker",
    ...(model === undefined ? {} : { model }),
    ...(effort === undefined ? {} : { effort }),
  });
}

function refuse(run: Run, named: Marked, session: string): string | null {
  const { state } = run;
  if (state.run !== named.run) return `the open run is ${state.run}, not ${named.run}`;
  if (state.session !== null && state.session !== session)
    return `run ${state.run} belongs to another session; \`/orchestrate resume\` takes it over`;
  if (!named.alone)
    return "the prompt of a launch is its mark and nothing else, because the brief takes its place; what a task must know as well belongs in the list";
  if (state.engine === "workflow") return "the workflow launches this run's tasks";
  return whyNot(run.index, state, named.task);
}

/** What can start now, by the journal as it is at this moment: another call may have claimed what this one wanted. */
function insteadOf(seen: Run): string {
  const opened = openRun(seen.project, seen.state.run);
  const run = opened.ok ? opened.value : seen;
  const ready = run.state.engine === "workflow" ? [] : dispatch(run.index, run.state);
  return ready.length === 0
    ? " Nothing can be launched at this moment: wait."
    : ` What can start now:\n${ready.map((id) => launchLine(run.state.run, id)).join("\n")}`;
}
