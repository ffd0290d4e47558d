import type { Edit } from "../write/edits.ts";
import type { Diagnostic, Outcome } from "../../model/diagnostic.ts";
import type { TaskGraph } from "../../model/graph.ts";
import type { TaskList } from "../../model/list.ts";
import { openSource } from "../source.ts";
import { boxFindings } from "./boxes.ts";
import { taskFindings } from "./tasks.ts";

/** What a person should mend, by place, and the changes that are safe. */
export interface Linted {
  readonly diagnostics: readonly Diagnostic[];
  readonly mends: readonly Edit[];
}

/**
 * All warnings and errors about a list: those that reading and linking made, and those about its boxes and words.
 * `texts` are the sources by name; `linked` is what became of `list`.
 */
export function lint(texts: ReadonlyMap<string, string>, list: Outcome<TaskList>, linked: Outcome<TaskGraph>): Linted {
  const boxes = [...texts].flatMap(([file, text]) => {
    const opened = openSource(text, file);
    return opened.ok && opened.value.source.data === null ? boxFindings(opened.value.source.markdown, text) : [];
  });
  const all = [
    ...(linked.ok ? linked.value.diagnostics : linked.diagnostics),
    ...boxes.map(({ diagnostic }) => diagnostic),
    ...(list.ok ? taskFindings(list.value) : []),
  ];
  return {
    diagnostics: inPlace(all.filter(({ severity }) => severity !== "info")),
    mends: boxes.flatMap(({ mend }) => mend ?? []),
  };
}

/** As somebody who mends them goes through the file. What has no place comes first. */
function inPlace(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return diagnostics.toSorted((a, b) => {
    if (a.place === null || b.place === null) return Number(a.place !== null) - Number(b.place !== null);
    if (a.place.file !== b.place.file) return a.place.file < b.place.file ? -1 : 1;
    return a.place.line - b.place.line || a.place.column - b.place.column;
  });
}
