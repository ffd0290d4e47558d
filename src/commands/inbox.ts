import { showInbox, waitingOf } from "../show/inbox.ts";
import { shellWord } from "../text/escape.ts";
import type { Answer, Invocation } from "./command.ts";
import { look } from "./look.ts";
import { isAnswer, newestRun, said } from "./openRun.ts";

/** Everything that waits for a person, oldest first, each with what to type. */
export function run(input: Invocation): Promise<Answer> {
  const opened = newestRun(input);
  if (isAnswer(opened)) return Promise.resolve(opened);
  const now = input.world.now();
  const call = opened.state.engine === "headless" ? `node ${shellWord(input.world.cli)}` : "/orchestrate";
  return Promise.resolve(said(showInbox(opened, waitingOf(opened, look(opened, now)), now, call)));
}
