import { indexPlan } from "../run/planIndex.ts";
import { digraph } from "../graph/digraph.ts";
import { tails } from "../graph/longestPath.ts";
import { topologicalOrder } from "../graph/topologicalOrder.ts";
import type { Revisions } from "../run/folding.ts";
import type { Event } from "../model/event.ts";
import { isOpen } from "../model/isOpen.ts";
import type { Metrics, RunMetrics } from "../model/metrics.ts";
import type { Plan } from "../model/plan.ts";
import { causeOf, normalised } from "./cause.ts";
import { minutesOf, united, without, type Span } from "./spans.ts";
import { timelineOf, type Timeline } from "./timeline.ts";

/** What a run was, measured: a pure function of its plans and its events, so that it can be computed again at any time. */
export function metricsOf(plan: Plan, events: readonly Event[], revisions?: Revisions): RunMetrics {
  const line = timelineOf(indexPlan(plan), events, revisions);
  const { state, whole, attempts } = line;
  const gaps = idle(line);
  const wall =
    whole === null ? 0 : minutesOf(without([whole], [...gaps.paused, ...gaps.stopped, ...gaps.unsupervised]));
  const worked = new Map<string, number>();
  for (const { task, minutes } of attempts) worked.set(task, (worked.get(task) ?? 0) + minutes);
  const taken = new Set(
    [...state.tasks].flatMap(([id, { status }]) => (status === "done" || status === "merged" ? id : [])),
  );
  const last = new Map(attempts.map((attempt) => [attempt.task, attempt.minutes]));
  const work = sum(worked.values());
  const successfulWork = sum([...last].flatMap(([id, minutes]) => (taken.has(id) ? minutes : [])));
  const longestChain = chain(plan, worked);
  const launched = [...worked.keys()];
  const { sendBacks, restarts, retries, conflicts } = line;
  const succeeded = launched.filter((id) => taken.has(id)).length;
  const failed = launched.filter((id) => state.tasks.get(id)?.status === "failed").length;
  const own = [...state.tasks.values()];
  return {
    run: state.run,
    source: plan.source,
    engine: state.engine,
    startedAt: whole === null ? null : new Date(whole.from).toISOString(),
    endedAt: whole === null ? null : new Date(whole.to).toISOString(),
    finished: state.finished,
    workers: plan.config.maxWorkers,
    tasks: {
      planned: plan.tasks.filter(isOpen).length,
      launched: launched.length,
      succeeded,
      failed,
      other: launched.length - succeeded - failed,
    },
    minutes: {
      wall,
      paused: minutesOf(gaps.paused),
      stopped: minutesOf(gaps.stopped),
      unsupervised: minutesOf(gaps.unsupervised),
      limited: whole === null ? 0 : minutesOf(within(line.limited, whole)),
      work,
      successfulWork,
      longestChain,
      overhead: Math.max(0, wall - longestChain),
    },
    speedup: ratio(successfulWork, wall),
    utilisation: ratio(work, wall * plan.config.maxWorkers),
    successRate: ratio(succeeded, launched.length),
    rework: {
      sendBacks,
      restarts,
      retries,
      conflicts,
      perTask: ratio(sendBacks + restarts + retries + conflicts, launched.length),
    },
    tokens: sum(own.map(({ tokens }) => tokens)),
    dollars: sum(own.map(({ dollars }) => dollars)),
    forecast: {
      minutes: plan.forecast.expectedMinutes,
      speedup: plan.forecast.speedup,
      actualOverForecast: state.finished === null ? null : ratio(wall, plan.forecast.expectedMinutes),
    },
    byTask: plan.tasks.map(({ id, title, estimate, status }) => {
      const task = state.tasks.get(id);
      const actual = worked.get(id) ?? null;
      return {
        id,
        title,
        status: task?.status ?? status,
        estimate,
        actual,
        actualOverEstimate: actual === null ? null : ratio(actual, estimate),
        attempts: task?.attempts ?? 0,
        tokens: task?.tokens ?? 0,
        dollars: task?.dollars ?? 0,
      };
    }),
    failures: alike(line.reasons),
  };
}

/** Runs by month of their first launch, oldest first. Runs that launched nothing are in no month. */
export function byMonth(runs: readonly RunMetrics[]): Metrics["months"] {
  const months = new Map<string, RunMetrics[]>();
  for (const run of runs) {
    if (run.startedAt === null) continue;
    const month = run.startedAt.slice(0, 7);
    months.set(month, [...(months.get(month) ?? []), run]);
  }
  return [...months]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([month, some]) => {
      const launched = sum(some.map(({ tasks }) => tasks.launched));
      const speedups = some.flatMap(({ speedup }) => speedup ?? []);
      const reasons = new Map<string, number>();
      for (const { reason, times } of some.flatMap(({ failures }) => failures))
        reasons.set(reason, (reasons.get(reason) ?? 0) + times);
      return {
        month,
        runs: some.length,
        tasks: launched,
        speedup: ratio(sum(speedups), speedups.length),
        successRate: ratio(sum(some.map(({ tasks }) => tasks.succeeded)), launched),
        reworkPerTask: ratio(
          sum(some.map(({ rework }) => rework.sendBacks + rework.restarts + rework.retries + rework.conflicts)),
          launched,
        ),
        tokens: sum(some.map(({ tokens }) => tokens)),
        dollars: sum(some.map(({ dollars }) => dollars)),
        failures: mostFrequent(reasons).slice(0, 3),
      };
    });
}

/** Pauses, stops and times without a supervisor in which no worker was at work; each stretch in one of them only. */
function idle({ whole, attempts, ...line }: Timeline): Record<"paused" | "stopped" | "unsupervised", Span[]> {
  if (whole === null) return { paused: [], stopped: [], unsupervised: [] };
  const stopped = within(without(line.stopped, attempts), whole);
  const paused = within(without(line.paused, [...attempts, ...stopped]), whole);
  const unsupervised = within(without(line.unsupervised, [...attempts, ...stopped, ...paused]), whole);
  return { paused, stopped, unsupervised };
}

function within(spans: readonly Span[], { from, to }: Span): Span[] {
  return united(spans.map((span) => ({ from: Math.max(span.from, from), to: Math.min(span.to, to) })));
}

/** The longest chain of dependencies by the minutes that tasks really took. */
function chain(plan: Plan, worked: ReadonlyMap<string, number>): number {
  const position = new Map(plan.tasks.map(({ id }, node) => [id, node]));
  const edges = plan.edges.flatMap(({ from, to }) => {
    const [source, target] = [position.get(from), position.get(to)];
    return source === undefined || target === undefined ? [] : [{ source, target }];
  });
  const graph = digraph(
    plan.tasks.length,
    edges.map(({ source }) => source),
    edges.map(({ target }) => target),
  );
  const lengths = Float64Array.from(plan.tasks, ({ id }) => worked.get(id) ?? 0);
  return Math.max(0, ...tails(graph, lengths, topologicalOrder(graph)));
}

/** Reasons that mean the same, with how often each was met; by the known cause where there is one. */
function alike(reasons: Timeline["reasons"]): { reason: string; times: number }[] {
  const shown = new Map<string, string>();
  const times = new Map<string, number>();
  for (const { task, words } of reasons) {
    const cause = causeOf(words)?.what;
    const key = cause ?? normalised(words, task);
    if (!shown.has(key)) shown.set(key, cause ?? words.replaceAll(/\s+/g, " ").trim().slice(0, 160));
    times.set(key, (times.get(key) ?? 0) + 1);
  }
  return mostFrequent(new Map([...times].map(([key, number]) => [shown.get(key) ?? key, number])));
}

function mostFrequent(times: ReadonlyMap<string, number>): { reason: string; times: number }[] {
  return [...times].map(([reason, number]) => ({ reason, times: number })).toSorted((a, b) => b.times - a.times);
}

function ratio(part: number, whole: number): number | null {
  return whole > 0 ? part / whole : null;
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
