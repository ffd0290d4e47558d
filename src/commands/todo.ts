import { todoCalls } from "../engines/session/todo.ts";
import type { Answer, Invocation } from "./command.ts";
import { isAnswer, newestRun, said } from "./openRun.ts";
import { wrongUse } from "./wrongUse.ts";

/** The calls that bring the session's todo list in step with the ledger, for a session that has such a tool. */
export function run(input: Invocation): Promise<Answer> {
  const opened = newestRun(input);
  if (isAnswer(opened)) return Promise.resolve(opened);
  const tool = input.positionals[0] ?? opened.state.mirror;
  if (tool !== "TodoWrite" && tool !== "TaskCreate")
    return Promise.resolve(wrongUse("say which tool the session has: `todo TodoWrite` or `todo TaskCreate`"));
  const calls = todoCalls(opened, tool);
  if (calls.length === 0) return Promise.resolve(said("The todo list is in step."));
  return Promise.resolve(
    said(
      ["Make these calls, all in one message, exactly as written (the text is put in for you):", ...calls].join("\n"),
    ),
  );
}
