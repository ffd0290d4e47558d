/**
 * What a worker says of its task when it stops. The set is closed:
 * - `DONE`: finished, and its own checks pass;
 * - `DONE_WITH_CONCERNS`: finished, and a person should read the notes;
 * - `NEEDS_CONTEXT`: a question only a person can answer stands in the notes;
 * - `BLOCKED`: it cannot be done as written; the notes say why.
 */
export type ReportStatus = "DONE" | "DONE_WITH_CONCERNS" | "NEEDS_CONTEXT" | "BLOCKED";

export interface Report {
  readonly status: ReportStatus;
  readonly task: string;
  /** Files the worker says it changed, relative to the project. */
  readonly files: readonly string[];
  /** One or two sentences that later tasks may build on. */
  readonly summary: string;
  /** Changes outside the task's own files, each with its reason. */
  readonly outside: readonly { readonly path: string; readonly reason: string }[];
}
