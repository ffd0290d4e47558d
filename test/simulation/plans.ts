import type { Folding } from "../../src/run/folding.ts";
import type { Config } from "../../src/model/config.ts";
import type { Lock } from "../../src/model/graph.ts";
import type { Plan } from "../../src/model/plan.ts";
import { plannedTask } from "../makeTask.ts";
import type { Random } from "./random.ts";

/** A plan by chance: a few tasks in an order of their edges, locks of every kind, and a config that exercises the limits. */
export function randomPlan(random: Random): Plan {
  const ids = Array.from({ length: random.int(3, 12) }, (_, number) => `T${number + 1}`);
  const density = random.between(0, 0.5);
  const edges = ids.flatMap((to, before) =>
    ids.slice(0, before).flatMap((from) => (random.chance(density) ? { from, to, ...statement } : [])),
  );
  const aloneness = random.chance(0.3) ? 0.3 : 0;
  const settled = random.chance(0.2) ? 0.3 : 0;
  return {
    schema: 1,
    hash: "plan",
    source: ["tasks.md"],
    format: "markdown",
    title: null,
    base: "base",
    config: randomConfig(random),
    tasks: ids.map((id) =>
      plannedTask({
        id,
        title: id,
        status: random.chance(settled) ? random.pick(["done", "cancelled", "skipped", "running"] as const) : "pending",
        alone: random.chance(aloneness) ? "its files are not known" : null,
        priority: random.int(1, 100),
        estimateRange: null,
      }),
    ),
    edges,
    locks: Array.from({ length: random.int(0, 3) }, (_, number) => randomLock(random, ids, `lock ${number}`)),
    ...rest,
  };
}

/**
 * The same tasks read anew in the middle of a run: boxes that were ticked, one perhaps by a person, other numbers of workers, edges that
 * are gone or that hold back what was never begun.
 */
export function revisedPlan(random: Random, { tasks, index }: Folding, hash: string): Plan {
  const { plan } = index;
  const ids = plan.tasks.map(({ id }) => id);
  const untouched = ids.filter((id) => tasks.get(id)?.status === "pending" && tasks.get(id)?.attempts === 0);
  const later = random.chance(0.5) ? untouched : [];
  const added = later.flatMap((to) => {
    const from = random.pick(ids);
    return ids.indexOf(from) < ids.indexOf(to) ? { from, to, ...statement } : [];
  });
  const ticked = (id: string): boolean => {
    const own = tasks.get(id);
    return own?.status === "merged" || (own?.status === "pending" && own.claim === null && random.chance(0.1));
  };
  return {
    ...plan,
    hash,
    config: { ...plan.config, maxWorkers: random.int(1, 5) },
    tasks: plan.tasks.map((task) => (ticked(task.id) ? { ...task, status: "done" } : task)),
    edges: [...plan.edges.filter(() => random.chance(0.9)), ...added],
  };
}

/** A file that one may change at a time, one that many may read, or a resource of which there are a few. */
function randomLock(random: Random, ids: readonly string[], on: string): Lock {
  const share = random.between(0.2, 0.8);
  const tasks = ids.filter(() => random.chance(share));
  const kind = random.int(0, 2);
  const capacity = kind === 2 ? random.int(1, 3) : Math.max(1, tasks.length);
  const amount = (): number => (kind === 0 || (kind === 1 && random.chance(0.4)) ? capacity : 1);
  const holders = tasks.map((task) => ({ task, amount: amount(), evidence: on, source: null }));
  return { on, kind: "file", capacity, holders };
}

function randomConfig(random: Random): Config {
  const budgetPerTask = random.chance(0.2) ? { budgetPerTask: random.between(1, 5) } : {};
  const budgetPerRun = random.chance(0.2) ? { budgetPerRun: random.between(2, 40) } : {};
  return {
    maxWorkers: random.int(1, 5),
    parallel: true,
    verify: random.chance(0.5) ? ["check"] : random.chance(0.5) ? ["build", "test"] : [],
    checkTimeout: 300,
    sendBacks: random.int(0, 2),
    estimate: 15,
    resources: {},
    resourceRules: {},
    hot: {},
    timeout: 3600,
    idleTimeout: 900,
    startTimeout: 180,
    restarts: random.int(0, 4),
    successThreshold: random.pick([0, 0.5, 0.8, 1]),
    adaptive: false,
    permissionMode: "acceptEdits",
    allowedTools: [],
    worker: {},
    setup: [],
    freshTrees: random.chance(0.2),
    straying: "report",
    conflicts: random.chance(0.7) ? "resolver" : "person",
    ...budgetPerTask,
    ...budgetPerRun,
  };
}

const statement = { kind: "stated", evidence: "stated", source: null, confidence: 1 } as const;

const rest: Omit<
  Plan,
  "schema" | "hash" | "source" | "format" | "title" | "base" | "config" | "tasks" | "edges" | "locks"
> = {
  overruled: [],
  conflicts: [],
  questions: [],
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
