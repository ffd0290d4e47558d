import { visibleLines } from "../text/escape.ts";
import { fenced, fenceRule, newFence, quotedPath } from "../text/fence.ts";
import { readCurrent } from "../run/current.ts";
import { findLists } from "./sources.ts";

/** What may be typed after the slash command. */
const forms = [
  "/orchestrate specs/007/tasks.md          a file, or the folder that holds the list: a preview, then your go",
  "/orchestrate these tasks: 1. … 2. …      a list typed by hand, on one line or many",
  "/orchestrate 1234                        a GitHub issue with sub-issues or a list in it; owner/repo#1234; its link",
  "/orchestrate tasks 3-8 [in parallel]     some tasks of the project's list",
  "/orchestrate start tasks.md              the same without the question: starts at once",
  "/orchestrate start Stream-B              a stream, phase or story at once; asks first when it waits for others",
  "/orchestrate plan tasks.md               the preview alone, as with --dry-run anywhere; writes nothing",
  "/orchestrate status | stop | resume | retry T012 | explain T003 T007 | answer T012 … | logs T012",
  "/orchestrate inbox | pause | merge --into BRANCH | metrics | doctor | clean      of headless runs",
  "/parallel-orchestrate tasks.md           headless agents, each in a worktree of its own (or --headless)",
  "/parallel-orchestrate --retry            tries again what failed, and goes on",
  "--tasks 1,2,5-8                          these tasks of the list alone",
  "--max-workers N, --timeout SECONDS       at most N agents at once; how long a headless one may take",
];

/** The forms, the lists of the project, and whether a run is open in it. */
export function usage(project: string): string {
  const lists = findLists(project).slice(0, 10);
  const current = readCurrent(project);
  const open = current?.open === true ? [`A run (${current.run}) is open: \`/orchestrate status\`.`] : [];
  const found =
    lists.length === 0
      ? ["No task list was found in this project."]
      : ["Task lists in this project:", ...lists.map((list) => `  ${quotedPath(list)}`)];
  return [...forms.map((line) => `  ${line}`), "", ...found, ...open, ""].join("\n");
}

/** The answer to a request that cannot be meant as it stands. */
export function notUnderstood(what: string, instead: string): string {
  return [
    "Not understood; nothing was done.",
    `Found: ${visibleLines(what)}`,
    `What works: ${visibleLines(instead)}`,
    "",
    ...forms.map((line) => `  ${line}`),
    "",
    "Tell the person.",
    "",
  ].join("\n");
}

/** The first of some file names, and how many more there are. */
export function shortList(lists: readonly string[]): string {
  return `${lists.slice(0, 8).map(quotedPath).join(", ")}${lists.length > 8 ? ` and ${lists.length - 8} more` : ""}`;
}

/** Other people's words as the model gets them from a request: between marks, with the rule that goes with them. */
export function asData(shown: string): string {
  const fence = newFence();
  return `${fenceRule(fence)}\n${fenced(fence, shown)}\n`;
}
