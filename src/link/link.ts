import { digraph } from "../graph/digraph.ts";
import { reachability, type Reaches } from "../graph/reachability.ts";
import type { Config } from "../model/config.ts";
import type { Diagnostic, Outcome } from "../model/diagnostic.ts";
import type { Edge, Lock, TaskGraph } from "../model/graph.ts";
import type { TaskList } from "../model/list.ts";
import type { Repository } from "../model/repository.ts";
import type { ListedTask } from "../model/task.ts";
import { areasOf } from "./evidence/areas.ts";
import { runningAlone, unknownFiles } from "./locks/alone.ts";
import { claimsOf } from "./locks/claims.ts";
import { contradictions, settle, type Settled } from "./contradictions.ts";
import { fileLocks } from "./locks/files.ts";
import { hiddenDependencies } from "./evidence/hidden.ts";
import { changedTogether } from "./evidence/history.ts";
import { hotLocks } from "./locks/hot.ts";
import { hotClasses } from "./locks/hotClasses.ts";
import { joinGroups, joinPairs, strongestOnce, tier, toEdge, type Joined } from "./join.ts";
import { meantFiles } from "./evidence/meantFiles.ts";
import { saidParallel } from "./statements/order.ts";
import { dependenciesOnParents } from "./statements/parents.ts";
import { resourceLocks } from "./locks/resources.ts";
import { statedLocks } from "./locks/stated.ts";
import type { Statement } from "./statements/statement.ts";
import { statementsOf } from "./statements/statements.ts";
import { writersOf } from "./evidence/writers.ts";

/**
 * Makes a checked graph of a list: resolves what is stated, adds the rules of the format and what the files imply, and
 * lets stronger evidence win. What is known of the `repository` only ever adds. With an error in the list there is no graph; the diagnostics then hold the warnings too.
 */
export function link(list: TaskList, config: Config, repository: Repository | null = null): Outcome<TaskGraph> {
  const { statements, diagnostics: read, unresolved, tasks: described, context } = statementsOf(list);
  const tasks = meantFiles(described, list.sources, repository);
  const settled = settleAll(statements, tasks);
  const stated = settled.kept.map((edge) => toEdge(edge, tasks));
  const diagnostics = [
    ...list.diagnostics,
    ...read,
    ...settled.errors,
    ...dependenciesOnParents(tasks, [...stated, ...settled.overruled.map(({ edge }) => toEdge(edge, tasks))]),
    ...contradictions(settled.overruled, tasks),
    ...neededButCancelled(tasks, stated),
    ...unknownHotClasses(config),
  ];
  if (diagnostics.some((diagnostic) => diagnostic.severity === "error"))
    return { ok: false, diagnostics: once(diagnostics) };
  const claims = claimsOf(tasks, { ignoreCase: repository?.ignoreCase ?? false });
  const writers = writersOf(claims.claims);
  const hidden = hiddenDependencies(tasks, list.phases, claims, writers, repository);
  const kept = withFoundEdges(settled.kept, hidden.statements, tasks);
  const edges = kept === settled.kept ? stated : kept.map((edge) => toEdge(edge, tasks));
  const history = repository === null ? { locks: [], doubts: [] } : changedTogether(tasks, writers, repository);
  const locks = [
    ...fileLocks(claims, tasks),
    ...hotLocks(tasks, config, repository),
    ...history.locks,
    ...resourceLocks(tasks, config),
    ...statedLocks(context),
  ];
  if (claims.diagnostics.some((diagnostic) => diagnostic.severity === "error"))
    return { ok: false, diagnostics: once([...diagnostics, ...claims.diagnostics]) };
  diagnostics.push(...claims.diagnostics, ...parallelOnSameFile(tasks, list, locks, lazyReach(kept, tasks.length)));
  const alone = runningAlone(tasks, list.phases, config);
  const unknown = new Set(alone.flatMap(({ task, reason }) => (reason === unknownFiles ? task : [])));
  const areas = areasOf(
    tasks.filter(({ id }) => config.parallel || unknown.has(id)),
    repository?.files ?? [],
  );
  return {
    ok: true,
    value: {
      list,
      tasks,
      edges,
      overruled: settled.overruled
        .filter(({ edge }) => tier(edge.statement.kind) <= tier("gate"))
        .map(({ edge, by }) => ({ edge: toEdge(edge, tasks), by: toEdge(by, tasks) })),
      locks,
      alone,
      areas,
      // Whoever lets tasks without files run beside others has agreed to where they work.
      agreed: new Set(config.parallel ? areas.map(({ task }) => task) : []),
      doubts: [...hidden.doubts, ...history.doubts],
      unresolved: unresolved.flatMap(({ tasks: waiting, text, evidence, source, candidates }) =>
        waiting.map((index) => ({
          task: tasks[index]?.id ?? "",
          text,
          evidence,
          source,
          candidates: candidates.flatMap((candidate) => tasks[candidate]?.id ?? []),
        })),
      ),
      diagnostics: once(diagnostics),
    },
  };
}

/** Groups are joined by their ends, which the edges inside them decide: when one of those is overruled, the ends are sought again. */
function settleAll(statements: readonly Statement[], tasks: readonly ListedTask[]): Settled {
  const n = tasks.length;
  const pairs = settle(joinPairs(statements, n), tasks);
  if (!statements.some((statement) => statement.before.whole || statement.after.whole)) return pairs;
  let inside = pairs.kept;
  let overruled = pairs.overruled;
  for (let round = 0; ; round += 1) {
    const all = settle(strongestOnce([...inside, ...joinGroups(statements, inside, n)], n), tasks);
    const known = new Set(inside);
    const lost = all.overruled.filter(({ edge }) => known.has(edge));
    if (lost.length === 0 || round === 3 || all.errors.length + pairs.errors.length > 0)
      return { kept: all.kept, overruled: [...overruled, ...all.overruled], errors: [...pairs.errors, ...all.errors] };
    const gone = new Set(lost.map(({ edge }) => edge));
    inside = inside.filter((edge) => !gone.has(edge));
    overruled = [...overruled, ...lost];
  }
}

/** What was found only ever adds: where an order holds already, or an edge would close a cycle, there is none. */
function withFoundEdges(
  kept: readonly Joined[],
  statements: readonly Statement[],
  tasks: readonly ListedTask[],
): readonly Joined[] {
  const found = joinPairs(statements, tasks.length);
  if (found.length === 0) return kept;
  const reaches = lazyReach(kept, tasks.length);
  const added = found.filter(({ from, to }) => !reaches(from, to) && !reaches(to, from));
  return added.length === 0 ? kept : settle([...kept, ...added], tasks).kept;
}

function lazyReach(edges: readonly Joined[], n: number): Reaches {
  let reaches: Reaches | null = null;
  return (from, to) => {
    reaches ??= reachability(
      digraph(
        n,
        edges.map((edge) => edge.from),
        edges.map((edge) => edge.to),
      ),
    );
    return reaches(from, to);
  };
}

/** A marker never overrules a proven overlap: the lock holds, and the list's author should know. */
function parallelOnSameFile(
  tasks: readonly ListedTask[],
  list: TaskList,
  locks: readonly Lock[],
  reaches: Reaches,
): Diagnostic[] {
  const indices = new Map(tasks.map((task, index) => [task.id, index]));
  return locks.flatMap((lock) => {
    if (lock.kind !== "file" && lock.kind !== "glob") return [];
    const marked = lock.holders.flatMap((holder) => {
      const index = indices.get(holder.task) ?? 0;
      const task = tasks[index];
      return task !== undefined && saidParallel(task, list.phases) === true
        ? { index, task, writes: holder.amount > 1 }
        : [];
    });
    const clash = marked.flatMap((right, at) => {
      const left = marked[at - 1];
      const free =
        left !== undefined &&
        (left.writes || right.writes) &&
        !reaches(left.index, right.index) &&
        !reaches(right.index, left.index);
      return free ? [left, right] : [];
    });
    if (clash.length === 0) return [];
    const ids = [...new Set(clash.map(({ task }) => `\`${task.id}\``))];
    return {
      severity: "warning" as const,
      rule: "parallel-same-file",
      message: `Unexpected parallel marks: ${ids.join(", ")} all touch \`${lock.on}\`, so they run one after another`,
      expected: "parallel tasks that share no file",
      fix: "take the mark off, or split the file",
      place: clash[1]?.task.source ?? null,
    };
  });
}

function unknownHotClasses({ hot }: Config): Diagnostic[] {
  return Object.entries(hot).flatMap(([key, rule]) =>
    rule !== "off" || hotClasses.some((known) => known.key === key)
      ? []
      : {
          severity: "warning" as const,
          rule: "unknown-hot-class",
          message: `Unexpected \`hot: ${key}: off\`: no class of hot files is called that`,
          expected: hotClasses.map((known) => known.key).join(", "),
          fix: "use one of these names",
          place: null,
        },
  );
}

function neededButCancelled(tasks: readonly ListedTask[], edges: readonly Edge[]): Diagnostic[] {
  const gone = new Map(
    tasks.flatMap((task) =>
      task.status === "cancelled" || task.status === "skipped" ? [[task.id, task.status] as const] : [],
    ),
  );
  if (gone.size === 0) return [];
  return edges.flatMap((edge) => {
    const status = gone.get(edge.from);
    if (status === undefined || gone.has(edge.to) || tier(edge.kind) > tier("section")) return [];
    return {
      severity: "warning" as const,
      rule: "needs-cancelled",
      message: `\`${edge.to}\` waits for \`${edge.from}\`, which is ${status}: it counts as met`,
      expected: "dependencies that will be done",
      fix: `look whether \`${edge.to}\` still makes sense without it`,
      place: edge.source,
    };
  });
}

/** Drops repetitions: two readings of one line say the same once. */
function once(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Set<string>();
  return diagnostics.filter((diagnostic) => {
    const key = JSON.stringify([diagnostic.rule, diagnostic.message, diagnostic.place]);
    return !seen.has(key) && seen.add(key) !== undefined;
  });
}
