import { rows } from "../graph/digraph.ts";
import type { Edge, EdgeKind } from "../model/graph.ts";
import type { ListedTask } from "../model/task.ts";
import type { Statement } from "./statements/statement.ts";

/** An edge between tasks as indices, and the statement it comes from. */
export interface Joined {
  readonly from: number;
  readonly to: number;
  readonly statement: Statement;
}

/** Strength of evidence, strongest first. Kinds of one tier cannot overrule each other. */
export function tier(kind: EdgeKind): number {
  switch (kind) {
    case "graph":
      return 0;
    case "stated":
      return 1;
    case "section":
      return 2;
    case "parent":
      return 3;
    case "gate":
      return 4;
    case "phase":
      return 5;
    case "order":
      return 6;
    case "unresolved":
      return 7;
    case "file":
    case "symbol":
    case "inferred":
      return 8;
  }
}

/** Strength of a statement: in a code fence it gives way to everything that is stated outside one. */
export function strength({ kind, fenced }: Statement): number {
  return fenced === true && tier(kind) < tier("parent") ? tier("section") + 0.5 : tier(kind);
}

/** Every strength there is, strongest first. */
export const strengths: readonly number[] = [0, 1, 2, 2.5, 3, 4, 5, 6, 7, 8];

/** Edges of statements whose sides are plain lists: every pair, each once, with its strongest evidence. */
export function joinPairs(statements: readonly Statement[], n: number): Joined[] {
  const edges: Joined[] = [];
  for (const statement of statements) {
    if (statement.before.whole || statement.after.whole) continue;
    for (const from of statement.before.tasks)
      for (const to of statement.after.tasks) if (from !== to) edges.push({ from, to, statement });
  }
  return strongestOnce(edges, n);
}

/**
 * Edges of statements about whole groups: from the last tasks of one to the first of the other, as far as `known` edges
 * order them inside. Tasks on both sides are on neither.
 */
export function joinGroups(statements: readonly Statement[], known: readonly Joined[], n: number): Joined[] {
  const groups = statements.filter((statement) => statement.before.whole || statement.after.whole);
  if (groups.length === 0) return [];
  const successors: number[][] = Array.from({ length: n }, () => []);
  const predecessors: number[][] = Array.from({ length: n }, () => []);
  for (const { from, to } of known) {
    successors[from]?.push(to);
    predecessors[to]?.push(from);
  }
  const stamp = new Int32Array(n);
  const ends = new Map<readonly number[], readonly number[]>();
  const starts = new Map<readonly number[], readonly number[]>();
  let turn = 0;
  const edgeOf = (
    tasks: readonly number[],
    neighbours: readonly (readonly number[])[],
    cache: typeof ends,
  ): readonly number[] => {
    const cached = cache.get(tasks);
    if (cached !== undefined) return cached;
    turn += 1;
    for (const task of tasks) stamp[task] = turn;
    const outer = tasks.filter((task) => !(neighbours[task] ?? []).some((other) => stamp[other] === turn));
    cache.set(tasks, outer);
    return outer;
  };
  const edges: Joined[] = [];
  for (const statement of groups) {
    const { before, after } = withoutCommon(statement);
    const lasts = statement.before.whole ? edgeOf(before, successors, ends) : before;
    const firsts = statement.after.whole ? edgeOf(after, predecessors, starts) : after;
    for (const from of lasts) for (const to of firsts) edges.push({ from, to, statement });
  }
  return strongestOnce(edges, n);
}

/** Groups that share tasks cannot come one before the other: `US1 ← user stories` explains, it does not order. */
function withoutCommon({ before, after }: Statement): { before: readonly number[]; after: readonly number[] } {
  const left = new Set(before.tasks);
  const common = new Set(after.tasks.filter((task) => left.has(task)));
  if (common.size === 0) return { before: before.tasks, after: after.tasks };
  if (before.whole && after.whole) return { before: [], after: [] };
  const rest = (tasks: readonly number[]): readonly number[] => tasks.filter((task) => !common.has(task));
  return { before: rest(before.tasks), after: rest(after.tasks) };
}

/** Each pair once, with its strongest evidence, in order of first appearance. */
export function strongestOnce(edges: readonly Joined[], n: number): Joined[] {
  const owners = new Int32Array(edges.length);
  const numbers = new Int32Array(edges.length);
  for (let index = 0; index < edges.length; index += 1) {
    owners[index] = edges[index]?.from ?? 0;
    numbers[index] = index;
  }
  const { start, values } = rows(n, owners, numbers);
  // for each first edge of a pair the strongest one, or -1; `first` holds it for the ends of one node's edges
  const strongest = new Int32Array(edges.length).fill(-1);
  const first = new Int32Array(n);
  const seenFrom = new Int32Array(n).fill(-1);
  for (let from = 0; from < n; from += 1) {
    for (const index of values.subarray(start[from], start[from + 1])) {
      const to = edges[index]?.to ?? 0;
      if (seenFrom[to] !== from) {
        seenFrom[to] = from;
        first[to] = index;
        strongest[index] = index;
      } else {
        const known = strongest[first[to] ?? 0] ?? 0;
        if (strengthOf(edges[index]) < strengthOf(edges[known])) strongest[first[to] ?? 0] = index;
      }
    }
  }
  const found: Joined[] = [];
  for (const index of strongest) {
    const edge = edges[index];
    if (edge !== undefined) found.push(edge);
  }
  return found;
}

function strengthOf(edge: Joined | undefined): number {
  return edge === undefined ? Infinity : strength(edge.statement);
}

export function toEdge({ from, to, statement }: Joined, tasks: readonly ListedTask[]): Edge {
  return {
    from: tasks[from]?.id ?? "",
    to: tasks[to]?.id ?? "",
    kind: statement.kind,
    evidence: statement.evidence,
    source: statement.source,
    confidence: statement.confidence,
  };
}
