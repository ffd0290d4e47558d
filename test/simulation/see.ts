import { foldOne } from "../../src/run/fold.ts";
import type { Ended, Event } from "../../src/model/event.ts";
import type { TaskState } from "../../src/model/run.ts";
import { checkDispatched } from "./checkDispatched.ts";
import { object, type Instant, type Watch, type Watched } from "./watch.ts";

/** Takes in an event that is in the journal for good. */
export function see(watch: Watch, event: Event, instant: Instant): void {
  const { truth } = watch;
  watch.events++;
  const id = "task" in event && typeof event.task === "string" ? event.task : null;
  const before = id === null ? undefined : truth.tasks.get(id);
  const wasFinished = truth.finished;
  foldOne(truth, event);
  watch.index = truth.index;
  watch.plan = truth.index.plan;
  const after = id === null ? undefined : truth.tasks.get(id);
  if (truth.finished !== null && wasFinished === null) checkFinished(watch);
  seeRun(watch, event, instant);
  const own = id === null ? undefined : watch.tasks.get(id);
  if (id === null || own === undefined || before === undefined || after === undefined || before === after) return;
  if (before.status === "merged" && after.status !== "merged") object(watch, `${id} was merged and is ${after.status}`);
  seeTask(watch, event, { id, own, before, after }, instant);
}

function seeRun(watch: Watch, event: Event, { now, wall }: Instant): void {
  if (event.type === "paused") watch.paused = true;
  if (event.type === "unpaused" || event.type === "adopted") watch.paused = false;
  if (event.type === "unpaused") watch.limits = [];
  if (event.type === "stopped") watch.stopped = true;
  if (event.type === "adopted") watch.stopped = false;
  if ((event.type === "retried" || event.type === "answered") && watch.tasks.has(event.task))
    watch.tasks.get(event.task)!.restAt = -Infinity;
  if (event.type === "ended" && event.outcome === "rate-limit" && watch.truth.tasks.get(event.task)?.claim === null)
    watch.limits.push({ now, wall, length: event.wait * 1_000 });
}

interface Change {
  readonly id: string;
  readonly own: Watched;
  readonly before: TaskState;
  readonly after: TaskState;
}

function seeTask(watch: Watch, event: Event, change: Change, instant: Instant): void {
  const { id, own, before, after } = change;
  if (event.type === "dispatched") {
    if (after.claim === event.claim && after.status === "running") checkDispatched(watch, event, id, instant);
  } else if (event.type === "ended") seeEnded(watch, event, change, instant);
  else if (event.type === "sent-back") {
    own.sentBack++;
    if (own.sentBack > watch.plan.config.sendBacks) object(watch, `${id} was sent back ${own.sentBack} times`);
    if (before.status === "cancelled") object(watch, `${id} was cancelled and sent back`);
  } else if (event.type === "conflicted") {
    own.conflicts++;
    if (own.conflicts > 2 && after.status === "pending")
      object(watch, `${id} was sent to resolve ${own.conflicts} conflicts`);
  } else if (event.type === "answered" || event.type === "retried") {
    own.cancelledAt = null;
    if (after.status !== "pending" || before.status === "pending") return;
    Object.assign(own, { badEnds: 0, sentBack: 0, conflicts: 0 });
    if (after.restarts + after.sendBacks + after.conflicts > 0)
      object(watch, `${id} is tried again with the counts of before`);
  } else if (event.type === "failed" || event.type === "needs-input") {
    if (before.status === "cancelled") object(watch, `${id} was cancelled and is ${after.status}`);
  } else if (event.type === "verified") {
    if (before.status !== "verifying") object(watch, `${id} was ${before.status} and is verified`);
  } else if (event.type === "cancelled") own.cancelledAt = instant.now;
  else if (event.type === "merged") {
    if (own.cancelledAt !== null && own.cancelledAt < instant.now) object(watch, `${id} was cancelled and then merged`);
    checkMerged(watch, event.commit, change);
  }
}

function seeEnded(watch: Watch, event: Ended, { id, own, before, after }: Change, { now }: Instant): void {
  if (own.live === event.claim) object(watch, `the end of ${id} stands in the journal and its worker lives`);
  if (event.outcome !== "rate-limit" && event.wait > 0) own.restAt = now + event.wait * 1_000;
  if (free.has(event.outcome) && after.restarts !== before.restarts)
    object(watch, `${event.outcome} cost ${id} a restart`);
  if (before.status === "running" && !free.has(event.outcome)) own.badEnds++;
}

const free: ReadonlySet<string> = new Set([
  "finished",
  "stopped",
  "rate-limit",
  "lost",
  "permission",
  "unstartable",
  "budget",
]);

function checkMerged(watch: Watch, commit: string, { id, before }: Change): void {
  const made = watch.commits.get(commit);
  if (watch.merged.has(id)) object(watch, `${id} was merged twice`);
  watch.merged.add(id);
  if (made === undefined) return object(watch, `${id} was merged as ${commit}, which nobody made`);
  if (made.parent !== watch.head) object(watch, `the merge of ${id} stands on ${made.parent}, not on ${watch.head}`);
  if (made.work !== before.commit) object(watch, `${id} was verified as ${before.commit} and merged as ${made.work}`);
  watch.head = commit;
}

function checkFinished({ truth, tasks, violations }: Watch): void {
  for (const [id, { status }] of truth.tasks)
    if (!["done", "merged", "failed", "skipped", "cancelled"].includes(status))
      violations.push(`the run is finished and ${id} is ${status}`);
  for (const [id, { live }] of tasks)
    if (live !== null) violations.push(`the run is finished and the worker ${live} of ${id} lives`);
}
