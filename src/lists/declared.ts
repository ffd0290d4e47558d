import { isMap, isScalar, isSeq, type Node } from "yaml";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { FileAccess } from "../model/fileScope.ts";
import type { SetAside } from "../model/list.ts";
import type { ListedTask, Reference, TaskStatus } from "../model/task.ts";
import type { Data } from "./data.ts";
import { resolveFields, type Missing } from "./dependencies.ts";
import { together, type Format, type FormatList, type Source } from "./format.ts";
import { bodyOf, boxesAside, filesFrom, filesIn, listed, nothing, notThis } from "./listed.ts";
import { byNumber } from "./order.ts";
import { mergeFiles } from "./paths.ts";
import { statusBox, statusOf } from "./statusField.ts";
import { booleanOf, itemsOf, referencesOf, textOf, textsOf, valueOf } from "./values.ts";

/** One entry of a list kept as data: a mapping, and the text that holds it. */
export interface Entry {
  readonly source: Source;
  readonly data: Data;
  readonly node: Node;
}

type Keys = readonly string[];

/** What the keys of an entry mean. Of several keys the first one present counts, except where all are joined. */
interface Fields {
  /** The id; entries without one are numbered. */
  readonly id: Keys | ((entry: Entry) => string | null);
  readonly title: Keys;
  /** Joined by blank lines; the text below the front matter where it is absent and the entries are files. */
  readonly body?: Keys;
  readonly status?: Keys | ((entry: Entry) => unknown);
  /** What waits are written under; all keys count. */
  readonly waits?: Keys;
  readonly blocks?: Keys;
  /** Other keys by whose values references name an entry. */
  readonly names?: Keys;
  readonly parent?: Keys;
  readonly acceptance?: Keys;
  readonly requirements?: Keys;
  /** Keys that list paths and nothing else. Where none is given, paths are looked for in `mentions`. */
  readonly files?: Partial<Record<FileAccess, Keys>>;
  /** Keys whose text may name files; the title and the body when absent. */
  readonly mentions?: Keys;
}

interface Tick {
  readonly done: string;
  readonly open: string;
  /** Tools differ in their words: those that the list itself uses count before these. */
  readonly asListed?: boolean;
}

/** A format whose tasks are entries of data, one for each task. */
export interface Declaration extends Pick<
  Format,
  "name" | "title" | "path" | "folder" | "main" | "hidden" | "waits" | "page"
> {
  /** Everything that may be a task, in the list's order. */
  readonly entries: (source: Source) => readonly Entry[];
  /** Whether an entry bears the marks of this format. */
  readonly own: (entry: Entry) => boolean;
  /** What was seen, after the number of entries: "`userStories` with `passes`". */
  readonly evidence: string;
  /** 0.95 when absent. */
  readonly score?: number;
  readonly fields: Fields;
  /** The tool's own status words, where they mean something else than they do elsewhere. */
  readonly statuses?: Readonly<Record<string, TaskStatus>>;
  /** The words for a task that is done and one that is not; null where the text is a copy that is not to be changed. */
  readonly tick: Tick | null;
  readonly missing: Missing;
  /** Its tool writes the dependencies itself: they are stronger than what people write. */
  readonly graph?: boolean;
  /** Words in the body about other tasks count as dependencies: its tool has no field for them. */
  readonly prose?: boolean;
  /** `unless stated`: one after another where no entry says what it waits for. */
  readonly order?: "none" | "sequence unless stated";
  /** Entries are sorted by their ids as people number them. */
  readonly sorted?: boolean;
  /** Why boxes in files that are tasks are none themselves. */
  readonly aside?: string;
  readonly listTitle?: (source: Source) => string | null;
  /** What is peculiar to the tool. */
  readonly more?: (entry: Entry, task: ListedTask) => Partial<ListedTask>;
  /** What the tool makes of its tasks as a whole, after references were resolved. */
  readonly settle?: (tasks: readonly ListedTask[], entries: readonly Entry[]) => Partial<FormatList>;
}

/** The value of an entry's first key present, as text. */
export function field({ node }: Entry, ...keys: Keys): string | null {
  return textOf(valueOf(node, ...keys));
}

/** Whether an entry has one of the keys. */
export function has({ node }: Entry, ...keys: Keys): boolean {
  return valueOf(node, ...keys) !== null;
}

/** The entries of a list under the first of `keys` at the root of a JSON or YAML text; without keys the root is the list. */
export function entriesAt(source: Source, ...keys: Keys): Entry[] {
  return together(source).flatMap((one) => {
    const { data } = one;
    if (!data) return [];
    const list = keys.length === 0 ? data.root : valueOf(data.root, ...keys);
    return itemsOf(list).map((node) => ({ source: one, data, node }));
  });
}

/** Every file that is one mapping, in its front matter or as a whole, and whose path fits. */
export function filesAsEntries(source: Source, path: RegExp): Entry[] {
  return together(source).flatMap((one) => {
    const data = one.data ?? one.frontMatter.data;
    const root = data?.root;
    return data && isMap(root) && path.test(one.file) ? [{ source: one, data, node: root }] : [];
  });
}

/** The format that a declaration describes. */
export function declared(declaration: Declaration): Format {
  const { name, title, path, folder, main, hidden, waits, page } = declaration;
  return {
    name,
    title,
    path,
    page,
    ...(folder ? { folder } : {}),
    ...(main ? { main } : {}),
    ...(hidden ? { hidden } : {}),
    ...(waits ? { waits } : {}),
    detect: (source) => {
      const entries = declaration.entries(source);
      // A long list of something else is told by its beginning.
      if (!entries.slice(0, 50).some(declaration.own)) return null;
      const count = entries.filter(declaration.own).length;
      return { score: declaration.score ?? 0.95, evidence: `${count} ${declaration.evidence}` };
    },
    read: (source, firstNumber) => readDeclared(declaration, source, firstNumber),
  };
}

function readDeclared(declaration: Declaration, source: Source, firstNumber: number): FormatList {
  const { fields, missing } = declaration;
  const diagnostics: Diagnostic[] = [];
  const setAside: SetAside[] = [];
  const entries = declaration.entries(source).filter((entry) => {
    if (isMap(entry.node) && (idOf(entry, fields) !== null || titleOf(entry, fields) !== null)) return true;
    setAside.push(aside(entry));
    return false;
  });
  if (entries.length === 0 && setAside.length === 0) return notThis(source, declaration.title);
  const tick = tickOf(declaration, entries);
  const numbers = freeNumbers(entries, fields, firstNumber);
  const drafts = entries.map((entry) => ({
    entry,
    task: taskOf(declaration, entry, idOf(entry, fields) ?? numbers.next().value ?? "", tick, diagnostics),
  }));
  if (declaration.sorted === true) drafts.sort((a, b) => byNumber(a.task.id, b.task.id));
  const tasks = drafts.map(({ task }) => task);
  const others = namesOf(drafts, fields.names ?? []);
  const resolved = resolveFields(tasks, missing, (text) => others.get(text) ?? null);
  const stated = tasks.some(({ dependsOn }) => dependsOn.length > 0);
  const boxes = declaration.folder
    ? boxesAside(together(source), declaration.aside ?? "a step or a criterion: the files are the tasks")
    : null;
  const made: FormatList = {
    ...nothing,
    title: declaration.listTitle?.(source) ?? null,
    tasks: resolved.tasks,
    order: declaration.order === "sequence unless stated" && !stated ? "sequence" : "none",
    setAside: [...setAside, ...(boxes?.setAside ?? [])],
    boxes: boxes?.boxes ?? 0,
    diagnostics: [...diagnostics, ...resolved.diagnostics],
  };
  const settled =
    declaration.settle?.(
      made.tasks,
      drafts.map(({ entry }) => entry),
    ) ?? {};
  return { ...made, ...settled, diagnostics: [...made.diagnostics, ...(settled.diagnostics ?? [])] };
}

function aside({ source, data, node }: Entry): SetAside {
  const { line } = data.at(node);
  const text = (source.markdown.lines[line - 1]?.text ?? "").trim().slice(0, 200);
  return { file: source.file, line, text, reason: "it has neither an id nor a title" };
}

function idOf(entry: Entry, { id }: Fields): string | null {
  const written = typeof id === "function" ? id(entry) : field(entry, ...id);
  return written === null || written.trim() === "" ? null : written.trim();
}

function titleOf(entry: Entry, { title }: Fields): string | null {
  const first = title.map((key) => field(entry, key)?.trim() ?? "").find((text) => text !== "");
  return first?.split("\n", 1)[0]?.trim() ?? null;
}

/** Numbers for entries without an id that no entry has as its own. */
function* freeNumbers(entries: readonly Entry[], fields: Fields, first: number): Generator<string, string> {
  const taken = new Set(entries.map((entry) => idOf(entry, fields)));
  for (let number = first; ; number += 1) if (!taken.has(String(number))) yield String(number);
}

function namesOf(
  drafts: readonly { readonly entry: Entry; readonly task: ListedTask }[],
  keys: Keys,
): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { entry, task } of drafts)
    for (const key of keys) {
      const name = field(entry, key);
      if (name !== null && name !== "" && !names.has(name)) names.set(name, task.id);
    }
  for (const { task } of drafts) names.delete(task.id);
  return names;
}

function tickOf({ fields, statuses, tick }: Declaration, entries: readonly Entry[]): Tick | null {
  if (tick?.asListed !== true) return tick;
  const words = entries.map((entry) => textOf(statusOfEntry(entry, fields)) ?? "");
  const said = (meaning: TaskStatus): string | undefined =>
    words.find((word) => word !== "" && meaningOf(word, statuses) === meaning);
  return { done: said("done") ?? tick.done, open: said("pending") ?? tick.open };
}

function statusOfEntry(entry: Entry, { status }: Fields): unknown {
  return typeof status === "function" ? status(entry) : valueOf(entry.node, ...(status ?? []));
}

function taskOf(
  declaration: Declaration,
  entry: Entry,
  id: string,
  tick: Tick | null,
  diagnostics: Diagnostic[],
): ListedTask {
  const { fields } = declaration;
  const { source, data, node } = entry;
  const asFile = source.frontMatter.data === data;
  const file = asFile ? bodyOf(source) : null;
  const written = titleOf(entry, fields);
  const body =
    fields.body === undefined
      ? (file?.body ?? "")
      : fields.body
          .map((key) => field(entry, key)?.trim() ?? "")
          .filter((part) => part !== "" && part !== written)
          .join("\n\n");
  const status = statusOfEntry(entry, fields);
  const meaning = meaningOf(textOf(status), declaration.statuses);
  const paths = Object.entries(fields.files ?? {}).flatMap(([access, keys]) =>
    keys.flatMap((key) => filesFrom(textsOf(valueOf(node, key)), access as FileAccess)),
  );
  const mentioned = fields.mentions?.flatMap(textsAt(node)) ?? [written, body];
  const place = data.at(node);
  const title = written ?? file?.heading ?? id;
  const task = listed({
    id,
    title,
    body,
    source: place,
    status: meaning,
    parent: fields.parent === undefined ? null : field(entry, ...fields.parent)?.trim() || null,
    files: mergeFiles(paths.length > 0 ? paths : mentioned.flatMap((text) => filesIn(...(text?.split("\n") ?? [])))),
    acceptance: fields.acceptance === undefined ? (file?.acceptance ?? []) : fields.acceptance.flatMap(textsAt(node)),
    requirements: fields.requirements?.flatMap(textsAt(node)) ?? [],
    dependsOn: waitsOf(declaration, entry, fields.waits ?? [], diagnostics),
    blocks: waitsOf(declaration, entry, fields.blocks ?? [], diagnostics),
    box: tick && statusBox(source, data, status, booleanOf(status) === null ? tick : yesOrNo, meaning),
    ...(declaration.prose === true ? { lines: [title, ...body.split("\n")].map((text) => ({ text, place })) } : {}),
  });
  return { ...task, ...declaration.more?.(entry, task) };
}

const yesOrNo = { done: "true", open: "false" };

function textsAt(node: Node): (key: string) => string[] {
  return (key) => textsOf(valueOf(node, key));
}

/** What a status means: the tool's own words first, `true` and `false`, then what such words mean anywhere. */
function meaningOf(word: string | null, own: Declaration["statuses"]): TaskStatus {
  const plain = (word ?? "").trim().toLowerCase();
  return own?.[plain] ?? (plain === "true" ? "done" : statusOf(word));
}

/** The references under all of the keys. An entry of such a list that is a mapping names its task by a key of its own. */
function waitsOf({ graph }: Declaration, { data, node }: Entry, keys: Keys, diagnostics: Diagnostic[]): Reference[] {
  const seen = new Set<string>();
  const found = keys.flatMap((key) => {
    const value = valueOf(node, key);
    const items: readonly unknown[] = isSeq(value) ? value.items : value === null ? [] : [value];
    return items.flatMap((item): Reference[] => {
      if (isScalar(item) || item === null) return referencesOf(data, item);
      const inside = textOf(valueOf(item, "id", "key", "task", "number", "name"));
      if (inside !== null && inside !== "") return [{ text: inside, place: data.at(item) }];
      diagnostics.push(unreadable(data.at(item), key));
      return [{ text: "?", place: data.at(item) }];
    });
  });
  return found.flatMap((reference) => {
    if (seen.has(reference.text) || isNothing(reference.text)) return [];
    seen.add(reference.text);
    return [graph === true ? { ...reference, kind: "graph" as const } : reference];
  });
}

function isNothing(text: string): boolean {
  return /^(?:none|null|nil|n\/a|nothing|-|—)$/i.test(text.trim());
}

function unreadable(place: Reference["place"], key: string): Diagnostic {
  return {
    severity: "warning",
    rule: "unknown-dependency",
    message: `Unexpected entry under \`${key}\`: it names no task`,
    expected: "the id of a task in this list",
    fix: "write the id, or remove the entry",
    place,
  };
}
