import * as fc from "fast-check";
import type { Demand, Problem } from "../../src/plan/problem.ts";
import { makeProblem } from "../../src/plan/problem.ts";
import { acyclicGraphs } from "../graph/arbitrary.ts";

/** Any problem of up to `largest` tasks: workers, some tasks that want them all, and locks with several units. */
export function problems(largest: number): fc.Arbitrary<Problem> {
  return acyclicGraphs(largest).chain((graph) =>
    fc
      .record({
        durations: fc.array(fc.oneof(fc.integer({ min: 0, max: 9 }), fc.double({ min: 0.1, max: 9, noNaN: true })), {
          minLength: graph.n,
          maxLength: graph.n,
        }),
        capacities: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 4 }),
        wanted: fc.array(fc.array(fc.nat(3), { minLength: 4, maxLength: 4 }), {
          minLength: graph.n,
          maxLength: graph.n,
        }),
      })
      .map(({ durations, capacities, wanted }) => {
        const demands = wanted.flatMap((amounts, node) =>
          capacities.flatMap((capacity, resource): Demand[] => {
            const amount = Math.min(capacity, Math.max(resource === 0 ? 1 : 0, amounts[resource] ?? 0));
            return amount === 0 ? [] : [{ node, resource, amount }];
          }),
        );
        return makeProblem(graph, Float64Array.from(durations), Int32Array.from(capacities), demands);
      }),
  );
}
