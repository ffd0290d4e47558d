/** How a format writes that a task waits for others. */
export type Syntax =
  /** ` (depends on T003)` at the end of the task's own line; `form` is how an id is spelled there. */
  | { readonly kind: "line"; readonly form: (id: string) => string }
  /** A line of its own below the task: `  - _Depends: 1.1_`. */
  | { readonly kind: "note"; readonly label: string }
  /** A field of the task's entry or front matter; the first key is written where none of them is there. */
  | { readonly kind: "field"; readonly keys: readonly string[] }
  | { readonly kind: "none"; readonly why: string };

const plain = (id: string): string => (/^\d+$/.test(id) ? `Task ${id}` : id);
const line: Syntax = { kind: "line", form: plain };
const field = (...keys: readonly string[]): Syntax => ({ kind: "field", keys });

const syntaxes = new Map<string, Syntax>([
  ["github", { kind: "line", form: (id) => (/^\d+$/.test(id) ? `#${id}` : id) }],
  ["kiro", { kind: "note", label: "Depends" }],
  ["list", field("dependsOn")],
  ["task-master", field("dependencies")],
  ["ralph", field("dependsOn", "dependencies")],
  ["claude-tasks", field("blockedBy")],
  ["cursor", field("dependencies")],
  ["ccpm", field("depends_on", "dependencies")],
  ["backlog-md", field("dependencies")],
  ["spec-kitty", field("dependencies")],
  ["compozy", field("dependencies")],
  ["gsd", field("depends_on")],
  ["front-matter", field("depends_on", "dependencies", "depends", "requires", "blocked_by", "waits_for", "after")],
  [
    "beads",
    { kind: "none", why: "beads keeps its dependencies in a database; tell it with `bd dep add TASK OTHER` instead" },
  ],
  ["task-copilot", { kind: "none", why: "Task Copilot knows dependencies between streams only, not between tasks" }],
  ["gsd-roadmap", { kind: "none", why: "a GSD roadmap knows dependencies between phases only, not between plans" }],
  ["bmad", { kind: "none", why: "BMAD takes its stories in the order of the list and writes no dependencies" }],
]);

/** Markdown formats without a field of their own say it in words at the end of the line. */
export function syntaxOf(format: string): Syntax {
  return syntaxes.get(format) ?? line;
}
