import { showStatus } from "../show/showStatus.ts";
import { statusOf } from "../show/status.ts";
import type { Answer, Invocation } from "./command.ts";
import { styleOf } from "./load.ts";
import { look } from "./look.ts";
import { isAnswer, newestRun, said } from "./openRun.ts";

/** What is done, running, next, why the rest waits, and what waits for a person. */
export function run(input: Invocation): Promise<Answer> {
  const opened = newestRun(input);
  if (isAnswer(opened)) return Promise.resolve(opened);
  const now = input.world.now();
  const status = statusOf(opened, look(opened, now));
  if (input.options["json"] === true) return Promise.resolve(said(JSON.stringify(status, null, 2)));
  return Promise.resolve(said(showStatus(status, styleOf(input.world).width, now)));
}
