import { cost } from "./cost.ts";
import { criticalPath } from "../graph/longestPath.ts";
import type { Config } from "../model/config.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { Question, TaskGraph } from "../model/graph.ts";
import type { Plan, PlannedTask, Verdict } from "../model/plan.ts";
import { isOpen } from "../model/isOpen.ts";
import { batches } from "./batches.ts";
import { conflicts } from "./conflicts.ts";
import { estimateOf } from "./estimate.ts";
import { forecast } from "./forecast.ts";
import { planHash } from "./hash.ts";
import { noPastRuns, type PastRuns } from "./pastRuns.ts";
import { problemOf } from "./problem.ts";
import { verdict } from "./verdict.ts";

/** What planning may know beside the graph. */
export interface Known {
  readonly questions?: readonly Question[];
  readonly past?: PastRuns;
  /** The graphs that answers to open questions would make, fewest answers first. */
  readonly agreements?: () => readonly { readonly graph: TaskGraph; readonly ids: readonly string[] }[];
}

/**
 * The plan of a checked graph: what runs, in which order of preference, how long it should take, and whether it pays to
 * run it in parallel. Tasks that are done, cancelled or skipped stay in `tasks` and cost no time. The same graph, options
 * and base give the same plan to the last byte.
 */
export function plan(graph: TaskGraph, config: Config, base: string | null, known: Known = {}): Plan {
  const { list, edges, locks } = graph;
  const past = known.past ?? noPastRuns;
  const tasks = plannedTasks(graph, config, past);
  const scope = { tasks, edges, locks };
  const problem = problemOf(scope, config.maxWorkers);
  const open = tasks.filter(isOpen);
  for (const [v, task] of open.entries()) task.priority = problem.tails[v] ?? 0;
  const path = criticalPath(problem.graph, problem.durations).map((v) => open[v]?.id ?? "");
  const { pairs, cut } = conflicts(tasks, edges, locks);
  const shown = {
    conflicts: pairs,
    locks: [...locks],
    batches: batches(scope),
    criticalPath: path,
    forecast: { ...forecast(scope, config.maxWorkers), ...cost(tasks, config, past) },
  };
  const diagnostics = distinct([...list.diagnostics, ...graph.diagnostics]);
  if (cut) diagnostics.push(conflictsCut(pairs.length));
  const rest = {
    source: [...list.sources],
    format: list.format,
    title: list.title,
    base,
    config,
    tasks,
    edges: [...edges],
    overruled: [...graph.overruled],
    questions: [...(known.questions ?? [])],
    ...shown,
    verdict: orAsk(verdict({ tasks, ...shown }), config, base, known),
    setAside: [...list.setAside],
    diagnostics,
  };
  let hash: string | null = null;
  return {
    schema: 1,
    // Made when it is first asked for: a preview for people does without it.
    get hash() {
      return (hash ??= planHash({ schema: 1, ...rest }));
    },
    ...rest,
  };
}

/** What one answer settles is never a no: the verdict is then what is to be answered, and what comes of a yes. */
function orAsk(plain: Verdict, config: Config, base: string | null, known: Known): Verdict {
  if (plain.answer !== "no-go") return plain;
  for (const { graph, ids } of known.agreements?.() ?? []) {
    const agreed = plan(graph, config, base, known.past ? { past: known.past } : {});
    if (agreed.verdict.answer === "no-go") continue;
    const questions = known.questions?.filter(({ id }) => ids.includes(id)) ?? [];
    const asked = questions.map(({ id, text }) => `${text.slice(0, text.indexOf("?"))} (${id})?`);
    const gain = agreed.verdict.reasons[0] ?? "";
    return {
      ...plain,
      answer: "ask",
      asks: [...ids],
      reasons: [...asked, `With yes: ${gain}`, "Without an answer they run one at a time."],
    };
  }
  return plain;
}

function plannedTasks(graph: TaskGraph, config: Config, past: PastRuns): PlannedTask[] {
  const areas = new Map(graph.areas.map(({ task, label, evidence }) => [task, `${label}: ${evidence}`]));
  const alone = new Map(graph.alone.map(({ task, reason }) => [task, reason]));
  return graph.tasks.map((task) => {
    return {
      id: task.id,
      title: task.title,
      body: task.body,
      status: task.status,
      phase: task.phase,
      parent: task.parent,
      files: task.files,
      resources: task.resources,
      parallel: task.parallel,
      agent: task.agent,
      model: task.model,
      effort: task.effort,
      ...estimateOf(task, config.estimate, past),
      acceptance: task.acceptance,
      requirements: task.requirements,
      verify: task.verify,
      optional: task.optional,
      gate: task.gate,
      source: task.source,
      alone: alone.get(task.id) ?? null,
      ...(graph.agreed.has(task.id) ? { area: areas.get(task.id) ?? "" } : {}),
      priority: 0,
      box: task.box,
    };
  });
}

/** Warnings of the list may have been handed on by linking already. */
function distinct(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return [...new Map(diagnostics.map((diagnostic) => [JSON.stringify(diagnostic), diagnostic])).values()];
}

function conflictsCut(listed: number): Diagnostic {
  return {
    severity: "info",
    rule: "conflicts-cut",
    message: `Too many pairs of tasks may not run together to list each: ${listed} are listed, the locks hold all of them`,
    place: null,
  };
}
