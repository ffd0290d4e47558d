import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import * as z from "zod";
import { digraph } from "../../src/graph/digraph.ts";
import { makeProblem, type Demand, type Problem } from "../../src/plan/problem.ts";

/** The published instances, kept beside the project; not part of it. */
const folder = resolve(import.meta.dirname, "../../../shared/data/schedules");

export const instancesExist = existsSync(folder);

export interface Instance {
  readonly name: string;
  readonly problem: Problem;
  /** Length of the longest chain. */
  readonly chain: number;
  /** Best known bounds of the makespan; equal when the optimum is proven. */
  readonly lower: number;
  readonly upper: number;
}

const Row = z.object({
  name: z.string(),
  n: z.int(),
  cap: z.array(z.int()),
  dur: z.array(z.number()),
  dem: z.array(z.array(z.int())).optional(),
  sdem: z.array(z.array(z.tuple([z.int(), z.int()]))).optional(),
  succ: z.array(z.array(z.int())),
  cpm: z.number(),
  lb: z.number(),
  ub: z.number(),
});

export function instances(set: "j30" | "j120" | "agentplan"): Instance[] {
  const rows = z.array(Row).parse(JSON.parse(readFileSync(resolve(folder, `${set}.json`), "utf8")));
  return rows.map((row) => {
    const edges = row.succ.flatMap((successors, from) => successors.map((to) => ({ from, to })));
    const graph = digraph(
      row.n,
      edges.map(({ from }) => from),
      edges.map(({ to }) => to),
    );
    const problem = makeProblem(graph, Float64Array.from(row.dur), Int32Array.from(row.cap), demandsOf(row));
    return { name: row.name, problem, chain: row.cpm, lower: row.lb, upper: row.ub };
  });
}

function demandsOf({ dem = [], sdem = [] }: z.infer<typeof Row>): Demand[] {
  return [
    ...dem.flatMap((amounts, node) => amounts.map((amount, resource) => ({ node, resource, amount }))),
    ...sdem.flatMap((pairs, node) => pairs.map(([resource, amount]) => ({ node, resource, amount }))),
  ].filter(({ amount }) => amount > 0);
}
