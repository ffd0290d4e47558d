import { isMap } from "yaml";
import type { Diagnostic } from "../../model/diagnostic.ts";
import type { Phase } from "../../model/list.ts";
import type { ListedTask, Reference } from "../../model/task.ts";
import { declared, entriesAt, field, has, type Entry } from "../declared.ts";
import type { FormatList, Source } from "../format.ts";
import { warn } from "../listed.ts";
import { booleanOf, itemsOf, referencesOf, textOf, valueOf } from "../values.ts";

/** Auto-Claude: `implementation_plan.json`, phases that wait for each other, with subtasks. */
export const autoClaude = declared({
  name: "auto-claude",
  title: "Auto-Claude plan",
  path: /(?:^|\/)implementation_plan\.json$/,
  hidden: [".auto-claude"],
  page: { where: "the file", order: "what its phases state", ticked: "its status" },
  waits: { kind: "none", why: "an Auto-Claude plan knows dependencies between phases only, not between subtasks" },
  entries,
  own: (entry) => has(entry, "description", "title") && has(entry, "status"),
  evidence: "subtasks of phases, with a status",
  fields: {
    id: ["id", "subtask_id"],
    title: ["title", "description"],
    body: ["description", "notes", "expected_output"],
    status: ["status"],
    waits: ["depends_on", "dependencies"],
    files: { modify: ["files_to_modify"], create: ["files_to_create"], read: ["patterns_from"] },
  },
  tick: { done: "completed", open: "pending" },
  missing: { counts: "unmet", where: "no subtask of this plan" },
  graph: true,
  listTitle: ({ data }) => textOf(valueOf(data?.root, "feature", "spec_name")),
  more: ({ node }) => {
    const check = valueOf(node, "verification");
    const command = textOf(valueOf(check, "type")) === "command" ? textOf(valueOf(check, "command", "run")) : null;
    return command === null || command.trim() === "" ? {} : { verify: [command] };
  },
  settle,
});

function phasesOf(source: Source): Entry[] {
  return entriesAt(source, "phases");
}

function subtasksOf(phase: Entry): Entry[] {
  return itemsOf(valueOf(phase.node, "subtasks", "chunks")).map((node) => ({ ...phase, node }));
}

function entries(source: Source): Entry[] {
  return phasesOf(source).flatMap(subtasksOf);
}

/** Beyond this many pairs a file is no plan that anybody made. */
const mostWaits = 100_000;

/** Every subtask of a phase waits for those of the phases that its own waits for. */
function settle(tasks: readonly ListedTask[], members: readonly Entry[]): Partial<FormatList> {
  const [first] = members;
  if (!first) return {};
  const written = phasesOf(first.source);
  const phaseAt = new Map(written.flatMap((phase, index) => subtasksOf(phase).map(({ node }) => [node, index])));
  const idsOf = written.map((): string[] => []);
  for (const [at, { node }] of members.entries()) idsOf[phaseAt.get(node) ?? 0]?.push(tasks[at]?.id ?? "");
  const byName = new Map(
    written
      .flatMap((phase, index) =>
        ["id", "phase", "name"].flatMap((key) => {
          const name = field(phase, key);
          return name === null ? [] : [[name, index] as const];
        }),
      )
      .toReversed(),
  );
  const diagnostics: Diagnostic[] = [];
  const unmet = new Set<number>();
  let pairs = 0;
  const waits = written.map((phase, index) =>
    referencesOf(phase.data, valueOf(phase.node, "depends_on", "dependencies")).flatMap(
      ({ text, place }): Reference[] => {
        const other = byName.get(text);
        if (other === undefined || other === index) {
          unmet.add(index);
          const message = `The phase \`${nameOf(phase, index)}\` depends on \`${text}\`, which is no other phase of this plan: its subtasks are not started`;
          diagnostics.push(warn("unknown-dependency", message, "the id of a phase", "write the id of a phase", place));
          return [];
        }
        const ids = idsOf[other] ?? [];
        pairs += ids.length * (idsOf[index]?.length ?? 0);
        if (pairs > mostWaits) return [];
        return ids.map((id) => ({ text: id, place, kind: "graph", evidence: `the phase depends on ${text}` }));
      },
    ),
  );
  if (pairs > mostWaits) {
    const message = `Unexpected number of dependencies: the phases of this plan make more than ${mostWaits}`;
    const place = first.data.place([]);
    diagnostics.push({ ...warn("too-large", message, "fewer subtasks", "split the plan", place), severity: "error" });
  }
  return {
    phases: written.map((phase, index): Phase => {
      const safe = booleanOf(valueOf(phase.node, "parallel_safe"));
      const none = { number: null, kind: null, story: null, parent: null, ordered: false };
      return { ...none, name: nameOf(phase, index), parallel: safe, place: phase.data.at(phase.node) };
    }),
    tasks: tasks.map((task, at) => {
      const index = phaseAt.get(members[at]?.node ?? first.node) ?? 0;
      const phase = written[index];
      const held = unmet.has(index) && task.status === "pending";
      return {
        ...task,
        phase: phase ? nameOf(phase, index) : null,
        phaseIndex: index,
        status: held ? "needs-input" : task.status,
        dependsOn: [...task.dependsOn, ...(waits[index] ?? [])],
      };
    }),
    diagnostics,
  };
}

function nameOf(phase: Entry, index: number): string {
  return (isMap(phase.node) ? field(phase, "name", "id") : null) ?? `Phase ${index + 1}`;
}
