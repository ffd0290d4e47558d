import { type Engine, isLimited } from "../../src/engines/headless/engine/engine.ts";
import type { RunState } from "../../src/model/run.ts";
import { couldStart } from "./rules.ts";
import { object, type Watch } from "./watch.ts";
import { wall, type World } from "./world.ts";

/** Two states that are folds of one journal are the same in all their parts. */
export function checkSame(watch: Watch, state: RunState, what: string): void {
  const difference = differenceOf(watch.truth, state, "");
  if (difference !== null) object(watch, `${what} differs from the journal's at ${difference}`);
}

function differenceOf(one: unknown, other: unknown, path: string): string | null {
  if (Object.is(one, other)) return null;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return path;
  if (one instanceof Map && other instanceof Map) {
    if (one.size !== other.size) return `${path}.size`;
    for (const [key, value] of one) {
      const difference = differenceOf(value, other.get(key), `${path}.${String(key)}`);
      if (difference !== null) return difference;
    }
    return null;
  }
  if (one instanceof Set && other instanceof Set)
    return one.size === other.size && [...one].every((item) => other.has(item)) ? null : path;
  const keys = Object.keys(one);
  if (keys.length !== Object.keys(other).length) return path;
  for (const key of keys) {
    const difference = differenceOf(one[key as keyof object], other[key as keyof object], `${path}.${key}`);
    if (difference !== null) return difference;
  }
  return null;
}

/**
 * When a turn is over, no worker idles: what could start has started, unless a limit, a rest or a budget forbids it. That is
 * what makes a run without barriers.
 */
export function checkIdle(world: World, engine: Engine, cap: number): void {
  const { watch, plan, now } = world;
  const { state, busy } = engine;
  for (const [id, { status, claim }] of state.tasks) {
    const unwanted = status === "cancelled" || (state.stopped !== null && status === "running");
    if (state.supervisor?.token === engine.token && unwanted && claim !== null && !busy.has(`stop ${id}`))
      return object(watch, `the worker of ${id} is not asked to end`);
  }
  const { budgetPerRun, verify } = plan.config;
  if (state.supervisor?.token !== engine.token || watch.paused || watch.stopped || state.finished !== null) return;
  if (budgetPerRun !== undefined || isLimited(engine, now, wall(world))) return;
  if (verify.length > 0 && !state.checks.some((check) => check.when === "baseline" && check.last)) return;
  if ([...busy].filter((key) => key.startsWith("worker ")).length >= cap) return;
  for (const { id } of plan.tasks) {
    if (busy.has(`worker ${id}`) || (engine.wakeAt.get(id) ?? 0) > now) continue;
    if (couldStart(plan, state, id)) return object(watch, `${id} could start and is not started`);
  }
}
