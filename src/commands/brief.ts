import { claimTask } from "../run/claim.ts";
import { oneLine } from "../text/oneLine.ts";
import type { Answer, Invocation } from "./command.ts";
import { text } from "./load.ts";
import { isAnswer, newestRun, said } from "./openRun.ts";
import { wrongUse } from "./wrongUse.ts";

/** Claims a task for a worker of the workflow engine and prints its brief, or what to say when it may not start. */
export function run(input: Invocation): Promise<Answer> {
  const opened = newestRun(input);
  if (isAnswer(opened)) return Promise.resolve(opened);
  const [task] = input.positionals;
  const claim = text(input.options["claim"]);
  if (task === undefined || claim === undefined)
    return Promise.resolve(wrongUse("`brief` needs a task and `--claim`, as the workflow writes it"));
  const claimed = claimTask(opened, task, claim, Number(input.world.env["CLAUDE_PID"] ?? process.ppid));
  if ("brief" in claimed) return Promise.resolve(said(claimed.brief));
  const why = oneLine(claimed.refusal);
  const report = `STATUS: BLOCKED\nTASK: ${task}\nSUMMARY: ${why}`;
  return Promise.resolve(said(`Do nothing: ${why}. End with exactly this:\n${report}`));
}
