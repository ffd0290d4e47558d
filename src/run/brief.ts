import type { PlannedTask } from "../model/plan.ts";
import type { RunState } from "../model/run.ts";
import type { PlanIndex } from "./planIndex.ts";
import { reportForm } from "./report.ts";
import { visible } from "../text/escape.ts";
import { fenced, fenceRule } from "../text/fence.ts";
import { runningTasks } from "./whyNot.ts";

/** The first line of every brief: which run, task and claim a worker belongs to. */
export function markOf(run: string, task: string, claim: string): string {
  return `[orchestrate ${run} ${task} ${claim}]`;
}

/** Where a worker works: in the one tree with all others, or in a worktree of its own, maybe with an unfinished merge in it. */
export type Workplace =
  | { readonly tree: "shared" }
  | {
      readonly tree: "own";
      /** Files of a merge in conflict. */
      readonly conflicts: readonly string[];
      /** A folder with what an earlier worker left, which could not be gone on in. */
      readonly aside?: string | null;
    };

/**
 * The whole of what a worker is told. Everything that is not ours stands between the marks named `fence`: the list's words,
 * commands and file names as much as what other workers said.
 */
export function brief(
  index: PlanIndex,
  state: RunState,
  id: string,
  claim: string,
  fence: string,
  workplace: Workplace = { tree: "shared" },
): string {
  const task = index.tasks.get(id);
  const own = state.tasks.get(id);
  if (task === undefined || own === undefined) throw new Error(`the plan has no task ${id}`);
  const data: Fence = (lines) => fenced(fence, lines);
  const { title } = index.plan;
  const parts = [
    markOf(state.run, id, claim),
    `You do one task of a plan; ${workplace.tree === "shared" ? "other agents work in the same tree at this moment" : "this folder is a git worktree of your own, and nobody else works in it"}. ${fenceRule(fence)} Do what the task asks.`,
    `Task ${id}:\n${data([title === null ? "" : `List: ${title}`, task.phase === null ? "" : `Phase: ${task.phase}`, task.title, task.body])}`,
    ownFiles(task, data),
    othersFiles(index, state, task, workplace, data),
    listFiles(index, data),
    predecessors(index, state, id, data),
    acceptanceOf(task, data),
    checksOf(index, task, workplace, data),
    earlier(own.history, own.answer, own.attempts, data),
    unmerged(workplace, data),
    `End your last message with exactly this form and nothing after it. It is read by a program, and the work is looked at: a report without work behind it is sent back.\n${reportForm(id)}`,
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

/** Text that is not ours, ready to stand in the brief. */
type Fence = (lines: readonly string[]) => string;

/** Criteria that the task's own lines do not say already. */
function acceptanceOf(task: PlannedTask, data: Fence): string {
  const lines = task.acceptance.filter((line) => !task.body.includes(line)).map((line) => `- ${line}`);
  return lines.length === 0 ? "" : `It is accepted when:\n${data(lines)}`;
}

function ownFiles(task: PlannedTask, data: Fence): string {
  if (task.files.length === 0) return "Your files: the list names none. Change only what the task needs.";
  const files = task.files.map((file) => `${file.access} ${visible(file.path)}`);
  return `Your files:\n${data(files)}\nChange no other file; if the task cannot be done without one, say so under OUTSIDE.`;
}

/** Files that others are changing at this moment, where all work in one tree. */
function othersFiles(index: PlanIndex, state: RunState, task: PlannedTask, workplace: Workplace, data: Fence): string {
  const busy = (workplace.tree === "own" ? [] : runningTasks(state))
    .filter((other) => other !== task.id)
    .flatMap((other) =>
      (index.tasks.get(other)?.files ?? [])
        .filter((file) => file.access !== "read")
        .map((file) => `${visible(file.path)} (${other})`),
    );
  return busy.length === 0 ? "" : `Others are changing these right now: do not touch them.\n${data(busy.slice(0, 20))}`;
}

function listFiles(index: PlanIndex, data: Fence): string {
  if (index.plan.format === "github-issue")
    return "The task comes from an issue on GitHub. Write nothing there: no comment, no pull request, no change of its state.";
  const lists = index.plan.source.filter((source) => source !== "inline").map(visible);
  return lists.length === 0 ? "" : `Leave the list itself alone: it is ticked for you.\n${data(lists)}`;
}

function predecessors(index: PlanIndex, state: RunState, id: string, data: Fence): string {
  const lines = [...new Set(index.needs.get(id) ?? [])].flatMap((need) => {
    const summary = state.tasks.get(need)?.summary ?? "";
    const files = (state.tasks.get(need)?.files ?? []).map(visible);
    return summary === "" ? [] : [`${need}: ${summary}${files.length === 0 ? "" : ` (${files.join(", ")})`}`];
  });
  return lines.length === 0 ? "" : `What it builds on, as reported:\n${data(lines)}`;
}

/** The last thing said about the work, because it comes first in it. */
function unmerged(workplace: Workplace, data: Fence): string {
  if (workplace.tree === "shared") return "";
  const { conflicts, aside } = workplace;
  const parts = [
    ...(typeof aside === "string"
      ? [
          `The folder of an earlier try could not be used any more. What was in it lies, from the person's project, in:\n${data([visible(aside)])}\nThis is a fresh one, with what was last seen of the work: bring over what belongs to the task.`,
        ]
      : []),
    ...(conflicts.length === 0
      ? []
      : [
          `What others finished meanwhile was merged into this folder, and conflicts with your earlier work in these files:\n${data(conflicts.map(visible))}\nResolve that first: keep what both sides are for, leave no conflict markers; where there are none (a binary or deleted file, a link, a folder against a file, a name with \`~\`), write what it is to be or remove it. The merge is committed for you.`,
        ]),
  ];
  return parts.join("\n\n");
}

function checksOf(index: PlanIndex, task: PlannedTask, workplace: Workplace, data: Fence): string {
  const own = task.verify.length === 0 ? [] : [`When you stop, these commands must pass:\n${data(task.verify)}`];
  const { verify } = index.plan.config;
  const idle = task.gate ? "" : " Where nothing has to change, report DONE_WITH_CONCERNS and say why.";
  if (workplace.tree === "own")
    return [
      ...own,
      verify.length === 0
        ? "After that your work is merged with that of the others."
        : `After that your work is merged with that of the others, and these commands are run on all of it:\n${data(verify)}`,
      `Commit or do not, as you like: what is in this folder when you stop counts, and is committed for you; its git repository is yours alone. Make no repository within it, no link out of it, and change nothing outside it.${idle}`,
    ].join("\n");
  return [
    ...own,
    verify.length === 0
      ? "Run the checks of your own files only; builds and whole test runs will be run when nobody is in the middle of an edit."
      : `Run the checks of your own files only. These will be run when nobody is in the middle of an edit:\n${data(verify)}`,
    "Do not commit, stash or switch branches.",
  ].join("\n");
}

function earlier(history: readonly string[], answer: string | null, attempts: number, data: Fence): string {
  const parts: string[] = [];
  if (history.length > 0 && attempts > 0) {
    parts.push(
      `This was tried before and its changes may still be in the tree: look at them first. What came of it:\n${data(history.slice(-3))}`,
    );
  }
  if (answer !== null) parts.push(`The person's answer:\n${data([answer])}`);
  return parts.join("\n\n");
}
