import { topologicalOrder } from "../graph/topologicalOrder.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { ListedTask } from "../model/task.ts";
import { byStart, cyclicArcs, graphOf, shortestCycle, shortestPath } from "./cycles.ts";
import { strength, strengths, tier, toEdge, type Joined } from "./join.ts";

export interface Settled {
  /** Without a cycle, unless there are errors. */
  readonly kept: readonly Joined[];
  readonly overruled: readonly { readonly edge: Joined; readonly by: Joined }[];
  readonly errors: readonly Diagnostic[];
}

/** Tiers up to here are statements of a person or a machine: a cycle among them alone is their error, not ours to mend. */
const lastStatement = tier("parent");

/**
 * Adds edges tier by tier, strongest first. An edge that closes a cycle through stronger ones is overruled by them; of
 * weaker edges that only close a cycle together, as few as a pass in document order finds are overruled. Statements of
 * one tier that close a cycle among themselves are an error.
 */
export function settle(edges: readonly Joined[], tasks: readonly ListedTask[]): Settled {
  const n = tasks.length;
  if (cyclicArcs(n, edges).length === 0) return { kept: edges, overruled: [], errors: [] };
  const overruled: { edge: Joined; by: Joined }[] = [];
  const errors: Diagnostic[] = [];
  let kept: Joined[] = [];
  for (const rank of strengths) {
    const added = edges.filter((edge) => strength(edge.statement) === rank);
    if (added.length === 0) continue;
    const cycles = cyclicArcs(n, [...kept, ...added]);
    if (cycles.length === 0) {
      kept = [...kept, ...added];
      continue;
    }
    const dropped = new Set<Joined>();
    const position = positions(n, kept);
    for (const cycle of cycles) {
      const stronger = cycle.filter((edge) => strength(edge.statement) < rank);
      const ours = cycle.filter((edge) => strength(edge.statement) === rank);
      const strongerFrom = byStart(stronger);
      for (const edge of rank <= lastStatement ? ours : []) {
        const by = shortestPath(strongerFrom, edge.to, edge.from);
        if (by !== null) drop(edge, by, dropped, overruled);
      }
      const left = ours.filter((edge) => !dropped.has(edge));
      if (rank <= lastStatement) {
        const loops = cyclicArcs(n, left);
        for (const loop of loops) errors.push(cycleError(shortestCycle(loop), tasks));
        if (loops.length > 0) continue;
      }
      dropBackward(position, stronger, left, dropped, overruled);
    }
    kept = [...kept, ...added.filter((edge) => !dropped.has(edge))];
    if (errors.length > 0) break;
  }
  return { kept, overruled, errors };
}

/** Keeps what agrees with document order under the stronger edges, then takes back in whatever closes no cycle after all. */
function dropBackward(
  position: Int32Array,
  stronger: readonly Joined[],
  ours: readonly Joined[],
  dropped: Set<Joined>,
  overruled: { edge: Joined; by: Joined }[],
): void {
  const agrees = (edge: Joined): boolean => (position[edge.from] ?? 0) < (position[edge.to] ?? 0);
  const arcsFrom = byStart([...stronger, ...ours.filter(agrees)]);
  for (const edge of ours) {
    if (agrees(edge)) continue;
    const by = shortestPath(arcsFrom, edge.to, edge.from);
    if (by !== null) {
      drop(edge, by, dropped, overruled);
      continue;
    }
    const known = arcsFrom.get(edge.from);
    if (known === undefined) arcsFrom.set(edge.from, [edge]);
    else known.push(edge);
  }
}

/** Place of every task in document order as far as the edges allow. */
function positions(n: number, kept: readonly Joined[]): Int32Array {
  const position = new Int32Array(n);
  for (const [index, node] of topologicalOrder(graphOf(n, kept)).entries()) position[node] = index;
  return position;
}

function drop(
  edge: Joined,
  path: readonly Joined[],
  dropped: Set<Joined>,
  overruled: { edge: Joined; by: Joined }[],
): void {
  const [first, ...rest] = path;
  if (first === undefined) return;
  const by = rest.reduce((best, other) => (strength(other.statement) < strength(best.statement) ? other : best), first);
  dropped.add(edge);
  overruled.push({ edge, by });
}

/** Warnings for statements of a person that a stronger one contradicts; rules of phase and order just give way. */
export function contradictions(overruled: Settled["overruled"], tasks: readonly ListedTask[]): Diagnostic[] {
  return overruled.flatMap(({ edge, by }) => {
    if (tier(edge.statement.kind) > lastStatement) return [];
    const [weak, strong] = [toEdge(edge, tasks), toEdge(by, tasks)];
    return [
      {
        severity: "warning" as const,
        rule: "contradiction",
        message: `\`${weak.from}\` before \`${weak.to}\` (${weak.evidence}) contradicts \`${strong.from}\` before \`${strong.to}\` (${strong.evidence}), which is the stronger word`,
        expected: "statements that agree",
        fix: "remove or mend the wrong one of the two",
        place: weak.source,
        ...(strong.source === null ? {} : { related: [{ message: strong.evidence, place: strong.source }] }),
      },
    ];
  });
}

function cycleError(cycle: readonly Joined[], tasks: readonly ListedTask[]): Diagnostic {
  const edges = cycle.map((joined) => toEdge(joined, tasks));
  const shown = edges.slice(0, 12);
  const ids = [
    ...shown.map((edge) => `\`${edge.from}\``),
    ...(edges.length > shown.length ? ["…"] : []),
    `\`${edges[0]?.from ?? ""}\``,
  ];
  return {
    severity: "error",
    rule: "cycle",
    message: `Unexpected cycle of ${edges.length} dependencies: ${ids.join(" → ")}`,
    expected: "dependencies that lead forward",
    fix: "remove one of these dependencies",
    place: edges[0]?.source ?? null,
    related: edges
      .slice(0, 50)
      .flatMap((edge) =>
        edge.source === null
          ? []
          : [{ message: `\`${edge.to}\` waits for \`${edge.from}\`: ${edge.evidence}`, place: edge.source }],
      ),
  };
}
