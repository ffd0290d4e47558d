import { levels } from "../graph/levels.ts";
import { reachability, type Reaches } from "../graph/reachability.ts";
import type { Diagnostic, Outcome } from "../model/diagnostic.ts";
import type { Area, Doubt, Edge, Lock, Question, TaskGraph } from "../model/graph.ts";
import { isOpen } from "../model/isOpen.ts";
import { areasMeet, commonSubject, inWords } from "./evidence/areas.ts";
import { unknownFiles } from "./locks/alone.ts";
import { scopesMeet } from "./locks/scopesMeet.ts";
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
/** Questions about statements that could not be resolved come first of all, this many at most. */
const mostOpen = 4;

type Draft = Omit<Question, "id" | "answer">;

/**
 * Asks what code cannot decide, and obeys the answers. The questions are the same whatever the answers are, so that an id
 * means one thing. Answers to questions that are not asked are an error by id, and worth a warning by text.
 */
export function ask(graph: TaskGraph, answers: Answers): Outcome<Answered> {
  const beside = besideQuestions(graph);
  const others = graph.doubts.length === 0 ? [] : doubtQuestions(graph, reachOf(graph, graph.edges));
  const chosen = [
    ...openQuestions(graph).slice(0, mostOpen),
    ...beside.slice(0, mostBeside),
    ...others,
    ...beside.slice(mostBeside),
  ].slice(0, mostQuestions);
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

/** At this confidence and above, what is asked may well be answered with yes. */
const likely = 0.5;

/**
 * What the graph would be if somebody agreed that tasks may run beside others: with the first question that is open, then
 * with all of them. Questions whose evidence speaks against it are left out.
 */
export function agreements({ graph, questions }: Answered): { readonly graph: TaskGraph; readonly ids: string[] }[] {
  const open = questions.filter(
    ({ answer, effect, confidence }) => answer === null && effect === "beside" && confidence >= likely,
  );
  const sets = open.length > 1 ? [open.slice(0, 1), open] : open.length === 1 ? [open] : [];
  return sets.map((some) => ({
    graph: obey(
      graph,
      some.map((question) => ({ ...question, answer: "yes" })),
    ),
    ids: some.map(({ id }) => id),
  }));
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

/** What does a statement mean that names several tasks, or none? Each holds its task back until it is answered. */
function openQuestions(graph: TaskGraph): Draft[] {
  const titles = new Map(graph.tasks.map((task) => [task.id, task]));
  return graph.unresolved.flatMap(({ task, text, evidence, source, candidates }): Draft[] => {
    const waiting = titles.get(task);
    if (waiting === undefined || !isOpen(waiting) || !isHeldBy(graph, task, source)) return [];
    if (candidates.length > 1)
      return candidates.map((candidate) => ({
        effect: "meant",
        text: `${task} says “${evidence}”. Does \`${text}\` mean ${candidate} (${titles.get(candidate)?.title ?? ""})?`,
        tasks: [candidate, task],
        ifYes: `${task} waits for ${candidate}, and no longer for everything above it`,
        confidence: 0.5,
        source,
      }));
    return [
      {
        effect: "release",
        text: `${task} says “${evidence}”, and no task is called \`${text}\`. Is it there already?`,
        tasks: [task],
        ifYes: `${task} no longer waits for everything above it`,
        confidence: 0.4,
        source,
      },
    ];
  });
}

/** Whether a statement that could not be resolved is what holds a task back. */
function isHeldBy(graph: TaskGraph, task: string, source: Edge["source"]): boolean {
  return graph.edges.some((edge) => isHold(edge, task, source));
}

function isHold({ kind, to, source: at }: Edge, task: string, source: Edge["source"]): boolean {
  return (
    kind === "unresolved" &&
    to === task &&
    at?.file === source?.file &&
    at?.line === source?.line &&
    at?.column === source?.column
  );
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
  const areas = new Map(graph.areas.map((area) => [area.task, area]));
  const useful = (at: number): number => (groups.get(at)?.length ?? 0) * ((width.get(at) ?? 1) - 1);
  return [...groups.keys()]
    .filter((at) => useful(at) > 0)
    .toSorted((a, b) => useful(b) - useful(a) || a - b)
    .slice(0, mostQuestions)
    .map((at) => {
      const tasks = groups.get(at) ?? [];
      const { words, confidence } = evidenceOf(tasks, areas, graph.list.title);
      return {
        effect: "beside",
        text:
          tasks.length === 1
            ? `May ${named(tasks)} run beside other tasks? ${words}`
            : `May ${named(tasks)} run at once, and beside other tasks? ${words}`,
        tasks,
        ifYes: `${named(tasks)} may run beside others`,
        confidence,
        source: graph.tasks.find((task) => task.id === tasks[0])?.source ?? null,
      };
    });
}

/** Of more tasks than this at once nobody would read where each works. */
const mostAreas = 100;

/** What speaks for and against running these tasks at once: the places that their titles mean. */
function evidenceOf(
  tasks: readonly string[],
  areas: ReadonlyMap<string, Area>,
  title: string | null,
): { readonly words: string; readonly confidence: number } {
  const count = tasks.length;
  const unnamed = count === 1 ? "It names no file" : count === 2 ? "Neither names a file" : "None of them names a file";
  const own = tasks.flatMap((task) => areas.get(task) ?? []);
  const shared = commonSubject(own);
  if (shared !== null)
    return { words: `${unnamed}, and ${named(shared.tasks)} are all about “${shared.word}”.`, confidence: 0.2 };
  if (/^integrat(?:e|ion)\b/i.test(title?.trim() ?? "") && count > 1)
    return { words: `${unnamed}, and by its title the list is one integration.`, confidence: 0.2 };
  if (own.length < count || count > mostAreas) return { words: `${unnamed}.`, confidence: 0.5 };
  const same = meeting(own).map((group) => `${named(group.map(({ task }) => task))} may mean one place and take turns`);
  return {
    words: `${unnamed}; by ${count === 1 ? "its title it changes" : "their titles they change"} ${inWords(own)}.${same.map((each) => ` ${each}.`).join("")}`,
    confidence: 0.7,
  };
}

/** Areas that may be one place, in groups. */
function meeting(areas: readonly Area[]): Area[][] {
  const groups: Area[][] = [];
  for (const area of areas) {
    const near = groups.filter((group) => group.some((other) => areasMeet(area, other)));
    for (const group of near) groups.splice(groups.indexOf(group), 1);
    groups.push([...near.flat(), area]);
  }
  return groups.filter((group) => group.length > 1);
}

/** Locks that go with a yes: on places that two of the tasks may both mean, and on files of others in a place that one means. */
function areaLocks(graph: TaskGraph, question: Question, evidence: string): Lock[] {
  const asked = new Set(question.tasks);
  const areas = graph.areas.filter(({ task }) => asked.has(task));
  if (areas.length > mostAreas) return [];
  const lock = (on: string, tasks: readonly string[], source: Lock["holders"][number]["source"]): Lock => ({
    on,
    kind: "answer",
    capacity: 1,
    holders: tasks.map((task) => ({ task, amount: 1, evidence, source })),
  });
  return [
    ...meeting(areas).map((group) =>
      lock(
        `what “${group[0]?.evidence ?? ""}” means`,
        group.map(({ task }) => task),
        group[0]?.source ?? null,
      ),
    ),
    ...areas.flatMap(({ task, paths, source }) =>
      paths.flatMap((path) => {
        const others = graph.tasks.filter(
          (other) =>
            other.id !== task && other.files.some((file) => file.access !== "read" && scopesMeet(file.path, path)),
        );
        return others.map((other) => lock(path, [task, other.id], source));
      }),
    ),
  ];
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
  const lifted = questions.filter(
    ({ effect, answer }) => answer === "yes" && (effect === "meant" || effect === "release"),
  );
  const edges = graph.edges.filter(
    (edge) => !lifted.some(({ tasks, source }) => isHold(edge, tasks.at(-1) ?? "", source)),
  );
  const locks = [...graph.locks];
  const beside = new Set<string>();
  const areas = new Set(graph.areas.map(({ task }) => task));
  const agreed = new Set(graph.agreed);
  const diagnostics: Diagnostic[] = [];
  for (const question of questions) {
    if (question.answer !== "yes") continue;
    const [from = "", to = ""] = question.tasks;
    const evidence = `the answer yes to ${question.id}: ${question.text}`;
    switch (question.effect) {
      case "beside":
        for (const task of question.tasks) beside.add(task);
        // Only a question that names the places is agreed to with them.
        if (question.tasks.every((task) => areas.has(task))) for (const task of question.tasks) agreed.add(task);
        locks.push(...areaLocks(graph, question, evidence));
        break;
      case "release":
        break;
      case "meant":
      case "before":
        if (reachOf(graph, edges)(numbers.get(to) ?? -1, numbers.get(from) ?? -1))
          diagnostics.push(contradiction(question));
        else {
          const kind = question.effect === "meant" ? "stated" : "inferred";
          edges.push({ from, to, kind, evidence, source: question.source, confidence: 0.9 });
        }
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
    agreed,
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
