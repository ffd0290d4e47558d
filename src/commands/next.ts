import { news } from "../engines/session/news.ts";
import type { Answer, Invocation } from "./command.ts";
import { isAnswer, newestRun, said } from "./openRun.ts";

/** How the run stands and what to launch, as the hooks tell it to the model. */
export function run(input: Invocation): Promise<Answer> {
  const opened = newestRun(input);
  return Promise.resolve(isAnswer(opened) ? opened : said(news(opened)));
}
