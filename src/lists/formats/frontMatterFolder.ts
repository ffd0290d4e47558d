import { inField } from "../write/syntax.ts";
import type { ListedTask, Reference } from "../../model/task.ts";
import { resolveFields, type Missing } from "../dependencies.ts";
import { readEstimate } from "../estimate.ts";
import { readFields } from "../fields.ts";
import { together, type Detection, type Format, type FormatList, type Source } from "../format.ts";
import { bodyOf, boxesAside, filesFrom, filesIn, listed, nothing } from "../listed.ts";
import { chooseRegion } from "../markdown/regions.ts";
import { isNone, isStateName, stateOf, waitOf } from "../markdown/tables.ts";
import { byNumber } from "../order.ts";
import { mergeFiles } from "../paths.ts";
import { statusBox, statusOf } from "../statusField.ts";
import { referencesOf, textOf, textsOf, valueOf } from "../values.ts";

const waitKeys = ["depends_on", "dependencies", "depends", "requires", "blocked_by", "waits_for", "after"];

/** A folder of task files that say in front matter, or in bold labels, what they wait for: kandev, APM, to-tickets. */
export const frontMatterFolder: Format = {
  name: "front-matter",
  title: "folder of task files",
  path: null,
  folder: (path) => {
    const parts =
      /^(.*\/)?(?:(?:task|story|issue|ticket)[-_ ]?\d+[^/]*|\d{1,6}|\d{1,4}(?:\.\d+)*[-_. ][^/]+|[A-Z]{1,4}-?\d{2,5}(?:[-_. ][^/]*)?|plan)\.md$/i.exec(
        path,
      );
    return parts ? (parts[1] ?? "") : null;
  },
  main: /(?:^|\/)plan\.md$/,
  page: { where: "the folder", order: "what it states", ticked: "its front matter" },
  hidden: [".scratch"],
  waits: inField(...waitKeys),
  detect,
  read,
};

const idKeys = ["id", "task_id", "task", "ticket"];

/** What a file says it waits for: a field of its front matter, or a label such as `**Blocked by:**`. */
function waitsOf(source: Source): Reference[] | null {
  const { data } = source.frontMatter;
  const field = data ? valueOf(data.root, ...waitKeys) : null;
  if (data && field) {
    const text = textOf(field);
    return text === null ? referencesOf(data, field) : named(text, data.at(field));
  }
  for (const { text, place, kind } of source.markdown.lines) {
    if (kind === "code" || kind === "frontMatter" || text.length > 1000) continue;
    const found = readFields(text).find(({ name }) => waitKeys.includes(name.replaceAll(" ", "_")));
    if (found) return named(found.value, { ...place, column: found.at + 1 });
  }
  const section = sectionOf(source, (name) => waitOf(name) === "after");
  return section?.flatMap(({ text, place }) => named(text, place)) ?? null;
}

/** What stands under a heading of a file, line by line without bullets; null when there is no such heading. */
function sectionOf(
  { markdown }: Source,
  test: (name: string) => boolean,
): { text: string; place: Reference["place"] }[] | null {
  const heading = markdown.headings.findIndex(({ name }) => test(name.trim()));
  if (heading < 0) return null;
  return markdown.lines.flatMap((line) => {
    if (line.heading !== heading || (line.kind !== "item" && line.kind !== "text")) return [];
    const text = line.item?.content ?? line.text.trim();
    return [{ text, place: { ...line.place, column: line.item?.column ?? 1 } }];
  });
}

/** The word for its state, in a label such as `**Status**: done` or under a heading such as `## Estado`. */
function stateOfFile(source: Source): string | null {
  for (const { text, kind } of source.markdown.lines) {
    if (kind === "code" || text.length > 300) continue;
    const field = readFields(text).find(({ name }) => isStateName(name));
    if (field) return field.value;
  }
  return sectionOf(source, isStateName)?.[0]?.text ?? null;
}

/** `Task 11.2 (login, tokens), Task 11.3`, `01, 02`, `None — can start immediately`. */
function named(text: string, place: Reference["place"]): Reference[] {
  const plain = text.replaceAll(/\([^()]*\)/g, "").replace(/^\[|\]$/g, "");
  if (/^\s*(?:none|nothing|n\/a|no|-|—|–)(?:\s|$|[.,—–-])/i.test(plain)) return [];
  return plain
    .split(/[,;]|\s(?:and|&)\s/)
    .map((part) => part.trim().replace(/^["'`]|["'`.]$/g, ""))
    .filter((part) => part !== "" && !isNone(part))
    .flatMap((part) => idsOf(part).map((id) => ({ text: id, place })));
}

/** `T001-T019` and `Tasks 001-006 must be complete` are each of their tasks; anything else is one name. */
function idsOf(part: string): string[] {
  const range = /^(?:tasks?\s+)?([A-Z]{0,4}-?)(\d{1,5})\s?(?:-|–|to|\.\.)\s?\1(\d{1,5})(?!\S)/i.exec(part);
  if (range) {
    const [, letters = "", low = "", high = ""] = range;
    const count = Number(high) - Number(low);
    if (count > 0 && count < 200)
      return Array.from({ length: count + 1 }, (_, at) => letters + String(Number(low) + at).padStart(low.length, "0"));
  }
  return [/^tasks?\s+(\d[\w.]*)/i.exec(part)?.[1] ?? part];
}

function isTask(source: Source): boolean {
  const said = source.frontMatter.data !== null || numberIn(stemOf(source)) !== null;
  return said && !isList(source) && waitsOf(source) !== null && !/(?:^|\/)plan\.md$/i.test(source.file);
}

/** A plan whose headings are its tasks is a list itself, whatever one of them waits for. */
function isList({ markdown, frontMatter }: Source): boolean {
  if (frontMatter.data !== null && valueOf(frontMatter.data.root, ...waitKeys) !== null) return false;
  const { best } = chooseRegion(markdown, false, null);
  return best?.shape === "headings" && best.tasks.size > 1 && best.score >= 8;
}

function hasIdentity(source: Source): boolean {
  const root = source.frontMatter.data?.root;
  const field = valueOf(root, ...idKeys, "title", "name", "status") !== null;
  return field || stateOfFile(source) !== null;
}

function detect(source: Source): Detection | null {
  const tasks = together(source).filter((one) => isTask(one) && hasIdentity(one));
  if (tasks.length === 0) return null;
  const evidence = `${tasks.length} ${tasks.length === 1 ? "file that says what it waits" : "files that say what they wait"} for`;
  return { score: tasks.length > 1 ? 0.65 : 0.55, evidence };
}

function stemOf({ file }: Source): string {
  return file.slice(file.lastIndexOf("/") + 1).replace(/\.md$/i, "");
}

/** `02` of `task-02-login`, `03` of `03-slug`. */
function numberIn(stem: string): string | null {
  return /^(?:[a-z]+[-_ ]?)?(\d+(?:\.\d+)*)(?![\w.])/i.exec(stem.replaceAll("_", "-"))?.[1] ?? null;
}

const missing: Missing = { counts: "unmet", where: "no file of this folder" };

function read(source: Source): FormatList {
  const files = together(source);
  const sources = files.filter((one) => isTask(one) || (hasIdentity(one) && numberIn(stemOf(one)) !== null));
  const spellings = new Map<string, Set<string>>();
  for (const one of sources) {
    const id = idOf(one);
    for (const spelling of [
      id,
      labelledId(one),
      stemOf(one),
      stemOf(one).replace(/^[a-z]+[-_ ](?=\d)/i, ""),
      numberIn(stemOf(one)),
    ]) {
      if (spelling !== null) spellings.set(folded(spelling), (spellings.get(folded(spelling)) ?? new Set()).add(id));
    }
  }
  const find = (text: string): string | Missing | null => {
    const plain = text.replace(/\.md$/i, "").replace(/^(?:task|story|ticket|issue|#)[ #]*(?=\d)/i, "");
    const [only, ...others] = [...(spellings.get(folded(text)) ?? spellings.get(folded(plain)) ?? [])];
    if (only !== undefined && others.length === 0) return only;
    return /\s/.test(plain) ? { counts: "met", where: "words, not the name of a task" } : null;
  };
  const written = sources.map(taskOf);
  written.sort((a, b) => byNumber(a.id, b.id));
  const plan = files.find(({ file }) => /(?:^|\/)plan\.md$/i.test(file));
  return {
    ...nothing,
    ...boxesAside(files, "a criterion or a step: here the files are the tasks"),
    title: plan?.markdown.headings[0]?.name ?? null,
    ...resolveFields(written, missing, find),
  };
}

function folded(text: string): string {
  return text.toLowerCase().replaceAll(/(?<!\d)0+(?=\d)/g, "");
}

function idOf(source: Source): string {
  const written = textOf(valueOf(source.frontMatter.data?.root, ...idKeys))?.replace(/^task\s+/i, "");
  const stem = stemOf(source);
  const own = /^[A-Z]{1,4}-?\d{2,5}(?=[-_. ]|$)/.exec(stem)?.[0];
  return written ?? own ?? (/^[a-z]+[-_]\d+$/i.test(stem) ? stem : (numberIn(stem) ?? stem));
}

/** `- **Task ID**: 001`, in a file that was renamed to its issue since. */
function labelledId(source: Source): string | null {
  for (const { text, kind } of source.markdown.lines.slice(0, 60)) {
    const field =
      kind === "code" || text.length > 300 ? undefined : readFields(text).find(({ name }) => name === "task id");
    if (field) return field.value.replaceAll(/[`*]/g, "");
  }
  return null;
}

function taskOf(source: Source): ListedTask {
  const { data } = source.frontMatter;
  const root = data?.root;
  const { body, acceptance, heading, start } = bodyOf(source);
  const status = valueOf(root, "status", "state");
  const word = textOf(status);
  const said = word === null ? stateOfFile(source) : null;
  const id = idOf(source);
  const title =
    textOf(valueOf(root, "title", "name")) ??
    heading?.replace(/^(?:(?:Task\s+)?[\d.]+|[A-Z]{1,4}-?\d{2,5})\s*[:—–-]\s*/i, "") ??
    id;
  const beside = valueOf(root, "parallel_with");
  const parallel = textOf(valueOf(root, "parallel"));
  const estimate = readEstimate(textOf(valueOf(root, "estimate", "effort", "size")) ?? "");
  const paths = textsOf(valueOf(root, "files", "owned_files", "files_modified", "modified_files"));
  return listed({
    id,
    title,
    body,
    source: data ? data.place([]) : start,
    status:
      said === null ? statusOf(word) : (stateOf(said) ?? statusOf(/^`?([\w -]+)/.exec(said)?.[1]?.trim() ?? null)),
    parallel:
      parallel === "false"
        ? false
        : beside !== null || parallel === "true" || valueOf(root, "wave") !== null
          ? true
          : null,
    files: mergeFiles([...filesFrom(paths), ...(paths.length > 0 ? [] : filesIn(...body.split("\n")))]),
    acceptance,
    estimate: estimate === "wrong" ? null : estimate,
    dependsOn: waitsOf(source) ?? [],
    blocks: data ? referencesOf(data, valueOf(root, "blocks")) : [],
    box: data ? statusBox(source, data, status, { done: "done", open: "pending" }) : null,
  });
}
