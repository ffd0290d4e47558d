import type { Event } from "../model/event.ts";
import { isOpen } from "../model/isOpen.ts";
import { news } from "../engines/session/news.ts";
import { now, record, writeCurrent, type Run } from "../run/store.ts";
import type { Answer, Invocation } from "./command.ts";
import { isAnswer, newestRun, said } from "./openRun.ts";
import { taskNamed } from "./taskNamed.ts";
import { whoGoesOn } from "./whoGoesOn.ts";
import { wrongUse } from "./wrongUse.ts";

/** Runs tasks again that failed, need an answer or are done, with the evidence of what went wrong. All that failed when none is named. */
export function run(input: Invocation): Promise<Answer> {
  const opened = newestRun(input);
  if (isAnswer(opened)) return Promise.resolve(opened);
  const { tasks, run: id, session, engine } = opened.state;
  const named = input.positionals
    .flatMap((word) => word.split(","))
    .filter((word) => word !== "")
    .map((word) => taskNamed(word, tasks) ?? word);
  const unknown = named.filter((word) => !tasks.has(word));
  if (unknown.length > 0)
    return Promise.resolve(
      wrongUse(`the run has no task ${unknown.map((word) => `\`${word}\``).join(", ")}; \`status\` lists them`),
    );
  const retried =
    named.length > 0 ? named : [...tasks].filter(([, task]) => task.status === "failed").map(([task]) => task);
  if (retried.length === 0) return Promise.resolve(said(noneFailed(opened)));
  const active = retried.filter((task) =>
    ["running", "verifying", "merging", "pending"].includes(tasks.get(task)?.status ?? ""),
  );
  if (active.length > 0)
    return Promise.resolve(
      wrongUse(
        `${active.join(", ")} ${active.length === 1 ? "is" : "are"} running or still to come; there is nothing to retry`,
      ),
    );
  const ticked = retried.filter((task) => !isOpen(opened.index.tasks.get(task) ?? { status: "done" }));
  if (ticked.length > 0)
    return Promise.resolve(
      wrongUse(`${ticked.join(", ")} was done before the run began; untick it in the list and start again`),
    );
  const merged = retried.filter((task) => tasks.get(task)?.status === "merged");
  if (merged.length > 0)
    return Promise.resolve(
      wrongUse(
        `${merged.join(", ")} ${merged.length === 1 ? "is" : "are"} merged; write what is still missing as a task of its own`,
      ),
    );
  const after = record(
    opened,
    retried.map((task): Event => ({ type: "retried", at: now(), task })),
  );
  if (engine === "headless")
    return Promise.resolve(said(`${retried.join(", ")} will be tried again. ${whoGoesOn(after)}`));
  writeCurrent(opened.project, { run: id, session, engine, open: true });
  return Promise.resolve(said(news(after)));
}

/** What is merged is not taken back, so that of a headless run only what failed can run again. */
function noneFailed({ state }: Run): string {
  if (state.engine !== "headless") return "No task failed. `retry T012` runs one again all the same.";
  return state.finished === null ? "No task failed: `resume` goes on with what is left." : "No task failed.";
}
