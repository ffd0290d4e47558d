import { withDependents } from "../run/dependents.ts";
import { runningTasks } from "../run/whyNot.ts";
import { endWorkers, isSupervised } from "../engines/headless/effects/orphans.ts";
import { now, record, type Run } from "../run/store.ts";
import type { Answer, Invocation } from "./command.ts";
import { isAnswer, newestRun, said } from "./openRun.ts";
import { whoGoesOn } from "./whoGoesOn.ts";
import { wrongUse } from "./wrongUse.ts";

/** Launches nothing more until the run is resumed; or, with a task, ends that one for good. */
export async function run(input: Invocation): Promise<Answer> {
  const opened = newestRun(input);
  if (isAnswer(opened)) return opened;
  const [task, ...more] = input.positionals;
  if (more.length > 0) return wrongUse("`stop` takes one task, or none to stop the whole run");
  if (opened.state.finished !== null) return said(`Run ${opened.state.run} is finished: there is nothing to stop.`);
  if (opened.state.engine !== "headless") return task === undefined ? stopSession(opened) : notAlone(opened, task);
  return task === undefined ? stopHeadless(opened) : cancel(opened, task);
}

/** What runs in a session is the client's: the model is told how to end it. */
function stopSession(opened: Run): Answer {
  const stopped = stop(opened);
  const running = runningTasks(stopped.state);
  const agents = running.flatMap((id) => stopped.state.tasks.get(id)?.agent ?? []);
  return said(
    [
      `Run ${stopped.state.run} is stopped: nothing more is launched. \`/orchestrate resume\` goes on with what is left.`,
      ...(running.length === 0
        ? []
        : [
            `Still at work: ${running.join(", ")}. End them now:`,
            ...agents.map((agent) => `TaskStop({task_id: ${JSON.stringify(agent)}})`),
          ]),
    ].join("\n"),
  );
}

/** One task of a session alone: only the client can end its agent, and the task then counts as lost. */
function notAlone({ state }: Run, task: string): Answer {
  const own = state.tasks.get(task);
  if (own === undefined) return unknown(task);
  const agent = own.agent === null ? "" : `; its agent ends with TaskStop({task_id: ${JSON.stringify(own.agent)}})`;
  return wrongUse(
    `one task alone can be stopped in a headless run only${agent}. To leave ${task} out for good, take it out of the list or write that it is cancelled, then \`stop\` and \`resume\``,
  );
}

async function stopHeadless(opened: Run): Promise<Answer> {
  const stopped = stop(opened);
  const running = runningTasks(stopped.state);
  const head = `Run ${stopped.state.run} is stopped: nothing more is launched. \`resume\` goes on with what is left.`;
  if (isSupervised(stopped))
    return said(
      running.length === 0
        ? head
        : `${head}\nIts supervisor ends ${running.join(", ")} now; what was done so far stays in the worktree of each.`,
    );
  const ended = await endWorkers(stopped);
  return said(
    ended.length === 0
      ? head
      : `${head}\nNobody supervised it; the workers of ${ended.join(", ")} were ended. What was done so far stays in the worktree of each.`,
  );
}

function cancel(opened: Run, task: string): Answer {
  const status = opened.state.tasks.get(task)?.status;
  if (status === undefined) return unknown(task);
  if (["merged", "done", "cancelled", "skipped"].includes(status))
    return wrongUse(`${task} is ${status}; there is nothing to stop`);
  const after = record(opened, [{ type: "cancelled", at: now(), task }]);
  if (after.state.tasks.get(task)?.status !== "cancelled")
    return wrongUse(`${task} came to its end meanwhile; there is nothing to stop`);
  const place = after.state.tasks.get(task)?.place;
  const waits = [...withDependents(opened.index, [task])].filter(
    (id) => id !== task && after.state.tasks.get(id)?.status === "pending",
  );
  return said(
    [
      `${task} is cancelled.${place == null ? "" : ` What it did is kept under ${place.branch}.`} \`retry ${task}\` takes that back.`,
      ...(waits.length === 0 ? [] : [`What waits for it will not run: ${waits.join(", ")}.`]),
      whoGoesOn(after),
    ].join("\n"),
  );
}

function stop(opened: Run): Run {
  return opened.state.stopped === null
    ? record(opened, [{ type: "stopped", at: now(), reason: "a person stopped it" }])
    : opened;
}

function unknown(task: string): Answer {
  return wrongUse(`the run has no task \`${task}\`; \`status\` lists them`);
}
