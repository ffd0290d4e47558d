import type { Diagnostic, Outcome } from "../model/diagnostic.ts";
import type { TaskGraph } from "../model/graph.ts";
import { isOpen } from "../model/isOpen.ts";
import { taskGroups } from "./statements/groupIndex.ts";
import type { Context } from "./statements/ids.ts";
import { readReferences } from "./statements/references.ts";
import { taskNames } from "./statements/resolve.ts";
import { ambiguousId, lastDescendants, unknownDependency } from "./statements/statement.ts";
import { words } from "./statements/words.ts";

export interface Selection {
  /** Ids, ranges, phases, stories: `1,2,5-8`, `US1`, `Phase 2`. Keeps these; what they need must be among them or done. */
  readonly tasks?: string | undefined;
  /** The same notation. Keeps exactly these; what they need elsewhere counts as met. */
  readonly only?: string | undefined;
}

/** The part of a graph that a person chose. Edges, locks and the rest shrink with it; warnings that stay true are kept. */
export function select(graph: TaskGraph, selection: Selection): Outcome<TaskGraph> {
  const text = selection.only ?? selection.tasks;
  if (text === undefined) return { ok: true, value: graph };
  const chosen = chosenTasks(graph, text);
  if (!chosen.ok) return chosen;
  const kept = chosen.value;
  const done = new Set(graph.tasks.flatMap((task) => (isOpen(task) ? [] : task.id)));
  const cut = graph.edges.filter(
    (edge) => kept.has(edge.to) && !kept.has(edge.from) && !done.has(edge.from) && !done.has(edge.to),
  );
  const diagnostics = cut.map((edge): Diagnostic =>
    selection.only === undefined
      ? {
          severity: "error",
          rule: "needs-unselected",
          message: `Unexpected selection: \`${edge.to}\` waits for \`${edge.from}\`, which is not selected and not done (${edge.evidence})`,
          expected: "a selection that holds what its tasks wait for",
          fix: `add \`${edge.from}\` to it, tick \`${edge.from}\` in the list if it is done, or use --only`,
          place: edge.source,
        }
      : {
          severity: "warning",
          rule: "needs-unselected",
          message: `\`${edge.to}\` waits for \`${edge.from}\` (${edge.evidence}), which counts as met because of --only`,
          expected: `\`${edge.from}\` done`,
          place: edge.source,
        },
  );
  if (selection.only === undefined && diagnostics.length > 0) return { ok: false, diagnostics };
  const both = (edge: { from: string; to: string }): boolean => kept.has(edge.from) && kept.has(edge.to);
  return {
    ok: true,
    value: {
      ...graph,
      tasks: graph.tasks.filter((task) => kept.has(task.id)),
      edges: graph.edges.filter(both),
      overruled: graph.overruled.filter(({ edge, by }) => both(edge) && both(by)),
      locks: graph.locks.flatMap((lock) => {
        const holders = lock.holders.filter((holder) => kept.has(holder.task));
        return holders.length < 2 ? [] : { ...lock, holders };
      }),
      areas: graph.areas.filter(({ task }) => kept.has(task)),
      alone: graph.alone.filter(({ task }) => kept.has(task)),
      doubts: graph.doubts.filter(({ tasks }) => tasks.every((task) => kept.has(task))),
      unresolved: graph.unresolved.filter(({ task }) => kept.has(task)),
      diagnostics: [...graph.diagnostics, ...diagnostics],
    },
  };
}

function chosenTasks(graph: TaskGraph, text: string): Outcome<ReadonlySet<string>> {
  const names = taskNames(graph.tasks);
  const context: Context = {
    names,
    groups: taskGroups({ ...graph.list, tasks: graph.tasks }),
    lastDescendant: lastDescendants(names),
  };
  const kept = new Set<string>();
  const diagnostics: Diagnostic[] = [];
  for (const part of text
    .split(",")
    .map((piece) => piece.trim())
    .filter((piece) => piece !== "")) {
    const line = words(part);
    const reading = readReferences(context, line, 0, { numbers: true, named: true });
    const place = { file: "--tasks", line: 1, column: 1 };
    diagnostics.push(
      ...reading.ambiguous.map(({ word, candidates }) => ambiguousId(names, word.text, candidates, place)),
    );
    const understood = reading.operands.every((operand) => operand.kind === "tasks") && reading.next >= line.length;
    if (reading.operands.length + reading.ambiguous.length === 0 || reading.dangling.length > 0 || !understood) {
      diagnostics.push({
        ...unknownDependency(names, part, place, "error"),
        rule: "unknown-task",
        message: `Unexpected \`${part}\` in the selection: no task, phase or story is called that`,
        place: null,
      });
      continue;
    }
    for (const operand of reading.operands) {
      for (const index of operand.kind === "tasks" ? operand.tasks : []) {
        // choosing a container chooses its parts
        for (let part = index; part <= (context.lastDescendant[index] ?? index); part += 1)
          kept.add(graph.tasks[part]?.id ?? "");
      }
    }
  }
  if (diagnostics.length > 0) return { ok: false, diagnostics };
  if (kept.size > 0) return { ok: true, value: kept };
  return {
    ok: false,
    diagnostics: [
      {
        severity: "error",
        rule: "unknown-task",
        message: "Unexpected empty selection",
        expected: "ids, ranges, phases or stories",
        fix: "name at least one task",
        place: null,
      },
    ],
  };
}
