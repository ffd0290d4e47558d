import type { Outcome } from "../model/diagnostic.ts";
import type { Detection, Format, Source } from "./format.ts";
import { nearest } from "../text/nearest.ts";
import type { Opened } from "./source.ts";

/** Files that make one list, the format they are in, and what shows it. */
export interface Chosen {
  readonly format: Format;
  readonly evidence: string;
  readonly files: readonly Opened[];
}

/** What was found, and the files in which no format sees a list. */
export interface Choice {
  readonly lists: readonly Chosen[];
  readonly rest: readonly Opened[];
}

/**
 * Sorts files into lists by what they say. A list that is a folder takes its files when its evidence is at least as
 * good as that of any of them alone; among formats that score alike the one whose path fits wins, then the earlier.
 */
export function choose(given: readonly Opened[], formats: readonly Format[]): Choice {
  const files = withoutCompanions(given);
  const alone = new Map(files.map((file) => [file, bestAlone(file, formats)]));
  const sets = formats.flatMap((format) =>
    setsOf(files, format).flatMap((members) => {
      const found = format.detect(asSource(members, format, null));
      return found ? [{ format, members, found }] : [];
    }),
  );
  sets.sort((a, b) => b.found.score - a.found.score || b.members.length - a.members.length);
  const taken = new Map<Opened, Chosen>();
  for (const { format, members, found } of sets) {
    const better = members.some((file) => taken.has(file) || (alone.get(file)?.found.score ?? 0) > found.score);
    if (better) continue;
    const chosen = { format, evidence: found.evidence, files: members };
    for (const file of members) taken.set(file, chosen);
  }
  const lists = new Set<Chosen>();
  const rest: Opened[] = [];
  for (const file of files) {
    const best = alone.get(file);
    const chosen =
      taken.get(file) ?? (best ? { format: best.format, evidence: best.found.evidence, files: [file] } : null);
    if (chosen) lists.add(chosen);
    else rest.push(file);
  }
  return { lists: [...lists], rest };
}

const companion =
  /^(.*?)[-_.](?:analysis|verification|research|context|review|uat|discussion(?:-log)?|validation|notes|handoff|updates?|progress|report)\.md$/i;

/** Files without those that tools write about a task beside the task itself: `113-analysis.md` beside `113.md`. */
function withoutCompanions(files: readonly Opened[]): readonly Opened[] {
  const names = new Set(files.map(({ source }) => source.file.toLowerCase()));
  return files.filter(({ source }) => {
    const stem = companion.exec(source.file)?.[1]?.toLowerCase();
    return stem === undefined || !(names.has(`${stem}.md`) || names.has(`${stem}-plan.md`));
  });
}

/** The files as lists of the format that a person named: `task-master`, or `task-master:loop` for a part of it. */
export function chooseNamed(files: readonly Opened[], formats: readonly Format[], name: string): Outcome<Choice> {
  const format = formats.find((one) => one.name === name.split(":", 1)[0]);
  if (!format) return unknownFormat(name, formats, files[0]?.source.file ?? "inline");
  const sets = format.folder ? setsOf(files, format) : [];
  const others = files.filter((file) => !sets.some((members) => members.includes(file)));
  const lists = [
    ...sets,
    ...(format.folder && others.length > 0 && sets.length === 0 ? [others] : others.map((file) => [file])),
  ];
  const evidence = "named with --format";
  return { ok: true, value: { lists: lists.map((members) => ({ format, evidence, files: members })), rest: [] } };
}

/** What a format reads: the first file, with the others beside it. */
export function asSource(files: readonly Opened[], format: Format, name: string | null): Source {
  const sources = files.flatMap(({ source, foreign }) => (format.folder ? (foreign ?? []) : source));
  const [first = files[0]?.source, ...others] = sources;
  if (!first) throw new Error("a list of no files");
  const colon = name?.indexOf(":") ?? -1;
  return { ...first, others, part: name === null || colon < 0 ? null : name.slice(colon + 1) };
}

function setsOf(files: readonly Opened[], format: Format): Opened[][] {
  const sets = new Map<string, Opened[]>();
  for (const file of files) {
    const folder = format.folder?.(file.source.file) ?? null;
    if (folder === null) continue;
    const known = sets.get(folder);
    if (known) known.push(file);
    else sets.set(folder, [file]);
  }
  return [...sets.values()];
}

function bestAlone(
  { source, foreign, frontMatter }: Opened,
  formats: readonly Format[],
): { format: Format; found: Detection } | null {
  let best: { format: Format; found: Detection; fits: boolean } | null = null;
  for (const format of formats) {
    // Front matter of ours that is wrong is a fault of the list, not a reason to see none.
    const found =
      format.detect(format.folder ? (foreign ?? source) : source) ??
      (frontMatter.length > 0 && format.name === "markdown" ? broken : null);
    const fits = format.path?.test(source.file) ?? false;
    if (found && (!best || found.score > best.found.score || (found.score === best.found.score && fits && !best.fits)))
      best = { format, found, fits };
    // Marks that only one tool writes, where that tool keeps its lists: nothing says more.
    if (best?.fits && best.found.score >= 0.9) return best;
  }
  return best;
}

const broken: Detection = { score: 0, evidence: "front matter that cannot be read" };

function unknownFormat(name: string, formats: readonly Format[], file: string): Outcome<never> {
  const names = formats.map((one) => one.name);
  const near = nearest(name, names);
  return {
    ok: false,
    diagnostics: [
      {
        severity: "error",
        rule: "unknown-format",
        message: `Unexpected format \`${name}\``,
        expected: `one of ${names.join(", ")}`,
        fix: near ? `write \`${near}\`` : "name one of these",
        place: { file, line: 1, column: 1 },
      },
    ],
  };
}
