import { runningTasks } from "../dispatch/whyNot.ts";
import { now, record } from "../session/store.ts";
import type { Answer, Invocation } from "./command.ts";
import { isAnswer, newestRun, said } from "./openRun.ts";

/** Launches nothing more until the run is resumed, and says how to end the workers that are at it. */
export function run(input: Invocation): Promise<Answer> {
  const opened = newestRun(input);
  if (isAnswer(opened)) return Promise.resolve(opened);
  if (opened.state.finished !== null)
    return Promise.resolve(said(`Run ${opened.state.run} is finished: there is nothing to stop.`));
  const stopped =
    opened.state.stopped === null
      ? record(opened, [{ type: "stopped", at: now(), reason: "a person stopped it" }])
      : opened;
  const running = runningTasks(stopped.state);
  const agents = running.flatMap((id) => stopped.state.tasks.get(id)?.agent ?? []);
  return Promise.resolve(
    said(
      [
        `Run ${stopped.state.run} is stopped: nothing more is launched. \`/orchestrate resume\` goes on with what is left.`,
        ...(running.length === 0
          ? []
          : [
              `Still at work: ${running.join(", ")}. End them now:`,
              ...agents.map((agent) => `TaskStop({task_id: ${JSON.stringify(agent)}})`),
            ]),
      ].join("\n"),
    ),
  );
}
