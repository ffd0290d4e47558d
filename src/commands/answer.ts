import { news } from "../engines/session/news.ts";
import { now, record, writeCurrent } from "../run/store.ts";
import type { Answer, Invocation } from "./command.ts";
import { isAnswer, newestRun, said } from "./openRun.ts";
import { taskNamed } from "./taskNamed.ts";
import { whoGoesOn } from "./whoGoesOn.ts";
import { wrongUse } from "./wrongUse.ts";

/** Gives a task the answer that it stopped for; it runs again with it. */
export function run(input: Invocation): Promise<Answer> {
  const opened = newestRun(input);
  if (isAnswer(opened)) return Promise.resolve(opened);
  const [typed = "", ...words] = input.positionals;
  const task = taskNamed(typed, opened.state.tasks) ?? typed;
  const taken = task === typed ? "" : `\`${typed}\` is taken for ${task}. `;
  const answer = words.join(" ").trim();
  const status = opened.state.tasks.get(task)?.status;
  if (task === "") return Promise.resolve(wrongUse("`answer` needs a task and what to tell it; write `answer T012 …`"));
  if (status === undefined) return Promise.resolve(wrongUse(`the run has no task \`${task}\`; \`status\` lists them`));
  if (answer === "")
    return Promise.resolve(
      wrongUse(`\`answer ${task}\` needs the answer behind the task's id; write \`answer ${task} …\``),
    );
  if (status !== "needs-input" && status !== "failed")
    return Promise.resolve(wrongUse(`${task} is ${status}, and asked nothing`));
  if (opened.state.held.has(task) && !/^(?:same|new)$/i.test(answer))
    return Promise.resolve(
      wrongUse(
        `${task} may be a task of before in other words; write \`answer ${task} same\` or \`answer ${task} new\``,
      ),
    );
  const after = record(opened, [{ type: "answered", at: now(), task, answer }]);
  if (opened.state.engine === "headless")
    return Promise.resolve(said(`${taken}${task} has its answer and will run again with it. ${whoGoesOn(after)}`));
  writeCurrent(opened.project, {
    run: opened.state.run,
    session: opened.state.session,
    engine: opened.state.engine,
    open: true,
  });
  return Promise.resolve(said(`${taken}${news(after)}`));
}
