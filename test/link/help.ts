import { link } from "../../src/link/link.ts";
import { defaultConfig } from "../../src/model/config.ts";
import type { TaskGraph } from "../../src/model/graph.ts";
import type { Repository } from "../../src/model/repository.ts";
import { makeList, type ListSketch } from "./make.ts";

/** The graph of a list that must link. */
export function linked(sketch: ListSketch, known: Repository | null = null): TaskGraph {
  const outcome = link(makeList(sketch), defaultConfig, known);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.diagnostics, null, 1));
  return outcome.value;
}

/** Its edges as `A→B kind`, sorted. */
export function edgesOf(sketch: ListSketch, known: Repository | null = null): string[] {
  return linked(sketch, known)
    .edges.map((edge) => `${edge.from}→${edge.to} ${edge.kind}`)
    .toSorted();
}

/** The rules of what linking says, whether or not it succeeds. */
export function rulesOf(sketch: ListSketch, config = defaultConfig): string[] {
  const outcome = link(makeList(sketch), config);
  return (outcome.ok ? outcome.value.diagnostics : outcome.diagnostics).map((found) => found.rule);
}

/** What is known of a repository, with nothing in it but what a test says. */
export function repository(fields: Partial<Repository> = {}): Repository {
  return {
    root: "/home/me/project",
    ignoreCase: false,
    files: [],
    barrels: [],
    imports: new Map(),
    coChanges: [],
    ...fields,
  };
}

/** What a list makes only doubtful, as `A before B`. */
export function doubtsOf(sketch: ListSketch, known: Repository | null = null): string[] {
  return linked(sketch, known).doubts.map(({ effect, tasks }) => tasks.join(` ${effect} `));
}
