import { describe, expect, test } from "vitest";
import { lowerBound } from "../../src/plan/lowerBound.ts";
import { startable } from "../../src/plan/live.ts";
import { expectedMakespan } from "../../src/plan/forecast.ts";
import { normals } from "../../src/plan/noise.ts";
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

describe.runIf(instancesExist)("the forecast", () => {
  test("is nearer to what a run takes than the best schedule is, as soon as estimates are off", () => {
    const list = instances("agentplan");
    const rows = [0.2, 0.4, 0.8].map((spread) => {
      const errors = list.map(({ problem }, index) => {
        const made = Array.from({ length: 41 }, (_, run) => {
          const normal = normals(1000 * (index + 1) + run);
          const actual = problem.durations.map((minutes) => minutes * Math.exp(spread * normal()));
          return makespan(simulate(problem, actual), actual);
        }).toSorted((a, b) => a - b);
        const realised = made[20] ?? 0;
        const off = (minutes: number): number => 100 * Math.abs(minutes / realised - 1);
        return [off(expectedMakespan(problem)), off(bestSchedule(problem).minutes)] as const;
      });
      return [spread, mean(errors.map(([ours]) => ours)), mean(errors.map(([, best]) => best))] as const;
    });
    show(
      table(
        ["mean error of the forecast, %", "expected", "best schedule"],
        rows.map(([spread, ours, best]) => [`σ = ${spread}`, ours.toFixed(1), best.toFixed(1)]),
      ),
    );
    for (const [, ours, best] of rows.slice(1)) expect(ours).toBeLessThan(best);
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
