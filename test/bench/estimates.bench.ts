import { describe, expect, test } from "vitest";
import { lowerBound } from "../../src/plan/lowerBound.ts";
import { startable } from "../../src/plan/live.ts";
import { makeProblem, type Demand, type Problem } from "../../src/plan/problem.ts";
import { bestSchedule } from "../../src/plan/schedule.ts";
import { makespan, simulate, type Dispatch } from "../plan/simulate.ts";
import { asListed, byLevels, inBatches, inOrderOf } from "./dispatches.ts";
import { instances, instancesExist } from "./instances.ts";
import { mean, show, table } from "./table.ts";

const spreads = [0, 0.3, 0.6, 1];

/** Ways to run a list, each given the problem as estimated. */
const ways: readonly [string, (problem: Problem) => Dispatch][] = [
  ["batches, each waited for", () => inBatches],
  ["levels with a pool of workers", byLevels],
  ["no barrier, as listed", () => asListed],
  ["no barrier, order of the forecast", (problem) => inOrderOf(bestSchedule(problem).starts)],
  ["no barrier, longest tail (a live run)", () => startable],
];

describe.runIf(instancesExist)("wrong estimates", () => {
  test("a live run stays the best way, or within one percent of it, however wrong the estimates are", () => {
    const list = instances("agentplan");
    const results = ways.map(([name, way]) => ({
      name,
      above: spreads.map((spread) =>
        mean(
          list.map(({ problem }, index) => {
            const normal = normals(index + 1);
            // The median of a task's actual minutes is its estimate.
            const actual = problem.durations.map((minutes) => minutes * Math.exp(spread * normal()));
            const bound = lowerBound(withDurations(problem, actual));
            return 100 * (makespan(simulate(problem, actual, way(problem)), actual) / bound - 1);
          }),
        ),
      ),
    }));
    const head = ["% above what nobody can beat", ...spreads.map((spread) => `σ = ${spread}`)];
    show(
      table(
        head,
        results.map(({ name, above }) => [name, ...above.map((value) => value.toFixed(1))]),
      ),
    );
    const live = results.at(-1)?.above ?? [];
    for (const column of [2, 3]) {
      const best = Math.min(...results.map(({ above }) => above[column] ?? 0));
      expect(live[column]).toBeLessThanOrEqual(best + 1);
    }
    for (const { above } of results.slice(0, 3)) {
      for (const [column, value] of above.entries()) expect(live[column]).toBeLessThan(value);
    }
  });
});

function withDurations(problem: Problem, durations: Float64Array): Problem {
  const demands: Demand[] = [];
  for (let node = 0; node < problem.graph.n; node++) {
    for (let k = problem.demandStart[node] ?? 0; k < (problem.demandStart[node + 1] ?? 0); k++) {
      demands.push({ node, resource: problem.demandResource[k] ?? 0, amount: problem.demandAmount[k] ?? 0 });
    }
  }
  return makeProblem(problem.graph, durations, problem.capacities, demands);
}

/** Normally distributed numbers, the same for the same seed (mulberry32 and Box-Muller 1958). */
function normals(seed: number): () => number {
  let state = seed;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}
