import { allow, type HookAnswer, type HookInput } from "./hookInput.ts";
import { now, record, type Run } from "../../run/store.ts";
import { todoItems } from "./todo.ts";

/**
 * Fills the session's todo list from the ledger, where the session has such a tool. The model writes a mark instead of the
 * list, which keeps the mirror exact and costs next to nothing; calls without our mark are the person's own.
 */
export function onTodoCall(run: Run, input: HookInput): HookAnswer {
  const asked = input.tool_input ?? {};
  if (input.tool_name === "TodoWrite") {
    const todos = asked["todos"];
    const first: unknown = Array.isArray(todos) ? todos[0] : null;
    const text = typeof first === "object" && first !== null && "content" in first ? first.content : null;
    if (text !== `[orchestrate ${run.state.run}]`) return null;
    record(run, [
      { type: "mirrored", at: now(), task: null, tool: "TodoWrite", todo: null, status: "pending", linked: true },
    ]);
    return allow({ ...asked, todos: todoItems(run) });
  }
  const item = run.plan.tasks.find((task) => asked["subject"] === `[orchestrate ${run.state.run} ${task.id}]`);
  if (item === undefined) return null;
  return allow({
    ...asked,
    subject: `${item.id}: ${item.title}`,
    description: item.body === "" ? item.title : item.body,
    activeForm: `Working on ${item.id}`,
    metadata: { orchestrate: `${run.state.run} ${item.id}` },
  });
}

/** Remembers the entry that `TaskCreate` made for a task, and what `TaskUpdate` wrote to it. */
export function onTodoDone(run: Run, input: HookInput): HookAnswer {
  const asked = input.tool_input ?? {};
  const response = input.tool_response;
  if (input.tool_name === "TaskCreate") {
    const subject = asked["subject"];
    const item = run.plan.tasks.find(
      (task) => subject === `[orchestrate ${run.state.run} ${task.id}]` || subject === `${task.id}: ${task.title}`,
    );
    const todo = entryId(response);
    if (item !== undefined && todo !== null)
      record(run, [
        { type: "mirrored", at: now(), task: item.id, tool: "TaskCreate", todo, status: "pending", linked: false },
      ]);
    return null;
  }
  const entry = [...run.state.tasks].find(([, task]) => task.todo !== null && task.todo.id === asked["taskId"]);
  const todo = entry?.[1].todo ?? null;
  if (entry === undefined || todo === null) return null;
  const status = asked["status"];
  const known = status === "pending" || status === "in_progress" || status === "completed" ? status : todo.status;
  record(run, [
    {
      type: "mirrored",
      at: now(),
      task: entry[0],
      tool: "TaskUpdate",
      todo: todo.id,
      status: known,
      linked: todo.linked || asked["addBlockedBy"] !== undefined,
    },
  ]);
  return null;
}

function entryId(response: unknown): string | null {
  const task = typeof response === "object" && response !== null && "task" in response ? response.task : null;
  return typeof task === "object" && task !== null && "id" in task ? String(task.id) : null;
}
