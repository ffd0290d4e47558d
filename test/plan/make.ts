import { defaultConfig, type Config } from "../../src/model/config.ts";
import type { Edge, Lock, TaskGraph } from "../../src/model/graph.ts";
import { listedTask } from "../makeTask.ts";
import type { ListedTask } from "../../src/model/task.ts";

/** A task as a reader gives it, with what a test says about it. */
export function task(id: string, fields: Partial<ListedTask> = {}): ListedTask {
  const files = [{ path: `src/${id}.ts`, access: "modify" as const }];
  return listedTask({ id, title: `Task ${id}`, files, estimate: 10, ...fields });
}

/** `A>B` means that B waits for A. */
export function edges(text: string): Edge[] {
  return text
    .split(" ")
    .filter((pair) => pair !== "")
    .map((pair) => {
      const [from = "", to = ""] = pair.split(">");
      return { from, to, kind: "stated", evidence: `depends on ${from}`, source: null, confidence: 1 };
    });
}

/** A file that each of these tasks writes. */
export function fileLock(on: string, ...tasks: string[]): Lock {
  const holders = tasks.map((id) => ({ task: id, amount: 1, evidence: on, source: null }));
  return { on, kind: "file", capacity: 1, holders };
}

export function graph(tasks: readonly ListedTask[], fields: Partial<TaskGraph> = {}): TaskGraph {
  return {
    list: {
      format: "markdown",
      detected: "boxes",
      sources: ["tasks.md"],
      title: "A list",
      tasks,
      phases: [],
      prose: [],
      order: "none",
      setAside: [],
      boxes: tasks.length,
      options: {},
      diagnostics: [],
    },
    tasks,
    edges: [],
    overruled: [],
    locks: [],
    alone: [],
    areas: [],
    agreed: new Set<string>(),
    doubts: [],
    unresolved: [],
    diagnostics: [],
    ...fields,
  };
}

export function config(fields: Partial<Config> = {}): Config {
  return { ...defaultConfig, ...fields };
}
