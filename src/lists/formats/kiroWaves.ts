import * as z from "zod";
import type { Diagnostic } from "../../model/diagnostic.ts";
import { once } from "../../model/once.ts";
import type { Place } from "../../model/place.ts";
import type { ListedTask, Reference } from "../../model/task.ts";
import { parseData, toPlain } from "../data.ts";
import type { FormatList } from "../format.ts";
import type { MarkdownDocument, MarkdownLine } from "../markdown/scan.ts";

/** Tasks that Kiro would start together, and what they wait for: tasks by id, or other waves by index. */
interface Wave {
  readonly name: string;
  readonly tasks: readonly string[];
  readonly after: readonly string[];
  readonly afterWaves: readonly number[];
  readonly place: Place;
}

const waveEntry = once(() => {
  const id = z.union([z.string(), z.number()]).transform(String);
  return z.union([
    z.array(id).transform((tasks) => ({ tasks })),
    z.looseObject({
      id: id.optional(),
      wave: id.optional(),
      name: z.string().optional(),
      tasks: z.array(id),
      dependencies: z.array(id).optional(),
      depends_on: z.array(id).optional(),
    }),
  ]);
});
const wavesFile = once(() =>
  z.union([z.array(waveEntry()), z.object({ waves: z.array(waveEntry()) }).transform(({ waves }) => waves)]),
);
type WaveEntry = z.infer<ReturnType<typeof waveEntry>>;

/**
 * The batches that Kiro writes at the end of its list: JSON in a fence (`{"waves": […]}` or bare arrays), a drawing
 * (`T1 --> T2`, where T1 is task 1), or lines such as `Wave 1: 1.1, 1.2`. Null when there are none.
 */
export function findWaves(document: MarkdownDocument): readonly Wave[] | null {
  for (let at = 0; at < document.lines.length; at += 1) {
    const line = document.lines[at];
    if (line?.kind !== "code") continue;
    const start = at;
    while (document.lines[at + 1]?.kind === "code") at += 1;
    const block = document.lines.slice(start, at + 1);
    const waves = inGraph(document, line) || block.some(({ text }) => text.includes('"waves"')) ? ofFence(block) : null;
    if (waves) return waves;
  }
  const said = document.lines.flatMap((line): Wave | [] => (inGraph(document, line) ? ofLine(line) : []));
  return said.length > 0 ? said.map((wave, index) => ({ ...wave, afterWaves: index > 0 ? [index - 1] : [] })) : null;
}

function inGraph(document: MarkdownDocument, line: MarkdownLine): boolean {
  return /dependency graph|\bwaves?\b/i.test(document.headings[line.heading]?.name ?? "");
}

function ofFence(block: readonly MarkdownLine[]): Wave[] | null {
  const [first] = block;
  if (!first) return null;
  const text = block.map((line) => line.text).join("\n");
  if (!/^\s*[[{]/.test(text)) return ofArrows(block);
  const data = parseData(text, first.place.file, first.place.line);
  if (!data.ok) return null;
  const read = wavesFile().safeParse(
    toPlain(data.value.root, new Set(["id", "wave", "tasks", "dependencies", "depends_on"])),
  );
  if (!read.success) return null;
  const entries: readonly WaveEntry[] = read.data;
  const nested = !/^\s*\[/.test(text);
  const names = entries.map(
    (entry, index) =>
      ("id" in entry ? entry.id : undefined) ?? ("wave" in entry ? entry.wave : undefined) ?? String(index),
  );
  return entries.map((entry, index): Wave => {
    const stated = "dependencies" in entry ? entry.dependencies : undefined;
    const waves = "depends_on" in entry ? entry.depends_on : undefined;
    return {
      name: names[index] ?? String(index),
      tasks: entry.tasks,
      after: stated ?? [],
      afterWaves: waves
        ? waves.map((wave) => names.indexOf(wave)).filter((wave) => wave >= 0)
        : index > 0 && !stated
          ? [index - 1]
          : [],
      place: data.value.place(nested ? ["waves", index] : [index]),
    };
  });
}

/** `T1, T2 --> T3 --> T4`, one or more lines: each step waits for the one before it on its line. */
function ofArrows(block: readonly MarkdownLine[]): Wave[] | null {
  const waves = block.flatMap((line): Wave[] => {
    const steps = line.text.split(/->|→|=>/).map((step) => step.match(/[A-Za-z]{0,5}\d[\w.]*/g) ?? []);
    return steps.slice(1).map((tasks, index) => ({
      name: tasks.join(", "),
      tasks,
      after: steps[index] ?? [],
      afterWaves: [],
      place: line.place,
    }));
  });
  return waves.length > 0 ? waves : null;
}

/** `Wave 2 (after 1): tasks 2.1, 2.2`; a sentence about dependencies is read as such when linking. */
function ofLine(line: MarkdownLine): Wave | [] {
  const found = /^[\s*+-]*(?:wave|batch)\s+(\d+)[^:]{0,60}:(.*)$/i.exec(line.text.replaceAll("**", ""));
  const list = found?.[2] ?? "";
  const tasks = list.match(/(?<![\w.])[Tt]?\d[\w.]*/g) ?? [];
  if (!found || tasks.length === 0 || /depen|block|after/i.test(list)) return [];
  return { name: found[1] ?? "", tasks, after: [], afterWaves: [], place: line.place };
}

/**
 * The list with the edges of its waves in place of its order. Tasks that the waves leave out keep their place behind
 * the task before them; checkpoints hold everything, as in the list.
 */
export function withWaves(list: FormatList, waves: readonly Wave[]): FormatList {
  const leaves = leavesById(list.tasks);
  const of = (id: string): readonly string[] =>
    leaves.get(id) ?? leaves.get(id.replace(/^[A-Za-z]+-?(?=\d)/, "").replace(/\.$/, "")) ?? [];
  const dangling: { id: string; place: Place }[] = [];
  const resolved = waves.map((wave) => {
    for (const id of wave.tasks) if (of(id).length === 0) dangling.push({ id, place: wave.place });
    return { ...wave, members: wave.tasks.flatMap(of), needs: wave.after.flatMap(of) };
  });
  const references = new Map<string, Reference[]>();
  const together = new Set<string>();
  for (const wave of resolved) {
    const before = [
      ...wave.needs.map((id) => ({ id, words: `its wave depends on ${id}` })),
      ...wave.afterWaves.flatMap((index) =>
        (resolved[index]?.members ?? []).map((id) => ({
          id,
          words: `wave ${wave.name} comes after wave ${resolved[index]?.name ?? ""}`,
        })),
      ),
    ];
    for (const member of wave.members) {
      if (wave.members.length > 1) together.add(member);
      const known = references.get(member) ?? [];
      for (const { id, words } of before)
        if (id !== member) known.push({ text: id, place: wave.place, kind: "graph", evidence: words });
      references.set(member, known);
    }
  }
  if (references.size === 0) return list;
  for (const wave of resolved) for (const id of wave.needs) if (!references.has(id)) references.set(id, []);
  let previous: ListedTask | null = null;
  const tasks = list.tasks.map((task): ListedTask => {
    const known = references.get(task.writtenId);
    const behind: Reference[] =
      known === undefined && previous !== null && !task.gate
        ? [
            {
              text: previous.writtenId,
              place: task.source,
              kind: "order",
              evidence: "the waves leave it out: it stays behind the task before it",
            },
          ]
        : [];
    if (!task.gate) previous = task;
    return {
      ...task,
      dependsOn: [...task.dependsOn, ...(known ?? behind)],
      parallel: task.parallel ?? (together.has(task.writtenId) ? true : null),
    };
  });
  return {
    ...list,
    tasks,
    order: "none",
    phases: list.phases.map((phase) => ({ ...phase, ordered: false })),
    diagnostics: [...list.diagnostics, ...(dangling.length > 0 ? [danglingIds(dangling)] : [])],
  };
}

/** A container stands for its parts, and a task for itself. */
function leavesById(tasks: readonly ListedTask[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { writtenId, parent } of tasks) {
    found.set(writtenId, [writtenId]);
    for (let id = parent; id !== null;) {
      const known = found.get(id);
      if (known) known.push(writtenId);
      else found.set(id, [writtenId]);
      const dot = id.lastIndexOf(".");
      id = dot > 0 ? id.slice(0, dot) : null;
    }
  }
  return found;
}

function danglingIds(dangling: readonly { id: string; place: Place }[]): Diagnostic {
  const ids = dangling.slice(0, 12).map(({ id }) => `\`${id}\``);
  return {
    severity: "warning",
    rule: "unknown-dependency",
    message: `Unexpected ids in the graph of waves: ${ids.join(", ")}${dangling.length > 12 ? ", …" : ""}`,
    expected: "ids of tasks in this list",
    fix: "have the graph written anew, or take them out; they are passed over",
    place: dangling[0]?.place ?? null,
  };
}
