import { integrationBranch } from "../git/names.ts";
import type { Conflicted, Event } from "../model/event.ts";
import type { TaskState } from "../model/run.ts";
import type { Waiting } from "../model/status.ts";
import type { Run } from "../run/store.ts";
import { shellWord, visible } from "../text/escape.ts";
import { gist } from "../text/gist.ts";
import { duration, oneLine } from "../text/oneLine.ts";
import { isOrphan, type Sight } from "./sight.ts";
import { several } from "../text/layout.ts";

/** Where what a finished run merged is, and how it gets to a branch of the person's. */
export function whereItIs(run: string, inBranch = true): string {
  const where = inBranch ? `; until then it is in ${integrationBranch(run)}` : "";
  return `\`merge --into BRANCH\` brings what is merged to a branch of yours${where}.`;
}

/** What waits for a person, oldest first. */
export function waitingOf(run: Run, sight: Sight): Waiting[] {
  const { state, events, index } = run;
  const began = events[0]?.at ?? "";
  const tasks = [...state.tasks].flatMap(([id, task]): Waiting[] => {
    const about = {
      task: id,
      title: index.tasks.get(id)?.title ?? "",
      text: gist(task.history.at(-1) ?? ""),
      files: [],
    };
    switch (task.status) {
      case "needs-input":
        if (state.held.has(id))
          return [
            {
              ...about,
              kind: "changed",
              text: task.history.at(-1) ?? "",
              since: lastOf(events, "adopted")?.at ?? began,
              place: null,
              todo: [`answer ${shellWord(id)} same`, `answer ${shellWord(id)} new`],
            },
          ];
        return [
          {
            ...about,
            kind: "question",
            since: since(events, id, "needs-input") ?? began,
            place: null,
            todo: answers(id),
          },
        ];
      case "failed":
        return [
          {
            ...about,
            kind: "failed",
            since: since(events, id, "failed") ?? began,
            place: logOf(task),
            todo: again(id),
          },
        ];
      case "conflicted":
        return [
          {
            ...about,
            kind: "conflict",
            since: since(events, id, "conflicted") ?? began,
            files: [...(lastConflict(events, id)?.files ?? [])],
            place: task.place?.worktree ?? null,
            todo: [`retry ${shellWord(id)}`],
          },
        ];
      case "pending":
      case "ready":
      case "running":
      case "verifying":
      case "merging":
      case "done":
      case "merged":
      case "skipped":
      case "cancelled":
        return [];
      default: {
        const never: never = task.status;
        throw new Error(`unknown status ${String(never)}`);
      }
    }
  });
  const whole = { task: null, title: "", files: [], place: null, todo: ["resume"] };
  const stopped: Waiting[] =
    state.stopped === null || state.finished !== null
      ? []
      : [{ ...whole, kind: "stopped", since: lastOf(events, "stopped")?.at ?? began, text: state.stopped }];
  const orphan: Waiting[] = isOrphan(state, sight)
    ? [{ ...whole, kind: "unsupervised", since: events.at(-1)?.at ?? began, text: "nobody supervises the run" }]
    : [];
  const unmerged: Waiting[] = sight.unmerged
    ? [
        {
          ...whole,
          kind: "unmerged",
          since: lastOf(events, "finished")?.at ?? began,
          text: whereItIs(state.run, sight.branch === null),
          todo: ["merge --into BRANCH"],
        },
      ]
    : [];
  const branch: Waiting[] =
    sight.branch === null
      ? []
      : [{ ...whole, kind: "branch", since: lastOf(events, "merged")?.at ?? began, text: sight.branch, todo: [] }];
  return [...tasks, ...stopped, ...orphan, ...unmerged, ...branch].toSorted((a, b) =>
    a.since < b.since ? -1 : a.since > b.since ? 1 : 0,
  );
}

/** What its newest worker printed, relative to the project; null in a session. */
export function logOf(task: Pick<TaskState, "place">): string | null {
  return task.place === null ? null : `${task.place.folder}/output.log`;
}

/** The inbox as text. `call` is how a command of ours is typed, up to the verb. */
export function showInbox(run: Run, waiting: readonly Waiting[], now: Date, call: string): string {
  if (waiting.length === 0) return `Nothing of run ${run.state.run} waits for you.`;
  const items = waiting.map((one) => {
    const age = `${duration((now.getTime() - Date.parse(one.since)) / 1_000)} ago`;
    const id = visible(one.task ?? "");
    const about = one.title === "" ? "" : `  “${oneLine(one.title, 100)}”`;
    const type = one.todo.map((words) => `  ${call} ${words}`);
    const text = oneLine(one.text, 1_000);
    switch (one.kind) {
      case "question":
        return [`? ${id} asks, ${age}:${about}`, `  ${text}`, ...type];
      case "changed":
        return [`? ${id} may be a task of before in other words, ${age}:`, `  ${text}`, ...type];
      case "failed":
        return [
          `✗ ${id} failed, ${age}:${about}`,
          `  ${text}`,
          ...(one.place === null ? [] : [`  Its last words: ${visible(one.place)}`]),
          ...type,
        ];
      case "conflict":
        return [
          `⚡ ${id} cannot be merged, ${age}:${about}`,
          `  ${text}`,
          ...(one.files.length === 0 ? [] : [`  Files: ${several(one.files.map(visible), 8)}`]),
          ...(one.place === null ? [] : resolving(one.place)),
          ...type,
        ];
      case "stopped":
        return [`■ The run was stopped, ${age}: ${text}`, ...type];
      case "unsupervised":
        return [`■ Nobody supervises the run, whose last sign of life came ${age}.`, ...type];
      case "unmerged":
        return ["■ What the run merged is in no branch of yours:", `  ${text}`, ...type];
      case "branch":
        return ["■ The run's own branch is not where the run is:", `  ${text}`, ...type];
      default: {
        const never: never = one.kind;
        throw new Error(`unknown kind ${String(never)}`);
      }
    }
  });
  return items.map((lines) => lines.join("\n")).join("\n\n");
}

/** Its next worker finds both sides laid out, and whatever a person has changed there. */
function resolving(worktree: string): string[] {
  return [
    `  What it did lies in ${visible(worktree)}, for you to look at and change. To have both sides laid out there for its next worker:`,
  ];
}

function answers(task: string): string[] {
  return [`answer ${shellWord(task)} "…"`];
}

function again(task: string): string[] {
  return [`retry ${shellWord(task)}`, `answer ${shellWord(task)} "…"`];
}

function since(events: readonly Event[], task: string, type: Event["type"]): string | null {
  return events.findLast((event) => event.type === type && "task" in event && event.task === task)?.at ?? null;
}

function lastOf(events: readonly Event[], type: Event["type"]): Event | undefined {
  return events.findLast((event) => event.type === type);
}

function lastConflict(events: readonly Event[], task: string): Conflicted | undefined {
  return events.findLast((event) => event.type === "conflicted" && event.task === task) as Conflicted | undefined;
}
