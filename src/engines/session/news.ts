import { dispatch } from "../../run/dispatch.ts";
import { runningTasks, whyNot } from "../../run/whyNot.ts";
import { concernsOf } from "../../model/concernsOf.ts";
import { oneLine } from "../../text/oneLine.ts";
import { quoted, quotedCommand } from "../../text/fence.ts";
import { todoCalls } from "./todo.ts";
import type { Run } from "../../run/store.ts";

/** The one call that launches a task. The hook puts the whole brief in, so that the model writes some 40 tokens a task. */
export function launchLine(run: string, task: string): string {
  return `Agent({description: ${JSON.stringify(task)}, prompt: "[orchestrate ${run} ${task}]"})`;
}

/** What the model must know of a run at this moment, what it must do first. Titles stay out of it: ids say enough and hold no foreign text. */
export function news(run: Run): string {
  const { state, index } = run;
  const all = [...state.tasks];
  const count = (status: string): number => all.filter(([, task]) => task.status === status).length;
  const ids = (status: string): string[] => all.filter(([, task]) => task.status === status).map(([id]) => id);
  const lines = [
    `Orchestrate ${state.run}: ${count("done") + count("merged")} of ${all.length} tasks done and verified.`,
  ];
  const launch = state.engine === "workflow" ? [] : dispatch(index, state);
  if (launch.length > 0) {
    lines.push(
      `Launch now, all in one message, exactly as written (the brief is put in for you):`,
      ...launch.map((id) => launchLine(state.run, id)),
    );
  }
  const running = runningTasks(state);
  if (state.engine === "workflow" && state.finished === null)
    lines.push("The workflow launches the tasks. End your turn and wait: you are told when it ends.");
  else if (running.length > 0)
    lines.push(`Running: ${running.join(", ")}. End your turn and wait: you are told when one ends.`);
  for (const id of ids("failed"))
    lines.push(`${id} failed: ${last(run, id)} Tell the person; \`retry ${id}\` runs it again.`);
  for (const id of ids("needs-input"))
    lines.push(
      `${id} needs an answer: ${last(run, id)} Ask the person; \`/orchestrate answer ${id} …\` lets it go on.`,
    );
  const todo = state.mirror === null ? [] : todoCalls(run, state.mirror);
  if (todo.length > 0) lines.push("Bring your todo list in step, exactly as written:", ...todo);
  if (state.stopped !== null) lines.push(`Stopped: ${oneLine(state.stopped)}. \`resume\` goes on.`);
  if (state.finished !== null) lines.push(...summary(run));
  else if (state.engine === "session" && launch.length === 0 && running.length === 0 && state.stopped === null)
    lines.push(...stuck(run));
  return lines.join("\n");
}

/** What is worth reading when everything has ended. */
function summary(run: Run): string[] {
  const concerns = [...run.state.tasks].flatMap(([id, task]) =>
    concernsOf(task).map((concern) => `- ${id}: ${quoted(concern)}`),
  );
  const last = new Map(run.state.checks.map((check) => [check.command, check]));
  const red = [...last.values()]
    .filter((check) => check.result !== "passed")
    .map((check) => `- ${quotedCommand(check.command)} ${check.result}`);
  return [
    "The run is finished. Say so in a few sentences: what was done, and anything below.",
    ...(concerns.length > 0 ? ["Concerns:", ...concerns] : []),
    ...(red.length > 0 ? ["Checks that were red before it began and still are:", ...red] : []),
  ];
}

function stuck(run: Run): string[] {
  const waiting = [...run.state.tasks].filter(([, task]) => task.status === "pending").map(([id]) => id);
  if (waiting.length === 0) return [];
  const reasons = waiting.slice(0, 5).map((id) => `- ${id}: ${oneLine(whyNot(run.index, run.state, id) ?? "ready")}`);
  return ["Nothing can start:", ...reasons, ...(waiting.length > 5 ? [`- and ${waiting.length - 5} more`] : [])];
}

function last(run: Run, id: string): string {
  return quoted(run.state.tasks.get(id)?.history.at(-1) ?? "");
}
