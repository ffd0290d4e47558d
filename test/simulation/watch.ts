import type { PlanIndex } from "../../src/run/planIndex.ts";
import { beginFold } from "../../src/run/fold.ts";
import type { Folding, Revisions } from "../../src/run/folding.ts";
import type { Plan } from "../../src/model/plan.ts";

/**
 * Who looks on and holds every promise of the engine against what really happens. What it concludes it concludes from the
 * plan and the raw events, not from the rules of the engine, which may be wrong.
 */
export interface Watch {
  plan: Plan;
  index: PlanIndex;
  readonly violations: string[];
  /** The journal folded as far as it was flushed. */
  truth: Folding;
  /** Lines of the journal in `truth`. */
  seen: number;
  events: number;
  readonly tasks: ReadonlyMap<string, Watched>;
  /** Claims that were ever accepted. */
  readonly claims: Set<string>;
  paused: boolean;
  stopped: boolean;
  /** Rate limits that nobody lifted: when each was met on both clocks, and its milliseconds. */
  limits: { readonly now: number; readonly wall: number; readonly length: number }[];
  /** Each merge commit with its parent, and the verified commit that it brings in. */
  readonly commits: Map<string, { readonly parent: string; readonly work: string }>;
  head: string;
  readonly merged: Set<string>;
  /** Dollars that workers really cost, as their keepers wrote down. */
  spent: number;
  launches: number;
  firstLaunch: number | null;
}

/** What the watch keeps of a task; counts begin anew when a person has a hand in it. */
export interface Watched {
  live: string | null;
  badEnds: number;
  sentBack: number;
  conflicts: number;
  /** Not before this moment may it start again. */
  restAt: number;
  /** When a person cancelled it, unless they took that back. */
  cancelledAt: number | null;
  spent: number;
  launches: number;
  /** Milliseconds of its newest worker. */
  worked: number;
}

/** The moment at which an event came to stand in the journal, and since when the present supervisor has the run. */
export interface Instant {
  readonly now: number;
  readonly wall: number;
  readonly reign: { readonly now: number; readonly wall: number };
}

export function beginWatch(index: PlanIndex, revisions: Revisions): Watch {
  const { plan } = index;
  return {
    plan,
    index,
    violations: [],
    truth: beginFold(index, revisions),
    seen: 0,
    events: 0,
    tasks: new Map(
      plan.tasks.map(({ id }) => [
        id,
        {
          live: null,
          badEnds: 0,
          sentBack: 0,
          conflicts: 0,
          restAt: -Infinity,
          cancelledAt: null,
          spent: 0,
          launches: 0,
          worked: 0,
        },
      ]),
    ),
    claims: new Set(),
    paused: false,
    stopped: false,
    limits: [],
    commits: new Map(),
    head: plan.base ?? "",
    merged: new Set(),
    spent: 0,
    launches: 0,
    firstLaunch: null,
  };
}

export function object(watch: Watch, violation: string): void {
  if (watch.violations.length < 20) watch.violations.push(violation);
}
