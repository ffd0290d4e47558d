/** Whether a task still costs time and may hold others up. */
export function isOpen(task: { readonly status: string }): boolean {
  return !settled.has(task.status);
}

const settled: ReadonlySet<string> = new Set(["done", "merged", "cancelled", "skipped"]);
