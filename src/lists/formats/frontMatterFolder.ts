import { inField } from "../write/syntax.ts";
import type { ListedTask, Reference } from "../../model/task.ts";
import { resolveFields, type Missing } from "../dependencies.ts";
import { readEstimate } from "../estimate.ts";
import { readFields } from "../fields.ts";
import { together, type Detection, type Format, type FormatList, type Source } from "../format.ts";
import { bodyOf, boxesAside, filesFrom, filesIn, listed, nothing } from "../listed.ts";
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
    const parts = /^(.*\/)?(?:(?:task|story|issue|ticket)[-_ ]?\d+[^/]*|\d{1,4}(?:\.\d+)*[-_. ][^/]+|plan)\.md$/i.exec(
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
  return null;
}

/** `Task 11.2 (login, tokens), Task 11.3`, `01, 02`, `None — can start immediately`. */
function named(text: string, place: Reference["place"]): Reference[] {
  const plain = text.replaceAll(/\([^()]*\)/g, "").replace(/^\[|\]$/g, "");
  if (/^\s*(?:none|nothing|n\/a|no|-|—|–)(?:\s|$|[.,—–-])/i.test(plain)) return [];
  return plain
    .split(/[,;]|\s(?:and|&)\s/)
    .map((part) => part.trim().replace(/^["'`]|["'`.]$/g, ""))
    .filter((part) => part !== "")
    .map((part) => ({ text: part, place }));
}

function isTask(source: Source): boolean {
  const said = source.frontMatter.data !== null || numberIn(stemOf(source)) !== null;
  return said && waitsOf(source) !== null && !/(?:^|\/)plan\.md$/i.test(source.file);
}

function hasIdentity(source: Source): boolean {
  const root = source.frontMatter.data?.root;
  const field = valueOf(root, ...idKeys, "title", "name", "status") !== null;
  return field || source.markdown.lines.some(({ text }) => text.length < 300 && /^\**Status\**:/i.test(text));
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
    for (const spelling of [id, stemOf(one), stemOf(one).replace(/^[a-z]+[-_ ](?=\d)/i, ""), numberIn(stemOf(one))]) {
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
  return written ?? (/^[a-z]+[-_]\d+$/i.test(stem) ? stem : (numberIn(stem) ?? stem));
}

function taskOf(source: Source): ListedTask {
  const { data } = source.frontMatter;
  const root = data?.root;
  const { body, acceptance, heading, start } = bodyOf(source);
  const status = valueOf(root, "status", "state");
  const label = source.markdown.lines.find(({ text }) => text.length < 300 && /^\**Status\**:/i.test(text));
  const word = textOf(status) ?? /:\**\s*`?([\w -]+)/.exec(label?.text ?? "")?.[1]?.trim() ?? null;
  const id = idOf(source);
  const title =
    textOf(valueOf(root, "title", "name")) ?? heading?.replace(/^(?:Task\s+)?[\d.]+\s*[:—–-]\s*/i, "") ?? id;
  const beside = valueOf(root, "parallel_with");
  const parallel = textOf(valueOf(root, "parallel"));
  const estimate = readEstimate(textOf(valueOf(root, "estimate", "effort", "size")) ?? "");
  const paths = textsOf(valueOf(root, "files", "owned_files", "files_modified", "modified_files"));
  return listed({
    id,
    title,
    body,
    source: data ? data.place([]) : start,
    status: statusOf(word),
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
