import type { PlanIndex } from "../run/planIndex.ts";
import { beginFold, foldOne } from "../run/fold.ts";
import type { Revisions } from "../run/folding.ts";
import type { Event } from "../model/event.ts";
import type { RunState } from "../model/run.ts";
import type { Span } from "./spans.ts";

/** One worker at one task, from its claim to its end. */
export interface Attempt extends Span {
  readonly task: string;
  /** Minutes that the worker took: as its keeper measured them, else `to` less `from`. */
  readonly minutes: number;
}

/** What happened when. Times are those of the events; a clock that was set back makes a stretch empty, never negative. */
export interface Timeline {
  /** As it is after the last event. */
  readonly state: RunState;
  /** From the first launch to the end, or to the last event so far; null when nothing was launched. */
  readonly whole: Span | null;
  readonly attempts: readonly Attempt[];
  readonly paused: readonly Span[];
  readonly stopped: readonly Span[];
  readonly unsupervised: readonly Span[];
  readonly limited: readonly Span[];
  readonly sendBacks: number;
  readonly restarts: number;
  readonly retries: number;
  readonly conflicts: number;
  /** Why workers and tasks failed, each with its task. */
  readonly reasons: readonly { readonly task: string; readonly words: string }[];
}

/** Reads a run's events over its plan. Claims that were refused and workers of older claims count for nothing, as in the fold. */
export function timelineOf(index: PlanIndex, events: readonly Event[], revisions?: Revisions): Timeline {
  const state = beginFold(index, revisions);
  const attempts: Attempt[] = [];
  const spans = { paused: [] as Span[], stopped: [] as Span[], unsupervised: [] as Span[], limited: [] as Span[] };
  const open = new Map<string, { claim: string; from: number }>();
  const reasons: { task: string; words: string }[] = [];
  const counted = { sendBacks: 0, restarts: 0, retries: 0, conflicts: 0 };
  let first: number | null = null;
  let last: number | null = null;
  let finishedAt: number | null = null;
  let pausedAt: number | null = null;
  let stoppedAt: number | null = null;
  let releasedAt: number | null = null;

  const close = (task: string, to: number, minutes?: number): void => {
    const claim = open.get(task);
    open.delete(task);
    if (claim === undefined) return;
    const end = Math.max(claim.from, minutes === undefined ? to : Math.min(to, claim.from + minutes * 60_000));
    attempts.push({ task, from: claim.from, to: end, minutes: minutes ?? (end - claim.from) / 60_000 });
  };
  const unpause = (at: number): void => {
    if (pausedAt !== null) spans.paused.push({ from: pausedAt, to: at });
    pausedAt = null;
  };
  const goOn = (at: number): void => {
    if (stoppedAt !== null) spans.stopped.push({ from: stoppedAt, to: at });
    stoppedAt = null;
  };

  for (const event of events) {
    const at = Date.parse(event.at);
    if (Number.isNaN(at)) continue;
    const had = state.supervisor;
    foldOne(state, event);
    switch (event.type) {
      case "dispatched":
        if (state.refused.has(event.claim) || !state.tasks.has(event.task)) break;
        open.set(event.task, { claim: event.claim, from: at });
        first ??= at;
        break;
      case "ended":
        if (open.get(event.task)?.claim !== event.claim) break;
        close(event.task, at, event.seconds / 60);
        if (event.outcome === "rate-limit") spans.limited.push({ from: at, to: at + event.wait * 1_000 });
        else if (event.outcome !== "finished" && event.outcome !== "stopped") {
          counted.restarts++;
          reasons.push({ task: event.task, words: event.reason });
        }
        break;
      case "lost":
        if (open.has(event.task)) counted.restarts++;
        close(event.task, at);
        break;
      case "done":
      case "needs-input":
        close(event.task, at);
        break;
      case "failed":
        // The end of its last worker was counted with the same words.
        if (!event.reason.startsWith(reasons.findLast(({ task }) => task === event.task)?.words || "\0"))
          reasons.push({ task: event.task, words: event.reason });
        close(event.task, at);
        break;
      case "sent-back":
        counted.sendBacks++;
        break;
      case "conflicted":
        counted.conflicts++;
        break;
      case "retried":
      case "answered":
        counted.retries++;
        if (state.finished === null && state.stopped === null) goOn(at);
        break;
      case "paused":
        pausedAt ??= at;
        break;
      case "unpaused":
        unpause(at);
        spans.limited = spans.limited.map(({ from, to }) => ({ from, to: Math.min(to, Math.max(from, at)) }));
        break;
      case "stopped":
        stoppedAt ??= at;
        break;
      case "finished":
        // One that came too early counts for nothing.
        if (state.finished === null) break;
        finishedAt = at;
        stoppedAt ??= at;
        break;
      case "released":
        releasedAt ??= at;
        break;
      case "adopted":
        if (stoppedAt === null && last !== null) spans.unsupervised.push({ from: last, to: at });
        unpause(at);
        goOn(at);
        break;
      case "supervised": {
        const from = had === null ? releasedAt : last;
        if (state.supervisor?.token !== event.token) break;
        if (from !== null) spans.unsupervised.push({ from, to: at });
        releasedAt = null;
        break;
      }
      case "started":
      case "handed-back":
      case "launched":
      case "measured":
      case "reported":
      case "checking":
      case "checked":
      case "ticked":
      case "not-ticked":
      case "mirrored":
      case "nudged":
      case "repaired":
      case "spawned":
      case "receipt":
      case "verified":
      case "merging":
      case "merged":
      case "collision":
      case "cancelled":
      case "skipped":
        break;
      default: {
        const never: never = event;
        throw new Error(`unknown event ${JSON.stringify(never)}`);
      }
    }
    last = Math.max(last ?? at, at);
  }
  const over = state.finished !== null ? finishedAt : state.stopped !== null ? stoppedAt : last;
  const end = Math.max(first ?? 0, over ?? 0);
  for (const task of open.keys()) close(task, end);
  if (pausedAt !== null) unpause(end);
  return {
    state,
    whole: first === null ? null : { from: first, to: end },
    attempts,
    ...spans,
    ...counted,
    reasons,
  };
}
