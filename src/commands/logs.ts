import type { Event } from "../model/event.ts";
import { visible } from "../report/escape.ts";
import type { Answer, Invocation } from "./command.ts";
import { isAnswer, newestRun, said } from "./openRun.ts";
import { wrongUse } from "./wrongUse.ts";

/** What happened to a task, or to the whole run, event by event. */
export function run(input: Invocation): Promise<Answer> {
  const opened = newestRun(input);
  if (isAnswer(opened)) return Promise.resolve(opened);
  const task = input.positionals[0];
  if (task !== undefined && !opened.state.tasks.has(task))
    return Promise.resolve(wrongUse(`the run has no task \`${task}\`; \`status\` lists them`));
  const events = opened.events.filter((event) => task === undefined || ("task" in event && event.task === task));
  return Promise.resolve(said(events.map(showEvent).join("\n")));
}

function showEvent(event: Event): string {
  const details = Object.entries(event).flatMap(([name, value]) => {
    if (
      ["at", "type", "sum", "task", "claim", "client", "before", "by"].includes(name) ||
      value === null ||
      value === ""
    )
      return [];
    return [`${name}: ${visible(typeof value === "string" ? value : JSON.stringify(value))}`];
  });
  return [event.at, event.type, "task" in event && event.task !== null ? visible(event.task) : "", details.join("; ")]
    .filter((part) => part !== "")
    .join("  ");
}
