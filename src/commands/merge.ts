import { branchNameProblem } from "../git/branchName.ts";
import { deliver } from "../git/deliver.ts";
import { count } from "../text/layout.ts";
import { visible } from "../text/escape.ts";
import type { Answer, Invocation } from "./command.ts";
import { text } from "./load.ts";
import { mergedTasks } from "./mergedTasks.ts";
import { isAnswer, namedRun, newestRun, said } from "./openRun.ts";
import { wrongUse } from "./wrongUse.ts";

const forms = ["merge", "branches", "stack"] as const;

/** Hands the merged work of a headless run over to branches of the person's own. No checkout is touched. */
export async function run(input: Invocation): Promise<Answer> {
  const [name, ...more] = input.positionals;
  if (more.length > 0) return wrongUse("`merge` hands over one run at a time; name one, or none for the newest");
  const opened = name === undefined ? newestRun(input) : namedRun(name, input);
  if (isAnswer(opened)) return opened;
  const { state } = opened;
  const into = text(input.options["into"]);
  if (into === undefined) return wrongUse("`merge` needs a branch; write `merge --into BRANCH`");
  const as = forms.find((form) => form === (text(input.options["as"]) ?? "merge"));
  if (as === undefined)
    return wrongUse(
      `unexpected \`--as ${text(input.options["as"]) ?? ""}\`, expected \`merge\`, \`branches\` or \`stack\``,
    );
  if (state.base === null || state.head === null)
    return wrongUse(`run ${state.run} is not headless: its work is in this checkout already`);
  const wrong = await branchNameProblem(opened.project, into);
  if (wrong !== null) return wrongUse(visible(wrong));
  const tasks = mergedTasks(state);
  const delivered = await deliver(opened.project, state.run, { into, as, base: state.base, head: state.head, tasks });
  if (!delivered.ok) return { out: "", err: `error: ${visible(delivered.reason)} [not-merged]\n`, code: 1 };
  const left = [...state.tasks.values()].filter(
    ({ status }) => !["merged", "done", "cancelled"].includes(status),
  ).length;
  return said(
    [
      `${count(tasks.length, "task")} of run ${state.run} in order: ${tasks.map(({ task }) => visible(task)).join(", ")}`,
      ...delivered.branches.map(({ branch, commit }) => `${visible(branch)} is at ${commit.slice(0, 10)}`),
      ...(left === 0 ? [] : [`Not in it: ${count(left, "task")} that \`status\` says more of.`]),
      "`clean` removes the run's own worktrees and branches when you have what you want of them.",
    ].join("\n"),
  );
}
