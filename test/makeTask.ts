import type { PlannedTask } from "../src/model/plan.ts";
import type { ListedTask, Task } from "../src/model/task.ts";

/** A task of which a test says only its id: nothing is written about it. */
function plainTask(id: string): Task {
  return {
    id,
    title: `Do ${id}`,
    body: "",
    status: "pending",
    phase: null,
    parent: null,
    files: [],
    resources: [],
    parallel: null,
    agent: null,
    model: null,
    effort: null,
    estimate: null,
    acceptance: [],
    requirements: [],
    verify: [],
    optional: false,
    gate: false,
    source: { file: "tasks.md", line: 1, column: 1 },
  };
}

/** A task as a reader of lists gives it, with what a test says of it. */
export function listedTask(fields: Partial<ListedTask> & { readonly id: string }): ListedTask {
  return {
    ...plainTask(fields.id),
    writtenId: fields.id,
    lines: [],
    phaseIndex: null,
    dependsOn: [],
    blocks: [],
    foundation: false,
    story: null,
    box: null,
    ...fields,
  };
}

/** A task as it stands in a plan, with what a test says of it. */
export function plannedTask(fields: Partial<PlannedTask> & { readonly id: string }): PlannedTask {
  return {
    ...plainTask(fields.id),
    estimate: 15,
    estimateFrom: "default",
    estimateRange: [7.5, 30],
    corrected: null,
    alone: null,
    priority: 15,
    box: null,
    ...fields,
  };
}
