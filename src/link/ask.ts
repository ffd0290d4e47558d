import { levels } from "../graph/levels.ts";
import { reachability, type Reaches } from "../graph/reachability.ts";
import type { Diagnostic, Outcome } from "../model/diagnostic.ts";
import type { Doubt, Edge, Lock, Question, TaskGraph } from "../model/graph.ts";
import { isOpen } from "../model/isOpen.ts";
import { unknownFiles } from "./locks/alone.ts";
import { graphOf } from "./cycles.ts";

/** Answers by the id of a question, or by its text where they were kept from an earlier time. */
export type Answers = ReadonlyMap<string, "yes" | "no">;

/** A graph in which the answers are in force, and the questions with the answers they got. */
export interface Answered {
  readonly graph: TaskGraph;
  readonly questions: readonly Question[];
}

const mostQuestions = 7;
/** So many questions of the most useful kind come before all others. */
const mostBeside = 3;

type Draft = Omit<Question, "id" | "answer">;

/**
 * Asks what code cannot decide, and obeys the answers. The questions are the same whatever the answers are, so that an id
 * means one thing. Answers to questions that are not asked are an error by id, and worth a warning by text.
 */
export function ask(graph: TaskGraph, answers: Answers): Outcome<Answered> {
  const beside = besideQuestions(graph);
  const others = graph.doubts.length === 0 ? [] : doubtQuestions(graph, reachOf(graph, graph.edges));
  const chosen = [...beside.slice(0, mostBeside), ...others, ...beside.slice(mostBeside)].slice(0, mostQuestions);
  const questions = chosen.map((draft, index): Question => {
    const id = `q${index + 1}`;
    return { id, ...draft, answer: answers.get(id) ?? answers.get(draft.text) ?? null };
  });
  const unasked = [...answers.keys()].filter((key) => !questions.some(({ id, text }) => key === id || key === text));
  const diagnostics = unasked.map((key) => unaskedAnswer(key, questions));
  if (diagnostics.some(({ severity }) => severity === "error")) return { ok: false, diagnostics };
  const obeyed = questions.some(({ answer }) => answer === "yes") ? obey(graph, questions) : graph;
  return { ok: true, value: { graph: { ...obeyed, diagnostics: [...obeyed.diagnostics, ...diagnostics] }, questions } };
}

function unaskedAnswer(key: string, questions: readonly Question[]): Diagnostic {
  const known = questions.map(({ id }) => id).join(", ");
  return {
    severity: /^q\d+$/.test(key) ? "error" : "warning",
    rule: "unknown-question",
    message: `Unexpected answer to \`${key}\`: that is not asked`,
    expected: known === "" ? "no answers: this list has no questions" : `answers to ${known}`,
    fix: "look at the questions of the plan again",
    place: null,
  };
}

/** May tasks whose files nobody names run at once? One question for those that stand side by side. */
function besideQuestions(graph: TaskGraph): Draft[] {
  const numbers = indices(graph);
  const open = graph.tasks.map((task) => isOpen(task));
  const level = levels(
    graphOf(
      graph.tasks.length,
      arcsOf(graph.edges, numbers).filter(({ from, to }) => open[from] === true && open[to] === true),
    ),
  );
  const unknown = new Set(graph.alone.flatMap(({ task, reason }) => (reason === unknownFiles ? task : [])));
  const width = new Map<number, number>();
  const groups = new Map<number, string[]>();
  for (const [index, task] of graph.tasks.entries()) {
    const at = level[index] ?? 0;
    if (open[index] !== true) continue;
    width.set(at, (width.get(at) ?? 0) + 1);
    if (!unknown.has(task.id)) continue;
    const group = groups.get(at);
    if (group === undefined) groups.set(at, [task.id]);
    else group.push(task.id);
  }
  const useful = (at: number): number => (groups.get(at)?.length ?? 0) * ((width.get(at) ?? 1) - 1);
  return [...groups.keys()]
    .filter((at) => useful(at) > 0)
    .toSorted((a, b) => useful(b) - useful(a) || a - b)
    .slice(0, mostQuestions)
    .map((at) => {
      const tasks = groups.get(at) ?? [];
      return {
        effect: "beside",
        text:
          tasks.length === 1
            ? `May ${named(tasks)} run beside other tasks? It names no file.`
            : `May ${named(tasks)} run at once, and beside other tasks? ${tasks.length === 2 ? "Neither" : "None of them"} names a file.`,
        tasks,
        ifYes: `${named(tasks)} may run beside others`,
        confidence: 0.5,
        source: graph.tasks.find((task) => task.id === tasks[0])?.source ?? null,
      };
    });
}

/** Of each pair that nothing orders yet, the doubt that is most likely right; the likely ones first. */
function doubtQuestions(graph: TaskGraph, reaches: Reaches): Draft[] {
  const numbers = indices(graph);
  const best = new Map<string, Doubt>();
  for (const doubt of graph.doubts.toSorted((a, b) => b.confidence - a.confidence)) {
    const [a, b] = doubt.tasks.map((id) => numbers.get(id) ?? -1);
    const tasks = [graph.tasks[a ?? -1], graph.tasks[b ?? -1]];
    if (a === undefined || b === undefined || !tasks.every((task) => task !== undefined && isOpen(task))) continue;
    if (reaches(a, b) || reaches(b, a)) continue;
    const key = JSON.stringify(doubt.tasks.toSorted());
    if (!best.has(key)) best.set(key, doubt);
    if (best.size === mostQuestions) break;
  }
  return [...best.values()].map(({ effect, tasks: [first, second], evidence, source, confidence }) => ({
    effect,
    text:
      effect === "before"
        ? `Must ${first} finish before ${second} starts? ${sentence(evidence)}`
        : `Must ${first} and ${second} not run at once? ${sentence(evidence)}`,
    tasks: [first, second],
    ifYes: effect === "before" ? `${second} waits for ${first}` : `${first} and ${second} never run at once`,
    confidence,
    source,
  }));
}

/** Adds what a yes says. Several answers that close a cycle together: the later one gives way, with a warning. */
function obey(graph: TaskGraph, questions: readonly Question[]): TaskGraph {
  const numbers = indices(graph);
  const edges = [...graph.edges];
  const locks = [...graph.locks];
  const beside = new Set<string>();
  const diagnostics: Diagnostic[] = [];
  for (const question of questions) {
    if (question.answer !== "yes") continue;
    const [from = "", to = ""] = question.tasks;
    const evidence = `the answer yes to ${question.id}: ${question.text}`;
    switch (question.effect) {
      case "beside":
        for (const task of question.tasks) beside.add(task);
        break;
      case "before":
        if (reachOf(graph, edges)(numbers.get(to) ?? -1, numbers.get(from) ?? -1))
          diagnostics.push(contradiction(question));
        else edges.push({ from, to, kind: "inferred", evidence, source: question.source, confidence: 0.9 });
        break;
      case "apart":
        locks.push({
          on: `what ${question.id} asks`,
          kind: "answer",
          capacity: 1,
          holders: question.tasks.map((task): Lock["holders"][number] => ({
            task,
            amount: 1,
            evidence,
            source: question.source,
          })),
        });
    }
  }
  return {
    ...graph,
    edges,
    locks,
    alone: graph.alone.filter(({ task, reason }) => reason !== unknownFiles || !beside.has(task)),
    diagnostics: [...graph.diagnostics, ...diagnostics],
  };
}

function contradiction(question: Question): Diagnostic {
  return {
    severity: "warning",
    rule: "contradiction",
    message: `The answer yes to ${question.id} (${question.ifYes}) would close a cycle with the answers before it: it is not obeyed`,
    expected: "answers that agree",
    fix: `answer ${question.id} with no, or take back one of the others`,
    place: question.source,
  };
}

function reachOf(graph: TaskGraph, edges: readonly Edge[]): Reaches {
  return reachability(graphOf(graph.tasks.length, arcsOf(edges, indices(graph))));
}

function arcsOf(edges: readonly Edge[], numbers: ReadonlyMap<string, number>): { from: number; to: number }[] {
  return edges.map((edge) => ({ from: numbers.get(edge.from) ?? -1, to: numbers.get(edge.to) ?? -1 }));
}

function indices(graph: TaskGraph): Map<string, number> {
  return new Map(graph.tasks.map((task, index) => [task.id, index]));
}

function named(ids: readonly string[]): string {
  const shown = ids.length > 10 ? [...ids.slice(0, 8), `${ids.length - 8} more`] : ids;
  const last = shown.at(-1) ?? "";
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(", ")} and ${last}`;
}

/** A path at the beginning keeps its letters. */
function sentence(words: string): string {
  return /^[a-z]+ /.test(words) ? `${words.slice(0, 1).toUpperCase()}${words.slice(1)}.` : `${words}.`;
}
