import type { TodoStatus } from "../model/event.ts";
import type { TaskStatus } from "../model/task.ts";

/** The three statuses that a todo list knows, for each of ours. */
export function todoStatus(status: TaskStatus): TodoStatus {
  switch (status) {
    case "done":
    case "merged":
    case "cancelled":
      return "completed";
    case "running":
    case "verifying":
    case "merging":
      return "in_progress";
    case "pending":
    case "ready":
    case "failed":
    case "needs-input":
    case "skipped":
    case "conflicted":
      return "pending";
    default: {
      const never: never = status;
      throw new Error(`unknown status ${String(never)}`);
    }
  }
}
