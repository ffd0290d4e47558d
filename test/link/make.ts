import type { Phase, ProseLine, TaskList } from "../../src/model/list.ts";
import type { FileScope } from "../../src/model/fileScope.ts";
import { listedTask } from "../makeTask.ts";
import type { ListedTask, Reference } from "../../src/model/task.ts";

export interface TaskSketch extends Partial<Omit<ListedTask, "files" | "dependsOn" | "blocks">> {
  readonly id: string;
  /** Lines of the task; the first is its title line. */
  readonly text?: string;
  /** `+path` creates, `path` modifies, `?path` reads, `-path` deletes. */
  readonly files?: readonly string[];
  readonly dependsOn?: readonly string[];
  readonly blocks?: readonly string[];
}

export interface ListSketch extends Partial<Omit<TaskList, "tasks" | "phases" | "prose">> {
  readonly tasks: readonly TaskSketch[];
  readonly phases?: readonly Partial<Phase>[];
  /** Lines outside tasks, under these headings. */
  readonly prose?: readonly {
    readonly headings?: readonly string[];
    readonly fence?: string;
    readonly phaseIndex?: number;
    readonly text: string;
  }[];
}

/** Makes a list as a reader would. Task lines start at line 101, prose at line 1001, phases at line 2001. */
export function makeList(sketch: ListSketch): TaskList {
  let proseLine = 1000;
  return {
    format: "made",
    detected: "made for a test",
    sources: ["tasks.md"],
    title: null,
    order: "none",
    setAside: [],
    boxes: sketch.tasks.length,
    options: {},
    diagnostics: [],
    ...sketch,
    tasks: sketch.tasks.map((task, index) => makeTask(task, 101 + index * 10)),
    phases: (sketch.phases ?? []).map((phase, index) => ({
      name: `Phase ${index + 1}`,
      number: String(index + 1),
      kind: null,
      story: null,
      parallel: null,
      ordered: true,
      parent: null,
      place: { file: "tasks.md", line: 2001 + index, column: 1 },
      ...phase,
    })),
    prose: (sketch.prose ?? []).flatMap(({ headings, fence, phaseIndex, text }): ProseLine[] =>
      text.split("\n").map((line) => ({
        text: line,
        place: { file: "tasks.md", line: (proseLine += 1), column: 1 },
        headings: headings ?? ["Tasks", "Dependencies"],
        fence: fence ?? null,
        phaseIndex: phaseIndex ?? null,
      })),
    ),
  };
}

function makeTask({ text, files, dependsOn, blocks, ...given }: TaskSketch, line: number): ListedTask {
  const source = { file: "tasks.md", line, column: 1 };
  const lines = (text ?? `- [ ] ${given.id} A task`).split("\n");
  const reference = (written: string): Reference => ({ text: written, place: source });
  return listedTask({
    title: lines[0] ?? "",
    body: lines.slice(1).join("\n"),
    source,
    lines: lines.map((written, index) => ({ text: written, place: { ...source, line: line + index } })),
    ...given,
    files: (files ?? []).map(fileScope),
    dependsOn: (dependsOn ?? []).map(reference),
    blocks: (blocks ?? []).map(reference),
  });
}

function fileScope(written: string): FileScope {
  switch (written.slice(0, 1)) {
    case "+":
      return { path: written.slice(1), access: "create" };
    case "?":
      return { path: written.slice(1), access: "read" };
    case "-":
      return { path: written.slice(1), access: "delete" };
    default:
      return { path: written, access: "modify" };
  }
}
