import type { FileScope } from "../../model/fileScope.ts";
import type { ListedTask } from "../../model/task.ts";
import { writes } from "../locks/claims.ts";
import { commonplace, type Finding } from "./finding.ts";
import { placeOf } from "../statements/mention.ts";

/** A file that a task writes, with what its name says it is about. */
interface Written {
  readonly task: number;
  readonly file: FileScope;
}

/**
 * Tests come after what they test: by the names of files (`test/limiter.test.ts`, `src/limiter.ts`), or by the words of a
 * title ("add tests for the limiter"). Tests that stand before it in the list may be meant to be written first.
 */
export function testsAfterCode(tasks: readonly ListedTask[]): Finding[] {
  return [...byFiles(tasks), ...byWords(tasks)];
}

function byFiles(tasks: readonly ListedTask[]): Finding[] {
  const sources = new Map<string, Written[]>();
  const tests = new Map<string, Written[]>();
  for (const [task, { files }] of tasks.entries()) {
    for (const file of files) {
      if (!writes(file.access)) continue;
      const subject = subjectOfTest(file.path);
      const [map, key] = subject === null ? [sources, stemOf(file.path)] : [tests, subject];
      if (key === null) continue;
      const known = map.get(key);
      if (known === undefined) map.set(key, [{ task, file }]);
      else known.push({ task, file });
    }
  }
  return [...tests].flatMap(([stem, written]) => {
    const made = sources.get(stem) ?? [];
    if (written.length > commonplace || made.length > commonplace) return [];
    return written.flatMap((test) => {
      const sources = closest(test, made);
      // where many write the code or its tests, who tests whose part is not told by the names
      const alone = written.length === 1 && sources.length === 1;
      return sources.flatMap((source) => pair(tasks, test, source, alone));
    });
  });
}

/** Of several files with the tested name, those that share the most folder names with the test. */
function closest(test: Written, sources: readonly Written[]): readonly Written[] {
  const folders = new Set(test.file.path.split("/").slice(0, -1));
  const shared = ({ file }: Written): number =>
    file.path
      .split("/")
      .slice(0, -1)
      .filter((folder) => folders.has(folder)).length;
  const fitting = sources.filter(({ file }) => familyOf(file.path) === familyOf(test.file.path));
  const most = Math.max(0, ...fitting.map(shared));
  return fitting.filter((source) => shared(source) === most);
}

function pair(tasks: readonly ListedTask[], test: Written, source: Written, alone: boolean): Finding[] {
  const [tester, maker] = [tasks[test.task], tasks[source.task]];
  if (tester === undefined || maker === undefined || tester === maker) return [];
  // who tests its own code writes both
  if (tester.files.some(({ path, access }) => path === source.file.path && writes(access))) return [];
  const first = test.task < source.task;
  const words = `\`${tester.id}\` writes ${test.file.path}, the tests of ${source.file.path}, which \`${maker.id}\` ${source.file.access === "create" ? "creates" : "changes"}`;
  return [
    {
      before: first ? test.task : source.task,
      after: first ? source.task : test.task,
      kind: "inferred",
      evidence: first ? `${words}; the tests stand first` : words,
      source: placeOf(tester, test.file.path),
      confidence: first ? 0.5 : source.file.access === "create" ? 0.8 : alone ? 0.72 : 0.4,
    },
  ];
}

/** What a test file tests, as a stem; null for other files. */
function subjectOfTest(path: string): string | null {
  const parts = path.split("/");
  const bare = bareName(parts.at(-1) ?? "");
  const named =
    /^(.+)[._](?:test|tests|spec|specs|e2e|integration|unit)$/i.exec(bare)?.[1] ??
    /^tests?[_-](.+)$/i.exec(bare)?.[1] ??
    /^(.+[a-z0-9])(?:Tests?|Spec|IT)$/.exec(bare)?.[1];
  if (named !== undefined) return normal(named);
  const inTests = parts.slice(0, -1).some((part) => part === "__tests__");
  return inTests ? stemOf(path) : null;
}

const nameless = new Set(["index", "main", "mod", "lib", "init", "utils", "types", "app", "config", "helpers"]);

function stemOf(path: string): string | null {
  if (path.endsWith("/")) return null;
  const stem = normal(bareName(path.slice(path.lastIndexOf("/") + 1)));
  return stem.length < 3 || nameless.has(stem) ? null : stem;
}

function bareName(name: string): string {
  const dot = name.lastIndexOf(".");
  return dot > 0 ? name.slice(0, dot) : name;
}

function normal(name: string): string {
  return name.toLowerCase().replaceAll(/[-_. ]/g, "");
}

function familyOf(path: string): string {
  const extension = path.slice(path.lastIndexOf(".") + 1);
  if (/^[cm]?[jt]sx?$|^vue$|^svelte$/.test(extension)) return "javascript";
  return /^(?:kt|java)$/.test(extension) ? "jvm" : extension;
}

const testing = /\btests?\b(?: (?:suite|cases?|coverage))? (?:for|of|covering) (?:the |all |new )?([^.,;:()`]{3,80})/i;
const making = /\b(?:create|implement|add|build|write|introduce|develop)\b/i;
const emptyWords = new Set(
  "the and for with all new its that this from into via module class function component service file code".split(" "),
);

/** "Add tests for the rate limiter" comes after "Create the rate limiter", if one task alone makes one. */
function byWords(tasks: readonly ListedTask[]): Finding[] {
  let makers: Map<string, Set<number>> | null = null;
  return tasks.flatMap((task, index) => {
    const title = task.title.slice(0, 500);
    const said = testing.exec(title);
    const wanted = [...new Set(wordsOf(said?.[1] ?? ""))];
    if (said === null || wanted.length === 0) return [];
    makers ??= makersByWord(tasks);
    const byWord = wanted.map((word) => makers?.get(word) ?? new Set<number>());
    const [rarest, ...others] = byWord.toSorted((a, b) => a.size - b.size);
    const found = [...(rarest ?? [])].filter((maker) => maker < index && others.every((set) => set.has(maker)));
    const [maker] = found;
    if (maker === undefined || found.length > 1) return [];
    return {
      before: maker,
      after: index,
      kind: "inferred" as const,
      evidence: `\`${task.id}\` says “${said[0].trim()}”, which \`${tasks[maker]?.id ?? ""}\` makes`,
      source: placeOf(task, said[0]),
      confidence: wanted.length > 1 ? 0.72 : 0.6,
    };
  });
}

function makersByWord(tasks: readonly ListedTask[]): Map<string, Set<number>> {
  const found = new Map<string, Set<number>>();
  for (const [index, { title }] of tasks.entries()) {
    if (!making.test(title.slice(0, 200)) || /\btests?\b/i.test(title.slice(0, 200))) continue;
    for (const word of wordsOf(title.slice(0, 200))) {
      const known = found.get(word);
      if (known === undefined) found.set(word, new Set([index]));
      else known.add(index);
    }
  }
  return found;
}

/** Words that mean something, without the `s` of the plural. */
function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .map((word) => word.replace(/s$/, ""))
    .filter((word) => word.length > 2 && !emptyWords.has(word));
}
