/** How a format writes that a task waits for others. */
export type Syntax =
  /** ` (depends on T003)` at the end of the task's own line; `form` is how an id is spelled there. */
  | { readonly kind: "line"; readonly form: (id: string) => string }
  /** A line of its own below the task: `  - _Depends: 1.1_`. */
  | { readonly kind: "note"; readonly label: string }
  /** A field of the task's entry or front matter; the first key is written where none of them is there. */
  | { readonly kind: "field"; readonly keys: readonly string[] }
  | { readonly kind: "none"; readonly why: string };

/** A field of the task's entry under the first of these keys. */
export function inField(...keys: readonly string[]): Syntax {
  return { kind: "field", keys };
}

const plain = (id: string): string => (/^\d+$/.test(id) ? `Task ${id}` : id);

/** Markdown formats without a field of their own say it in words at the end of the line. */
export const inWords: Syntax = { kind: "line", form: plain };
