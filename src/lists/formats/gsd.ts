import { inField } from "../write/syntax.ts";
import type { Diagnostic } from "../../model/diagnostic.ts";
import type { ListedTask } from "../../model/task.ts";
import { resolveFields, type Missing } from "../dependencies.ts";
import { together, type Detection, type Format, type FormatList, type Source } from "../format.ts";
import { bodyOf, boxesAside, filesFrom, listed, nothing, warn } from "../listed.ts";
import { byNumber } from "../order.ts";
import { booleanOf, referencesOf, textOf, textsOf, valueOf } from "../values.ts";

/** GSD (get-shit-done): a phase's folder with a plan a file, `05-01-PLAN.md`; a plan with a SUMMARY is done. */
export const gsd: Format = {
  name: "gsd",
  title: "GSD phase plans",
  path: /(?:^|\/)\.planning\/phases\//,
  folder: (path) =>
    /^(.*\/)?[^/]+-(?:PLAN|SUMMARY)\.md$/.exec(path)?.[1] ?? (/^[^/]+-(?:PLAN|SUMMARY)\.md$/.test(path) ? "" : null),
  page: { where: "the phase's folder", order: "what it states", ticked: "the ledger" },
  hidden: [".planning"],
  waits: inField("depends_on"),
  detect,
  read,
};

interface Stem {
  readonly phase: string;
  readonly plan: string;
  readonly id: string;
}

/** `05-01`, `05-01-slug`, `05-slug-01`, `06.1-02`, `CK-01-02`, with or without `-PLAN.md`: phase and plan. */
export function planStem(name: string): Stem | null {
  if (name.length > 128) return null;
  const stem = name.replace(/\.md$/i, "").replace(/-(?:PLAN|SUMMARY)$/i, "");
  const phase = "(?:[A-Z]+-)?\\d+(?:\\.\\d+)*[A-Z]?";
  const parts =
    new RegExp(`^(${phase})-(\\d+[a-z]?)(?:-.*)?$`).exec(stem) ?? new RegExp(`^(${phase})-.*-(\\d+[a-z]?)$`).exec(stem);
  const [, first, second] = parts ?? [];
  return first === undefined || second === undefined ? null : { phase: first, plan: second, id: `${first}-${second}` };
}

function nameOf({ file }: Source): string {
  return file.slice(file.lastIndexOf("/") + 1);
}

function rootOf({ frontMatter }: Source): unknown {
  return frontMatter.data?.root;
}

function isPlan(source: Source): boolean {
  const root = rootOf(source);
  const own = ["wave", "depends_on", "files_modified", "autonomous", "must_haves"];
  return (
    valueOf(root, "phase") !== null && valueOf(root, "plan") !== null && own.some((key) => valueOf(root, key) !== null)
  );
}

/** Plans that are no summary of one: a summary has the same `phase` and `plan`. */
function plansOf(source: Source): Source[] {
  return together(source).filter((one) => isPlan(one) && !/-SUMMARY\.md$/i.test(one.file));
}

function detect(source: Source): Detection | null {
  const plans = plansOf(source);
  if (plans.length === 0) return null;
  return { score: 0.95, evidence: `${plans.length} plans with \`phase\`, \`plan\` and \`wave\` or \`depends_on\`` };
}

const elsewhere: Missing = { counts: "met", where: "another phase: GSD waits only inside a phase" };

function read(source: Source): FormatList {
  const done = new Set(
    together(source).flatMap((one) => (/-SUMMARY\.md$/i.test(one.file) ? (planStem(nameOf(one))?.id ?? []) : [])),
  );
  const plans = plansOf(source).map((one) => ({ one, stem: stemOf(one) }));
  plans.sort((a, b) => byNumber(a.stem.id, b.stem.id));
  const phases = new Map(plans.map(({ stem }) => [stem.id, stem.phase]));
  const spellings = new Map([...phases.keys()].toReversed().map((id) => [unpadded(id), id]));
  const find = (text: string, task: ListedTask): string | Missing | null => {
    const phase = phases.get(task.id) ?? "";
    const plain = text.replace(/\.md$/i, "").replace(/-PLAN$/i, "");
    const id = /^\d+[a-z]?$/.test(plain) ? `${phase}-${plain}` : (planStem(plain)?.id ?? plain);
    const known = spellings.get(unpadded(id));
    if (known !== undefined) return known;
    return unpadded(planStem(id)?.phase ?? "") === unpadded(phase)
      ? { counts: "unmet", where: "no plan of this phase" }
      : elsewhere;
  };
  const written = plans.map(({ one, stem }) => taskOf(one, stem, done.has(stem.id)));
  const { tasks, diagnostics } = resolveFields(written, elsewhere, find);
  const declared = new Map(
    plans.map(({ one, stem }) => [stem.id, Number(textOf(valueOf(rootOf(one), "wave")) ?? Number.NaN)]),
  );
  return {
    ...nothing,
    ...boxesAside(together(source), "a check of a plan: in GSD the plan files are the tasks"),
    title: textOf(valueOf(rootOf(source), "phase")),
    tasks,
    diagnostics: [...diagnostics, ...waves(tasks, declared)],
  };
}

function unpadded(id: string): string {
  return id.toLowerCase().replaceAll(/(?<!\d)0+(?=\d)/g, "");
}

/** From the file's name, else from `phase` and `plan` as written. */
function stemOf(source: Source): Stem {
  const own = planStem(nameOf(source));
  if (own) return own;
  const phase = /^(?:[A-Z]+-)?\d[\d.]*[A-Z]?/.exec(textOf(valueOf(rootOf(source), "phase")) ?? "")?.[0] ?? "0";
  const plan = textOf(valueOf(rootOf(source), "plan")) ?? "0";
  return planStem(plan) ?? { phase, plan, id: `${phase}-${plan}` };
}

function taskOf(source: Source, stem: Stem, done: boolean): ListedTask {
  const { data } = source.frontMatter;
  const root = data?.root;
  const { body, heading } = bodyOf(source);
  const objective = /<objective>\s*([^\n<]{3,200})/.exec(body)?.[1];
  const pauses = booleanOf(valueOf(root, "autonomous")) === false;
  const place = data?.place([]) ?? { file: source.file, line: 1, column: 1 };
  return listed({
    id: stem.id,
    title: (objective ?? heading ?? stem.id).trim().replace(/^Plan [\w.-]+: */, ""),
    body,
    source: place,
    status: done ? "done" : "pending",
    phase: null,
    // Plans of one wave run side by side; one that stops to ask a person runs alone.
    parallel: pauses ? false : valueOf(root, "wave") === null ? null : true,
    files: filesFrom(textsOf(valueOf(root, "files_modified"))),
    acceptance: textsOf(valueOf(valueOf(root, "must_haves"), "truths")),
    requirements: textsOf(valueOf(root, "requirements")),
    dependsOn: data ? referencesOf(data, valueOf(root, "depends_on")) : [],
  });
}

/** GSD computes the waves from `depends_on`; where the declared one says otherwise, it is shown and not obeyed. */
function waves(tasks: readonly ListedTask[], declared: ReadonlyMap<string, number>): Diagnostic[] {
  return tasks.flatMap((task) => {
    const own = declared.get(task.id) ?? Number.NaN;
    const late = task.dependsOn.find(({ text }) => (declared.get(text) ?? Number.NaN) >= own);
    if (late === undefined) return [];
    const message = `\`${task.id}\` is in wave ${own} and waits for \`${late.text}\` of wave ${declared.get(late.text) ?? ""}`;
    return warn(
      "wave-mismatch",
      message,
      "a later wave than what it waits for",
      "nothing: `depends_on` holds",
      late.place,
    );
  });
}
