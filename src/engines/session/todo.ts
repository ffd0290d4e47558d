import { todoStatus } from "../../run/todoStatus.ts";
import type { TodoStatus } from "../../model/event.ts";
import type { Run } from "../../run/store.ts";

/** The whole todo list as `TodoWrite` takes it. */
export function todoItems(run: Run): { content: string; status: TodoStatus; activeForm: string }[] {
  return run.plan.tasks.map((task) => ({
    content: `${task.id}: ${task.title}`,
    status: todoStatus(run.state.tasks.get(task.id)?.status ?? "pending"),
    activeForm: `Working on ${task.id}`,
  }));
}

/** The one call that writes it: the hook puts the items in. */
export function todoWriteLine(run: string): string {
  return `TodoWrite({todos: [{content: "[orchestrate ${run}]", status: "pending", activeForm: "Orchestrating"}]})`;
}

/**
 * The calls that bring the session's todo list in step with the ledger, for the tool that the session has. Entries of
 * `TaskCreate` are made first, then joined by `addBlockedBy`, which needs their ids: so this is asked for again after them.
 */
export function todoCalls(run: Run, tool: "TodoWrite" | "TaskCreate"): string[] {
  const { state, plan } = run;
  if (tool === "TodoWrite") {
    const inStep = [...state.tasks.values()].every((task) => task.todo?.status === todoStatus(task.status));
    return inStep ? [] : [todoWriteLine(state.run)];
  }
  const missing = plan.tasks.filter((task) => (state.tasks.get(task.id)?.todo ?? null) === null);
  if (missing.length > 0)
    return missing.map(
      (task) =>
        `TaskCreate({subject: "[orchestrate ${state.run} ${task.id}]", description: ${JSON.stringify(task.id)}})`,
    );
  return plan.tasks.flatMap((task) => {
    const own = state.tasks.get(task.id);
    const todo = own?.todo ?? null;
    if (own === undefined || todo === null) return [];
    const needs = todo.linked
      ? []
      : [...new Set(run.index.needs.get(task.id) ?? [])].flatMap((need) => todoOf(run, need) ?? []);
    const status = todoStatus(own.status);
    const fields = [
      `taskId: ${JSON.stringify(todo.id)}`,
      ...(needs.length === 0 ? [] : [`addBlockedBy: ${JSON.stringify(needs)}`]),
      ...(todo.status === status ? [] : [`status: "${status}"`]),
    ];
    return fields.length === 1 ? [] : [`TaskUpdate({${fields.join(", ")}})`];
  });
}

function todoOf(run: Run, id: string): string | null {
  return run.state.tasks.get(id)?.todo?.id ?? null;
}
