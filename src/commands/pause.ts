import { runningTasks } from "../run/whyNot.ts";
import { now, record } from "../run/store.ts";
import type { Answer, Invocation } from "./command.ts";
import { isAnswer, newestRun, said } from "./openRun.ts";
import { wrongUse } from "./wrongUse.ts";

/** Launches nothing more in a headless run until `resume`; what runs goes on. */
export function run(input: Invocation): Promise<Answer> {
  const opened = newestRun(input);
  if (isAnswer(opened)) return Promise.resolve(opened);
  const { state } = opened;
  if (state.engine !== "headless")
    return Promise.resolve(
      wrongUse("only a headless run can be paused; in a session `stop` launches nothing more, and `resume` goes on"),
    );
  if (state.finished !== null) return Promise.resolve(said(`Run ${state.run} is finished: there is nothing to pause.`));
  if (state.stopped !== null) return Promise.resolve(said(`Run ${state.run} is stopped already: nothing is launched.`));
  if (state.paused) return Promise.resolve(said(`Run ${state.run} is paused already: \`resume\` goes on.`));
  const paused = record(opened, [{ type: "paused", at: now() }]);
  const running = runningTasks(paused.state);
  const atWork =
    running.length === 0 ? "" : ` ${running.join(", ")} ${running.length === 1 ? "goes" : "go"} on to the end.`;
  return Promise.resolve(said(`Run ${state.run} is paused: nothing more is launched.${atWork} \`resume\` goes on.`));
}
