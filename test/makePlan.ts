import { defaultConfig, type Config } from "../src/model/config.ts";
import type { Lock } from "../src/model/graph.ts";
import { plannedTask } from "./makeTask.ts";
import { planHash } from "../src/plan/hash.ts";
import type { Plan, PlannedTask } from "../src/model/plan.ts";

/** What a test says of a task; the rest is filled in. */
export type TaskSketch = Partial<PlannedTask> & { id: string };

/** A small plan: tasks by id or sketch, edges as `"A B"` (A before B), files in `locks` as `{path: [ids]}`. */
export function makePlan(sketch: {
  tasks: (string | TaskSketch)[];
  edges?: string[];
  locks?: Record<string, string[]>;
  config?: Partial<Config>;
  source?: string[];
}): Plan {
  const tasks = sketch.tasks.map((one) => plannedTask(typeof one === "string" ? { id: one } : one));
  const locks = Object.entries(sketch.locks ?? {}).map(([on, holders]): Lock => ({
    on,
    kind: "file",
    capacity: holders.length,
    holders: holders.map((task) => ({ task, amount: holders.length, evidence: on, source: null })),
  }));
  const plan: Omit<Plan, "hash"> = {
    schema: 1,
    source: sketch.source ?? ["tasks.md"],
    format: "markdown",
    title: "A list",
    base: null,
    config: { ...defaultConfig, ...sketch.config },
    tasks,
    edges: (sketch.edges ?? []).map((edge) => {
      const [from = "", to = ""] = edge.split(" ");
      return { from, to, kind: "stated", evidence: `depends on ${from}`, source: null, confidence: 1 };
    }),
    overruled: [],
    conflicts: [],
    questions: [],
    locks,
    batches: [],
    criticalPath: [],
    forecast: {
      workers: 5,
      sequentialMinutes: 1,
      expectedMinutes: 1,
      parallelMinutes: 1,
      lowerBoundMinutes: 1,
      rangeMinutes: [1, 1],
      speedup: 1,
      overheadMinutes: 0,
      byWorkers: [],
      tokens: { work: 0, overhead: 0, from: "default" },
      dollars: null,
    },
    verdict: { answer: "go", reasons: [], checklist: [] },
    setAside: [],
    diagnostics: [],
  };
  return { ...plan, hash: planHash(plan) };
}
