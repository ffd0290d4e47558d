import type { Ended, HeadlessEvent, SentBack } from "../model/event.ts";
import type { PlanIndex } from "./planIndex.ts";
import { isSatisfied } from "./whyNot.ts";
import type { TaskState } from "../model/run.ts";
import { change, end, type Folding } from "./folding.ts";

/** Adds one event of the headless engine. What a worker of an older claim says or suffers changes nothing. */
export function foldHeadless(state: Folding, index: PlanIndex, event: HeadlessEvent): void {
  switch (event.type) {
    case "supervised":
      if ((state.supervisor?.token ?? null) === event.after) state.supervisor = event;
      else state.refused.add(event.token);
      return;
    case "released":
      if (state.supervisor?.token === event.token) state.supervisor = null;
      return;
    case "spawned":
      if (state.tasks.get(event.task)?.claim === event.claim) change(state, event.task, { keeper: event.keeper });
      return;
    case "receipt":
      if (state.tasks.get(event.task)?.claim === event.claim) change(state, event.task, { worker: event.session });
      return;
    case "ended":
      return ended(state, event);
    case "verified": {
      const task = state.tasks.get(event.task);
      if (task?.status !== "verifying") return;
      const { commit, summary, files } = event;
      const strayed = event.strayed.length === 0 ? [] : [`changed ${event.strayed.join(", ")}, which is not its own`];
      const concerns = [...event.concerns, ...strayed];
      return change(state, event.task, { status: "merging", commit, summary, files, concerns, claim: null });
    }
    case "merging":
      return;
    case "merged":
      // Cancelled at the same instant, it is in the integration branch all the same, and so is what was merged after it.
      if (!["merging", "cancelled", "pending"].includes(state.tasks.get(event.task)?.status ?? "")) return;
      state.head = event.commit;
      state.merged.push(event.task);
      return change(state, event.task, { status: "merged", commit: event.commit, endedAt: event.at, claim: null });
    case "conflicted": {
      const task = state.tasks.get(event.task);
      // While it is looked at, when its worker left a conflict as it was once too often.
      if (task?.status !== "merging" && task?.status !== "verifying") return;
      const files = event.files.join(", ");
      const others = event.with.length === 0 ? "" : `, changed by ${event.with.join(", ")} as well`;
      return change(state, event.task, {
        status: event.next === "worker" ? "pending" : "conflicted",
        claim: null,
        conflicts: task.conflicts + 1,
        history: [...task.history, `its merge conflicts in ${files}${others}`],
      });
    }
    case "collision":
      return;
    case "paused":
      state.paused = true;
      return;
    case "unpaused":
      state.paused = false;
      state.limits = [];
      state.untold = null;
      return;
    case "cancelled": {
      const own = state.tasks.get(event.task);
      if (own === undefined || own.status === "merged" || own.status === "done") return;
      // A worker that may live keeps its claim until it has ended.
      const claim = own.status === "verifying" ? null : own.claim;
      return change(state, event.task, { status: "cancelled", endedAt: event.at, claim });
    }
    case "skipped":
      // A person may have asked for what it waits for once more at the same instant.
      if (state.tasks.get(event.task)?.status !== "pending" || !isInVain(state, index, event.task)) return;
      return end(state, event.task, "skipped", event.reason, event.at);
    default: {
      const never: never = event;
      throw new Error(`unknown event ${JSON.stringify(never)}`);
    }
  }
}

function ended(state: Folding, event: Ended): void {
  const task = state.tasks.get(event.task);
  if (task === undefined || task.claim !== event.claim) return;
  if (event.outcome === "rate-limit") state.limits.push({ seconds: event.wait, at: event.at });
  state.untold = untoldAfter(state.untold, event);
  const running = task.status === "running";
  const finished = event.outcome === "finished";
  change(state, event.task, {
    status: !running ? task.status : finished ? "verifying" : "pending",
    // Verifying looks at the work of this claim; everything else begins with a new one.
    claim: running && finished ? task.claim : null,
    keeper: null,
    worker: event.session ?? task.worker,
    attempts: event.outcome === "rate-limit" ? task.attempts - 1 : task.attempts,
    restarts: running && !finished && !blameless.has(event.outcome) ? task.restarts + 1 : task.restarts,
    wait: event.outcome === "rate-limit" ? 0 : event.wait,
    tokens: task.tokens + event.tokens,
    dollars: task.dollars + event.dollars,
    seconds: task.seconds + event.seconds,
    history: finished || event.outcome === "stopped" ? task.history : [...task.history, event.reason],
  });
}

/** Workers that meet a limit together are one round: nothing was launched between their ends. */
function untoldAfter(before: Folding["untold"], { outcome, untold, wait }: Ended): Folding["untold"] {
  if (outcome === "stopped" || outcome === "lost") return before;
  if (outcome !== "rate-limit" || untold !== true) return null;
  if (before !== null && !before.fresh) return before;
  return { rounds: (before?.rounds ?? 0) + 1, seconds: (before?.seconds ?? 0) + wait, wait, fresh: false };
}

/** Ends that are nobody's fault, and those after which the task, or the whole run, ends anyway: nothing is held against the task. */
const blameless: ReadonlySet<string> = new Set([
  "rate-limit",
  "stopped",
  "lost",
  "permission",
  "unstartable",
  "budget",
]);

/** A headless worker has ended by then: another one is launched with the reason. */
export function sentBack(state: Folding, { task: id, reason }: SentBack): void {
  const task = state.tasks.get(id);
  if (task === undefined) return;
  const fields: Partial<TaskState> = {
    status: "pending",
    claim: null,
    sendBacks: task.sendBacks + 1,
    history: [...task.history, reason],
  };
  change(state, id, fields, ["verifying", "merging"]);
}

/** Whether a headless task is beyond what can be said of its work: cancelled by a person at the same instant, or merged. */
export function isSettled(state: Folding, id: string): boolean {
  const status = state.tasks.get(id)?.status;
  return state.engine === "headless" && (status === "cancelled" || status === "merged");
}

/** Whether nothing is left that could still run, or that waits for a person. */
export function isAllEnded(state: Folding): boolean {
  return [...state.tasks.values()].every(({ status }) => ends.has(status));
}

const ends: ReadonlySet<string> = new Set(["done", "merged", "failed", "cancelled", "skipped"]);

/** Whether something that a task needs came to an end without success. */
function isInVain(state: Folding, index: PlanIndex, id: string): boolean {
  return (index.needs.get(id) ?? []).some(
    (need) =>
      !isSatisfied(index, state, need) &&
      ["failed", "cancelled", "skipped"].includes(state.tasks.get(need)?.status ?? ""),
  );
}
