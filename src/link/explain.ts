import type { Edge, Lock, Question } from "../model/graph.ts";
import type { Place } from "../model/place.ts";
import { byStart, shortestPath } from "./cycles.ts";

/** What explaining needs of a graph. A plan's tasks carry `alone` themselves; a graph has it in a list. */
export interface Explainable {
  readonly tasks: readonly { readonly id: string; readonly title: string; readonly alone?: string | null }[];
  readonly edges: readonly Edge[];
  readonly overruled: readonly { readonly edge: Edge; readonly by: Edge }[];
  readonly locks: readonly Lock[];
  readonly alone?: readonly { readonly task: string; readonly reason: string }[];
  readonly questions?: readonly Question[];
}

/** Says in lines of text why one task waits for another, why they may not run together, or that they may. */
export function explain(graph: Explainable, a: string, b: string): string[] {
  const unknown = [a, b].filter((id) => !graph.tasks.some((task) => task.id === id));
  if (unknown.length > 0) return unknown.map((id) => `There is no task ${id}.`);
  if (a === b) return [`${a} is one task: name two.`];
  const path = pathBetween(graph, a, b) ?? pathBetween(graph, b, a);
  return [
    ...(path === null ? together(graph, a, b) : waits(path)),
    ...overruledBetween(graph, a, b),
    ...asked(graph, a, b),
  ];
}

function pathBetween(graph: Explainable, from: string, to: string): Edge[] | null {
  const numbers = new Map(graph.tasks.map((task, index) => [task.id, index]));
  const arcs = graph.edges.map((edge) => ({
    from: numbers.get(edge.from) ?? -1,
    to: numbers.get(edge.to) ?? -1,
    edge,
  }));
  const path = shortestPath(byStart(arcs), numbers.get(from) ?? -1, numbers.get(to) ?? -1);
  return path?.map((arc) => arc.edge) ?? null;
}

function waits(path: readonly Edge[]): string[] {
  const [first, last] = [path[0], path.at(-1)];
  if (first === undefined || last === undefined) return [];
  const head =
    path.length === 1
      ? `${last.to} waits for ${first.from}:`
      : `${last.to} waits for ${first.from}, through ${path
          .slice(1)
          .map((edge) => edge.from)
          .join(", ")}:`;
  return [
    head,
    ...path.map((edge) => `  ${edge.to} waits for ${edge.from} (${edge.kind}): ${edge.evidence}${at(edge.source)}`),
  ];
}

function together(graph: Explainable, a: string, b: string): string[] {
  const reasons = [
    ...[a, b].flatMap((id) => {
      const reason =
        graph.tasks.find((task) => task.id === id)?.alone ?? graph.alone?.find((one) => one.task === id)?.reason;
      return reason === undefined || reason === null ? [] : `  ${id} runs beside no other task: ${reason}`;
    }),
    ...graph.locks.flatMap((lock) => {
      const [left, right] = [a, b].map((id) => lock.holders.find((holder) => holder.task === id));
      if (left === undefined || right === undefined || left.amount + right.amount <= lock.capacity) return [];
      return [
        `  both use ${lock.on} (${lock.kind}):`,
        ...[left, right].map((holder) => `    ${holder.task}: ${holder.evidence}${at(holder.source)}`),
      ];
    }),
  ];
  return reasons.length === 0
    ? [`${a} and ${b} may run together: neither waits for the other, and they share nothing known.`]
    : [`${a} and ${b} may run in either order, but not together:`, ...reasons];
}

function overruledBetween(graph: Explainable, a: string, b: string): string[] {
  return graph.overruled.flatMap(({ edge, by }) =>
    (edge.from === a && edge.to === b) || (edge.from === b && edge.to === a)
      ? [
          `Not obeyed: "${edge.evidence}"${at(edge.source)} would put ${edge.from} before ${edge.to}; stronger is "${by.evidence}"${at(by.source)}.`,
        ]
      : [],
  );
}

/** The questions about both: what is not decided, or was by an answer. */
function asked({ questions = [] }: Explainable, a: string, b: string): string[] {
  return questions.flatMap(({ id, text, tasks, answer }) => {
    const about =
      answer === null ? [a, b].every((task) => tasks.includes(task)) : [a, b].some((task) => tasks.includes(task));
    return about ? [`${answer === null ? "Not decided" : `Answered ${answer}`}: ${id}, ${text}`] : [];
  });
}

function at(place: Place | null): string {
  return place === null ? "" : ` (${place.file}:${place.line})`;
}
